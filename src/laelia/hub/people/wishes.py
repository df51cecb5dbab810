"""What a person wishes to happen with what an organisation has for her: everything is added, she is asked
first and told by letter, or she picks from a list when she likes. And that she is about to leave."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, select, update

from laelia.hub import tables
from laelia.hub.people import moving
from laelia.lib.database import upsert

EVERYTHING, ASK, PICK = MODES = ("everything", "ask", "pick")


def mode(tx: Connection, environment_id: int, orcid: str) -> str:
    return modes(tx, environment_id, {orcid}).get(orcid, EVERYTHING)


def modes(tx: Connection, environment_id: int, orcids: Collection[str]) -> dict[str, str]:
    """By iD, of those who wish anything else than everything."""
    c = tables.wish.c
    said = select(c.orcid, c.mode).where(
        c.environment_id == environment_id, c.orcid.in_(sorted(orcids)), c.mode != EVERYTHING
    )
    return {row.orcid: row.mode for row in tx.execute(said)}


def wish(tx: Connection, now: int, environment_id: int, orcid: str, mode: str) -> None:
    """Keep her choice; what becomes of what waits is `assertions.choose_mode`'s to say."""
    assert mode in MODES, mode
    _put(tx, environment_id, orcid, mode=mode, changed=now)


def inherit(tx: Connection, now: int, environment_id: int, orcid: str) -> None:
    """What she wished under an iD that the registry said has become this one holds on, until she chooses
    anew."""
    c, old = tables.wish.c, moving.former(tx, environment_id, orcid)
    before = select(c.mode).where(c.environment_id == environment_id, c.orcid.in_(old))
    mode = tx.execute(before.order_by(c.changed.desc()).limit(1)).scalar_one_or_none()
    if mode is not None and of(tx, environment_id, orcid) is None:
        wish(tx, now, environment_id, orcid, mode)


def of(tx: Connection, environment_id: int, orcid: str) -> Row[Any] | None:
    """The row as it stands: mode, changed, told, leaving."""
    c = tables.wish.c
    return tx.execute(select(tables.wish).where(c.environment_id == environment_id, c.orcid == orcid)).first()


def mark_told(tx: Connection, now: int, environment_id: int, orcid: str) -> None:
    c = tables.wish.c
    mine = update(tables.wish).where(c.environment_id == environment_id, c.orcid == orcid)
    tx.execute(mine.values(told=now))


def leaving(tx: Connection, environment_id: int, orcid: str) -> int | None:
    """Since when what was added is taken off her record, after which she is disconnected."""
    row = of(tx, environment_id, orcid)
    return row.leaving if row is not None else None


def set_leaving(tx: Connection, now: int, environment_id: int, orcid: str, *, leaves: bool) -> None:
    known = of(tx, environment_id, orcid)
    kept = {"mode": known.mode, "changed": known.changed} if known else {"mode": EVERYTHING, "changed": now}
    _put(tx, environment_id, orcid, **kept, leaving=now if leaves else None)


def _put(tx: Connection, environment_id: int, orcid: str, **values: Any) -> None:
    row = {"environment_id": environment_id, "orcid": orcid, **values}
    upsert(tx, tables.wish, row, key=("environment_id", "orcid"))
