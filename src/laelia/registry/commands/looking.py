"""What an operator looks up."""

from typing import Annotated

import typer

from laelia.registry.bulk import call_log
from laelia.registry.commands.common import Json, open_database, say, settings


def calls(
    since: Annotated[int, typer.Option(help="Only calls after this moment, in milliseconds since 1970.")] = 0,
    writes: Annotated[bool, typer.Option(help="Only calls that write: POST, PUT, DELETE.")] = False,
    as_json: Json = False,
) -> None:
    """Count the API calls of the last 30 days by client, method, path and status."""
    with open_database(settings()) as database, database.reading() as tx:
        say(call_log.counts(tx, since=since, writes=writes), as_json)
