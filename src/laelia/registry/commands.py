"""`laelia registry …`: serve, migrate, register clients, add records, look at the call log."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import msgspec
import orjson
import typer
from rich.progress import track

from laelia.lib import settings as lib_settings
from laelia.lib.clock import SystemClock
from laelia.lib.database import Behind, Database, migrate, prepare
from laelia.lib.secret import Passwords
from laelia.lib.serve import CantServe, run
from laelia.registry import settings as registry_settings
from laelia.registry.bulk import additions, call_log, place
from laelia.registry.bulk import fixtures as fixtures_file
from laelia.registry.grants import clients
from laelia.registry.settings import PREFIX, Settings

MIGRATIONS = "laelia.registry.migrations"
MIGRATE = "laelia registry migrate"

commands = typer.Typer(
    help="The registry: records, permissions, the Public and the Member API.", no_args_is_help=True
)
client = typer.Typer(help="Clients: the programs that ask researchers for permission.", no_args_is_help=True)
record = typer.Typer(help="Records of researchers.", no_args_is_help=True)
commands.add_typer(client, name="client")
commands.add_typer(record, name="record")

Json = Annotated[bool, typer.Option("--json", help="Answer for a machine.")]


@commands.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen at.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen at.")] = None,
    public_url: Annotated[
        str | None, typer.Option(help="Address as people reach it; default: localhost and the port.")
    ] = None,
    fixtures: Annotated[
        Path | None, typer.Option(help="Start with exactly the people, clients and tokens of this file.")
    ] = None,
    tls: Annotated[
        Path | None, typer.Option(help="Serve https with a certificate authority made in this folder.")
    ] = None,
) -> None:
    """Serve pages and APIs until interrupted. Settings come from LAELIA_REGISTRY_… variables."""
    chosen = _chosen(host, port, public_url, fixtures, tls)
    with _database(chosen) as database:
        if chosen.fixtures is not None:
            _start_with(database, chosen.fixtures)
    try:
        run(
            "laelia.registry.app:from_environment", name="registry", public_url=chosen.public_url,
            host=chosen.host, port=chosen.port, threads=chosen.threads, tls=tls,
        )  # fmt: skip
    except CantServe as reason:
        _fail(str(reason))


def _chosen(
    host: str | None, port: int | None, public_url: str | None, fixtures: Path | None, tls: Path | None
) -> Settings:
    # The process that serves reads its settings from the environment, so what was chosen here goes there.
    if fixtures is not None:
        os.environ.setdefault(PREFIX + "SANDBOX", "true")
    given = {"HOST": host, "PORT": port, "PUBLIC_URL": public_url, "FIXTURES": fixtures}
    os.environ.update({PREFIX + name: str(value) for name, value in given.items() if value is not None})
    if PREFIX + "PUBLIC_URL" not in os.environ:
        scheme = "http" if tls is None else "https"
        os.environ[PREFIX + "PUBLIC_URL"] = f"{scheme}://localhost:{_settings().port}"
    chosen = _settings()
    try:
        registry_settings.check(chosen)
    except lib_settings.SettingsError as wrong:
        _fail(str(wrong))
    return chosen


def _start_with(database: Database, path: Path) -> None:
    passwords = Passwords()
    try:
        given = fixtures_file.read(path)
        hashed = place.hashes(given, passwords)
        with database.writing() as tx:
            place.start_with(tx, SystemClock().now(), given, hashed)
    except fixtures_file.BadFixtures as bad:
        _fail(str(bad))
    finally:
        passwords.close()


@commands.command("migrate")
def migrate_command() -> None:
    """Bring the tables of the database up to date."""
    database = Database(_settings().database)
    migrate(database, MIGRATIONS)
    database.dispose()


@client.command("add")
def client_add(
    name: Annotated[str, typer.Option(help="What people read when it asks them.")],
    client_id: Annotated[str | None, typer.Option("--id", help="A given id; default: a new one.")] = None,
    secret: Annotated[
        str | None, typer.Option(help="A given secret, or - to read one line from stdin; default: a new one.")
    ] = None,
    kind: Annotated[str, typer.Option(help="public, basic, premium or member (premium).")] = "member",
    redirect_uri: Annotated[list[str] | None, typer.Option(help="May be given several times.")] = None,
    redirect_match: Annotated[str, typer.Option(help="exact, or prefix for what ORCID does.")] = "exact",
    start_url: Annotated[
        str | None, typer.Option(help="Where Search & link sends people; lists the client there.")
    ] = None,
    description: Annotated[str, typer.Option()] = "",
    website: Annotated[str, typer.Option()] = "",
    privacy_url: Annotated[str | None, typer.Option()] = None,
    support_url: Annotated[str | None, typer.Option()] = None,
    scope: Annotated[list[str] | None, typer.Option(help="What it may ask for; default: by kind.")] = None,
    as_json: Json = False,
) -> None:
    """Register a client; prints its id and, this once, a secret that was made for it."""
    given = sys.stdin.readline().strip() if secret == "-" else secret  # noqa: S105
    wanted = additions.NewClient(
        client_id=client_id, secret=given, name=name, kind=kind, redirect_uris=tuple(redirect_uri or ()),
        redirect_match=redirect_match, scopes=None if scope is None else " ".join(scope),
        texts={
            "start_url": start_url, "description": description, "website": website,
            "privacy_url": privacy_url, "support_url": support_url,
        },
    )  # fmt: skip
    with _database(_settings()) as database, database.writing() as tx:
        try:
            made, made_secret = additions.add_client(tx, SystemClock().now(), wanted)
        except clients.Unfit as unfit:
            _fail(str(unfit))
    shown = {"client_id": made} | ({"client_secret": made_secret} if given is None and made_secret else {})
    _say(shown, as_json)


@record.command("add")
def record_add(
    orcid: Annotated[str | None, typer.Option(help="A given iD; default: a new one.")] = None,
    given: Annotated[str | None, typer.Option(help="Given names.")] = None,
    family: Annotated[str, typer.Option(help="Family name.")] = "",
    email: Annotated[str | None, typer.Option(help="An address, taken as verified.")] = None,
    password: Annotated[str | None, typer.Option(help="Or - to read one line from stdin.")] = None,
    visibility: Annotated[
        str, typer.Option(help="Who sees new items: public, limited, private.")
    ] = "private",
    file: Annotated[
        Path | None, typer.Option(help="JSON list of objects with these names, instead of one by options.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Add records, by options or from a file: all of them, or with a reason none."""
    if file is not None:
        wanted = _people(file)
    elif given is not None:
        text = sys.stdin.readline().strip() if password == "-" else password  # noqa: S105
        one = {"given": given, "family": family, "orcid": orcid, "email": email}
        wanted = _checked([{**one, "password": text, "visibility": visibility}])
    else:
        _fail("name a person with --given, or a file of people with --file")
    passwords = Passwords()
    hashed = [
        passwords.hash(one.password) if one.password else None
        for one in track(wanted, "hashing passwords", disable=len(wanted) < 10 or as_json)
    ]
    passwords.close()
    with _database(_settings()) as database, database.writing() as tx:
        try:
            made = additions.add_people(tx, SystemClock().now(), wanted, hashed)
        except ValueError as wrong:
            _fail(str(wrong))
    _say([{"orcid": one} for one in made], as_json)


def _people(file: Path) -> list[additions.NewPerson]:
    try:
        return _checked(msgspec.json.decode(file.read_bytes()))
    except OSError as error:
        _fail(f"{file} can't be read: {error.strerror}")
    except msgspec.DecodeError as error:
        _fail(f"{file}: {error}")


def _checked(given: Any) -> list[additions.NewPerson]:
    try:
        return msgspec.convert(given, list[additions.NewPerson])
    except msgspec.ValidationError as error:
        _fail(f"people: {error}")


@commands.command()
def calls(
    since: Annotated[int, typer.Option(help="Only calls after this moment, in milliseconds since 1970.")] = 0,
    writes: Annotated[bool, typer.Option(help="Only calls that write: POST, PUT, DELETE.")] = False,
    as_json: Json = False,
) -> None:
    """Count the API calls of the last 30 days by client, method, path and status."""
    with _database(_settings()) as database, database.reading() as tx:
        _say(call_log.counts(tx, since=since, writes=writes), as_json)


@contextmanager
def _database(chosen: Settings) -> Iterator[Database]:
    database = Database(chosen.database)
    try:
        prepare(database, MIGRATIONS, MIGRATE)
        yield database
    except Behind as behind:
        _fail(str(behind))
    finally:
        database.dispose()


def _settings() -> Settings:
    try:
        return lib_settings.load(Settings, PREFIX, os.environ)
    except lib_settings.SettingsError as wrong:
        _fail(str(wrong))


def _say(answer: dict[str, Any] | list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        typer.echo(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode())
        return
    for line in answer if isinstance(answer, list) else [answer]:
        typer.echo("  ".join(f"{name}: {value}" for name, value in line.items()))


def _fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
