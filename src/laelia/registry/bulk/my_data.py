"""All that is kept about one person, as a zip that is written while it is sent. Each part is read in a short
transaction of its own, so that a slow reader holds up nobody; what changes meanwhile is in it as it was when
its part was read."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from laelia.codec import json as json_codec
from laelia.codec import xml as xml_codec
from laelia.lib.database import Database
from laelia.model.common import Item
from laelia.model.language import V3_0
from laelia.model.sections import BULK_LIMIT, SECTIONS
from laelia.registry import tables
from laelia.registry.access import View, person
from laelia.registry.account.closing.personal import HELD, Held
from laelia.registry.record import read, states
from laelia.registry.record.listings import rows_of
from laelia.registry.record.uris import Uris

ROWS = 1_000
"""Rows of a table that are read at once."""
_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Whose data, and the text of the file that explains the others."""

    orcid: str
    uris: Uris
    readme: str


def stream(database: Database, wanted: Wanted) -> Iterator[bytes]:
    """The bytes of the zip. What is left out is what `personal` calls hidden: hashes of passwords, tokens and
    links."""
    out = _Out()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _files(database, wanted):
            archive.writestr(name, data)
            yield out.take()
    yield out.take()


def _files(database: Database, wanted: Wanted) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", wanted.readme.encode()
    yield from _record(database, wanted)
    for name, held in HELD.items():
        if held.told.endswith(".csv"):
            yield f"account/{held.told}", _table(database, tables.metadata.tables[name], held, wanted.orcid)


def _record(database: Database, wanted: Wanted) -> Iterator[tuple[str, bytes]]:
    """The record as a whole, then each item in full, in both formats of 3.0."""
    with database.reading() as tx:
        at = _at(tx, wanted)
        whole = read.record(at)
        numbers: dict[str, list[int]] = {}
        for row in rows_of(at):
            numbers.setdefault(row.section, []).append(row.put_code)
    yield "record.json", json_codec.encode(whole, V3_0)
    yield "record.xml", xml_codec.encode(whole, V3_0)
    for section in SECTIONS:
        here = numbers.get(section.name, []) if section.part == "activities" else []
        for start in range(0, len(here), BULK_LIMIT):
            with database.reading() as tx:
                found = read.several(_at(tx, wanted), section, here[start : start + BULK_LIMIT])
            for number, item in found.items():
                if isinstance(item, Item):
                    name = f"activities/{section.name}/{number}"
                    yield f"{name}.json", json_codec.encode(item, V3_0)
                    yield f"{name}.xml", xml_codec.encode(item, V3_0)


def _at(tx: Connection, wanted: Wanted) -> read.Reading:
    row = states.look(tx, wanted.orcid)
    assert row is not None, "records are never deleted"
    return read.Reading(tx, View(person(wanted.orcid), public=False), row, wanted.uris)


def _table(database: Database, table: Table, held: Held, orcid: str) -> bytes:
    """Her rows of one table as CSV; a client's id is followed by its name."""
    columns = [column for column in table.c if column.name not in held.hidden.split()]
    times = set(held.times.split())
    text = io.StringIO()
    lines = csv.writer(text)
    named = [column.name for column in columns]
    clients = [name for name in named if name in ("client_id", "client")]
    lines.writerow([*named, *(f"{name}_name" for name in clients)])
    keys = list(table.primary_key)
    for rows in held.rows:
        if rows.elsewhere:
            continue
        wanted = select(*columns).where(table.c[rows.by] == orcid).order_by(*keys)
        for start in range(0, 1 << 62, ROWS):
            with database.reading() as tx:
                found = tx.execute(wanted.offset(start).limit(ROWS)).mappings().all()
                names = _names(tx, {row[name] for row in found for name in clients})
            for row in found:
                cells = [_cell(row[name], name in times) for name in named]
                lines.writerow([*cells, *(_cell(names.get(row[name], ""), False) for name in clients)])
            if len(found) < ROWS:
                break
    return text.getvalue().encode("utf-8-sig")


def _names(tx: Connection, ids: set[Any]) -> dict[str, str]:
    client = tables.client.c
    found = tx.execute(select(client.client_id, client.name).where(client.client_id.in_(ids - {None})))
    return {row.client_id: row.name for row in found}


def _cell(value: Any, time: bool) -> str:
    """A text that no spreadsheet takes for a formula; times are UTC."""
    if value is None:
        return ""
    if time:
        return datetime.fromtimestamp(value / 1000, UTC).isoformat(timespec="milliseconds")
    text = value.decode() if isinstance(value, bytes) else str(value)
    return f"'{text}" if text.startswith(_STARTS) else text


class _Out(io.RawIOBase):
    """Where the archive is written to: it can't go back, and gives away what it has."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        return len(data)

    def take(self) -> bytes:
        data = bytes(self._held)
        self._held.clear()
        return data
