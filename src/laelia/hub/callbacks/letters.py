"""What was told, is owed or was given up, for staff to look at and to send again."""

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Row, func, select, update

from laelia.hub import tables
from laelia.hub.callbacks.addresses import Callback
from laelia.hub.callbacks.events import NOBODY, owe, test_event, wake


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """`state`: waiting, delivered or dead. `about`: the person's local id or iD, and the item's key."""

    id: int
    uid: str
    event: str
    state: str
    tries: int
    status: int | None
    answer: str | None
    about: str
    created: int
    due: int
    finished: int | None


def deliveries(
    tx: Connection, callback_id: int, *, state: str | None = None, limit: int = 50, before: int | None = None
) -> list[Delivery]:
    """The newest first, of a state or of all."""
    d = tables.delivery.c
    found = select(tables.delivery).where(d.callback_id == callback_id)
    if state:
        found = found.where(d.state == state)
    if before is not None:
        found = found.where(d.id < before)
    return [_delivery(row) for row in tx.execute(found.order_by(d.id.desc()).limit(limit))]


def counts(tx: Connection, environment_id: int, callback_id: int | None = None) -> dict[str, int]:
    """How many are in each state."""
    d = tables.delivery.c
    counted = select(d.state, func.count()).where(d.environment_id == environment_id)
    if callback_id is not None:
        counted = counted.where(d.callback_id == callback_id)
    return {row[0]: row[1] for row in tx.execute(counted.group_by(d.state))}


def again(tx: Connection, now: int, one: Callback, number: int | None = None) -> int:
    """Send dead letters of an address again: one, or all. Returns how many."""
    d = tables.delivery.c
    dead = [d.callback_id == one.id, d.state == "dead"]
    if number is not None:
        dead.append(d.id == number)
    anew = {"state": "waiting", "tries": 0, "due": now, "finished": None}
    sent = (
        tx.execute(update(tables.delivery).where(*dead).values(anew).returning(d.person_id)).scalars().all()
    )
    for person_id in set(sent):
        wake(tx, now, one.environment_id, one.id, person_id)
    return len(sent)


def try_out(tx: Connection, now: int, one: Callback) -> str:
    """Have a test event sent; its id."""
    told = test_event(tx, now, one.environment_id)
    owe(tx, now, one.environment_id, one.id, told, NOBODY)
    return told.id


def follow(tx: Connection, now: int, environment_id: int, person_id: int, other_id: int) -> None:
    """What is told of a person is told of another row from now on, which she became."""
    d = tables.delivery.c
    hers = update(tables.delivery).where(d.environment_id == environment_id, d.person_id == person_id)
    moved = tx.execute(hers.values(person_id=other_id).returning(d.callback_id)).scalars().all()
    for callback_id in sorted(set(moved)):
        wake(tx, now, environment_id, callback_id, other_id)


def _delivery(row: Row[Any]) -> Delivery:
    said = orjson.loads(row.body)
    assertion = said.get("assertion") or {}
    about = [said.get("local_id") or said.get("orcid"), assertion.get("key"), assertion.get("state")]
    return Delivery(
        id=row.id, uid=row.uid, event=row.event, state=row.state, tries=row.tries, status=row.status,
        answer=row.answer, about=" · ".join(part for part in about if part), created=row.created, due=row.due,
        finished=row.finished,
    )  # fmt: skip
