"""Permissions of another hub of the same client, taken over by command."""

import stat
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import orjson
import typer

from laelia.connectors.files.columns import folded
from laelia.connectors.files.read import read
from laelia.connectors.files.sheet import Refused, Sheet
from laelia.hub import assertions
from laelia.hub.commands.common import Json, fail, open_hub
from laelia.hub.commands.staff import Handle, find_place
from laelia.hub.organisations import audit
from laelia.hub.people.takeover import SENTENCES, Handed, take
from laelia.model.identifiers import normalise_orcid

# Field → headers, folded, by which hubs and their databases call it.
_COLUMNS = {
    "orcid": ("orcid", "orcid-id", "orcidid", "orcid-i-d", "id"),
    "access_token": ("access-token", "token", "accesstoken"),
    "refresh_token": ("refresh-token", "refreshtoken"),
    "local_id": ("local-id", "localid", "local-identifier", "employee-id", "staff-id"),
    "email": ("email", "e-mail", "mail"),
}
GIVE_UP = 5
"""Rows in a row to which the registry did not answer."""


def take_over(
    organisation: Handle,
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV, TSV, XLSX or JSON with orcid, access_token, refresh_token and, if you like, local_id "
            "and email; - for standard input.",
            allow_dash=True,
        ),
    ],
    as_json: Json = False,
) -> None:
    """Take over iDs and tokens that were issued to this same client elsewhere. Each is accepted once the
    registry has proved it: it must give this client a new pair of tokens for the refresh token, for exactly
    that iD, and let it read the record. Scopes and name come from that answer, whatever the file says. An iD
    that is connected here already stays as it is; who said no or disconnected here is left alone. The old
    pair is given back. Tokens are shown nowhere. A run that broke off is begun again with the same file.
    Ends with 1 if a row was not taken over."""
    sheet = _sheet(file)
    columns = _columns(sheet)
    with open_hub() as service:
        place, by = find_place(service, organisation), audit.at_command()
        if not place.ready:
            fail("This environment has no client yet.")
        counts: Counter[str] = Counter()
        silent = 0
        for number, row in _rows(sheet, columns):
            result = take(service, place, row)
            counts[result] += 1
            _say(number, row.orcid, result, as_json)
            if result == "taken-over":
                with service.db.writing() as tx:
                    assertions.wake(tx, service.clock.now(), place.id, normalise_orcid(row.orcid) or "")
            silent = silent + 1 if result == "no-answer" else 0
            if silent == GIVE_UP:
                typer.echo("The registry does not answer: stopped. Run the command again later.", err=True)
                break
        with service.db.writing() as tx:
            audit.note(tx, service.clock.now(), place.id, by, "tokens-imported", file.name, **counts)
    typer.echo(", ".join(f"{count} {name}" for name, count in counts.items()) or "no rows", err=True)
    if set(counts) - {"taken-over", "there-already"}:
        raise typer.Exit(1)


def _sheet(file: Path) -> Sheet:
    try:
        if str(file) == "-":
            return read("tokens.txt", sys.stdin.buffer.read())
        if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            typer.echo(f"{file} holds tokens, and others on this machine can read it: chmod 600.", err=True)
        return read(file.name, file.read_bytes())
    except OSError as error:
        fail(f"{file} can't be read: {error.strerror}")
    except Refused as refused:
        fail(str(refused))


def _columns(sheet: Sheet) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, header in enumerate(sheet.headers):
        for name, words in _COLUMNS.items():
            if folded(header) in words:
                found.setdefault(name, place)
    for needed in ("orcid", "refresh_token"):
        if needed not in found:
            fail(f"No column of the file is {needed}; it has {', '.join(sheet.headers)}.")
    return found


def _rows(sheet: Sheet, columns: dict[str, int]) -> Iterator[tuple[int, Handed]]:
    try:
        for row in sheet.rows:
            yield row.number, Handed(**{name: row.cells[place] for name, place in columns.items()})
    except Refused as refused:
        fail(str(refused))


def _say(number: int, orcid: str, result: str, as_json: bool) -> None:
    why = SENTENCES[result]  # type: ignore[index]  # it is one of them
    if as_json:
        typer.echo(orjson.dumps({"row": number, "orcid": orcid, "result": result, "why": why}).decode())
    else:
        typer.echo(f"row {number}  {orcid}  {result}  {why}")
