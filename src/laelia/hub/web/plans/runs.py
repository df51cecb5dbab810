"""What was done: the runs, each with its calls and the registry's answers, and the way back."""

from typing import get_args

from laelia.hub import plans
from laelia.hub.organisations import audit
from laelia.hub.plans.undoing import What
from laelia.hub.reports.words import RUNS
from laelia.hub.web.entry import here
from laelia.hub.web.numbers import whole_or_none
from laelia.hub.web.plans.words import ACTIONS, RUN_KINDS, why
from laelia.hub.web.staff.frame import back, number, staff_page
from laelia.lib.web.core import Call, Reply
from laelia.lib.web.problems import not_found

ON_A_PAGE = 50


def listing(call: Call) -> Reply:
    kind = call.arg("kind") if call.arg("kind") in RUN_KINDS else None
    found = plans.runs(
        call.tx, here(call).place.id, before=whole_or_none(call.arg("before")), limit=ON_A_PAGE + 1, kind=kind
    )
    return staff_page(
        call, "staff/runs.html", at="runs", runs=found[:ON_A_PAGE],
        more=found[ON_A_PAGE - 1].id if len(found) > ON_A_PAGE else None, kinds=RUN_KINDS, kind=kind or "",
        states=RUNS, why=why,
    )  # fmt: skip


def look(call: Call) -> Reply:
    found = plans.run(call.tx, here(call).place.id, number(call, "run"))
    if found is None:
        raise not_found(call.req.path)
    one = found[1]
    made = plans.attempts(call.tx, one.id, after=whole_or_none(call.arg("after")) or 0, limit=ON_A_PAGE + 1)
    return staff_page(
        call, "staff/run.html", at="runs", run=one, attempts=made[:ON_A_PAGE],
        more=made[ON_A_PAGE - 1].id if len(made) > ON_A_PAGE else None, kinds=RUN_KINDS, states=RUNS,
        actions=ACTIONS, why=why,
        may_undo=here(call).worker.may("push") and any(each.done for each in made),
    )  # fmt: skip


def undo(call: Call) -> Reply:
    """POST what=run|plan|upload and its number: a plan is made, and nothing is done before it is pushed."""
    place, worker = here(call).place, here(call).worker
    kinds: list[What] = [name for name in get_args(What) if name == call.field("what")]
    given = whole_or_none(call.field("number"))
    if not kinds or given is None:
        raise not_found(call.req.path)
    target = plans.Target(kinds[0], given)
    if target.environment(call.tx) != place.id:
        raise not_found(call.req.path)
    made = plans.undo(call.tx, call.now, place.id, target, worker.shown)
    audit.note(call.tx, call.now, place.id, worker.by, "undo-asked", f"{kinds[0]} {given}", plan=made)
    return back(call, f"plans/{made}")
