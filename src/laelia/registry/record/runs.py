"""Runs: what one organisation, or one trusted individual, did to a record within one hour of the clock (UTC).

They are read from the change log, which is kept for thirty days, and name what can be undone. An item that
was touched several times in a run is one deed: from how it was before to how it was afterwards.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, select

from laelia.lib.clock import DAY, HOUR
from laelia.registry import tables
from laelia.registry.record import former, summaries

KEPT = 30 * DAY
CONTENT = ("create", "update", "delete")
State = Literal["open", "undone", "changed"]
"""Whether a deed can be undone, was undone, or somebody has changed the same item since."""

_change = tables.change.c
# A client's, or that of a person who is not the owner; a load is nobody's.
_BY_OTHERS = _change.client.is_not(None) | (_change.actor != _change.orcid)


@dataclass(frozen=True, kw_only=True)
class Hand:
    """Who did it: a client, else a person."""

    client: str | None = None
    actor: str | None = None

    @property
    def name(self) -> str:
        """By which it is known in addresses: a client id or an iD."""
        return self.client or self.actor or ""

    def did(self) -> ColumnElement[bool]:
        if self.client is not None:
            return _change.client == self.client
        return _change.client.is_(None) & (_change.actor == self.actor)


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What became of one item, or of who sees it, or of something that is no item (`put_code` None). `what`:
    create, update, delete, visibility, or nothing where it was added and removed again. `first` and `last`
    are the numbers of its changes of content in the run."""

    section: str
    put_code: int | None
    what: str
    title: str
    first: int
    last: int
    scope: str | None
    origin_client: str | None = None
    origin_orcid: str | None = None
    state: State = "open"

    @property
    def undoable(self) -> bool:
        return self.state == "open" and self.what in CONTENT


@dataclass(frozen=True, kw_only=True)
class Run:
    """`hour` counts from 1970, `upto` is the number of its newest change."""

    hand: Hand
    hour: int
    begun: int
    ended: int
    upto: int
    deeds: Sequence[Deed] = field(default=())


def hands(tx: Connection, now: int, orcid: str) -> list[Hand]:
    """Everybody but the owner who did something."""
    person = case((_change.client.is_(None), _change.actor)).label("actor")
    within = (_change.orcid == orcid, _change.time > now - KEPT, _BY_OTHERS)
    found = select(_change.client, person).where(*within).distinct()
    return [Hand(client=row.client, actor=row.actor) for row in tx.execute(found)]


def count(tx: Connection, now: int, orcid: str, by: Hand | None = None) -> int:
    """How many runs there are."""
    found = _heads(now, orcid, by).subquery()
    return tx.execute(select(func.count()).select_from(found)).scalar_one()


def latest(
    tx: Connection, now: int, orcid: str, *, by: Hand | None = None, start: int = 0, most: int = 10
) -> list[Run]:
    """Some of them with their deeds, the newest first."""
    heads = [_run(row) for row in tx.execute(_heads(now, orcid, by).offset(start).limit(most))]
    return [replace(run, deeds=deeds(tx, orcid, run.hand, run.hour)) for run in heads]


def one(tx: Connection, now: int, orcid: str, hand: Hand, hour: int) -> Run | None:
    row = tx.execute(_heads(now, orcid, hand, hour)).first()
    return replace(_run(row), deeds=deeds(tx, orcid, hand, hour)) if row is not None else None


def _run(row: Row[Any]) -> Run:
    hand = Hand(client=row.client, actor=row.actor)
    return Run(hand=hand, hour=row.hour, begun=row.begun, ended=row.ended, upto=row.upto)


def _heads(now: int, orcid: str, by: Hand | None, hour: int | None = None) -> Select[Any]:
    within = [_change.orcid == orcid, _change.time > now - KEPT, by.did() if by else _BY_OTHERS]
    if hour is not None:
        within += [_change.time >= hour * HOUR, _change.time < (hour + 1) * HOUR]
    person = case((_change.client.is_(None), _change.actor))
    # By a subquery's column: PostgreSQL does not know two parameters with one value for the same expression.
    each = (
        select(
            _change.client, person.label("actor"), (_change.time // HOUR).label("hour"), _change.time,
            _change.seq,
        )
        .where(*within)
        .subquery()
        .c
    )  # fmt: skip
    upto = func.max(each.seq).label("upto")
    times = (func.min(each.time).label("begun"), func.max(each.time).label("ended"))
    return (
        select(each.client, each.actor, each.hour, *times, upto)
        .group_by(each.client, each.actor, each.hour)
        .order_by(upto.desc())
    )


def deeds(tx: Connection, orcid: str, hand: Hand, hour: int) -> list[Deed]:
    """What was done in one run, in the order in which it began."""
    item, old = tables.item, tables.former.c
    wanted = (
        select(
            tables.change, item.c.summary, item.c.origin_client, item.c.origin_orcid,
            old.summary.label("old_summary"), old.origin_client.label("old_client"),
            old.origin_orcid.label("old_orcid"),
        )
        .outerjoin(
            item,
            (item.c.orcid == _change.orcid)
            & (item.c.section == _change.section)
            & (item.c.put_code == _change.item),
        )
        .outerjoin(tables.former, old.seq == _change.seq)
        .where(
            _change.orcid == orcid, hand.did(), _change.time >= hour * HOUR,
            _change.time < (hour + 1) * HOUR,
        )
        .order_by(_change.seq)
    )  # fmt: skip
    by_item: dict[tuple[str, int | None, bool], list[Any]] = {}
    for row in tx.execute(wanted):
        by_item.setdefault((row.section, row.item, row.kind in CONTENT), []).append(row)
    return _judged(tx, orcid, [_deed(rows) for rows in by_item.values()])


def _deed(rows: list[Any]) -> Deed:
    first, last = rows[0], rows[-1]
    what = last.kind
    if first.kind == "create":
        what = "nothing" if last.kind == "delete" else "create"
    kept = next((row for row in reversed(rows) if row.old_summary is not None), None)
    old = kept._mapping["old_summary"] if kept is not None else None
    return Deed(
        section=first.section,
        put_code=first.item,
        what=what,
        title=summaries.title(first) or (summaries.title(_Told(old)) if old is not None else ""),
        first=first.seq,
        last=last.seq,
        scope=last.scope,
        origin_client=first.origin_client or (kept.old_client if kept is not None else None),
        origin_orcid=first.origin_orcid or (kept.old_orcid if kept is not None else None),
    )


@dataclass(frozen=True)
class _Told:
    summary: bytes


def _judged(tx: Connection, orcid: str, found: list[Deed]) -> list[Deed]:
    """With what happened to the same items since."""
    numbers = {deed.put_code for deed in found if deed.put_code is not None}
    if not numbers:
        return found
    since = (
        select(_change.section, _change.item, _change.seq, _change.undoes, tables.former.c.summary)
        .outerjoin(tables.former, tables.former.c.seq == _change.seq)
        .where(
            _change.orcid == orcid, _change.kind.in_(CONTENT), _change.item.in_(numbers),
            _change.seq > min(deed.last for deed in found),
        )
        .order_by(_change.seq)
    )  # fmt: skip
    later: dict[tuple[str, int | None], list[Any]] = {}
    for row in tx.execute(since):
        later.setdefault((row.section, row.item), []).append(row)
    return [_since(deed, later.get((deed.section, deed.put_code), ())) for deed in found]


def _since(deed: Deed, later: Iterable[Any]) -> Deed:
    after = [row for row in later if row.seq > deed.last]
    undone = any(row.undoes == deed.first for row in after)
    state: State = "undone" if undone else "changed" if after else "open"
    titles = (summaries.title(row) for row in after)
    return replace(deed, state=state, title=deed.title or next(filter(None, titles), ""))


def before(tx: Connection, deed: Deed) -> Any:
    """The item as it was before the run, None where it was not there. Raises LookupError where that is
    forgotten."""
    kind = tx.execute(select(_change.kind).where(_change.seq == deed.first)).scalar()
    if kind == "create":
        return None
    row = former.of(tx, deed.first)
    if row is None:
        raise LookupError(deed.first)
    return row
