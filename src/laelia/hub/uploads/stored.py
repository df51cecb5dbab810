"""A file that was handed in, as it is kept: how it is read, and how far it has come."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from laelia.connectors.files.kinds import EVERY, PEOPLE
from laelia.connectors.files.objects import OF_PEOPLE
from laelia.connectors.files.read import read
from laelia.connectors.files.recognise import MAKERS, Reading, columns_of, recognise
from laelia.connectors.files.sheet import Row as FileRow
from laelia.connectors.files.words import Said
from laelia.hub import tables
from laelia.hub.settings import Hub
from laelia.lib.clock import HOUR

BATCH = 1_000
"""Rows in one transaction."""
IDLE = ("stored", "checked")
"""States in which the reading may still be changed."""


FORM = "form"
"""The format of what was no file: one row that somebody wrote into a form."""


class CantDo(ValueError):
    """What was asked for does not fit the state of the file; the message says why."""


@dataclass(frozen=True)
class Upload:
    """`counts`: rows by verdict, "" for those not judged yet, "erased" for those whose person was erased.
    `outcomes`: those filed, by what came of it."""

    id: int
    environment_id: int
    name: str
    format: Any
    delimiter: str | None
    encoding: str | None
    headers: list[str]
    notes: tuple[Said, ...]
    reading: Reading
    state: str
    rows: int
    by: str | None
    created: int
    options: str | None
    counts: Mapping[str, int]
    outcomes: Mapping[str, int]

    @property
    def maker(self) -> str | None:
        """The program whose file it is, by its name."""
        return MAKERS.get(self.reading.maker)

    @property
    def unused(self) -> list[str]:
        """Headers that mean nothing here."""
        used = set(self.reading.columns.values())
        return [header for header in self.headers if header and header not in used]

    @property
    def good(self) -> int:
        return self.counts.get("ok", 0) + self.counts.get("note", 0)

    @property
    def done(self) -> int:
        """Rows that need nothing more in the step that runs."""
        if self.state in ("filing", "filed"):
            return self.rows - self.good + sum(self.outcomes.values())
        return self.rows - self.counts.get("", 0)


def store(
    hub: Hub, environment_id: int, name: str, data: bytes, *, kind: str | None = None, by: str | None = None
) -> int:
    """Keep the rows of a file; returns its number. Raises `Refused` where it can't be read. A store that is
    interrupted leaves nothing that anyone sees."""
    sheet = read(name, data)
    first = list(islice(sheet.rows, BATCH))
    whole = any(row.document is not None for row in first)
    reading = recognise(sheet.headers, sheet.task, whole=whole)
    if kind is not None and reading.kind != kind:
        # Whose file it is does not follow from what somebody says it holds.
        maker = reading.maker if reading.maker == "nz-hub" and kind != PEOPLE.name else ""
        reading = Reading(kind, columns_of(EVERY[kind], sheet.headers), maker, whole)
    now = hub.clock.now()
    with hub.db.writing() as tx:
        forget_unfinished(tx, now, environment_id)
        made = insert(tables.upload).values(
            environment_id=environment_id, name=name[-200:], format=sheet.format,
            delimiter=sheet.delimiter, encoding=sheet.encoding,
            headers=json.dumps(sheet.headers), notes=told(sheet.notes),
            kind=reading.kind, maker=reading.maker, columns=json.dumps(dict(reading.columns)),
            state="storing", rows=0, by=by, created=now, modified=now,
        )  # fmt: skip
        number = int(tx.execute(made.returning(tables.upload.c.id)).scalar_one())
    try:
        count = _store_rows(hub, environment_id, number, first, sheet.rows)
    except BaseException:
        with hub.db.writing() as tx:
            remove(tx, number)
        raise
    with hub.db.writing() as tx:
        _set(tx, number, state="stored", rows=count, modified=hub.clock.now())
    return number


def _store_rows(
    hub: Hub, environment_id: int, number: int, first: list[FileRow], rest: Iterator[FileRow]
) -> int:
    count, batch = 0, first
    while batch:
        values = []
        for row in batch:
            count += 1
            document = None if row.document is None else json.dumps(row.document)
            values.append(
                {
                    "environment_id": environment_id, "upload_id": number, "position": count,
                    "number": row.number, "cells": json.dumps(row.cells), "extra": row.extra,
                    "document": document, "removes": False,
                }
            )  # fmt: skip
        with hub.db.writing() as tx:
            tx.execute(insert(tables.upload_row), values)
        batch = list(islice(rest, BATCH))
    return count


def told(notes: Iterable[Said]) -> str:
    """What was said, to be kept: in codes, which are put into words for whoever reads them."""
    return json.dumps([{"code": one.code, "column": one.column, "values": dict(one.values)} for one in notes])


def said(kept: str | None) -> tuple[Said, ...]:
    return tuple(Said(**one) for one in json.loads(kept or "[]"))


def upload(tx: Connection, environment_id: int, number: int, *, counted: bool = True) -> Upload | None:
    """`counted`: with how its rows stand, for which all of them are read."""
    c = tables.upload.c
    found = select(tables.upload).where(
        c.environment_id == environment_id, c.id == number, c.state != "storing"
    )
    row = tx.execute(found).first()
    return None if row is None else _upload(tx, row, counted=counted)


def uploads(tx: Connection, environment_id: int) -> list[Upload]:
    """The newest first."""
    c = tables.upload.c
    found = select(tables.upload).where(
        c.environment_id == environment_id, c.state != "storing", c.format != FORM
    )
    return [_upload(tx, row) for row in tx.execute(found.order_by(c.id.desc())).all()]


def read_as(tx: Connection, now: int, one: Upload, kind: str, columns: Mapping[str, str]) -> None:
    """Read it otherwise than was recognised: as another kind, or with other headers for the columns. What was
    said of its rows is forgotten."""
    if one.state not in IDLE:
        raise CantDo("The rows of this file have been filed; hand it in again to read it otherwise.")
    names = {column.name for column in EVERY[kind].columns}
    for column, header in columns.items():
        if column not in names:
            raise CantDo(f"{EVERY[kind].title} have no column {column}.")
        if header not in one.headers:
            raise CantDo(f"The file has no column “{header}”.")
    c = tables.upload_row.c
    tx.execute(
        update(tables.upload_row)
        .where(c.upload_id == one.id)
        .values(verdict=None, said=None, person_id=None, section=None, key=None, digest=None, hash=None,
                item=None, removes=False)
    )  # fmt: skip
    _set(tx, one.id, kind=kind, columns=json.dumps(dict(columns)), state="stored", modified=now)


def suggested(one: Upload, kind: str) -> dict[str, str]:
    """Which header is which column of another kind, as far as they are recognised."""
    return columns_of(EVERY[kind], one.headers)


def remove(tx: Connection, number: int) -> None:
    """Forget the file. What was filed from it stays."""
    tx.execute(delete(tables.upload_row).where(tables.upload_row.c.upload_id == number))
    tx.execute(delete(tables.upload).where(tables.upload.c.id == number))


def forget_unfinished(tx: Connection, now: int, environment_id: int) -> None:
    """What a process that died left half done: a file half stored, a form whose row was judged and is neither
    filed nor thrown away. It says things of people."""
    c = tables.upload.c
    forms = (c.format == FORM) & c.state.in_((*IDLE, "checking"))
    left = select(c.id).where(
        c.environment_id == environment_id, (c.state == "storing") | forms, c.modified < now - HOUR
    )
    for number in tx.execute(left).scalars().all():
        remove(tx, number)


def set_state(tx: Connection, now: int, number: int, state: str) -> None:
    _set(tx, number, state=state, modified=now)


def hold(tx: Connection, now: int, number: int) -> None:
    """Let no one else work on this file until the transaction ends."""
    _set(tx, number, modified=now)


def keep_answers(tx: Connection, number: int, answers: str) -> None:
    """What the register of organisations said, for the rows that are still to come."""
    _set(tx, number, register=answers)


def keep_options(tx: Connection, number: int, options: str) -> None:
    _set(tx, number, options=options)


def kept_answers(tx: Connection, number: int) -> str | None:
    found: str | None = tx.execute(
        select(tables.upload.c.register).where(tables.upload.c.id == number)
    ).scalar_one()
    return found


def _set(tx: Connection, number: int, **values: object) -> None:
    tx.execute(update(tables.upload).where(tables.upload.c.id == number).values(**values))


def _upload(tx: Connection, row: Row[Any], *, counted: bool = True) -> Upload:
    c = tables.upload_row.c
    by = (
        select(c.verdict, c.outcome, func.count()).where(c.upload_id == row.id).group_by(c.verdict, c.outcome)
    )
    counts: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    for verdict, outcome, count in tx.execute(by) if counted else ():
        counts["erased" if outcome == "erased" else verdict or ""] += count
        if outcome not in (None, "erased"):
            outcomes[outcome] += count
    return Upload(
        id=row.id, environment_id=row.environment_id, name=row.name, format=row.format,
        delimiter=row.delimiter, encoding=row.encoding, headers=json.loads(row.headers),
        notes=said(row.notes),
        reading=Reading(
            row.kind, json.loads(row.columns), row.maker, whole=json.loads(row.headers) == list(OF_PEOPLE)
        ),
        state=row.state, rows=row.rows,
        by=row.by, created=row.created, options=row.options, counts=counts, outcomes=outcomes,
    )  # fmt: skip
