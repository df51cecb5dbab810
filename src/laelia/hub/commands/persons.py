"""People of an organisation, by command: invited, taken over from a file, and listed with their states."""

from pathlib import Path
from typing import Annotated

import typer

from laelia.connectors.files.kinds import PEOPLE
from laelia.connectors.files.sheet import Refused
from laelia.hub import people, uploads
from laelia.hub.commands.common import Json, fail, open_hub, say
from laelia.hub.commands.staff import Handle, find_place
from laelia.hub.commands.uploads import tell, work
from laelia.hub.organisations import Clash, audit, units
from laelia.hub.people import inviting


def invite(
    organisation: Handle,
    email: Annotated[str, typer.Argument(help="Where the letter with the personal link goes.")],
    local_id: Annotated[str, typer.Option(help="How the organisation knows the person.")] = "",
    given_names: Annotated[str, typer.Option()] = "",
    family_names: Annotated[str, typer.Option()] = "",
    unit: Annotated[str | None, typer.Option(help="The code of the unit.")] = None,
    as_json: Json = False,
) -> None:
    """Add someone and mail a personal link. The iD comes from the registry, when she signs in there."""
    with open_hub() as service:
        place = find_place(service, organisation)
        now, by = service.clock.now(), audit.at_command()
        with service.db.writing() as tx:
            known = {one.code: one.id for one in units.tree(tx, place.id)}
            if unit is not None and unit not in known:
                raise Clash(f"there is no unit {unit!r}")
            made = inviting.add(
                tx, now, by, place.id, email=email, local_id=local_id, given_names=given_names,
                family_names=family_names, unit_id=known[unit] if unit is not None else None,
            )  # fmt: skip
            who = inviting.person(tx, place.id, made)
            assert who is not None
            inviting.invite(tx, now, by, place, who, service.settings.public_url)
        say({"person": made, "email": who.email}, as_json)


def take_over(
    organisation: Handle,
    file: Annotated[Path, typer.Argument(help="CSV, TSV, XLSX or JSON.", exists=True, dir_okay=False)],
    invite: Annotated[
        bool, typer.Option("--invite", help="Write to those who have not been written to yet.")
    ] = False,
    units: Annotated[bool, typer.Option("--units", help="Make the units that are not there yet.")] = False,
    column: Annotated[
        list[str] | None, typer.Option(help="NAME=HEADER where another header is meant; NAME= for none.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show the verdicts; keep nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Judge every row of a file of people and take over the good ones: made or changed by local id, or else
    by e-mail address. Ends with 1 if rows were wrong."""
    with open_hub() as service:
        place, by = find_place(service, organisation), audit.at_command()
        options = uploads.Options(units=units, invite=invite, actor=by.actor, name=by.name)
        try:
            number = uploads.store(
                service, place.id, file.name, file.read_bytes(), kind=PEOPLE.name, by=by.name
            )
        except Refused as refused:
            fail(str(refused))
        try:
            one = work(service, place, number, column or [], dry_run=dry_run, options=options)
            with service.db.reading() as tx:
                wrong = uploads.lines(tx, one, ("wrong",))
        finally:
            if dry_run:
                with service.db.writing() as tx:
                    uploads.remove(tx, number)
        tell(one, wrong, as_json, dry_run=dry_run)
    if wrong:
        raise typer.Exit(1)


def listed(
    organisation: Handle,
    search: Annotated[str, typer.Option(help="Words in name, iD, e-mail, local id or unit.")] = "",
    state: Annotated[
        str, typer.Option(help="known, invited, bounced, connected, denied, revoked, moved or closed.")
    ] = "",
    as_json: Json = False,
) -> None:
    """List people with their states."""
    with open_hub() as service:
        place = find_place(service, organisation)
        rows: list[dict[str, object]] = []
        with service.db.reading() as tx:
            number, total = 1, 1
            while (number - 1) * people.ON_A_PAGE < total:
                found, total = people.search(tx, place.id, words=search, state=state, page=number)
                rows += [
                    {"orcid": place.address_of(one.orcid) if one.orcid else None, "name": one.name,
                     "email": one.email, "local_id": one.local_id, "unit": one.unit, "state": one.state}
                    for one in found
                ]  # fmt: skip
                number += 1
        say(rows, as_json)
