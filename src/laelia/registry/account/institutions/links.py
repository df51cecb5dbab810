"""Accounts at providers that sign in to an iD: an account has one iD, an iD any number of accounts."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from laelia.lib.sql import insert_ignore
from laelia.registry import tables
from laelia.registry.account.institutions.guest import Guest, Refused
from laelia.registry.grants import tokens

_table = tables.institution_link
_own = _table.c


class LastWayIn(Exception):
    """Without this link she could not sign in any more."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """One linked account, as its owner sees it."""

    id: int
    institution_id: int
    names: dict[str, str]
    issuer: str
    label: str
    linked: int
    used: int | None


def find(tx: Connection, guest: Guest) -> str | None:
    """The iD that this account signs in to, or None. Raises Refused where the identifiers it bears belong to
    different iDs: a provider gave an old one to somebody new, or mixed two people up."""
    found = {
        row.orcid
        for kind, value in guest.subjects
        for row in tx.execute(
            select(_own.orcid).where(
                _own.institution_id == guest.institution_id, _own.kind == kind, _own.subject == value
            )
        )
    }
    if len(found) > 1:
        raise Refused("mixed", "identifiers of one answer are linked to different iDs")
    return next(iter(found), None)


def open_record(tx: Connection, orcid: str) -> bool:
    """Whether its owner may sign in: a closed or merged record has nobody to."""
    record = tables.record.c
    wanted = select(record.orcid).where(record.orcid == orcid, record.state.in_(("active", "locked")))
    return tx.execute(wanted).first() is not None


def link(tx: Connection, now: int, orcid: str, guest: Guest) -> None:
    """Let this account sign in to the iD from now on. Raises Refused where it signs in to another one."""
    if find(tx, guest) not in (None, orcid):
        raise Refused("taken", "the account is linked to another iD")
    kind, subject = guest.subjects[0]
    own = {"institution_id": guest.institution_id, "kind": kind, "subject": subject}
    row = {**own, "orcid": orcid, "label": guest.label, "linked": now, "used": now}
    if not insert_ignore(tx, _table, row) and find(tx, guest) != orcid:
        raise Refused("taken", "the account was linked to another iD at the same moment")


def used(tx: Connection, now: int, guest: Guest) -> None:
    """Note that she signed in with it."""
    for kind, value in guest.subjects:
        own = (_own.institution_id == guest.institution_id, _own.kind == kind, _own.subject == value)
        tx.execute(update(_table).where(*own).values(used=now, label=guest.label))


def of_person(tx: Connection, orcid: str) -> list[Link]:
    """All that sign in to an iD, the oldest first."""
    at = tables.institution.c
    columns = (_own.id, _own.institution_id, at.names, at.issuer, _own.label, _own.linked, _own.used)
    joined = select(*columns).join(tables.institution, at.id == _own.institution_id)
    rows = tx.execute(joined.where(_own.orcid == orcid).order_by(_own.linked, _own.id))
    return [Link(**row) for row in rows.mappings()]


def unlink(tx: Connection, orcid: str, number: int) -> Link | None:
    """Take a link away; returns it, None where it is not hers or gone. Raises LastWayIn where neither a
    password nor another account would be left. Two of these at once happen one after the other."""
    tokens.hold(tx, orcid)
    found = {one.id: one for one in of_person(tx, orcid)}
    if number not in found:
        return None
    if len(found) == 1 and not other_ways_in(tx, orcid):
        raise LastWayIn
    tx.execute(delete(_table).where(_own.id == number, _own.orcid == orcid))
    return found[number]


def other_ways_in(tx: Connection, orcid: str) -> bool:
    """Whether she can sign in without any linked account: with a password, or with a passkey."""
    ways = (tables.credential.c.orcid, tables.passkey.c.orcid)
    return any(tx.execute(select(way).where(way == orcid).limit(1)).first() is not None for way in ways)
