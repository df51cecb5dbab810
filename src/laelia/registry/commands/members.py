"""Member organisations and the people who look after their clients."""

from typing import Annotated

import typer
from sqlalchemy import Connection

from laelia.model.identifiers import normalise_orcid
from laelia.registry.commands.common import Json, Reason, changing, fail, looking, say
from laelia.registry.operators import clients, members
from laelia.registry.operators.members import Member

Which = Annotated[str, typer.Argument(help="Name or number of the member.")]


def add(
    name: Annotated[str, typer.Option(help="The organisation's name.")],
    kind: Annotated[str, typer.Option(help="basic or premium.")] = "premium",
    website: Annotated[str, typer.Option()] = "",
    email: Annotated[str, typer.Option(help="Where operators reach it.")] = "",
    contact: Annotated[list[str] | None, typer.Option(help="iD of who looks after its clients.")] = None,
    reason: Reason = "",
    as_json: Json = False,
) -> None:
    """Add a member."""
    with changing(reason) as (tx, now, by):
        try:
            made = members.add(tx, now, by, name=name, kind=kind, website=website, email=email)
            for one in contact or ():
                members.add_contact(tx, now, by, made, _orcid(one))
        except members.Unfit as unfit:
            fail(str(unfit))
    say({"member": made.id, "name": made.name, "kind": made.kind}, as_json)


def listed(as_json: Json = False) -> None:
    """List the members."""
    with looking() as tx:
        found = [
            {"member": one.id, "name": one.name, "kind": one.kind, "state": one.state, "clients": count}
            for one, count in members.everyone(tx)
        ]
    say(found, as_json)


def show(which: Which, as_json: Json = False) -> None:
    """Show a member with its clients and contacts."""
    with looking() as tx:
        one = _member(tx, which)
        own = [f"{each.client_id} ({each.state})" for each in clients.of_member(tx, one.id)]
        said = {"member": one.id, "name": one.name, "kind": one.kind, "state": one.state,
                "website": one.website, "email": one.email, "clients": own}  # fmt: skip
        said["contacts"] = members.contacts(tx, one.id)
    say(said, as_json)


def change(
    which: Which,
    name: Annotated[str | None, typer.Option()] = None,
    kind: Annotated[str | None, typer.Option(help="basic or premium; for clients made from now on.")] = None,
    website: Annotated[str | None, typer.Option()] = None,
    email: Annotated[str | None, typer.Option()] = None,
    reason: Reason = "",
) -> None:
    """Change a member."""
    given = {"name": name, "kind": kind, "website": website, "email": email}
    with changing(reason) as (tx, now, by):
        try:
            members.change(
                tx, now, by, _member(tx, which), **{k: v for k, v in given.items() if v is not None}
            )
        except members.Unfit as unfit:
            fail(str(unfit))


def lock(which: Which, reason: Annotated[str, typer.Option(help="Why: it stands in the audit log.")]) -> None:
    """Lock a member: none of its clients can do anything until it is unlocked."""
    _set_state(which, "locked", reason)


def unlock(which: Which, reason: Reason = "") -> None:
    """Open a locked member again, and its clients."""
    _set_state(which, "active", reason)


def _set_state(which: str, state: str, reason: str) -> None:
    with changing(reason) as (tx, now, by):
        one = _member(tx, which)
        if one.state == state:
            fail(f"{one.name} is {state} already")
        done = members.set_state(tx, now, by, one, state)
    typer.echo(f"{one.name} is {state}, and {done} of its clients with it")


def add_contact(
    which: Which, orcid: Annotated[str, typer.Argument(help="iD of the person.")], reason: Reason = ""
) -> None:
    """Let a person look after a member's clients."""
    with changing(reason) as (tx, now, by):
        try:
            members.add_contact(tx, now, by, _member(tx, which), _orcid(orcid))
        except members.Unfit as unfit:
            fail(str(unfit))


def remove_contact(
    which: Which, orcid: Annotated[str, typer.Argument(help="iD of the person.")], reason: Reason = ""
) -> None:
    """Let a person no longer look after a member's clients."""
    with changing(reason) as (tx, now, by):
        if not members.remove_contact(tx, now, by, _member(tx, which), _orcid(orcid)):
            fail(f"{orcid} does not look after them")


def _member(tx: Connection, which: str) -> Member:
    found = members.by_name(tx, which)
    if found is None:
        fail(f"there is no member {which!r}")
    return found


def _orcid(text: str) -> str:
    orcid = normalise_orcid(text)
    if orcid is None:
        fail(f"{text} is no iD")
    return orcid
