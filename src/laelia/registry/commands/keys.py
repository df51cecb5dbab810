"""The keys of the registry: those that seal what it has to be able to read again, and those that sign."""

from typing import Annotated

import typer

from laelia.lib import secret
from laelia.lib.clock import SystemClock
from laelia.lib.secret import NoKeys
from laelia.registry.commands.common import Json, fail, open_database, say, settings
from laelia.registry.grants import signing_keys


def add() -> None:
    """Make a key that seals from now on; older keys still open what they sealed."""
    typer.echo(str(secret.add_key(settings().var / "keys")))


def rotate_signing(
    at_once: Annotated[
        bool, typer.Option("--at-once", help="Drop the old keys now: somebody else may hold one.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring in a new key for id_tokens while every process goes on serving. It is shown for ten minutes
    before it signs; the old one stays in the key set until what it signed has expired."""
    chosen, now = settings(), SystemClock().now()
    try:
        ring = chosen.open_keys()
    except NoKeys as none:
        fail(str(none))
    with open_database(chosen) as database:
        with database.writing() as tx:
            signing_keys.rotate(tx, now, ring, at_once=at_once)
        with database.reading() as tx:
            say(signing_keys.listed(tx, now), as_json)


def signing(as_json: Json = False) -> None:
    """The keys for id_tokens that are shown at present: which signs, which will, which stay for a while."""
    with open_database(settings()) as database, database.reading() as tx:
        say(signing_keys.listed(tx, SystemClock().now()), as_json)
