"""What operators do with records: find, review, lock, merge. Nothing of a record is changed or shown here
that its owner keeps to herself, but her addresses, by which she is found and written to."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select, update

from laelia.model.identifiers import normalise_orcid
from laelia.registry import tables
from laelia.registry.operators import audit
from laelia.registry.operators.audit import By
from laelia.registry.record import people

REASONS = ("spam", "dispute", "unclaimed", "institution", "test", "other")
"""Why a record is locked (registry-ui §12)."""


class Unfit(ValueError):
    """It can't be done to this record; the sentence says why."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """One record of a search."""

    orcid: str
    name: str
    state: str
    claimed: bool
    created: int
    primary: str | None
    reviewed: bool


def search(tx: Connection, text: str, limit: int = 50) -> list[Found]:
    """Records by iD in any spelling, by e-mail address, or by part of a name; the newest first."""
    text = text.strip()
    if not text:
        return []
    record, name, email = tables.record.c, tables.name.c, tables.email.c
    orcid = normalise_orcid(text)
    if orcid is not None:
        which = record.orcid == orcid
    elif "@" in text:
        which = record.orcid.in_(select(email.orcid).where(email.folded == text.lower()))
    else:
        columns = (name.given, name.family, name.credit, func.coalesce(name.given, "") + " " + name.family)
        which = or_(*(func.lower(one).contains(text.lower(), autoescape=True) for one in columns))
    wanted = (
        select(
            record.orcid,
            record.state,
            record.claimed,
            record.created,
            record.primary_orcid,
            record.reviewed,
        )
        .outerjoin(tables.name, name.orcid == record.orcid)
        .where(which)
    )
    rows = tx.execute(wanted.order_by(record.created.desc(), record.orcid).limit(limit)).all()
    return [
        Found(
            orcid=row.orcid, name=people.display_name(tx, row.orcid), state=row.state, claimed=row.claimed,
            created=row.created, primary=row.primary_orcid, reviewed=row.reviewed,
        )
        for row in rows
    ]  # fmt: skip


def get(tx: Connection, orcid: str) -> Found | None:
    return next(iter(search(tx, orcid)), None)


def lock(tx: Connection, now: int, by: By, orcid: str, why: str) -> None:
    """Lock an active record: everybody sees that it is locked and nothing else, its owner can look at it and
    change nothing. `why` is one of REASONS, and by.reason says more. Raises Unfit."""
    if why not in REASONS:
        raise Unfit(f"why: {why!r} is none of {', '.join(REASONS)}")
    _change(tx, now, orcid, "active", "locked")
    audit.note(tx, now, by, "record.lock", orcid, why=why)


def unlock(tx: Connection, now: int, by: By, orcid: str) -> None:
    _change(tx, now, orcid, "locked", "active")
    audit.note(tx, now, by, "record.unlock", orcid)


def review(tx: Connection, now: int, by: By, orcid: str, *, reviewed: bool = True) -> None:
    """Say that the record was looked at and is what it claims to be, so that search engines may list it; or
    take that back. Saying it again changes nothing. Raises Unfit."""
    record = tables.record.c
    row = tx.execute(
        select(record.state, record.reviewed).where(record.orcid == orcid).with_for_update()
    ).first()
    if row is None or row.state != "active":
        raise Unfit(f"{orcid} is {row.state if row is not None else 'not known here'}, not active")
    if row.reviewed == reviewed:
        return
    tx.execute(update(tables.record).where(record.orcid == orcid).values(reviewed=reviewed))
    audit.note(tx, now, by, "record.review" if reviewed else "record.unreview", orcid)


def merge(
    tx: Connection,
    now: int,
    by: By,
    orcid: str,
    primary: str,
    join: Callable[[Connection, int, str, str], object],
) -> None:
    """Deprecate a duplicate in favour of the primary record, to which it leads from then on. `join` does what
    merging is (its owner can do the same); here it is decided whether it may be: both have to be active, and
    a locked one is unlocked first. Raises Unfit."""
    if orcid == primary:
        raise Unfit("a record can't be merged into itself")
    for one in sorted((orcid, primary)):
        held = select(tables.record.c.state).where(tables.record.c.orcid == one).with_for_update()
        state = tx.execute(held).scalar()
        if state != "active":
            raise Unfit(f"{one} is {state or 'not known here'}")
    join(tx, now, primary, orcid)
    audit.note(tx, now, by, "record.merge", orcid, into=primary)


def _change(tx: Connection, now: int, orcid: str, before: str, after: str) -> None:
    record = tables.record.c
    state = tx.execute(select(record.state).where(record.orcid == orcid).with_for_update()).scalar()
    if state != before:
        raise Unfit(f"{orcid} is {state or 'not known here'}, not {before}")
    people.set_state(tx, now, orcid, after)
