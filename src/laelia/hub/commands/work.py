"""Working: the plan, a push, a pull, the ledger."""

from collections import Counter
from typing import Annotated, Any

import typer
from prometheus_client import start_http_server
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from laelia.hub import assertions, organisations, people, pull, push
from laelia.hub.app import Service
from laelia.hub.app import work as run
from laelia.hub.commands import plans as stored
from laelia.hub.commands.common import Json, fail, open_hub, say
from laelia.hub.organisations import audit
from laelia.hub.plan import Action
from laelia.hub.plans import Scope
from laelia.hub.settings import MOST_WORKERS
from laelia.lib.metrics import HERE
from laelia.lib.process import name

OrganisationSlug = Annotated[str | None, typer.Option(help="Only this organisation, by its slug.")]
EnvironmentName = Annotated[str | None, typer.Option(help="Only environments of this name.")]
Orcid = Annotated[str | None, typer.Option(help="Only the person with this iD.")]


def plan(
    organisation: OrganisationSlug = None,
    environment: EnvironmentName = None,
    orcid: Orcid = None,
    store: Annotated[bool, typer.Option("--store", help="Keep it, to be pushed by its number.")] = False,
    source: Annotated[str | None, typer.Option(help="With --store: only what this source brought.")] = None,
    upload: Annotated[int | None, typer.Option(help="With --store: only what came of this file.")] = None,
    as_json: Json = False,
) -> None:
    """Show what a push would do to the records. Nothing is written; with --store the plan is kept."""
    with open_hub() as service:
        if store:
            scope = Scope(orcid=orcid, source=source, upload=upload)
            stored.store(service, _places(service, organisation, environment), scope, as_json)
            return
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
    plan: Annotated[
        int | None, typer.Option(help="Exactly what the stored plan of this number says.")
    ] = None,
    renew: Annotated[bool, typer.Option("--renew", help=stored.RENEW)] = False,
    much: Annotated[bool, typer.Option("--much", help=stored.MUCH)] = False,
    as_json: Json = False,
) -> None:
    """Push what waits and needs nobody's approval, now, instead of leaving it to the worker; or with --plan
    what was planned and looked at."""
    with open_hub() as service:
        if plan is not None:
            stored.push_plan(service, plan, renew=renew, much=much, as_json=as_json)
            return
        done = []
        for place, person in _people(service, organisation, environment, orcid):
            outcome = push.push(service, place.id, person)
            if outcome.run_id is not None:
                with service.db.writing() as tx:
                    now, by = service.clock.now(), audit.at_command()
                    audit.note(tx, now, place.id, by, "pushed", person, run=outcome.run_id)
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


def work(
    workers: Annotated[int, typer.Option(min=1, max=MOST_WORKERS, help="Jobs that are done at once.")] = 1,
    metrics_port: Annotated[
        int | None, typer.Option(help="Say at 127.0.0.1 and this port what this process counts.")
    ] = None,
) -> None:
    """Work through the jobs without serving pages, until told to stop. Start as many as you like on as many
    machines, all on one PostgreSQL; no record is written to by two at once. What is under way when SIGTERM
    comes is brought to a point from which any other goes on."""
    with open_hub() as service:
        if metrics_port is not None:
            start_http_server(metrics_port, "127.0.0.1", HERE)
        run(service, workers, lambda: typer.echo(f"ready hub-worker {name()}"))


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
                            "answer": row.answer,
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
