"""What the commands share: the database they work on, and how they answer."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import orjson
import typer
from sqlalchemy import Connection

from laelia.lib import settings as lib_settings
from laelia.lib.clock import SystemClock
from laelia.lib.database import Behind, Database, prepare
from laelia.registry.operators import audit
from laelia.registry.operators.audit import By
from laelia.registry.settings import PREFIX, Settings

MIGRATIONS = "laelia.registry.migrations"
MIGRATE = "laelia registry migrate"

Json = Annotated[bool, typer.Option("--json", help="Answer for a machine.")]
Reason = Annotated[str, typer.Option(help="Why: it stands in the audit log.")]


@contextmanager
def open_database(chosen: Settings) -> Iterator[Database]:
    database = Database(chosen.database)
    try:
        prepare(database, MIGRATIONS, MIGRATE)
        yield database
    except Behind as behind:
        fail(str(behind))
    finally:
        database.dispose()


@contextmanager
def changing(reason: str = "") -> Iterator[tuple[Connection, int, By]]:
    """A transaction in which a command changes something: its time, and who does it, for the audit log."""
    with open_database(settings()) as database, database.writing() as tx:
        yield tx, SystemClock().now(), audit.at_command(reason)


@contextmanager
def looking() -> Iterator[Connection]:
    with open_database(settings()) as database, database.reading() as tx:
        yield tx


def settings() -> Settings:
    try:
        return lib_settings.load(Settings, PREFIX, os.environ)
    except lib_settings.SettingsError as wrong:
        fail(str(wrong))


def say(answer: dict[str, Any] | list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        typer.echo(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode())
        return
    for line in answer if isinstance(answer, list) else [answer]:
        typer.echo("  ".join(f"{name}: {value}" for name, value in line.items()))


def fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
