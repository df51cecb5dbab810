"""What happened to people and their items, counted by person and month as it happens: reports of a month stay
true when states change later. A change of state is told here in the transaction that makes it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from laelia.hub import tables
from laelia.lib.database import insert_ignore

ON, OFF = "in-record", "off-record"
ENDED = ("revoked", "moved", "closed")


def month_of(time: int) -> int:
    """202603 for a time in March 2026, by UTC."""
    day = datetime.fromtimestamp(time / 1000, UTC)
    return day.year * 100 + day.month


def happened(
    tx: Connection, now: int, environment_id: int, orcid: str, what: str, before: str | None
) -> None:
    """The person of this iD has come to the state `what` from the state `before`; nothing is counted if she
    was there already, and no permission ends twice."""
    if what == before or (what in ENDED and before in ENDED):
        return
    p = tables.person.c
    who = (p.environment_id == environment_id, p.orcid == orcid)
    _count(tx, now, who, what, delta=(what == "connected") - (before == "connected"))


def asked(tx: Connection, now: int, person_id: int) -> None:
    """A letter goes out; the first one counts."""
    p = tables.person.c
    _count(tx, now, (p.id == person_id, p.invited.is_(None)), "invited")


def refused(tx: Connection, now: int, person_id: int) -> None:
    """Someone who was asked said no."""
    _count(tx, now, (tables.person.c.id == person_id,), "denied")


def placed(
    tx: Connection, now: int, changes: Sequence[tuple[Row[Any], Mapping[str, object]]],
    orcid: str | None = None,
) -> None:  # fmt: skip
    """Rows of the ledger, all of one record, take the values beside them: some may have come to it by that,
    or left it. `orcid`: the iD under which the person is listed, where it is another."""
    p, came = tables.person.c, Counter[int]()
    for row, values in changes:
        came[(values.get("put_code", row.put_code) is not None) - (row.put_code is not None)] += 1
    for way, what in ((1, ON), (-1, OFF)):
        if times := came[way]:
            first = changes[0][0]
            who = (p.environment_id == first.environment_id, p.orcid == (orcid or first.orcid))
            _count(tx, now, who, what, delta=way * times, times=times)


def merge(tx: Connection, gone: int, kept: int) -> None:
    """Two rows turned out to be one person: what was counted of one is the other's."""
    t = tables.tally.c
    for row in tx.execute(select(tables.tally).where(t.person_id == gone)).all():
        same = (t.environment_id == row.environment_id, t.person_id == kept)
        more = update(tables.tally).where(*same, t.month == row.month, t.what == row.what)
        if tx.execute(more.values(count=t["count"] + row.count, delta=t.delta + row.delta)).rowcount:
            tx.execute(delete(tables.tally).where(t.id == row.id))
        else:
            tx.execute(update(tables.tally).where(t.id == row.id).values(person_id=kept))


def _count(tx: Connection, now: int, who: tuple[Any, ...], what: str, delta: int = 0, times: int = 1) -> None:
    p, t = tables.person.c, tables.tally.c
    person = tx.execute(select(p.id, p.environment_id, p.unit_id).where(*who)).first()
    if person is None:
        return
    key = {"environment_id": person.environment_id, "person_id": person.id}
    key |= {"month": month_of(now), "what": what}
    more = update(tables.tally).where(*(t[name] == value for name, value in key.items()))
    more = more.values(count=t["count"] + times, delta=t.delta + delta, unit_id=person.unit_id)
    if not tx.execute(more).rowcount:
        fresh = {**key, "unit_id": person.unit_id, "count": times, "delta": delta}
        if not insert_ignore(tx, tables.tally, fresh):
            tx.execute(more)
