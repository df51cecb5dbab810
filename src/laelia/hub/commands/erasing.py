"""A person erased by command."""

from pathlib import Path
from typing import Annotated

import orjson
import typer
from sqlalchemy import Connection, or_, select

from laelia.hub import erasing, tables
from laelia.hub.commands.common import fail, open_hub
from laelia.hub.commands.staff import Handle, find_place
from laelia.hub.organisations import audit
from laelia.hub.people import whom
from laelia.model.identifiers import normalise_orcid


def erase_one(
    organisation: Handle,
    person: Annotated[str, typer.Argument(help="The local id, the e-mail address or the iD.")],
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Take back from the record what came from here, first.")
    ] = False,
    anyway: Annotated[bool, typer.Option("--anyway", help="Go on where the registry can't be told.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")] = False,
    to: Annotated[Path | None, typer.Option(help="Write the proof to this file as well.")] = None,
) -> None:
    """Tell the registry to end the permission, then delete all that is kept of a person, and print the proof,
    in which nothing tells who it was. If the registry can't be told, nothing is erased."""
    with open_hub() as service:
        place = find_place(service, organisation)
        with service.db.reading() as tx:
            number = _find(tx, place.id, person)
        if number is None:
            fail(f"{place.handle} knows nobody, or several, by {person}.")
        if not yes:
            typer.confirm(f"Erase {person} from {place.handle} for good?", abort=True)
        try:
            made = erasing.erase(
                service, place.id, number, audit.at_command(), withdraw=withdraw, anyway=anyway
            )
        except erasing.NotTold as trouble:
            what = {
                "items": f"{trouble.left} items still stand on the record",
                "permission": "The registry could not be told to end the permission",
                "webhook": "The registry could not be told to call no more when the record changes",
            }[trouble.why]
            fail(f"{what}: nobody was erased. Try again later, or with --anyway.")
        except erasing.Busy:
            fail("The record is being written to. Try again in a minute.")
    assert made is not None
    proof = orjson.dumps(made.said, option=orjson.OPT_INDENT_2)
    typer.echo(proof.decode())
    if to is not None:
        to.write_bytes(proof)


def _find(tx: Connection, environment_id: int, person: str) -> int | None:
    c = tables.person.c
    named = [c.local_id == whom.plain(person), c.email == person.lower()]
    if orcid := normalise_orcid(person):
        named.append(c.orcid == orcid)
    found = tx.execute(select(c.id).where(c.environment_id == environment_id, or_(*named))).scalars().all()
    return found[0] if len(found) == 1 else None
