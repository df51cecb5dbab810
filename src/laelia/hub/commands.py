"""`laelia hub …`: set up organisations and their environments, look at the plan, push, pull, serve."""

import os
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, NoReturn

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from laelia.hub import assertions, organisations, people, pull, push, worker
from laelia.hub.app import MIGRATIONS, Service, build, settings_from
from laelia.hub.settings import PREFIX, Settings
from laelia.lib import secret
from laelia.lib import serve as server
from laelia.lib.database import Database, migrate
from laelia.lib.migrations import Behind
from laelia.lib.secret import NoKeys
from laelia.lib.settings import SettingsError

commands = typer.Typer(
    help="The organisation's side: permissions, the ledger, the plan and the push.", no_args_is_help=True
)
organisation = typer.Typer(help="Organisations that the hub works for.", no_args_is_help=True)
environment = typer.Typer(help="Their registries: addresses and client.", no_args_is_help=True)
keys = typer.Typer(help="The keys that seal tokens and client secrets.", no_args_is_help=True)
commands.add_typer(organisation, name="organisation")
commands.add_typer(environment, name="environment")
commands.add_typer(keys, name="keys")

Json = Annotated[bool, typer.Option("--json", help="Answer for a machine.")]
OrganisationSlug = Annotated[str | None, typer.Option(help="Only this organisation, by its slug.")]
EnvironmentName = Annotated[str | None, typer.Option(help="Only environments of this name.")]
Orcid = Annotated[str | None, typer.Option(help="Only the person with this iD.")]


@organisation.command("add")
def add_organisation(
    slug: Annotated[str, typer.Option(help="First part of its pages' addresses.")],
    name: Annotated[str, typer.Option(help="Its name as people know it.")],
    description: Annotated[str | None, typer.Option(help="One or two sentences for its first page.")] = None,
    website: Annotated[str | None, typer.Option()] = None,
    privacy_url: Annotated[str | None, typer.Option()] = None,
    support_url: Annotated[str | None, typer.Option(help="https:// or mailto: address for help.")] = None,
    ror: Annotated[str | None, typer.Option(help="Its ROR id.")] = None,
    as_json: Json = False,
) -> None:
    """Add an organisation; with the same words again nothing happens."""
    service = _service()
    try:
        with service.db.writing() as tx:
            made = organisations.add_organisation(
                tx, service.clock.now(), slug=slug, name=name, about=description, website=website,
                privacy_url=privacy_url, support_url=support_url, ror=ror,
            )  # fmt: skip
    except organisations.Clash as clash:
        _fail(str(clash))
    _say({"id": made, "slug": slug, "page": f"{service.settings.public_url}/{slug}/"}, as_json)


@environment.command("add")
def add_environment(
    organisation: Annotated[str, typer.Option(help="Slug of the organisation.")],
    name: Annotated[str, typer.Option(help="sandbox, production …")],
    site_url: Annotated[str, typer.Option(help="The registry's site, where people authorise.")],
    api_url: Annotated[str, typer.Option(help="Member API, without the version.")],
    pub_url: Annotated[str, typer.Option(help="Public API, without the version.")],
    client_id: Annotated[str, typer.Option()],
    client_secret: Annotated[str, typer.Option(help="The secret, or - to read one line from stdin.")],
    internal_url: Annotated[str | None, typer.Option(help="Where the hub itself reaches the site.")] = None,
    connector: Annotated[
        list[str] | None, typer.Option(help="What it draws from; datacite if none is named.")
    ] = None,
    approval: Annotated[bool, typer.Option(help="Pushes wait until staff say go.")] = False,
    as_json: Json = False,
) -> None:
    """Add a registry for an organisation; the first one is shown on its pages."""
    service = _service()
    given = sys.stdin.readline().strip() if client_secret == "-" else client_secret  # noqa: S105
    try:
        with service.db.writing() as tx:
            made = organisations.add_environment(
                tx, service.clock.now(), service.keys, organisation=organisation, name=name,
                site_url=site_url, api_url=api_url, pub_url=pub_url, client_id=client_id, client_secret=given,
                internal_url=internal_url, connectors=tuple(connector or ["datacite"]), approval=approval,
            )  # fmt: skip
            place = organisations.environment(tx, made, service.keys)
            worker.start(tx, service.clock.now(), made, place.connectors)
    except organisations.Clash as clash:
        _fail(str(clash))
    page = f"{service.settings.public_url}/{place.handle}"
    _say({"id": made, "start_url": f"{page}/connect", "redirect_uri": f"{page}/callback"}, as_json)


@keys.command("add")
def add_key() -> None:
    """Make a key that seals from now on; older keys still open what they sealed."""
    typer.echo(str(secret.add_key(_settings().var / "keys")))


@commands.command()
def plan(
    organisation: OrganisationSlug = None,
    environment: EnvironmentName = None,
    orcid: Orcid = None,
    as_json: Json = False,
) -> None:
    """Show what a push would do to the records. Nothing is written, here or there."""
    service = _service()
    found = []
    for place, person in _people(service, organisation, environment, orcid):
        titles = _titles(service, place.id, person)
        planned = push.plan_for(service, place.id, person)
        if not isinstance(planned, list):
            _fail(f"The record {person} can't be read: {planned.reason} {planned.answer}".rstrip())
        for action in planned:
            found.append(
                {
                    "environment": place.handle, "orcid": person, "action": action.kind, "key": action.key,
                    "title": titles.get(action.key), "put_code": action.put_code, "reason": action.reason,
                }
            )  # fmt: skip
    if as_json:
        _say(found, True)
        return
    _table(found)


@commands.command("push")
def push_now(
    organisation: OrganisationSlug = None,
    environment: EnvironmentName = None,
    orcid: Orcid = None,
    as_json: Json = False,
) -> None:
    """Push what is planned, now, instead of leaving it to the worker."""
    service = _service()
    done = []
    for place, person in _people(service, organisation, environment, orcid):
        outcome = push.push(service, place.id, person)
        done.append(
            {
                "environment": place.handle, "orcid": person, "run": outcome.run_id, "state": outcome.state,
                "reason": outcome.reason, "reads": outcome.reads, "writes": outcome.writes, **outcome.counts,
            }
        )  # fmt: skip
    _say(done, as_json)


@commands.command("pull")
def pull_now(
    organisation: OrganisationSlug = None, environment: EnvironmentName = None, as_json: Json = False
) -> None:
    """Read what is new at the sources of the connectors, now."""
    service = _service()
    runs = []
    for place in _places(service, organisation, environment):
        for connector in place.connectors:
            run = pull.pull(service, place.id, connector)
            runs.append(
                    {
                        "environment": place.handle, "connector": connector, "run": run.run_id,
                        "state": run.state, "reason": run.reason, **run.counts,
                    }
                )  # fmt: skip
    _say(runs, as_json)


@commands.command()
def ledger(
    organisation: OrganisationSlug = None,
    environment: EnvironmentName = None,
    orcid: Orcid = None,
    as_json: Json = False,
) -> None:
    """One line for each assertion: whose record, what, and how far it has come."""
    service = _service()
    lines = []
    with service.db.reading() as tx:
        for place in _matching(organisations.environments(tx, service.keys), organisation, environment):
            for row in assertions.rows(tx, place.id, orcid):
                lines.append(
                    {
                        "environment": place.handle, "orcid": row.orcid, "key": row.key, "title": row.title,
                        "origin": row.origin, "state": row.state, "wanted": row.wanted, "reason": row.reason,
                        "put_code": row.put_code, "tries": row.tries,
                    }
                )  # fmt: skip
    _say(lines, as_json)


@commands.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen at.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen at.")] = None,
    tls: Annotated[
        Path | None, typer.Option(help="Serve https with a certificate authority kept here.")
    ] = None,
) -> None:
    """Serve the pages and work through the jobs until interrupted."""
    settings = _settings(host=host, port=port)
    try:
        build(settings).close()  # what stands against starting is said here, before a server swallows it
        os.environ.update({f"{PREFIX}HOST": settings.host, f"{PREFIX}PORT": str(settings.port)})
        server.run(
            "laelia.hub.app:from_environment", name="hub", public_url=settings.public_url, host=settings.host,
            port=settings.port, threads=settings.threads, tls=tls,
        )  # fmt: skip
    except (SettingsError, Behind, NoKeys, server.CantServe) as wrong:
        _fail(str(wrong))


@commands.command("migrate")
def migrate_now() -> None:
    """Bring the tables of the database up to date."""
    database = Database(_settings().database)
    migrate(database, MIGRATIONS)
    database.dispose()


def _settings(**overrides: Any) -> Settings:
    try:
        return settings_from(os.environ, **overrides)
    except SettingsError as wrong:
        _fail(str(wrong))


def _service() -> Service:
    try:
        return build(_settings())
    except (SettingsError, Behind, NoKeys) as wrong:
        _fail(str(wrong))


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
        _fail(f"There is no environment {environment or '*'} of an organisation {organisation or '*'}.")
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
        _fail(f"{orcid} has given no permission that stands.")
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
        put_code = f" #{each['put_code']}" if each["put_code"] is not None else ""
        cells = (
            sign,
            each["orcid"],
            each["action"] + put_code,
            each["title"] or "",
            each["key"],
            each["reason"] or "",
        )
        table.add_row(*(escape(cell) for cell in cells), style=colour)
    console = Console()
    console.print(table)
    tally = Counter(each["action"] for each in actions)
    console.print(", ".join(f"{n} {kind}" for kind, n in tally.items()) or "Nothing to do.")


def _say(answer: dict[str, Any] | list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        typer.echo(orjson.dumps(answer).decode())
        return
    for line in answer if isinstance(answer, list) else [answer]:
        typer.echo("  ".join(f"{name}={value}" for name, value in line.items() if value is not None))


def _fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
