"""Serve the registry, and bring its tables up to date."""

import os
from pathlib import Path
from typing import Annotated

import typer

from laelia.lib import settings as lib_settings
from laelia.lib.clock import SystemClock
from laelia.lib.database import Database, migrate, pending
from laelia.lib.secret import KeyRing, NoKeys, Passwords
from laelia.lib.serve import CantServe, run
from laelia.registry import settings as registry_settings
from laelia.registry.bulk import fixtures as fixtures_file
from laelia.registry.bulk.fixtures import place
from laelia.registry.commands.common import MIGRATIONS, fail, open_database, settings
from laelia.registry.operators import audit
from laelia.registry.settings import PREFIX, Settings


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
    with open_database(chosen) as database:
        if chosen.fixtures is not None:
            _start_with(database, chosen.fixtures, chosen.open_keys())
    try:
        run(
            "laelia.registry.app:from_environment", name="registry", public_url=chosen.public_url,
            host=chosen.host, port=chosen.port, threads=chosen.threads, tls=tls,
        )  # fmt: skip
    except CantServe as reason:
        fail(str(reason))


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
        os.environ[PREFIX + "PUBLIC_URL"] = f"{scheme}://localhost:{settings().port}"
    chosen = settings()
    try:
        registry_settings.check(chosen)
        chosen.open_keys()
    except (lib_settings.SettingsError, NoKeys) as wrong:
        fail(str(wrong))
    return chosen


def _start_with(database: Database, path: Path, keys: KeyRing) -> None:
    passwords = Passwords()
    try:
        given = fixtures_file.read(path)
        hashed = place.hashes(given, passwords)
        with database.writing() as tx:
            place.start_with(tx, SystemClock().now(), given, hashed, keys)
            audit.note(
                tx, SystemClock().now(), audit.at_command(), "sandbox.start", "fixtures", file=path.name
            )
    except fixtures_file.BadFixtures as bad:
        fail(str(bad))
    finally:
        passwords.close()


def migrate_now() -> None:
    """Bring the tables of the database up to date."""
    database = Database(settings().database)
    missing = pending(database, MIGRATIONS)
    migrate(database, MIGRATIONS)
    if missing:
        with database.writing() as tx:
            now, by = SystemClock().now(), audit.at_command()
            audit.note(tx, now, by, "database.migrate", "database", revisions=missing)
    database.dispose()
