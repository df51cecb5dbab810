"""Writing records out, laid out as ORCID's public data file is: a document for each record and, if wanted,
one for each activity in full. One record is read and written at a time."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, func, select

from laelia.codec import json as json_codec
from laelia.codec import xml as xml_codec
from laelia.lib.clock import Clock
from laelia.lib.database import Database
from laelia.model.common import Item
from laelia.model.language import Entity, Format, Version
from laelia.model.problems import Problem
from laelia.model.sections import BULK_LIMIT, SECTIONS, Section
from laelia.registry import tables
from laelia.registry.access import ANONYMOUS, PUBLIC, View, person
from laelia.registry.bulk.records.output import Put
from laelia.registry.record import read, states
from laelia.registry.record.listings import rows_of
from laelia.registry.record.uris import Uris

_BATCH = 500
_orcid = tables.record.c.orcid


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """`everything` writes all that a record holds, else only what anybody may read; `orcids` are the records,
    none: all."""

    version: Version
    form: Format
    uris: Uris
    everything: bool = False
    activities: bool = False
    orcids: Sequence[str] = ()


@dataclass
class Dumped:
    """How many documents were written, and how many records were left out because of their state."""

    records: int = 0
    activities: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    def summary(self) -> dict[str, Any]:
        return {
            "records": self.records,
            "activities": self.activities,
            "left_out": dict(sorted(self.left_out.items())),
        }


def total(database: Database, wanted: Wanted) -> int:
    """How many records `dump` looks at."""
    if wanted.orcids:
        return len(wanted.orcids)
    with database.reading() as tx:
        return int(tx.execute(select(func.count()).select_from(tables.record)).scalar_one())


def dump(
    database: Database,
    clock: Clock,
    wanted: Wanted,
    put: Put,
    advance: Callable[[int], None] = lambda _: None,
) -> Dumped:
    """Write every wanted record; `put` takes a document's name, its bytes and its date."""
    done = Dumped()
    for orcid in wanted.orcids or _all(database):
        with database.reading() as tx:
            _record(tx, clock.now(), orcid, wanted, put, done)
        advance(1)
    return done


def _all(database: Database) -> Iterator[str]:
    """Every iD, in order."""
    last = ""
    while True:
        with database.reading() as tx:
            some = select(_orcid).where(_orcid > last).order_by(_orcid).limit(_BATCH)
            found = list(tx.execute(some).scalars())
        yield from found
        if not found:
            return
        last = found[-1]


def _record(tx: Connection, now: int, orcid: str, wanted: Wanted, put: Put, done: Dumped) -> None:
    row = states.look(tx, orcid)
    obstacle = _obstacle(row, orcid, now, wanted)
    if obstacle is not None:
        done.left_out[obstacle] += 1
        return
    assert row is not None
    view = View(person(orcid), public=False) if wanted.everything else PUBLIC
    at = read.Reading(tx, view, row, wanted.uris, wanted.version)
    put(f"summaries/{orcid[-3:]}/{orcid}.{wanted.form}", _encoded(read.record(at), wanted), row.modified)
    done.records += 1
    if wanted.activities:
        rows = rows_of(at)
        for section in SECTIONS:
            if section.part == "activities" and section.lives_in(wanted.version):
                here = [one for one in rows if one.section == section.name]
                _activities(at, section, at.seen(here, section), wanted, put, done)


def _obstacle(row: Row[Any] | None, orcid: str, now: int, wanted: Wanted) -> str | None:
    """Why a record is not written: what documents can't tell would be lost, and a closed one shown again."""
    if row is not None and wanted.everything:
        return None if row.state == "active" else str(row.state)
    try:
        states.usable(row, orcid, ANONYMOUS, now, wanted.uris, reading=True)
    except Problem as problem:
        return type(problem).__name__.lower() if row is not None else "missing"
    return None


def _activities(
    at: read.Reading, section: Section, rows: Sequence[Row[Any]], wanted: Wanted, put: Put, done: Dumped
) -> None:
    """Every item of a section in full; of one that came as a summary only, what is known of it."""
    orcid, name = at.orcid, section.name
    folder = f"{orcid[-1]}/{orcid[-3:]}/{orcid}/{name}"
    for start in range(0, len(rows), BULK_LIMIT):
        numbers = [row.put_code for row in rows[start : start + BULK_LIMIT]]
        for number, item in read.several(at, section, numbers).items():
            if isinstance(item, Item):
                modified = item.last_modified_date or 0
                put(f"{folder}/{orcid}_{name}_{number}.{wanted.form}", _encoded(item, wanted), modified)
                done.activities += 1


def _encoded(entity: Entity, wanted: Wanted) -> bytes:
    if wanted.form == "json":
        return json_codec.encode(entity, wanted.version)
    return xml_codec.encode(entity, wanted.version)
