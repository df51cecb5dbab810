"""Loading organisations: ROR's public dump (its zip, or the JSON in it), or a CSV of our own for what ROR
does not know: RINGGOLD and LEI.

Rows are read one after another and filed in batches, each in a transaction of its own, so that a registry
that is serving goes on. What can't be taken is told with its place and the reason, and the rest goes on;
loaded again nothing changes.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import IO, Any

from msgspec import Struct, field

from laelia.lib import json_stream
from laelia.lib.clock import Clock
from laelia.lib.database import Database
from laelia.registry.bulk import ror
from laelia.registry.registers import organisations
from laelia.registry.registers.organisations import Organisation, Unfit

BATCH = 1000
MOST_TOLD = 1000
NEEDED, MAY = ("source", "identifier", "name"), ("city", "region", "country", "url")


class Refused(Struct):
    """A row that was not taken: where it stands, and why."""

    place: str
    reason: str


class Report(Struct):
    """What a load did. Of what was refused the first thousand are told; `ended` says why the rest of the file
    could not be read, if so."""

    added: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    told: list[Refused] = field(default_factory=list)
    ended: str | None = None

    @property
    def taken(self) -> int:
        return self.added + self.changed + self.same


class NoOrganisations(Exception):
    """The file is none of those that are taken; the sentence says why."""


Progress = Callable[[int, int, int], None]
Row = tuple[str, Organisation | Unfit]


def load(database: Database, clock: Clock, path: Path, progress: Progress | None = None) -> Report:
    """File all organisations of a file; `progress(bytes read, bytes in all, rows)` is called after each
    batch. Raises NoOrganisations."""
    report, rows = Report(), 0
    with ExitStack() as opened:
        stream, size = _open(path, opened)
        own = stream.name == str(path) and path.suffix.lower() == ".csv"
        read = _until_broken(_csv(stream) if own else _ror(stream), report)
        while batch := list(islice(read, BATCH)):
            rows += len(batch)
            fit = [one for _, one in batch if isinstance(one, Organisation)]
            with database.writing() as tx:
                done = organisations.put_all(tx, clock.now(), fit)
            report.added += done["added"]
            report.changed += done["changed"]
            # Of two rows for one organisation in a batch the last counts, and both were taken.
            report.same += len(fit) - done["added"] - done["changed"]
            for place, one in batch:
                if isinstance(one, Unfit):
                    _refuse(report, place, str(one))
            if progress is not None:
                progress(stream.tell(), size, rows)
    return report


def _refuse(report: Report, place: str, reason: str) -> None:
    report.refused += 1
    if len(report.told) < MOST_TOLD:
        report.told.append(Refused(place, reason))


def _until_broken(rows: Iterator[Row], report: Report) -> Iterator[Row]:
    try:
        yield from rows
    except UnicodeDecodeError:
        report.ended = "it is not UTF-8"
    except (json_stream.Broken, zipfile.BadZipFile, zlib.error, EOFError) as broken:
        report.ended = str(broken)


def _open(path: Path, opened: ExitStack) -> tuple[IO[bytes], int]:
    """The bytes to read, and how many they are."""
    try:
        stream: IO[bytes] = opened.enter_context(path.open("rb"))
    except OSError as wrong:
        raise NoOrganisations(f"{path} can't be read: {wrong.strerror}") from None
    if not zipfile.is_zipfile(stream):
        stream.seek(0)
        return stream, path.stat().st_size
    whole = opened.enter_context(zipfile.ZipFile(stream))
    inside = [one for one in whole.infolist() if one.filename.endswith(".json")]
    # ROR's dumps carry one list in two schemas, the other one told by its name.
    best = sorted(inside, key=lambda one: ("schema_v2" not in one.filename, "schema_v1" in one.filename))
    if not best:
        raise NoOrganisations(f"{path} has no JSON inside")
    try:
        return opened.enter_context(whole.open(best[0])), best[0].file_size
    except (
        RuntimeError,
        NotImplementedError,
        zipfile.BadZipFile,
    ) as wrong:  # locked, or packed by other means
        raise NoOrganisations(f"{path} can't be unpacked: {wrong}") from None


def _ror(stream: IO[bytes]) -> Iterator[Row]:
    for number, document in enumerate(json_stream.members(stream), 1):
        name = document.get("id") if isinstance(document, dict) else None
        place = name if isinstance(name, str) else f"record {number}"
        try:
            yield place, ror.organisation(document)
        except Unfit as unfit:
            yield place, unfit


def _csv(stream: IO[bytes]) -> Iterator[Row]:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    try:
        reader = csv.reader(text, strict=True)
        header = [name.strip().lower() for name in next(reader, [])]
        _check_header(header)
        while (row := _next(reader)) is not None:
            if row:
                yield f"line {reader.line_num}", row if isinstance(row, Unfit) else _of_row(header, row)
    finally:
        text.detach()


def _next(reader: Iterator[list[str]]) -> list[str] | Unfit | None:
    """The cells of the next line; None at the end."""
    try:
        return next(reader, None)
    except csv.Error as wrong:
        return Unfit(str(wrong))


def _check_header(header: list[str]) -> None:
    missing = [name for name in NEEDED if name not in header]
    strange = [name for name in header if name not in (*NEEDED, *MAY)]
    if missing or strange or len(set(header)) != len(header):
        said = (
            f"the first line names the columns {', '.join(NEEDED)}, and may name {', '.join(MAY)}, each once"
        )
        said += f"; missing: {', '.join(missing)}" if missing else ""
        raise NoOrganisations(said + (f"; unknown: {', '.join(strange)}" if strange else ""))


def _of_row(header: list[str], row: list[str]) -> Organisation | Unfit:
    if len(row) != len(header):
        return Unfit(f"it has {len(row)} cells where the first line has {len(header)}")
    said: dict[str, Any] = {name: cell.strip() or None for name, cell in zip(header, row, strict=True)}
    ids = ((said.pop("source") or "").upper(), said.pop("identifier") or "")
    try:
        return organisations.fit(Organisation(ids=(ids,), **{**said, "name": said["name"] or ""}))
    except Unfit as unfit:
        return unfit
