"""Good rows into the ledger. Each row's outcome is written in the transaction that files it, so that a run
that was killed goes on with the next: no row twice, none lost. What is not in a file is left alone."""

import hashlib
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from laelia.codec import json as codec
from laelia.connectors.files.kinds import PEOPLE
from laelia.hub import assertions, organisations, tables
from laelia.hub.organisations import Environment
from laelia.hub.settings import Hub
from laelia.hub.uploads import people_rows
from laelia.hub.uploads.stored import FORM, CantDo, hold, keep_options, set_state, upload
from laelia.hub.uploads.verdicts import CONNECTOR
from laelia.lib import faults
from laelia.lib.database import update_by_id
from laelia.lib.jobs import enqueue
from laelia.model.common import ExternalId, Item
from laelia.model.language import V3_0
from laelia.model.sections import BY_NAME, own_ids

BATCH = 1_000
"""Rows filed in one transaction."""
BY_FILE = "withdrawn-by-file"
MOVED = "moved-section"


def confirm(
    tx: Connection, now: int, environment_id: int, number: int, options: people_rows.Options | None = None
) -> None:
    """The verdicts have been seen: have the good rows filed. The worker does it. `options`: what else was
    asked for with a file of people."""
    one = upload(tx, environment_id, number)
    if one is None:
        raise CantDo(f"There is no upload {number}.")
    if one.state in ("filing", "filed"):
        return
    if one.state != "checked":
        raise CantDo("The rows of this file have not all been judged yet.")
    set_state(tx, now, number, "filing")
    if options is not None:
        keep_options(tx, number, options.kept())
    start(tx, now, environment_id, number)


def start(tx: Connection, now: int, environment_id: int, number: int) -> None:
    """Have the worker go on with a file: judge its rows, or file them."""
    enqueue(tx, tables.job, kind="upload", key=str(number), payload={"upload": number}, now=now,
            environment_id=environment_id)  # fmt: skip


def file(hub: Hub, environment_id: int, number: int, most: int | None = None) -> bool:
    """File what is still to be filed, up to `most` rows; True once all is and nothing was left to find."""
    with hub.db.reading() as tx:
        one = upload(tx, environment_id, number, counted=False)
        if one is None or one.state != "filing":
            return True
        place = organisations.environment(tx, environment_id, hub.keys)
        ids = _still(tx, number, most if most is not None else one.rows, one.reading.kind)
    people = people_rows.filing(hub, place, one) if one.reading.kind == PEOPLE.name else None
    file_rows = people or partial(_file_rows, place=place)
    for at in range(0, len(ids), BATCH):
        with hub.db.writing() as tx:
            hold(tx, hub.clock.now(), number)
            file_rows(tx, hub.clock.now(), rows=_rows(tx, ids[at : at + BATCH], one.reading.kind))
        faults.point("hub.upload.filed")
    if most is not None and len(ids) == most:
        return False
    with hub.db.writing() as tx:
        finished = not _still(tx, number, 1, one.reading.kind)
        if finished:
            set_state(tx, hub.clock.now(), number, "filed")
            if people is not None:
                people_rows.filed(tx, hub.clock.now(), environment_id, number)
    return finished


def file_waiting(hub: Hub, environment_id: int, orcid: str) -> int:
    """What was handed in for this person before she was known by an iD; returns how many rows."""
    c, p = tables.upload_row.c, tables.person.c
    mine = (
        select(tables.upload_row, p.orcid, p.state, tables.upload.c.format)
        .join(tables.person, p.id == c.person_id)
        .join(tables.upload, tables.upload.c.id == c.upload_id)
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


def _order(kind: str) -> tuple[Any, ...]:
    """People in the order of the file, assertions by person: a record is woken once for all that is new."""
    c = tables.upload_row.c
    return (c.position,) if kind == PEOPLE.name else (c.person_id, c.position)


def _still(tx: Connection, number: int, most: int, kind: str) -> list[int]:
    """What is still to be filed."""
    c = tables.upload_row.c
    left = (c.upload_id == number, c.outcome.is_(None), c.verdict.in_(("ok", "note")))
    return list(tx.execute(select(c.id).where(*left).order_by(*_order(kind)).limit(most)).scalars())


def _rows(tx: Connection, ids: list[int], kind: str) -> list[Row[Any]]:
    """Those of them that nobody else has filed meanwhile, with their people."""
    c, p = tables.upload_row.c, tables.person.c
    found = select(tables.upload_row, p.orcid, p.state, tables.upload.c.format)
    found = found.outerjoin(tables.person, p.id == c.person_id)
    found = found.join(tables.upload, tables.upload.c.id == c.upload_id)
    return list(tx.execute(found.where(c.id.in_(ids), c.outcome.is_(None)).order_by(*_order(kind))))


def _file_rows(tx: Connection, now: int, place: Environment, rows: list[Row[Any]]) -> None:
    """Of what is for someone not known by an iD yet nothing is lost: it waits, and of several such rows for
    the same thing the last one counts."""
    known = [row for row in rows if row.orcid is not None and row.state not in ("closed", "moved")]
    waiting = [row for row in rows if row.orcid is None and row.person_id is not None]
    done: dict[int, tuple[str, int | None]] = {row.id: ("left", None) for row in rows}
    done |= {row.id: ("withdrawn" if row.removes else "waiting", None) for row in waiting}
    if waiting:
        _supersede(tx, place.id, waiting)
    done |= {row.id: _take_back(tx, now, place.id, row) for row in known if row.removes}
    done |= _assert(tx, now, place, [row for row in known if not row.removes])
    told = {
        # What waits is kept with its item; of the rest the ledger has it.
        row.id: {"outcome": done[row.id][0], "assertion_id": done[row.id][1],
         "item": row.item if done[row.id][0] == "waiting" else None}
        for row in rows
    }  # fmt: skip
    update_by_id(tx, tables.upload_row, told)
    for orcid in sorted({row.orcid for row in known if done[row.id][0] in ("added", "changed")}):
        assertions.wake(tx, now, place.id, orcid)


def _take_back(tx: Connection, now: int, environment_id: int, row: Row[Any]) -> tuple[str, int | None]:
    found = assertions.found(tx, environment_id, row.orcid, row.section, row.key)
    if found is None or not found.wanted:
        return "same", found.id if found is not None else None
    assertions.withdraw(tx, now, environment_id, found.id, BY_FILE)
    return "withdrawn", int(found.id)


def _assert(
    tx: Connection, now: int, place: Environment, rows: list[Row[Any]]
) -> dict[int, tuple[str, int | None]]:
    entries = [
        assertions.Entry(
            place.id, row.orcid, row.section, row.key, CONNECTOR, "form" if row.format == FORM else "file"
        )
        for row in rows
    ]
    both = list(zip(rows, entries, strict=True))
    filed = assertions.file_all(
        tx, now, [(entry, with_own_id(_item(row), place, entry)) for row, entry in both]
    )
    new = [entry for entry, (outcome, _) in zip(entries, filed, strict=True) if outcome == "added"]
    _leave_other_sections(tx, now, new)
    return {row.id: each for row, each in zip(rows, filed, strict=True)}


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


_SUPERSEDE = (
    update(tables.upload_row)
    .where(
        tables.upload_row.c.person_id == bindparam("of_person"),
        tables.upload_row.c.section == bindparam("of_section"),
        tables.upload_row.c.key == bindparam("of_key"),
        tables.upload_row.c.outcome == "waiting",
        tables.upload_row.c.environment_id == bindparam("of_environment"),
    )
    .values(outcome="superseded", item=None)
)


def _supersede(tx: Connection, environment_id: int, rows: list[Row[Any]]) -> None:
    """Earlier rows for the same things that wait as well."""
    tx.execute(
        _SUPERSEDE,
        [
            {"of_environment": environment_id, "of_person": row.person_id, "of_section": row.section,
             "of_key": row.key}
            for row in rows
        ],
    )  # fmt: skip


def _leave_other_sections(tx: Connection, now: int, entries: list[assertions.Entry]) -> None:
    """A key that now names another kind of affiliation no longer names the one before."""
    new = {
        (entry.orcid, entry.key): entry.section
        for entry in entries
        if BY_NAME[entry.section].listing == "affiliations"
    }
    if not new:
        return
    c = tables.assertion.c
    before = select(c.id, c.orcid, c.key, c.section).where(
        c.environment_id == entries[0].environment_id, c.connector == CONNECTOR,
        c.orcid.in_({orcid for orcid, _ in new}), c.key.in_({key for _, key in new}), c.wanted,
    )  # fmt: skip
    for row in tx.execute(before).all():
        section = new.get((row.orcid, row.key), row.section)
        if section != row.section and BY_NAME[row.section].listing == "affiliations":
            assertions.withdraw(tx, now, entries[0].environment_id, row.id, MOVED)
