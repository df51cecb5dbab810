"""Who operates the registry, and what was done by operators and commands."""

from dataclasses import asdict
from typing import Annotated

import orjson
import typer

from laelia.model.identifiers import normalise_orcid
from laelia.registry.commands.common import Json, Reason, changing, fail, looking, say
from laelia.registry.operators import audit, export, role
from laelia.registry.operators.audit import Filter
from laelia.registry.record import people

Orcid = Annotated[str, typer.Argument(help="The iD.")]


def grant(orcid: Orcid, reason: Reason = "") -> None:
    """Make a person an operator; she sees the pages below /operator from now on."""
    checked = normalise_orcid(orcid)
    with changing(reason) as (tx, now, by):
        if checked is None or not people.active(tx, checked):
            fail(f"{orcid} has no active record here")
        role.grant(tx, now, by, checked)


def revoke(orcid: Orcid, reason: Reason = "") -> None:
    """Take the role back; it is gone with the next page she opens."""
    checked = normalise_orcid(orcid)
    with changing(reason) as (tx, now, by):
        if checked is None or not role.revoke(tx, now, by, checked):
            fail(f"{orcid} is no operator")


def listed(as_json: Json = False) -> None:
    """List the operators."""
    with looking() as tx:
        say([{"orcid": orcid, "since": export.moment(since)} for orcid, since in role.everyone(tx)], as_json)


def log(
    about: Annotated[str, typer.Option(help="Who did it, or on what: an iD, a client id, member:1.")] = "",
    action: Annotated[
        str, typer.Option(help="What, such as record.lock, or client for all on clients.")
    ] = "",
    since: Annotated[str, typer.Option(help="A day, such as 2027-01-31.")] = "",
    csv: Annotated[bool, typer.Option("--csv", help="As a table for a spreadsheet.")] = False,
    as_json: Json = False,
) -> None:
    """Show what operators and commands did, the oldest first; filtered, and to take along."""
    beginning = export.day(since)
    if since and not beginning:
        fail(f"{since!r} is no day such as 2027-01-31")
    with looking() as tx:
        found = audit.every(tx, Filter(about=about, action=action, since=beginning))
        if csv:
            for row in export.as_csv(found):
                typer.echo(row, nl=False)
        elif as_json:
            for line in found:
                typer.echo(orjson.dumps({**asdict(line), "time": export.moment(line.time)}).decode())
        else:
            for line in found:
                why = f"({line.reason})" if line.reason else ""
                said = (export.moment(line.time), line.actor, line.action, line.subject, line.said, why)
                typer.echo("  ".join(one for one in said if one))
