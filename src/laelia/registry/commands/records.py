"""Records that an operator looks for, locks or merges."""

import sys
from typing import Annotated

import typer

from laelia.lib.clock import SystemClock
from laelia.model.identifiers import normalise_orcid
from laelia.registry.account import messages, registration
from laelia.registry.account.closing import merging
from laelia.registry.commands.common import Json, Reason, changing, fail, looking, say, settings
from laelia.registry.grants import trusted
from laelia.registry.operators import audit, clients, members, records
from laelia.registry.record import people

Orcid = Annotated[str, typer.Argument(help="The iD.")]
Why = Annotated[str, typer.Option(help="Why: it stands in the audit log.")]


def find(
    text: Annotated[str, typer.Argument(help="An iD, an e-mail address, or part of a name.")],
    as_json: Json = False,
) -> None:
    """Find records."""
    with looking() as tx:
        found = [
            {"orcid": one.orcid, "name": one.name, "state": one.state, "primary": one.primary or ""}
            for one in records.search(tx, text)
        ]
    say(found, as_json)


def lock(
    orcid: Orcid,
    reason: Why,
    why: Annotated[str, typer.Option(help=f"One of {', '.join(records.REASONS)}.")] = "other",
) -> None:
    """Lock a record: everybody sees that it is locked, its owner can look at it and change nothing."""
    with changing(reason) as (tx, now, by):
        try:
            records.lock(tx, now, by, _checked(orcid), why)
        except records.Unfit as unfit:
            fail(str(unfit))


def unlock(orcid: Orcid, reason: Reason = "") -> None:
    """Open a locked record again."""
    with changing(reason) as (tx, now, by):
        try:
            records.unlock(tx, now, by, _checked(orcid))
        except records.Unfit as unfit:
            fail(str(unfit))


def review(
    orcid: Orcid,
    reason: Reason = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take the review back.")] = False,
) -> None:
    """Say that a record was looked at and is what it claims to be: search engines may list it then."""
    with changing(reason) as (tx, now, by):
        try:
            records.review(tx, now, by, _checked(orcid), reviewed=not undo)
        except records.Unfit as unfit:
            fail(str(unfit))


def merge(
    orcid: Annotated[str, typer.Argument(help="The iD of the duplicate, which is closed.")],
    into: Annotated[str, typer.Argument(help="The iD that stays.")],
    reason: Why,
) -> None:
    """Close a duplicate: it leads to the other record from then on. It can't be undone."""
    with changing(reason) as (tx, now, by):
        try:
            records.merge(tx, now, by, _checked(orcid), _checked(into), merging.merge)
        except records.Unfit as unfit:
            fail(str(unfit))


def clients_of(orcid: Orcid, as_json: Json = False) -> None:
    """List the clients of a person: her own, those she looks after, those she gave a permission to."""
    with looking() as tx:
        orcid = _checked(orcid)
        own = [{"client_id": one.client_id, "name": one.name, "as": "owner"}
               for one in clients.of_person(tx, orcid)]  # fmt: skip
        cared = [{"client_id": one.client_id, "name": one.name, "as": f"contact of {member.name}"}
                 for member in members.of_contact(tx, orcid)
                 for one in clients.of_member(tx, member.id)]  # fmt: skip
        trusts = [{"client_id": one.client_id, "name": one.name, "as": "trusted organisation"}
                   for one in trusted.organisations(tx, SystemClock().now(), orcid)]  # fmt: skip
    say([*own, *cared, *trusts], as_json)


def resend(orcid: Orcid, reason: Reason = "") -> None:
    """Send a new link to every address of a record that is not confirmed."""
    site = settings().public_url
    with changing(reason) as (tx, now, by):
        orcid = _checked(orcid)
        waiting = [one.email for one in people.emails(tx, orcid) if not one.verified]
        if not people.active(tx, orcid) or not waiting:
            fail(f"{orcid} is not active here, or has no address to confirm")
        for email in waiting:
            registration.send_verification(tx, now, orcid, email, site)
        audit.note(tx, now, by, "record.resend-verification", orcid, addresses=len(waiting))


def message(
    orcid: Orcid,
    subject: Annotated[str, typer.Option(help="What the message is about.")],
    text: Annotated[str, typer.Option(help="The message, in plain text; - reads it from standard input.")],
    reason: Reason = "",
) -> None:
    """Write to the owner of a record: into the inbox, and to the first address if that is confirmed."""
    site = settings().public_url.rstrip("/")
    said = sys.stdin.read() if text == "-" else text
    with changing(reason) as (tx, now, by):
        orcid = _checked(orcid)
        try:
            number = messages.send(tx, now, orcid, subject, said, site)
        except messages.Unfit as unfit:
            fail(str(unfit))
        audit.note(tx, now, by, "record.message", orcid, number=number)


def _checked(text: str) -> str:
    orcid = normalise_orcid(text)
    if orcid is None:
        fail(f"{text} is no iD")
    return orcid
