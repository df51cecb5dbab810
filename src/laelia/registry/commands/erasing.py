"""Erasing a record at its owner's wish, and the receipts of all that were erased."""

from typing import Annotated

import typer

from laelia.lib.clock import SystemClock
from laelia.registry.account.closing import erasure
from laelia.registry.commands.common import Json, fail, open_database, say, settings


def erase(
    orcid: Annotated[str, typer.Argument(help="The iD of the record.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Remove everything about a person, for good; prints the address of the receipt, which is for her."""
    chosen = settings()
    if not yes:
        typer.confirm(f"Everything about {orcid} will be removed for good. Go on?", abort=True, err=True)
    with open_database(chosen) as database:
        with database.writing() as tx:
            shown = erasure.erase(tx, SystemClock().now(), orcid)
        if shown is None:
            fail(f"there is no record {orcid}, or it is erased already")
    say({"orcid": orcid, "receipt": f"{chosen.public_url.rstrip('/')}/receipts/{shown}"}, as_json)


def erasures(
    orcid: Annotated[str | None, typer.Option(help="Only that of this iD.")] = None, as_json: Json = False
) -> None:
    """Show the receipts of erased records, and whether each is still as it was written."""
    with open_database(settings()) as database, database.reading() as tx:
        found = erasure.receipts(tx, orcid)
    if not as_json:
        found = [
            {**one, "rows": ", ".join(f"{name} {count}" for name, count in one["rows"].items() if count)}
            for one in found
        ]
    say(found, as_json)
