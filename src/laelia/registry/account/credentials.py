"""Signing in with an e-mail address or iD and a password."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from laelia.lib.sql import upsert
from laelia.model.identifiers import normalise_orcid
from laelia.registry import tables
from laelia.registry.record import people

OPEN = ("active", "locked")
"""States of a record in which somebody can sign in."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """The record somebody tries to sign in to and the hash of its password, None for no such account."""

    orcid: str | None
    password_hash: str | None


def may_enter(tx: Connection, orcid: str) -> bool:
    """Whether anybody can sign in to this record: a locked one's owner may still look at it, a closed or
    merged one has nobody."""
    record = tables.record.c
    return tx.execute(select(record.state).where(record.orcid == orcid)).scalar() in OPEN


def changed(tx: Connection, orcid: str) -> int | None:
    """When the password was last set; None: there is none."""
    table = tables.credential
    return tx.execute(select(table.c.changed).where(table.c.orcid == orcid)).scalar()


def password_hash(tx: Connection, orcid: str) -> str | None:
    """None where there is no password: a loaded record, or one that is entered through an institution."""
    table = tables.credential
    return tx.execute(select(table.c.password_hash).where(table.c.orcid == orcid)).scalar()


def find(tx: Connection, name: str) -> Account:
    """The account of an e-mail address or an iD in any spelling."""
    orcid = people.by_email(tx, name.strip()) if "@" in name else normalise_orcid(name.strip())
    table = tables.credential
    record = tables.record.c
    open_ = select(record.orcid).where(record.orcid == orcid, record.state.in_(OPEN))
    found = tx.execute(select(table.c.password_hash).where(table.c.orcid.in_(open_))).scalar()
    return Account(orcid=orcid if found else None, password_hash=found)


def set_password(tx: Connection, now: int, orcid: str, password_hash: str) -> None:
    """Store the hash of a new password; hashing is done before, outside of the transaction."""
    upsert(
        tx, tables.credential, {"orcid": orcid, "password_hash": password_hash, "changed": now}, ("orcid",)
    )
