"""Stored plans, runs and what waits for approval."""

from dataclasses import asdict
from typing import Annotated, Any, get_args

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from laelia.hub import organisations, plans
from laelia.hub.app import Service
from laelia.hub.commands.common import Json, fail, open_hub, say
from laelia.hub.organisations import Environment, approval, audit
from laelia.hub.plans.undoing import What

Organisation = Annotated[str, typer.Option(help="Slug of the organisation.")]
EnvironmentName = Annotated[str | None, typer.Option(help="One of its environments; the first if left out.")]
AnyOrganisation = Annotated[str | None, typer.Option(help="Only this organisation, by its slug.")]
MOST = 200
RENEW = "Approve the new plans of records that changed since, and push them."
MUCH = "Push it although it changes or deletes more than the brake lets through."


def listed(
    number: Annotated[int | None, typer.Argument(help="One plan, in full.")] = None,
    organisation: AnyOrganisation = None,
    environment: EnvironmentName = None,
    as_json: Json = False,
) -> None:
    """List the stored plans, the newest first; or show one: what it would do to each record, field by field,
    or what became of it."""
    with open_hub() as service:
        if number is not None:
            tell(service, _place_of_plan(service, number), number, as_json)
            return
        lines: list[dict[str, Any]] = []
        for place in _places(service, organisation, environment):
            with service.db.reading() as tx:
                found = plans.plans(tx, place.id, limit=MOST)
            lines += [{"environment": place.handle, **_line(one)} for one in found]
        say(lines, as_json)


def runs(
    organisation: AnyOrganisation = None,
    environment: EnvironmentName = None,
    orcid: Annotated[str | None, typer.Option(help="Only those of the person with this iD.")] = None,
    limit: Annotated[int, typer.Option(help="At most so many.")] = 50,
    as_json: Json = False,
) -> None:
    """List what was done, the newest first: pushes, pulls, look-backs."""
    with open_hub() as service:
        lines: list[dict[str, Any]] = []
        for place in _places(service, organisation, environment):
            with service.db.reading() as tx:
                found = plans.runs(tx, place.id, limit=limit, orcid=orcid)
            lines += [{"environment": place.handle, **_run(one)} for one in found]
        say(lines, as_json)


def run(number: Annotated[int, typer.Argument(help="The number of the run.")], as_json: Json = False) -> None:
    """Show one run with every call that it made and what the registry answered."""
    with open_hub() as service, service.db.reading() as tx:
        found = plans.run(tx, None, number)
        if found is None:
            fail(f"There is no run {number}.")
        made = plans.attempts(tx, number, limit=None)
        if as_json:
            say(_run(found[1]) | {"attempts": [asdict(one) for one in made]}, True)
            return
        say(_run(found[1]), False)
        say([_attempt(one) for one in made], False)


def undo(
    number: Annotated[int, typer.Argument(help="The number of the run.")],
    what: Annotated[str, typer.Option(help="What the number is of: run, plan or upload.")] = "run",
    as_json: Json = False,
) -> None:
    """Store a plan that brings the records back to where they stood before a run. It is pushed like any
    other: laelia hub push --plan N."""
    known: list[What] = [name for name in get_args(What) if name == what]
    if not known:
        fail(f"There is no {what!r} to undo: {', '.join(get_args(What))}.")
    target = plans.Target(known[0], number)
    with open_hub() as service:
        with service.db.writing() as tx:
            found = target.environment(tx)
            if found is None:
                fail(f"There is no {what} {number}.")
            place = organisations.environment(tx, found, service.keys)
            by = audit.at_command()
            made = plans.undo(tx, service.clock.now(), place.id, target, by.name)
            audit.note(tx, service.clock.now(), place.id, by, "undo-asked", f"{what} {number}", plan=made)
        make(service, place, made)
        tell(service, place, made, as_json)


def requires(
    organisation: Organisation,
    source: Annotated[
        list[str] | None,
        typer.Argument(help="all, a connector's name, or file, form, api, search-link. None: nothing waits."),
    ] = None,
    environment: EnvironmentName = None,
    as_json: Json = False,
) -> None:
    """Say what is pushed only by a plan that staff approved; everything else goes by itself."""
    with open_hub() as service:
        place = place_of(service, organisation, environment)
        with service.db.writing() as tx:
            now = service.clock.now()
            approval.require(tx, now, audit.at_command(), place, source or [])
            plans.wake_waiting(tx, now, place.id)
        say(_approval(service, place.id), as_json)


def approvals(organisation: Organisation, environment: EnvironmentName = None, as_json: Json = False) -> None:
    """Show what waits for approval, and the numbers of the brake."""
    with open_hub() as service:
        say(_approval(service, place_of(service, organisation, environment).id), as_json)


def brake(
    organisation: Organisation,
    share: Annotated[int, typer.Option(help="Percent of what stands; 100 never stops.")] = 5,
    least: Annotated[int, typer.Option(help="And at least so many items.")] = 20,
    environment: EnvironmentName = None,
    as_json: Json = False,
) -> None:
    """Say how much a run may change or delete before it stops and asks."""
    with open_hub() as service:
        place = place_of(service, organisation, environment)
        with service.db.writing() as tx:
            now = service.clock.now()
            approval.set_brake(tx, now, audit.at_command(), place, share=share, least=least)
        say(_approval(service, place.id), as_json)


def store(service: Service, places: list[Environment], scope: plans.Scope, as_json: bool) -> None:
    """For `laelia hub plan --store`: a stored plan for each environment."""
    for place in places:
        with service.db.writing() as tx:
            by = audit.at_command()
            number = plans.ask(tx, service.clock.now(), place.id, scope, by.name)
            audit.note(tx, service.clock.now(), place.id, by, "plan-asked", str(number))
        make(service, place, number)
        tell(service, place, number, as_json)


def drop(
    number: Annotated[int, typer.Argument(help="The number of the plan.")], as_json: Json = False
) -> None:
    """Do nothing of a stored plan. What the brake held is given up: the records stay as they are."""
    with open_hub() as service:
        place = _place_of_plan(service, number)
        with service.db.writing() as tx:
            plans.drop(tx, service.clock.now(), audit.at_command(), place, number)
        say(_line(_plan(service, place, number)), as_json)


def push_plan(service: Service, number: int, *, renew: bool, much: bool, as_json: bool) -> None:
    """For `laelia hub push --plan`: exactly what it says. What has to be tried later the worker does."""
    place = _place_of_plan(service, number)
    try:
        with service.db.writing() as tx:
            if renew:
                plans.take_new(tx, service.clock.now(), audit.at_command(), place, number)
            plans.confirm(tx, service.clock.now(), audit.at_command(), place, number, much=much)
    except plans.Much as asked:
        fail(
            f"This would change or delete {asked.count} of {asked.standing} items. Look at it "
            f"(laelia hub plans {number}), and push it with --much if that is meant."
        )
    while plans.push_some(service, place.id, number) == 1:
        pass
    tell(service, place, number, as_json)


def make(service: Service, place: Environment, number: int) -> None:
    steps = Console(stderr=True)
    with Progress(console=steps, transient=True, disable=not steps.is_terminal) as progress:
        task = progress.add_task("reading", total=None)
        while not plans.make_some(service, place.id, number):
            one = _plan(service, place, number)
            progress.update(task, total=one.total, completed=one.done)


def tell(service: Service, place: Environment, number: int, as_json: bool) -> None:
    one = _plan(service, place, number)
    with service.db.reading() as tx:
        found, _ = plans.people(tx, number, limit=None, every=as_json)
    if as_json:
        say({"environment": place.handle} | plans.as_json(one, found), True)
        return
    table = Table("iD", "state", "action", "item", "change", title=f"Plan {one.id}: {one.state}")
    for person in found:
        for step in person.fresh or person.steps:
            changes = "\n".join(f"{name}: {old or '-'} → {new or '-'}" for name, old, new in step.lines)
            code = f" #{step.put_code}" if step.put_code is not None else ""
            said = step.cannot or step.reason or ""
            cells = (person.orcid, person.state, step.kind + code, step.title or step.key, changes or said)
            table.add_row(*map(escape, cells))
        if not person.steps:
            table.add_row(*map(escape, (person.orcid, person.state, "", "", person.reason or "")))
    console = Console()
    console.print(table)
    say(_line(one), False)


def _places(service: Service, organisation: str | None, environment: str | None) -> list[Environment]:
    if organisation is not None:
        return [place_of(service, organisation, environment)]
    with service.db.reading() as tx:
        return organisations.environments(tx, service.keys)


def place_of(service: Service, organisation: str, environment: str | None) -> Environment:
    with service.db.reading() as tx:
        handle = f"{organisation}@{environment}" if environment else organisation
        place = organisations.by_handle(tx, handle, service.keys)
    if place is None:
        fail(f"There is no environment {environment or '*'} of an organisation {organisation}.")
    return place


def _place_of_plan(service: Service, number: int) -> Environment:
    with service.db.reading() as tx:
        found = plans.environment_of(tx, number)
        if found is None:
            fail(f"There is no plan {number}.")
        return organisations.environment(tx, found, service.keys)


def _plan(service: Service, place: Environment, number: int) -> plans.Plan:
    with service.db.reading() as tx:
        one = plans.plan(tx, place.id, number)
    assert one is not None
    return one


def _line(one: plans.Plan) -> dict[str, Any]:
    counts = {name: n for name, n in one.counts.items() if n}
    return {"plan": one.id, "kind": one.kind, "state": one.state, "by": one.by, "reason": one.reason,
            "people": one.total, **counts}  # fmt: skip


def _run(one: plans.Run) -> dict[str, Any]:
    said = asdict(one)
    return {"run": said.pop("id"), **{name: value for name, value in said.items() if name != "name"}}


def _attempt(one: plans.Attempt) -> dict[str, Any]:
    answer = " ".join(str(part) for part in (one.status, one.code, one.answer) if part is not None)
    return {"action": one.action, "section": one.section, "key": one.key, "put_code": one.put_code,
            "answer": answer or ("done" if one.done else "no answer yet")}  # fmt: skip


def _approval(service: Service, environment_id: int) -> dict[str, Any]:
    with service.db.reading() as tx:
        place = organisations.environment(tx, environment_id, service.keys)
        required = sorted(approval.required(tx, environment_id))
    waits = ([approval.ALL] if place.approval else []) + required
    return {
        "environment": place.handle, "approval": waits, "sources": list(approval.sources(place)),
        "brake_share": place.brake_share, "brake_least": place.brake_least,
    }  # fmt: skip
