"""The keys that seal tokens and client secrets."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from laelia.hub.commands.common import Json, fail, open_hub, say, settings
from laelia.hub.tables import SEALED
from laelia.lib import sealed, secret


def add() -> None:
    """Make a key that seals from now on, in running processes as well; older keys still open what they
    sealed."""
    folder = settings().key_files
    try:
        typer.echo(str(secret.add_key(folder)))
    except OSError as error:
        fail(f"{folder} can't be written: {error.strerror}")


def listed(as_json: Json = False) -> None:
    """List the keys, which of them seals now, and how many values each of them seals."""
    with open_hub() as service:
        folder = service.settings.key_files
        with service.db.reading() as tx:
            used = sealed.usage(tx, SEALED)
    rows = [
        {"key": key.name, "made": datetime.fromtimestamp(key.made, UTC).strftime("%Y-%m-%d %H:%M"),
         "seals": "now" if key.seals_now else "no more", "values": key.values}
        for key in sealed.listing(folder, used)
    ]  # fmt: skip
    say(rows, as_json)
    for name, count in sealed.missing(folder, used).items():
        typer.echo(f"{name} seals {count} values and is not in {folder}", err=True)


def reseal(
    batch: Annotated[int, typer.Option(min=1, help="Rows in one transaction.")] = sealed.BATCH,
    as_json: Json = False,
) -> None:
    """Seal with the newest key what older ones sealed. The hub may run; interrupted, run it again."""
    with open_hub() as service:
        done = sealed.reseal(service.db, service.keys, SEALED, batch=batch)
        say({"key": service.keys.newest, "resealed": done.resealed, "broken": len(done.broken)}, as_json)
    for line in done.broken:
        typer.echo(line, err=True)
    if done.broken:
        raise typer.Exit(1)


def retire(name: Annotated[str, typer.Argument(help="The key's name, such as k0001.")]) -> None:
    """Take a key off the ring that seals nothing any more; refused while anything needs it."""
    with open_hub() as service, service.db.writing() as tx:
        try:
            typer.echo(str(sealed.retire(tx, service.settings.key_files, SEALED, name)))
        except sealed.CantRetire as needed:
            fail(str(needed))
