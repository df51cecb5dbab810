"""What became of a file's rows, as a file of the same format: those that were wrong, to be mended and sent
again, or all, with keys, put-codes and states."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Row, select

from laelia.connectors.files.sheet import Format
from laelia.connectors.files.words import Said
from laelia.connectors.files.write import Out, written
from laelia.hub import tables
from laelia.hub.uploads.keys import file_key
from laelia.hub.uploads.stored import BATCH, Upload, said

WRONG = ("wrong-in", "what-is-wrong")
RESULT = ("key", "section", "state", "put-code", "answer")


@dataclass(frozen=True)
class Line:
    """One row with what was said of it and what became of it."""

    position: int
    number: int
    cells: list[str]
    document: dict[str, Any] | None
    verdict: str | None
    said: tuple[Said, ...]
    key: str | None
    section: str | None
    outcome: str | None
    state: str | None
    reason: str | None
    put_code: int | None
    orcid: str | None
    since: int | None


def lines(
    tx: Connection,
    one: Upload,
    verdicts: tuple[str, ...] | None = None,
    *,
    after: int = 0,
    most: int | None = None,
) -> list[Line]:
    """The rows after a position; with `verdicts` only those of which this was said."""
    c, a = tables.upload_row.c, tables.assertion.c
    told = (a.state, a.reason, a.put_code, a.orcid, a.modified.label("since"))
    found = select(tables.upload_row, *told).outerjoin(tables.assertion, a.id == c.assertion_id)
    found = found.where(c.upload_id == one.id, c.position > after).order_by(c.position)
    if verdicts is not None:
        found = found.where(c.verdict.in_(verdicts), c.outcome.is_distinct_from("erased"))
    return [_line(row) for row in tx.execute(found.limit(most) if most else found)]


def _every(tx: Connection, one: Upload, verdicts: tuple[str, ...] | None = None) -> Iterator[Line]:
    """All of them, some at a time: a file may have many."""
    found = lines(tx, one, verdicts, most=BATCH)
    while found:
        yield from found
        found = lines(tx, one, verdicts, after=found[-1].position, most=BATCH)


def _line(row: Row[Any]) -> Line:
    return Line(
        row.position, row.number, json.loads(row.cells), json.loads(row.document) if row.document else None,
        row.verdict, said(row.said),
        file_key(row.key) if row.key else None, row.section, row.outcome, row.state, row.reason, row.put_code,
        row.orcid, row.since,
    )  # fmt: skip


def wrong_rows(tx: Connection, one: Upload) -> bytes:
    """The rows that can't be taken, with two more columns: where it is wrong, and why."""
    headers = _without(one.headers, WRONG)
    return _written(one, [*headers, *WRONG], _wrong(one, headers, _every(tx, one, ("wrong",))))


def _wrong(one: Upload, headers: list[str], found: Iterator[Line]) -> Iterator[Out]:
    for line in found:
        columns = ", ".join(dict.fromkeys(_header(one, each.column) for each in line.said if each.column))
        sentences = " ".join(
            f"{_header(one, s.column)}: {s.sentence}" if s.column else s.sentence for s in line.said
        )
        yield [*_cells(one, headers, line), columns, sentences], line.document


def results(tx: Connection, one: Upload) -> bytes:
    """All rows with what became of them: `state` is where each stands now, `answer` why."""
    headers = _without(one.headers, RESULT)
    told = _results(one, headers, _every(tx, one), _answers(tx, one))
    return _written(one, [*headers, *RESULT], told)


def _results(
    one: Upload, headers: list[str], found: Iterator[Line], answers: dict[int, str]
) -> Iterator[Out]:
    for line in found:
        why = answers.get(line.position) if line.state in ("refused", "failed", "conflict") else None
        told = [
            line.key or "",
            line.section or "",
            line.state or line.outcome or line.verdict or "",
            str(line.put_code) if line.put_code is not None else "",
            " ".join(part for part in (line.reason, why, *(each.sentence for each in line.said)) if part),
        ]
        yield [*_cells(one, headers, line), *told], line.document


def _answers(tx: Connection, one: Upload) -> dict[int, str]:
    """The registry's last sentence about each row, where it said anything."""
    c, a = tables.upload_row.c, tables.attempt.c
    said = select(c.position, a.answer).join(tables.attempt, a.assertion_id == c.assertion_id)
    said = said.where(c.upload_id == one.id, a.answer.is_not(None)).order_by(a.id)
    return {row.position: row.answer for row in tx.execute(said)}


def _written(one: Upload, headers: list[str], rows: Iterator[Out]) -> bytes:
    return written(cast(Format, one.format), headers, rows, one.delimiter)


def _without(headers: list[str], ours: tuple[str, ...]) -> list[str]:
    """A file that was handed out and is sent again bears our columns already."""
    return [header for header in headers if header not in ours]


def _cells(one: Upload, headers: list[str], line: Line) -> list[str]:
    told = dict(zip(one.headers, line.cells, strict=False))
    return [told.get(header, "") for header in headers]


def _header(one: Upload, column: str) -> str:
    """What the file itself calls the column."""
    return one.reading.columns.get(column, column)
