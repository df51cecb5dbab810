"""The words that people are found by: kept right behind every change, and made anew from the tables.

Both are one step, `refresh`: it reads what is so now and writes what differs, so that it may run at any time,
twice, and in several processes at once.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select

from laelia.lib.changes import Follower
from laelia.lib.database import Database
from laelia.lib.hot import Hot
from laelia.lib.jobs import Job
from laelia.lib.sql import one_of
from laelia.registry import tables
from laelia.registry.search import about

KIND = "people-search"
"""The job that makes all words anew, and the name of the follower."""
BATCH = 200
"""People that are read at once, and records that one transaction holds."""

_record, _word = tables.record.c, tables.person_word.c
_STORED = Hot(select(_word.part, _word.word, _word.orcid).where(one_of(_word.orcid, "wanted")))
# In one order, so that two that hold several records never wait for each other.
_HOLD = Hot(
    select(_record.orcid).where(one_of(_record.orcid, "wanted")).order_by(_record.orcid).with_for_update()
)
_GONE = delete(tables.person_word).where(
    _word.part == bindparam("the_part"), _word.word == bindparam("the_word"), _word.orcid == bindparam("of")
)

Words = set[tuple[int, str, str]]


@dataclass(frozen=True)
class Progress:
    """How far a rebuild is: records looked at, and those of which the words were not right."""

    records: int
    mended: int


def follower(database: Database) -> Follower:
    """Follows the change log and reads again whoever changed what she is found by."""
    sections = {"record", "name", *about.SECTIONS}

    def changed(rows: Sequence[Row[Any]]) -> None:
        refresh(database, {row.orcid for row in rows if row.section in sections})

    return Follower(database, tables.change, KIND, changed)


def handler(database: Database) -> Callable[[Job], None]:
    """What does the job that a migration left: read all records that were there before there was a search."""

    def rebuilt(job: Job) -> None:
        for _ in rebuild(database):
            pass

    return rebuilt


def rebuild(database: Database) -> Iterator[Progress]:
    """Look at every record while all else goes on; tells after each batch how far it is."""
    records, mended, last = 0, 0, ""
    while True:
        following = select(_record.orcid).where(_record.orcid > last).order_by(_record.orcid).limit(BATCH)
        with database.reading() as tx:
            orcids = list(tx.execute(following).scalars())
        if not orcids:
            return
        mended += refresh(database, orcids)
        records, last = records + len(orcids), orcids[-1]
        yield Progress(records, mended)


def total(tx: Connection) -> int:
    """How many records a rebuild looks at."""
    return int(tx.execute(select(func.count()).select_from(tables.record)).scalar_one())


def refresh(database: Database, orcids: Collection[str]) -> int:
    """Make the words of these people what they have to be; returns of how many people they were not.

    Most need nothing: they are looked at without a lock. Of the others the records are held, so that what is
    written is what is so until the transaction ends, and not what another process knows better already.
    """
    mended, ordered = 0, sorted(orcids)
    for start in range(0, len(ordered), BATCH):
        few = ordered[start : start + BATCH]
        with database.reading() as tx:
            differing = _differing(tx, few)
        if differing:
            with database.writing() as tx:
                _HOLD.all(tx, {"wanted": differing})
                _put(tx, differing)
        mended += len(differing)
    return mended


def _differing(tx: Connection, orcids: Collection[str]) -> list[str]:
    return sorted({orcid for _, _, orcid in _stored(tx, orcids) ^ _wanted(tx, orcids)})


def _put(tx: Connection, orcids: Collection[str]) -> None:
    stored, wanted = _stored(tx, orcids), _wanted(tx, orcids)
    if gone := stored - wanted:
        tx.execute(_GONE, [{"the_part": part, "the_word": word, "of": of} for part, word, of in gone])
    if new := wanted - stored:
        rows = [{"part": part, "word": word, "orcid": of} for part, word, of in sorted(new)]
        tx.execute(insert(tables.person_word), rows)


def _stored(tx: Connection, orcids: Collection[str]) -> Words:
    return {tuple(row) for row in _STORED.all(tx, {"wanted": list(orcids)})}


def _wanted(tx: Connection, orcids: Collection[str]) -> Words:
    found = about.of(tx, orcids)
    return {(part, word, one.orcid) for one in found.values() for word, part in one.words().items()}
