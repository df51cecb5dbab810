"""The keys that seal what the registry has to be able to read again: second factors, signing keys."""

import typer

from laelia.lib import secret
from laelia.registry.commands.common import settings


def add() -> None:
    """Make a key that seals from now on; older keys still open what they sealed."""
    typer.echo(str(secret.add_key(settings().var / "keys")))
