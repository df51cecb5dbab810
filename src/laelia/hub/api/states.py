"""Assertions of programs as they are told: those of the ledger, and those that wait for someone to come."""

from typing import Any

import orjson
from sqlalchemy import Connection, Row, and_, select

from laelia.client.hub.shapes import Answer, Assertion
from laelia.hub import tables
from laelia.hub.api.filing import CONNECTOR, PREFIX
from laelia.hub.api.operation import instant

# States of the ledger, in words.
STATES = {
    "waiting-permission": "It waits for her permission.",
    "pending": "It is on its way to the record.",
    "sending": "It is being sent.",
    "in-record": "It stands on the record.",
    "ask": "She is asked first.",
    "declined": "She does not want it; it is not sent again unless a person asks for that.",
    "conflict": "It can't stand beside what is on the record already.",
    "refused": "The registry refused it as it is.",
    "failed": "It was tried several times without an answer.",
    "withdrawn": "It was taken back.",
}
LEAVING = "It is being taken off the record."
NOT_CONNECTED = "not-connected"
ANSWERS = 10


def one(tx: Connection, who: Row[Any], section: str, key: str) -> Assertion | None:
    """An assertion whole, with its item and the last answers."""
    c, w = tables.assertion.c, tables.waiting.c
    if who.orcid is not None:
        mine = (c.environment_id == who.environment_id, c.orcid == who.orcid, c.section == section)
        row = tx.execute(select(tables.assertion).where(*mine, c.key == PREFIX + key)).first()
        if row is not None:
            told = of_ledger(row, who.local_id)
            told.item, told.answers = orjson.loads(row.item), _answers(tx, row.id)
            return told
    kept = (w.person_id == who.id, w.section == section, w.key == PREFIX + key)
    row = tx.execute(select(tables.waiting).where(*kept)).first()
    if row is None:
        return None
    told = of_waiting(row, who.local_id)
    told.item, told.answers = orjson.loads(row.item), []
    return told


def ledger(
    tx: Connection, environment_id: int, *, after: int, limit: int, orcid: str | None, state: str,
    modified: int | None,
) -> list[tuple[int, Assertion]]:  # fmt: skip
    """Those of people with an iD, by number."""
    c, p = tables.assertion.c, tables.person.c
    hers = and_(p.environment_id == c.environment_id, p.orcid == c.orcid)
    chosen = select(tables.assertion, p.local_id).outerjoin(tables.person, hers).where(
        c.environment_id == environment_id, c.connector == CONNECTOR, c.id > after
    )  # fmt: skip
    if orcid is not None:
        chosen = chosen.where(c.orcid == orcid)
    if state:
        chosen = chosen.where(c.state == state)
    if modified is not None:
        chosen = chosen.where(c.modified >= modified)
    rows = tx.execute(chosen.order_by(c.id).limit(limit))
    return [(row.id, of_ledger(row, row.local_id)) for row in rows]


def kept(
    tx: Connection, environment_id: int, *, after: int, limit: int, person_id: int | None, state: str,
    modified: int | None,
) -> list[tuple[int, Assertion]]:  # fmt: skip
    """Those of people who have not come."""
    if state not in ("", "waiting-permission"):
        return []
    w, p = tables.waiting.c, tables.person.c
    chosen = select(tables.waiting, p.local_id).join(tables.person, p.id == w.person_id).where(
        w.environment_id == environment_id, w.id > after
    )  # fmt: skip
    if person_id is not None:
        chosen = chosen.where(w.person_id == person_id)
    if modified is not None:
        chosen = chosen.where(w.modified >= modified)
    rows = tx.execute(chosen.order_by(w.id).limit(limit))
    return [(row.id, of_waiting(row, row.local_id)) for row in rows]


def of_ledger(row: Row[Any], local_id: str | None) -> Assertion:
    leaving = not row.wanted and row.state in ("pending", "sending", "waiting-permission")
    return Assertion(
        local_id=local_id, section=row.section, key=row.key.removeprefix(PREFIX), state=row.state,
        said=LEAVING if leaving else STATES.get(row.state, row.state), reason=row.reason, wanted=row.wanted,
        title=row.title, put_code=row.put_code, created=instant(row.created), modified=instant(row.modified),
    )  # fmt: skip


def of_waiting(row: Row[Any], local_id: str | None) -> Assertion:
    return Assertion(
        local_id=local_id, section=row.section, key=row.key.removeprefix(PREFIX), state="waiting-permission",
        said=STATES["waiting-permission"], reason=NOT_CONNECTED, wanted=True, title=row.title, put_code=None,
        created=instant(row.created), modified=instant(row.modified),
    )  # fmt: skip


def _answers(tx: Connection, assertion_id: int) -> list[Answer]:
    a = tables.attempt.c
    made = select(tables.attempt).where(a.assertion_id == assertion_id).order_by(a.id.desc()).limit(ANSWERS)
    return [
        Answer(
            time=instant(row.finished or row.started), action=row.action, status=row.status, code=row.code,
            said=row.answer, put_code=row.put_code,
        )
        for row in tx.execute(made)
    ]  # fmt: skip
