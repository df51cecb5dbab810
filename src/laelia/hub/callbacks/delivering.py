"""Calls are made one after the other for each address and person, so that what happened first is told first;
one that fails holds up those behind it until it is given up, and nobody else's."""

import time
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from laelia.client.hub import callbacks as signing
from laelia.hub import tables
from laelia.hub.callbacks import addresses
from laelia.hub.settings import Hub
from laelia.lib.clock import DAY, MINUTE, SECOND
from laelia.lib.http import HttpError

PAUSES = tuple(minutes * MINUTE for minutes in (5, 10, 15, 20))
"""After each failure but the last, which makes a dead letter."""
KEPT = 30 * DAY
"""So long what was delivered stays listed."""
SECONDS = 20.0
_AT_ONCE = 50


def deliver(hub: Hub, environment_id: int, callback_id: int, person_id: int) -> int | None:
    """Make the calls that are owed, in their order. Returns after how many milliseconds to go on, None when
    nothing is owed. Call it with no transaction open."""
    for _turn in range(_AT_ONCE):
        with hub.db.reading() as tx:
            where = addresses.find(tx, environment_id, callback_id)
            row = _next(tx, callback_id, person_id) if where is not None and where.enabled else None
            if where is None or row is None:
                break
            if row.due > hub.clock.now():
                return int(row.due - hub.clock.now())
            secrets = addresses.secrets_of(tx, hub.clock.now(), hub.keys, where)
        taken, status, said = _call(hub, where.url, row, secrets)
        with hub.db.writing() as tx:
            _record(tx, hub.clock.now(), row, taken, status, said)
    else:
        return SECOND
    with hub.db.writing() as tx:
        d = tables.delivery.c
        old = (
            d.environment_id == environment_id,
            d.finished < hub.clock.now() - KEPT,
            d.state == "delivered",
        )
        tx.execute(delete(tables.delivery).where(*old))
    return None


def _next(tx: Connection, callback_id: int, person_id: int) -> Row[Any] | None:
    d = tables.delivery.c
    owed = select(tables.delivery).where(
        d.callback_id == callback_id, d.person_id == person_id, d.state == "waiting"
    )
    return tx.execute(owed.order_by(d.id).limit(1)).first()


def _call(hub: Hub, url: str, row: Row[Any], secrets: list[str]) -> tuple[bool, int | None, str]:
    """Whether the receiver took it (any 2xx), the status, and the beginning of what it said."""
    body, stamp = row.body.encode(), int(hub.clock.now() / 1000)
    headers = {
        "Content-Type": "application/json",
        signing.ID: row.uid,
        signing.TIME: str(stamp),
        signing.SIGNATURE: " ".join(signing.sign(one, row.uid, stamp, body) for one in secrets),
    }
    began = time.monotonic()
    try:
        answer = hub.http.request(
            "POST", url, content=body, headers=headers, trusted=hub.settings.private_callbacks,
            timeout=SECONDS, max_answer=65_536,
        )  # fmt: skip
    except HttpError as error:
        return False, None, f"{error} ({time.monotonic() - began:.1f} s)"
    return 200 <= answer.status < 300, answer.status, answer.text[:500]


def _record(tx: Connection, now: int, row: Row[Any], taken: bool, status: int | None, said: str) -> None:
    tries = row.tries + 1
    values: dict[str, Any] = {"tries": tries, "status": status, "answer": said.replace("\0", "") or None}
    if taken:
        values |= {"state": "delivered", "finished": now}
    elif tries > len(PAUSES):
        values |= {"state": "dead", "finished": now}
    else:
        values |= {"due": now + PAUSES[tries - 1]}
    mine = tables.delivery.c.id == row.id
    tx.execute(update(tables.delivery).where(mine, tables.delivery.c.state == "waiting").values(values))
