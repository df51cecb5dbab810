"""Dead letters, by command: what did not get through, of all organisations or one."""

from typing import Annotated

import typer

from laelia.hub import dead, organisations
from laelia.hub.app import Service
from laelia.hub.commands.common import Json, fail, open_hub, say
from laelia.hub.organisations import audit

Organisation = Annotated[
    str | None, typer.Option(help="Only this organisation: its slug, or slug@environment.")
]
Names = Annotated[list[str] | None, typer.Argument(help="Names that the list gives, such as job-7.")]
All = Annotated[bool, typer.Option("--all", help="Every one that the list shows.")]


def listed(organisation: Organisation = None, as_json: Json = False) -> None:
    """List jobs that failed, letters among them, and items that were refused or got no answer."""
    with open_hub() as service:
        with service.db.reading() as tx:
            handles = {one.id: one.handle for one in organisations.environments(tx, service.keys)}
        rows = [
            {"name": one.name, "environment": handles[one.environment_id], "kind": one.kind, "whom": one.whom,
             "what": one.what, "state": one.state, "reason": one.reason, "answer": one.answer,
             "tries": one.tries, "since": one.since, "again": one.again}
            for one in _letters(service, _environment(service, organisation))
        ]  # fmt: skip
        say(rows, as_json)


def again(
    names: Names = None, every: All = False, organisation: Organisation = None, as_json: Json = False
) -> None:
    """Have them tried at once, as if for the first time."""
    with open_hub() as service:
        at, chosen = _chosen(service, names, every, organisation)
        now, by = service.clock.now(), audit.at_command()
        with service.db.writing() as tx:
            for one in chosen:
                dead.again(tx, now, by, one)
            number = dead.again_all(tx, now, by, at) if every else len(chosen)
        say({"again": number}, as_json)


def drop(
    names: Names = None, every: All = False, organisation: Organisation = None, as_json: Json = False
) -> None:
    """Forget jobs. Items are never dropped: take them back where they came from."""
    with open_hub() as service:
        at, chosen = _chosen(service, names, every, organisation)
        if any(one.kind == "item" for one in chosen):
            fail(
                "An item can't be dropped, since it may stand on a record: take it back by its file or form."
            )
        now, by = service.clock.now(), audit.at_command()
        with service.db.writing() as tx:
            for one in chosen:
                dead.drop(tx, now, by, one)
            number = dead.drop_all(tx, now, by, at) if every else len(chosen)
        say({"dropped": number}, as_json)


def _chosen(
    service: Service, names: list[str] | None, every: bool, organisation: str | None
) -> tuple[int | None, list[dead.Letter]]:
    """Where, and those that were named."""
    if bool(names) == every:
        fail("Name some of the list, or say --all.")
    at = _environment(service, organisation)
    wanted = list(dict.fromkeys(names or ()))
    found = {one.name: one for one in _letters(service, at, wanted)} if wanted else {}
    if missing := [name for name in wanted if name not in found]:
        fail(f"Not in the list: {', '.join(missing)}.")
    return at, [found[name] for name in wanted]


def _letters(service: Service, at: int | None, names: list[str] | None = None) -> list[dead.Letter]:
    with service.db.reading() as tx:
        return dead.letters(tx, at, names=names)


def _environment(service: Service, organisation: str | None) -> int | None:
    """None for all of them."""
    if organisation is None:
        return None
    with service.db.reading() as tx:
        place = organisations.by_handle(tx, organisation, service.keys)
    if place is None:
        fail(f"There is no organisation {organisation}.")
    return place.id
