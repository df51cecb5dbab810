"""The keys of the registry: those that seal what it has to be able to read again, and those that sign."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection, func, select

from laelia.lib import sealed, secret
from laelia.lib.clock import SystemClock
from laelia.lib.database import Database, pending
from laelia.lib.secret import KeyRing, NoKeys
from laelia.registry import tables
from laelia.registry.commands.common import MIGRATIONS, Json, fail, open_database, say, settings
from laelia.registry.grants import signing_keys
from laelia.registry.operators import audit
from laelia.registry.tables.sealed import SEALED


def add() -> None:
    """Make a key that seals from now on, in running processes as well; older keys still open what they
    sealed."""
    chosen = settings()
    try:
        made = secret.add_key(chosen.key_files)
    except OSError as error:
        fail(f"{chosen.key_files} can't be written: {error.strerror}")
    # A first key is made before there are tables.
    database = Database(chosen.database)
    if not pending(database, MIGRATIONS):
        _noted(database, "keys.add", key=made.stem)
    database.dispose()
    typer.echo(str(made))


def listed(as_json: Json = False) -> None:
    """List the keys, which of them seals now, and how many values each of them seals."""
    chosen = settings()
    with open_database(chosen) as database, database.reading() as tx:
        used = sealed.usage(tx, SEALED)
    rows = [
        {"key": key.name, "made": datetime.fromtimestamp(key.made, UTC).strftime("%Y-%m-%d %H:%M"),
         "seals": "now" if key.seals_now else "no more", "values": key.values}
        for key in sealed.listing(chosen.key_files, used)
    ]  # fmt: skip
    say(rows, as_json)
    for name, count in sealed.missing(chosen.key_files, used).items():
        typer.echo(f"{name} seals {count} values and is not in {chosen.key_files}", err=True)


def reseal(
    batch: Annotated[int, typer.Option(min=1, help="Rows in one transaction.")] = sealed.BATCH,
    as_json: Json = False,
) -> None:
    """Seal with the newest key what older ones sealed. The registry may run; interrupted, run it again."""
    chosen = settings()
    try:
        keys = KeyRing.open(chosen.key_files, create=False)
    except NoKeys as none:
        fail(str(none))
    with open_database(chosen) as database:
        done = sealed.reseal(database, keys, SEALED, batch=batch)
        _noted(database, "keys.reseal", key=keys.newest, values=done.resealed, broken=len(done.broken))
    say({"key": keys.newest, "resealed": done.resealed, "broken": len(done.broken)}, as_json)
    for line in done.broken:
        typer.echo(line, err=True)
    if done.broken:
        raise typer.Exit(1)


def retire(name: Annotated[str, typer.Argument(help="The key's name, such as k0001.")]) -> None:
    """Take a key off the ring that seals nothing any more; refused while anything needs it."""
    chosen = settings()
    with open_database(chosen) as database, database.writing() as tx:
        now, by = SystemClock().now(), audit.at_command()
        if marked := _marked(tx, chosen.key_files, name):
            fail(f"{name} may be needed by {marked} addresses that people left with: they come back by them")
        try:
            gone = sealed.retire(tx, chosen.key_files, SEALED, name)
        except sealed.CantRetire as needed:
            fail(str(needed))
        audit.note(tx, now, by, "keys.retire", "keys", key=name)
    typer.echo(str(gone))


def _marked(tx: Connection, folder: Path, name: str) -> int:
    """How many addresses of deactivated records this key may have marked. Unlike a sealed value a mark can't
    be made anew, as nobody knows the address."""
    later = [key.made for key in sealed.listing(folder, {}) if key.name > name]
    marks = tables.former_email
    counted = select(func.count()).where(marks.c.closed < min(later, default=0.0) * 1000)
    return int(tx.execute(counted.select_from(marks)).scalar_one())


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
            audit.note(tx, now, audit.at_command(), "keys.rotate-signing", "keys", at_once=at_once)
        with database.reading() as tx:
            say(signing_keys.listed(tx, now), as_json)


def signing(as_json: Json = False) -> None:
    """The keys for id_tokens that are shown at present: which signs, which will, which stay for a while."""
    with open_database(settings()) as database, database.reading() as tx:
        say(signing_keys.listed(tx, SystemClock().now()), as_json)


def _noted(database: Database, action: str, **detail: object) -> None:
    with database.writing() as tx:
        audit.note(tx, SystemClock().now(), audit.at_command(), action, "keys", **detail)
