"""Good rows into the ledger. Each row's outcome is written in the transaction that files it, so that a run
that was killed goes on with the next: no row twice, none lost. What is not in a file is left alone."""

import hashlib
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from laelia.codec import json as codec
from laelia.hub import assertions, organisations, tables
from laelia.hub.organisations import Environment
from laelia.hub.settings import Hub
from laelia.hub.uploads.stored import CantDo, hold, set_state, upload
from laelia.hub.uploads.verdicts import CONNECTOR
from laelia.lib import faults
from laelia.lib.jobs import enqueue
from laelia.model.common import ExternalId, Item
from laelia.model.language import V3_0
from laelia.model.sections import BY_NAME, own_ids

BATCH = 500
"""Rows filed in one transaction."""
BY_FILE = "withdrawn-by-file"
MOVED = "moved-section"
_DONE = update(tables.upload_row).where(tables.upload_row.c.id == bindparam("row_id"))


def confirm(tx: Connection, now: int, environment_id: int, number: int) -> None:
    """The verdicts have been seen: have the good rows filed. The worker does it."""
    one = upload(tx, environment_id, number)
    if one is None:
        raise CantDo(f"There is no upload {number}.")
    if one.state in ("filing", "filed"):
        return
    if one.state != "checked":
        raise CantDo("The rows of this file have not all been judged yet.")
    set_state(tx, now, number, "filing")
    start(tx, now, environment_id, number)


def start(tx: Connection, now: int, environment_id: int, number: int) -> None:
    """Have the worker go on with a file: judge its rows, or file them."""
    enqueue(tx, tables.job, kind="upload", key=str(number), payload={"upload": number}, now=now,
            environment_id=environment_id)  # fmt: skip


def file(hub: Hub, environment_id: int, number: int, most: int | None = None) -> bool:
    """File what is still to be filed, up to `most` rows; True once all is."""
    with hub.db.reading() as tx:
        one = upload(tx, environment_id, number)
        if one is None or one.state != "filing":
            return True
        place = organisations.environment(tx, environment_id, hub.keys)
    left = most if most is not None else one.rows
    while left > 0:
        with hub.db.writing() as tx:
            count = _file_some(tx, hub.clock.now(), place, number, min(left, BATCH))
        if not count:
            break
        left -= count
        faults.point("hub.upload.filed")
    with hub.db.writing() as tx:
        finished = not _next(tx, number, 1)
        if finished:
            set_state(tx, hub.clock.now(), number, "filed")
    return finished


def file_waiting(hub: Hub, environment_id: int, orcid: str) -> int:
    """What was handed in for this person before she was known by an iD; returns how many rows."""
    c, p = tables.upload_row.c, tables.person.c
    mine = (
        select(tables.upload_row, p.orcid, p.state)
        .join(tables.person, p.id == c.person_id)
        .where(p.environment_id == environment_id, p.orcid == orcid, c.outcome == "waiting")
        .order_by(c.id)
    )
    with hub.db.reading() as tx:
        if tx.execute(mine.limit(1)).first() is None:
            return 0
        place = organisations.environment(tx, environment_id, hub.keys)
    with hub.db.writing() as tx:
        rows = list(tx.execute(mine))
        _file_rows(tx, hub.clock.now(), place, rows)
    return len(rows)


def _file_some(tx: Connection, now: int, place: Environment, number: int, most: int) -> int:
    hold(tx, now, number)
    rows = _next(tx, number, most)
    _file_rows(tx, now, place, rows)
    return len(rows)


def _next(tx: Connection, number: int, most: int) -> list[Row[Any]]:
    c, p = tables.upload_row.c, tables.person.c
    found = (
        select(tables.upload_row, p.orcid, p.state)
        .outerjoin(tables.person, p.id == c.person_id)
        .where(c.upload_id == number, c.outcome.is_(None), c.verdict.in_(("ok", "note")))
    )
    return list(tx.execute(found.order_by(c.position).limit(most)))


def _file_rows(tx: Connection, now: int, place: Environment, rows: list[Row[Any]]) -> None:
    done, changed = [], set()
    for row in rows:
        outcome, assertion_id = _file(tx, now, place, row)
        # What waits is kept with its item; of the rest the ledger has it.
        item = row.item if outcome == "waiting" else None
        done.append({"row_id": row.id, "outcome": outcome, "assertion_id": assertion_id, "item": item})
        if outcome in ("added", "changed"):
            changed.add(row.orcid)
    if done:
        names = ("outcome", "assertion_id", "item")
        tx.execute(_DONE.values({name: bindparam(name) for name in names}), done)
    for orcid in sorted(changed):
        assertions.wake(tx, now, place.id, orcid)


def _file(tx: Connection, now: int, place: Environment, row: Row[Any]) -> tuple[str, int | None]:
    """What came of it, and the assertion it became. Of one whose person is not known by an iD yet nothing is
    lost: it waits, and the last such row of a key is what counts."""
    if row.person_id is None or row.state in ("closed", "moved"):
        return "left", None
    if row.orcid is None:
        if row.removes:
            _forget_waiting(tx, place.id, row)
            return "withdrawn", None
        _forget_waiting(tx, place.id, row, outcome="changed")
        return "waiting", None
    if row.removes:
        found = assertions.found(tx, place.id, row.orcid, row.section, row.key)
        if found is None or not found.wanted:
            return "same", found.id if found is not None else None
        assertions.withdraw(tx, now, place.id, found.id, BY_FILE)
        return "withdrawn", int(found.id)
    entry = assertions.Entry(place.id, row.orcid, row.section, row.key, CONNECTOR, "file")
    outcome = assertions.file(tx, now, entry, with_own_id(_item(row), place, entry))
    found = assertions.found(tx, place.id, row.orcid, row.section, row.key)
    assert found is not None
    if outcome == "added":
        _leave_other_sections(tx, now, entry)
    return outcome, int(found.id)


def _item(row: Row[Any]) -> Item:
    return codec.decode(BY_NAME[row.section].entity, row.item.encode(), V3_0, strict=False)


def with_own_id(item: Item, place: Environment, entry: assertions.Entry) -> Item:
    """An affiliation bears an identifier of ours where the file gives it none: by it an item is found again
    after a call whose answer was lost. It says nothing about anyone."""
    section = BY_NAME[entry.section]
    if section.listing != "affiliations" or any(one.relationship == "self" for one in own_ids(section, item)):
        return item
    told = f"{place.client_id}\t{entry.orcid}\t{entry.section}\t{entry.key}"
    ours = hashlib.sha256(told.encode()).hexdigest()[:24]
    held: Any = item
    held.external_ids = [
        *held.external_ids,
        ExternalId(type="source-work-id", value=ours, relationship="self"),
    ]
    return item


def _forget_waiting(tx: Connection, environment_id: int, row: Row[Any], outcome: str = "withdrawn") -> None:
    """An earlier row for the same thing that waits as well."""
    c = tables.upload_row.c
    earlier = (
        c.environment_id == environment_id,
        c.person_id == row.person_id,
        c.outcome == "waiting",
        c.section == row.section,
        c.key == row.key,
        c.id != row.id,
    )
    tx.execute(update(tables.upload_row).where(*earlier).values(outcome=outcome, item=None))


def _leave_other_sections(tx: Connection, now: int, entry: assertions.Entry) -> None:
    """A key that now names another kind of affiliation no longer names the one before."""
    if BY_NAME[entry.section].listing != "affiliations":
        return
    c = tables.assertion.c
    before = select(c.id, c.section).where(
        c.environment_id == entry.environment_id, c.connector == CONNECTOR, c.key == entry.key,
        c.orcid == entry.orcid, c.section != entry.section, c.wanted,
    )  # fmt: skip
    for row in tx.execute(before).all():
        if BY_NAME[row.section].listing == "affiliations":
            assertions.withdraw(tx, now, entry.environment_id, row.id, MOVED)
