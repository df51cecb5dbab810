"""What the commands share: the hub they work on, and how they answer."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import orjson
import typer

from laelia.hub import app
from laelia.hub.organisations import Clash
from laelia.hub.settings import Settings
from laelia.lib.migrations import Behind
from laelia.lib.secret import NoKeys
from laelia.lib.settings import SettingsError

Json = Annotated[bool, typer.Option("--json", help="Answer for a machine.")]


def settings(**overrides: Any) -> Settings:
    try:
        return app.settings_from(os.environ, **overrides)
    except SettingsError as wrong:
        fail(str(wrong))


@contextmanager
def opened() -> Iterator[app.Service]:
    """The hub of the settings, closed at the end."""
    try:
        service = app.build(settings())
    except (SettingsError, Behind, NoKeys) as wrong:
        fail(str(wrong))
    try:
        yield service
    finally:
        service.close()


@contextmanager
def open_hub() -> Iterator[app.Service]:
    """The hub for the time of one command; what stands against opening it, or against what is asked of it,
    is said in a sentence."""
    with opened() as service:
        try:
            yield service
        except Clash as clash:
            fail(str(clash))


def say(answer: dict[str, Any] | list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        typer.echo(orjson.dumps(answer).decode())
        return
    for line in answer if isinstance(answer, list) else [answer]:
        typer.echo("  ".join(f"{name}={value}" for name, value in line.items() if value is not None))


def fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
