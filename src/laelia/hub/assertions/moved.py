"""What was wanted on a record that became another one is wanted on that."""

from typing import Any

from sqlalchemy import Connection, Row, select, update

from laelia.hub import callbacks, tables
from laelia.hub.assertions.ledger import NOT_WANTED, withdraw
from laelia.hub.people import history, moving

_STAYS = ("declined", "ask", "withdrawn")
_HER_WORD = ("yes", "again")


def follow(tx: Connection, now: int, environment_id: int, orcid: str) -> int:
    """She gave permission for this iD: bring over what was filed for the iDs she had before; returns how many
    rows. What stands on the new record is found there by its identifiers. What she declined stays declined,
    even if it was filed for the new iD already, and leaves the new record if it got there meanwhile; anything
    else that was filed for it goes before what was for an old one."""
    moved = 0
    for old in moving.former(tx, environment_id, orcid):
        moved += _rows(tx, now, environment_id, old, orcid)
        moving.follow(tx, now, environment_id, old, orcid)
    return moved


def _rows(tx: Connection, now: int, environment_id: int, old: str, new: str) -> int:
    c, a = tables.assertion.c, tables.attempt.c
    hers = select(tables.assertion).where(c.environment_id == environment_id)
    taken = {(row.section, row.key): row for row in tx.execute(hers.where(c.orcid == new))}
    nowhere = {"put_code": None, "sent_hash": None, "sent_item": None, "tries": 0, "modified": now}
    rows, count = tx.execute(hers.where(c.orcid == old).order_by(c.id)).all(), 0
    known_as = old if moving.listed(tx, environment_id, old) else new
    # It left the old record; what is found on the new one is counted there.
    history.placed(tx, now, [(row, nowhere) for row in rows], known_as)
    for row in rows:
        open_call = update(tables.attempt).where(a.assertion_id == row.id, a.finished.is_(None))
        tx.execute(open_call.values(finished=now, answer="the record became another one"))
        mine = update(tables.assertion).where(c.id == row.id)
        if (here := taken.get((row.section, row.key))) is not None:
            if row.state == "declined" or row.answer == "no":
                _decline(tx, now, here, row)
            tx.execute(mine.values(**nowhere, wanted=False, state="withdrawn", reason="moved"))
            continue
        state = row.state if row.state in _STAYS else "pending" if row.wanted else "withdrawn"
        becomes = {**nowhere, "state": state, "reason": row.reason if state in _STAYS else None}
        tx.execute(mine.values(**becomes, orcid=new))
        callbacks.note_states(tx, now, [(row, becomes)], new)
        count += 1
    return count


def _decline(tx: Connection, now: int, here: Row[Any], before: Row[Any]) -> None:
    """What she said of it under her former iD holds for this one too, unless she asked for it anew."""
    if here.answer in _HER_WORD or here.origin == "search-link":
        return
    mine = update(tables.assertion).where(tables.assertion.c.id == here.id)
    if here.put_code is None and here.state != "sending":
        said = {"state": "declined", "reason": before.reason, "answer": before.answer}
        tx.execute(mine.values(**said, modified=now))
        callbacks.note_states(tx, now, [(here, said)])
        return
    withdraw(tx, now, here.environment_id, here.id, before.reason or NOT_WANTED)
    tx.execute(mine.values(answer="no"))  # so that no source brings it again
