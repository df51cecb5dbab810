"""One plan: what it says of each record, and the buttons that push, renew or drop it."""

from laelia.hub import plans
from laelia.hub import push as pushing
from laelia.hub.organisations import Clash, units
from laelia.hub.web.entry import here
from laelia.hub.web.numbers import whole
from laelia.hub.web.plans.words import (
    ACTIONS,
    COUNTS,
    PERSON_STATES,
    PLAN_KINDS,
    PLAN_STATES,
    scope,
    stopped,
    why,
)
from laelia.hub.web.staff.frame import back, number, staff_page
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply
from laelia.lib.web.problems import not_found


def look(call: Call, trouble: str | None = None) -> Reply:
    one, place = _one(call), here(call).place
    after = whole(call.arg("after"))
    people, more = plans.people(call.tx, one.id, after=after)
    count, standing = plans.weight(call.tx, one)
    much = one.kind != "brake" and one.to_push and pushing.too_many(place, count, standing)
    names = {each.id: each.path for each in units.tree(call.tx, place.id)}
    return staff_page(
        call, "staff/plan.html", at="plans", status=422 if trouble else 200, plan=one, people=people,
        more=more, state=PLAN_STATES[one.state], kind=PLAN_KINDS[one.kind], scope=scope(one, names),
        counts=COUNTS, actions=ACTIONS, states=PERSON_STATES, why=why, trouble=trouble,
        stopped=stopped(one.reason or "") if one.kind == "brake" else None, there=standing, count=count,
        much=much, may_push=here(call).worker.may("push"),
    )  # fmt: skip


def push(call: Call) -> Reply:
    one, place, worker = _one(call), here(call).place, here(call).worker
    try:
        plans.confirm(call.tx, call.now, worker.by, place, one.id, much=call.field("much") == "yes")
    except plans.Much:
        return look(call, _("Tick the box as well: this plan changes or deletes much."))
    except Clash as clash:
        call.flash(str(clash), "bad")
    return back(call, f"plans/{one.id}")


def renew(call: Call) -> Reply:
    one = _one(call)
    try:
        plans.take_new(call.tx, call.now, here(call).worker.by, here(call).place, one.id)
    except Clash as clash:
        call.flash(str(clash), "bad")
    return back(call, f"plans/{one.id}")


def drop(call: Call) -> Reply:
    one = _one(call)
    try:
        plans.drop(call.tx, call.now, here(call).worker.by, here(call).place, one.id)
        call.flash(_("The plan is dropped. Nothing of it was done."))
    except Clash as clash:
        call.flash(str(clash), "bad")
    return back(call, f"plans/{one.id}")


def _one(call: Call) -> plans.Plan:
    found = plans.plan(call.tx, here(call).place.id, number(call, "plan"))
    if found is None:
        raise not_found(call.req.path)
    return found
