"""Working: the plan, a push, a pull, the ledger."""

from collections import Counter
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from laelia.hub import assertions, organisations, people, pull, push
from laelia.hub.app import Service
from laelia.hub.commands.common import Json, fail, open_hub, say
from laelia.hub.plan import Action

OrganisationSlug = Annotated[str | None, typer.Option(help="Only this organisation, by its slug.")]
EnvironmentName = Annotated[str | None, typer.Option(help="Only environments of this name.")]
Orcid = Annotated[str | None, typer.Option(help="Only the person with this iD.")]


def plan(
    organisation: OrganisationSlug = None,
    environment: EnvironmentName = None,
    orcid: Orcid = None,
    as_json: Json = False,
) -> None:
    """Show what a push would do to the records. Nothing is written, here or there."""
    with open_hub() as service:
        found: list[dict[str, Any]] = []
        for place, person in _people(service, organisation, environment, orcid):
            titles = _titles(service, place.id, person)
            said = {"environment": place.handle, "orcid": person}
            planned = push.plan_for(service, place.id, person)
            if not isinstance(planned, list):
                found.append(
                    {**said, "action": "unread", "reason": f"{planned.reason} {planned.answer}".rstrip()}
                )
                continue
            found += [{**said, **_shown(action), "title": titles.get(action.key)} for action in planned]
        if as_json:
            say(found, True)
            return
        _table(found)


def _shown(action: Action) -> dict[str, Any]:
    return {
        "action": action.kind,
        "key": action.key,
        "put_code": action.put_code,
        "reason": action.reason,
    }


def push_now(
    organisation: OrganisationSlug = None,
    environment: EnvironmentName = None,
    orcid: Orcid = None,
    as_json: Json = False,
) -> None:
    """Push what is planned, now, instead of leaving it to the worker."""
    with open_hub() as service:
        done = []
        for place, person in _people(service, organisation, environment, orcid):
            outcome = push.push(service, place.id, person)
            done.append(
                {
                    "environment": place.handle,
                    "orcid": person,
                    "run": outcome.run_id,
                    "state": outcome.state,
                    "reason": outcome.reason,
                    "reads": outcome.reads,
                    "writes": outcome.writes,
                    **outcome.counts,
                }
            )
        say(done, as_json)


def pull_now(
    organisation: OrganisationSlug = None, environment: EnvironmentName = None, as_json: Json = False
) -> None:
    """Read what is new at the sources of the connectors, now."""
    with open_hub() as service:
        runs = []
        for place in _places(service, organisation, environment):
            for connector in place.connectors:
                run = pull.pull(service, place.id, connector)
                runs.append(
                    {
                        "environment": place.handle,
                        "connector": connector,
                        "run": run.run_id,
                        "state": run.state,
                        "reason": run.reason,
                        **run.counts,
                    }
                )
        say(runs, as_json)


def ledger(
    organisation: OrganisationSlug = None,
    environment: EnvironmentName = None,
    orcid: Orcid = None,
    as_json: Json = False,
) -> None:
    """One line for each assertion: whose record, what, and how far it has come."""
    with open_hub() as service:
        lines = []
        with service.db.reading() as tx:
            for place in _matching(organisations.environments(tx, service.keys), organisation, environment):
                for row in assertions.rows(tx, place.id, orcid):
                    lines.append(
                        {
                            "environment": place.handle,
                            "orcid": row.orcid,
                            "key": row.key,
                            "title": row.title,
                            "origin": row.origin,
                            "state": row.state,
                            "wanted": row.wanted,
                            "reason": row.reason,
                            "put_code": row.put_code,
                            "tries": row.tries,
                        }
                    )
        say(lines, as_json)


def _places(
    service: Service, organisation: str | None, environment: str | None
) -> list[organisations.Environment]:
    with service.db.reading() as tx:
        return _matching(organisations.environments(tx, service.keys), organisation, environment)


def _matching(
    places: list[organisations.Environment], organisation: str | None, environment: str | None
) -> list[organisations.Environment]:
    chosen = [
        place for place in places if organisation in (None, place.slug) and environment in (None, place.name)
    ]
    if not chosen and (organisation or environment):
        fail(f"There is no environment {environment or '*'} of an organisation {organisation or '*'}.")
    return chosen


def _people(
    service: Service, organisation: str | None, environment: str | None, orcid: str | None
) -> list[tuple[organisations.Environment, str]]:
    """Whose records are looked at: one iD, or everyone whose permission stands."""
    found = []
    for place in _places(service, organisation, environment):
        with service.db.reading() as tx:
            permitted = people.permitted(tx, place.id, service.clock.now())
        found += [(place, person) for person in permitted if orcid in (None, person)]
    if orcid and not found:
        fail(f"{orcid} has given no permission that stands.")
    return found


def _titles(service: Service, environment_id: int, orcid: str) -> dict[str, str]:
    with service.db.reading() as tx:
        return {row.key: row.title for row in assertions.items(tx, environment_id, orcid)}


SIGNS = {"add": ("+", "green"), "update": ("~", "yellow"), "adopt": ("=", "cyan"), "delete": ("-", "red")}


def _table(actions: list[dict[str, Any]]) -> None:
    """The plan as a diff: a sign and a colour for each action that changes something."""
    table = Table("", "iD", "action", "item", "key", "why", title="Nothing has been written.")
    for each in actions:
        sign, colour = SIGNS.get(each["action"], (" ", "dim"))
        put_code = f" #{each['put_code']}" if each.get("put_code") is not None else ""
        cells = (
            sign,
            each["orcid"],
            each["action"] + put_code,
            each.get("title") or "",
            each.get("key", ""),
            each["reason"] or "",
        )
        table.add_row(*(escape(cell) for cell in cells), style=colour)
    console = Console()
    console.print(table)
    tally = Counter(each["action"] for each in actions)
    console.print(", ".join(f"{n} {kind}" for kind, n in tally.items()) or "Nothing to do.")
