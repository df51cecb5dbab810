"""What the commands share: the database they work on, and how they answer."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import orjson
import typer

from laelia.lib import settings as lib_settings
from laelia.lib.database import Behind, Database, prepare
from laelia.registry.settings import PREFIX, Settings

MIGRATIONS = "laelia.registry.migrations"
MIGRATE = "laelia registry migrate"

Json = Annotated[bool, typer.Option("--json", help="Answer for a machine.")]


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
