"""Going back: the ledger comes to want again what stood before, and its source may not undo that by bringing
the same once more."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from laelia.codec import json
from laelia.hub import tables
from laelia.hub.assertions.titles import title_of
from laelia.model.language import V3_0
from laelia.model.sections import BY_NAME

UNDONE = "undone"
"""Reason of a row that staff took back by undoing what added it."""
WITHDRAWN = "withdrawn"
"""In place of a hash: its source withdrew the row, and may not do so again."""


@dataclass(frozen=True, kw_only=True)
class Restore:
    """What a row is to want: the content `item`, or nothing. `hash` and `wanted` are what it wanted when this
    was decided."""

    assertion: int
    item: str | None
    hash: str | None
    wanted: bool


def restore(tx: Connection, now: int, one: Restore) -> bool:
    """False, and nothing is done, where the row came to want something else meanwhile. Nobody is woken."""
    c = tables.assertion.c
    row = tx.execute(select(tables.assertion).where(c.id == one.assertion)).one()
    if one.item is not None and row.wanted and row.hash == hash_of(one.item) and row.undone is not None:
        return True  # done before, by a push that was cut off
    if one.item is None and not row.wanted and row.reason == UNDONE:
        return True
    if (row.hash, row.wanted) != (one.hash, one.wanted):
        return False
    there = row.put_code is not None or row.state == "sending"
    values: dict[str, object] = {"tries": 0, "modified": now}
    if one.item is None:
        state = "pending" if there else "withdrawn"
        values |= {"wanted": False, "reason": UNDONE, "undone": row.hash}
    else:
        wanted = hash_of(one.item)
        stands = row.put_code is not None and row.sent_hash == wanted
        state = "in-record" if stands else "pending"
        item = json.decode(BY_NAME[row.section].entity, one.item.encode(), V3_0, strict=False)
        values |= {"item": one.item, "hash": wanted, "title": title_of(item), "wanted": True, "reason": None}
        values |= {"only_ids": False, "undone": row.hash if row.wanted else WITHDRAWN}
    values["state"] = "sending" if row.state == "sending" else state
    tx.execute(update(tables.assertion).where(c.id == row.id).values(**values))
    return True


def stay(tx: Connection, now: int, assertion_id: int, wanted_hash: str | None, wanted: bool) -> bool:
    """Want what stands on the record, where it is still this that is wanted instead. Nothing is sent for it,
    and its source may not bring the same again. Nobody is woken."""
    c = tables.assertion.c
    row = tx.execute(select(tables.assertion).where(c.id == assertion_id)).one()
    if (row.hash, row.wanted) != (wanted_hash, wanted):
        return False
    if row.sent_item is not None:
        return restore(tx, now, Restore(assertion=row.id, item=row.sent_item, hash=row.hash, wanted=wanted))
    # What stands there is known by its hash at most: that hash stands for it, beside the words last wanted.
    stands = row.sent_hash or row.hash
    values: dict[str, object] = {"hash": stands, "sent_hash": stands, "wanted": True, "reason": None}
    values |= {"undone": row.hash if wanted else WITHDRAWN, "tries": 0, "modified": now}
    values["state"] = "sending" if row.state == "sending" else "in-record"
    tx.execute(update(tables.assertion).where(c.id == row.id).values(**values))
    return True


def hash_of(item: str) -> str:
    return hashlib.sha256(item.encode()).hexdigest()
