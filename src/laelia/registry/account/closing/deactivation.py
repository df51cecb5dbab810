"""Deactivating one's record and opening it again (registry-ui.md §3 and §7): everything personal goes, the iD
stays and is nobody else's; by an address it had, its owner comes back to it, empty."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from laelia.lib.secret import KeyRing
from laelia.lib.sql import insert_ignore
from laelia.registry import tables
from laelia.registry.account import credentials
from laelia.registry.account.closing import removal
from laelia.registry.grants import names as names_counter
from laelia.registry.grants import tokens
from laelia.registry.record import people, states


class NotOpen(Exception):
    """The record is locked, closed or merged: its owner can't do this with it."""


class NotClosed(Exception):
    """The record is open, or nobody can open it again."""


@dataclass(frozen=True, kw_only=True)
class Returning:
    """What whoever comes back says anew."""

    given: str
    family: str
    email: str
    password_hash: str
    visibility: str


def deactivate(tx: Connection, now: int, keys: KeyRing, orcid: str, proven: str) -> None:
    """Close a record for its owner. `proven` is the address that the link was sent to: by it, and by every
    address that was confirmed, she can come back. Raises NotOpen."""
    hold_open(tx, orcid)
    addresses = {one.folded for one in people.emails(tx, orcid) if one.verified} | {proven.lower()}
    end_permissions(tx, now, orcid, "deactivation")
    # Once the addresses are forgotten nobody could find these again.
    removal.mentions(tx, {orcid, *removal.addresses(tx, orcid)})
    removal.remove(tx, orcid, "deactivation")
    for address in sorted(addresses):
        row = {"mark": keys.marks(address)[0], "orcid": orcid, "closed": now}
        insert_ignore(tx, tables.former_email, row)
    people.set_state(tx, now, orcid, "deactivated")
    names_counter.changed(tx)


def hold_open(tx: Connection, orcid: str) -> None:
    """Lock the record, or raise NotOpen."""
    row = states.lock(tx, orcid)
    if row is None or row.state != "active":
        raise NotOpen


def end_permissions(tx: Connection, now: int, orcid: str, reason: str) -> None:
    """Every token and every consent ends, with the reason; codes on their way go with the rest."""
    tokens.revoke_all(tx, now, reason, orcid=orcid)
    consent = tables.consent.c
    given = (consent.orcid == orcid, consent.revoked.is_(None))
    tx.execute(update(tables.consent).where(*given).values(revoked=now, reason=reason))


def closed_by(tx: Connection, keys: KeyRing, email: str) -> str | None:
    """The iD that was deactivated with this address, if it can be opened again by it: the last one, and only
    while the address is on no other record."""
    former, record = tables.former_email.c, tables.record.c
    wanted = (
        select(former.orcid)
        .join(tables.record, record.orcid == former.orcid)
        .where(former.mark.in_(keys.marks(email.lower())), record.state == "deactivated")
        .order_by(former.closed.desc())
        .limit(1)
    )
    orcid = tx.execute(wanted).scalar()
    return None if people.by_email(tx, email) is not None else orcid


def reactivate(tx: Connection, now: int, orcid: str, new: Returning) -> None:
    """Open a deactivated record again, with a name, an address that the link has proven, and a password.
    Raises NotClosed, and people.AddressTaken."""
    row = states.lock(tx, orcid)
    if row is None or row.state != "deactivated":
        raise NotClosed
    said = {"given": new.given, "family": new.family or None, "visibility": "public"}
    tx.execute(insert(tables.name).values(orcid=orcid, **said, created=now, modified=now))
    if not people.add_email(tx, now, orcid, new.email, verified=True, primary=True):
        raise people.AddressTaken(f"{new.email} is taken")
    credentials.set_password(tx, now, orcid, new.password_hash)
    chosen = {"default_visibility": new.visibility, "claimed": True}
    tx.execute(update(tables.record).where(tables.record.c.orcid == orcid).values(**chosen))
    people.set_state(tx, now, orcid, "active")
    people.verify_email(tx, now, orcid, new.email)
    tx.execute(delete(tables.former_email).where(tables.former_email.c.orcid == orcid))
    names_counter.changed(tx)
