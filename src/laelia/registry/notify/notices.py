"""What others did to a record is told in its owner's inbox: one notice for each run of an organisation or a
trusted individual, and nothing of what she did herself.

A follower of the change log writes them. Changes of one record are numbered in the order in which they were
committed, because each locks the record: so a notice remembers the number up to which it tells.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from laelia.lib.changes import Follower
from laelia.lib.clock import HOUR, Clock
from laelia.lib.database import Database
from laelia.lib.sql import insert_ignore
from laelia.registry import tables
from laelia.registry.grants import news
from laelia.registry.record import noted, summaries
from laelia.registry.record.noted import Noted
from laelia.registry.record.runs import Hand
from laelia.registry.registers import put_codes

KIND = "changes"
"""The kind of such a notice in the inbox."""
TRIES = 5

_notice, _item, _former = tables.notification.c, tables.item.c, tables.former.c
_email, _record = tables.email.c, tables.record.c

_GROW = (
    update(tables.notification)
    .where(_notice.put_code == bindparam("number"), _notice.upto == bindparam("before"))
    # What came anew is new to her, and lies in the inbox again.
    .values(body=bindparam("said"), upto=bindparam("last"), created=bindparam("at"), read=None, archived=None)
)


def key_of(hand: Hand, hour: int) -> str:
    return f"{hand.name}/{hour}"


def run_of(key: str) -> tuple[str, int]:
    """Who did it, by the name in addresses, and the hour of the run."""
    name, _slash, hour = key.rpartition("/")
    return name, int(hour)


def follower(database: Database, clock: Clock) -> Follower:
    """Follows the change log and tells everybody who has an account here what others did."""

    def changed(rows: Sequence[Row[Any]]) -> None:
        theirs = [row for row in rows if row.client is not None or row.actor not in (None, row.orcid)]
        # Another process may follow at the same moment: who comes second looks again.
        for again in reversed(range(TRIES)):
            try:
                return _tell(database, clock.now(), theirs)
            except _Overtaken:
                if not again:
                    raise
        return None

    return Follower(database, tables.change, "news", changed)


class _Overtaken(Exception):
    """Another process told it meanwhile."""


def _tell(database: Database, now: int, rows: list[Any]) -> None:
    if not rows:
        return
    with database.reading() as tx:
        told = _accounts(tx, {row.orcid for row in rows})
        rows = sorted((row for row in rows if row.orcid in told), key=lambda row: row.seq)
        if not rows:
            return
        standing, titles = _standing(tx, rows), _titles(tx, rows)
    fresh: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        place = row.orcid, _key(row)
        old = standing.get(place)
        if old is None or row.seq > old.upto:
            fresh.setdefault(place, []).append(row)
    with database.writing() as tx:
        for place in sorted(fresh):
            if not _write(tx, standing.get(place), fresh[place], titles):
                raise _Overtaken
        for orcid in sorted({orcid for orcid, _key in fresh if told[orcid]}):
            news.wake(tx, now, orcid)


def _key(row: Any) -> str:
    return key_of(Hand(client=row.client, actor=None if row.client else row.actor), row.time // HOUR)


def _accounts(tx: Connection, orcids: set[str]) -> dict[str, bool]:
    """Those of them that somebody can sign in to, which takes an address; and whether she can be written
    to."""
    hers = (_email.orcid.in_(orcids), _record.state == "active", _record.claimed)
    wanted = select(_email.orcid, _email.is_primary, _email.verified)
    found: dict[str, bool] = {}
    for row in tx.execute(wanted.join(tables.record, _record.orcid == _email.orcid).where(*hers)):
        found[row.orcid] = found.get(row.orcid, False) or (row.is_primary and row.verified)
    return found


def _standing(tx: Connection, rows: Iterable[Any]) -> dict[tuple[str, str], Any]:
    """The notices that there are of these runs."""
    orcids, keys = {row.orcid for row in rows}, {_key(row) for row in rows}
    columns = (_notice.put_code, _notice.orcid, _notice.key, _notice.upto, _notice.body)
    wanted = select(*columns).where(_notice.orcid.in_(orcids), _notice.key.in_(keys))
    return {(row.orcid, row.key): row for row in tx.execute(wanted)}


def _titles(tx: Connection, rows: Sequence[Any]) -> dict[int, str]:
    """What the changed items are called, by the number of the change: as they stand now, or as they were."""
    orcids = {row.orcid for row in rows}
    items = {row.item for row in rows if row.item is not None}
    old = _former.orcid.in_(orcids), _former.put_code.in_(items)
    columns = (_former.seq, _former.orcid, _former.section, _former.put_code, _former.summary)
    kept = tx.execute(select(*columns).where(*old).order_by(_former.seq)).all()
    ended = {row.seq: summaries.title(row) for row in kept}
    called = {(row.orcid, row.section, row.put_code): summaries.title(row) for row in kept}
    here = _item.orcid.in_(orcids), _item.put_code.in_(items)
    for row in tx.execute(select(_item.orcid, _item.section, _item.put_code, _item.summary).where(*here)):
        called[row.orcid, row.section, row.put_code] = summaries.title(row)
    return {
        row.seq: (row.kind == "delete" and ended.get(row.seq))
        or called.get((row.orcid, row.section, row.item), "")
        for row in rows
    }


def _write(tx: Connection, old: Any, rows: list[Any], titles: dict[int, str]) -> bool:
    """Make the notice of a run or let it grow; False where somebody else has done so meanwhile."""
    said = noted.decode(old.body) if old is not None else Noted()
    for row in rows:
        said.add(row.section, row.item, row.kind, titles[row.seq], row.seq)
    last = rows[-1]
    if old is not None:
        grown = {"number": old.put_code, "before": old.upto, "said": said.encode()}
        return tx.execute(_GROW, {**grown, "last": last.seq, "at": last.time}).rowcount == 1
    made = {
        "put_code": put_codes.take(tx),
        "orcid": last.orcid,
        "client_id": last.client or "",
        "actor": None if last.client else last.actor,
        "kind": KIND,
        "key": _key(last),
        "body": said.encode(),
        "upto": last.seq,
        "created": last.time,
    }
    return insert_ignore(tx, tables.notification, made)
