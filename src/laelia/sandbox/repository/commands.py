"""`laelia sandbox repository …`: serve the repository, migrate its database."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from laelia.lib import settings as lib_settings
from laelia.lib.database import Behind, Database, migrate, prepare
from laelia.sandbox.repository.app import MIGRATE, MIGRATIONS
from laelia.sandbox.repository.settings import PREFIX, Settings

commands = typer.Typer(help="A repository that speaks Figshare's API v2 in part.", no_args_is_help=True)


@commands.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen at.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen at.")] = None,
    tls: Annotated[
        Path | None, typer.Option(help="Serve https with a certificate authority kept here.")
    ] = None,
) -> None:
    """Serve the API and the pages until interrupted. Settings: LAELIA_REPOSITORY_… variables."""
    from laelia.lib.serve import run

    chosen = _settings(host=host, port=port)
    database = Database(chosen.database)
    try:
        prepare(database, MIGRATIONS, MIGRATE)
    except Behind as behind:
        raise _fail(str(behind)) from behind
    finally:
        database.dispose()
    run(
        "laelia.sandbox.repository.app:from_environment",
        name="repository",
        public_url=chosen.public_url,
        host=chosen.host,
        port=chosen.port,
        threads=chosen.threads,
        tls=tls,
    )


@commands.command("migrate")
def migrate_command() -> None:
    """Bring the tables of the database up to date."""
    database = Database(_settings().database)
    migrate(database, MIGRATIONS)
    database.dispose()


def _settings(**overrides: Any) -> Settings:
    try:
        return lib_settings.load(Settings, PREFIX, os.environ, **overrides)
    except lib_settings.SettingsError as wrong:
        raise _fail(str(wrong)) from wrong


def _fail(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(1)
