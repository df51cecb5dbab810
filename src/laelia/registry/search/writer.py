"""The one who writes the index of this machine: follows the change log, and makes the index anew where it has
to.

What is read again is what is so now, so that every change may come twice and in any order. A rebuild goes on
in slices between the changes, which go to both generations meanwhile: answers stay as fresh as ever.
"""

import time
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from tantivy import Index, IndexWriter

from laelia.lib import faults
from laelia.lib.changes import Cursor, changes, end
from laelia.lib.database import Database
from laelia.lib.log import get_logger
from laelia.registry import tables
from laelia.registry.search import behind, documents, intact
from laelia.registry.search.fields import ORCID
from laelia.registry.search.schema import VERSION, document, opened
from laelia.registry.search.shelf import Current, Progress, Shelf

HEAP = 64_000_000
"""Bytes that are gathered before they are written; more only makes a rebuild faster."""
SLICE = 200
"""Records that a rebuild reads between two looks at the change log."""
COMMIT_SECONDS = 0.15
"""Changes wait so long at most before they can be found: a commit costs about ten milliseconds."""

log = get_logger()


@dataclass
class _Building:
    """A generation that does not answer yet; `last` is the iD up to which records were read."""

    name: str
    writer: IndexWriter
    total: int
    records: int = 0
    last: str = ""


class Writer:
    """Hold it only while `Shelf.writing` says yes."""

    def __init__(self, database: Database, shelf: Shelf) -> None:
        self._database, self._shelf = database, shelf
        self._current: Current | None = None
        self._writer: IndexWriter | None = None
        self._building: _Building | None = None
        self._cursor = Cursor()
        self._dirty: float | None = None  # since when something waits for a commit
        self._identity = ""

    def open(self) -> None:
        """Take up the index where it was left, or begin a new one. Tells the log why."""
        with self._database.reading() as tx:
            self._identity = str(tx.execute(select(tables.search_index.c.identity)).scalar_one())
        current = self._shelf.current()
        if why := self._unusable(current):
            log.warning("the search index is made anew", why=why)
            self._lose()
            return
        assert current is not None
        self._current, self._cursor = current, Cursor(current.txn, current.seq)
        self._shelf.clear(current.generation)

    def step(self, *, at_once: bool = False) -> int:
        """Take in what changed and go on with a rebuild; returns how much there was. `at_once`: be done with
        both, and let it be found. An index that turns out to be damaged is taken away and made anew."""
        try:
            return self._step(at_once)
        except intact.Damaged as damage:
            log.error("the search index is damaged and made anew", damage=str(damage))
            self._lose()
            return 1

    def _step(self, at_once: bool) -> int:
        done = self._follow(at_once)
        if self._shelf.wanted() is not None and self._building is None:
            self._begin()
        while self._building is not None:
            done += self._build()
            if not at_once:
                break
            done += self._follow(at_once)
        if self._dirty is not None and (at_once or time.monotonic() - self._dirty >= COMMIT_SECONDS):
            self._commit()
        return done

    @property
    def building(self) -> bool:
        """Whether a rebuild is under way."""
        return self._building is not None

    def close(self) -> None:
        if self._dirty is not None:
            self._commit()
        for writer in (self._writer, self._building.writer if self._building else None):
            if writer is not None:
                writer.wait_merging_threads()
        self._writer = self._building = None

    def _lose(self) -> None:
        """Nobody may ask what can't be trusted: until there is a new one nothing answers."""
        self._shelf.remove_current()
        self._current = self._writer = self._building = self._dirty = None
        self._begin()

    def _unusable(self, current: Current | None) -> str | None:
        if current is None:
            return "there is none"
        if current.version != VERSION:
            return f"it is of version {current.version}, and this is {VERSION}"
        if current.database != self._identity:
            return "it is of another database"
        with self._database.reading() as tx:
            stands = behind.stands(tx, current)
        if stands == "elsewhere":
            return "the change log is another one than it followed"
        if stands == "behind" and not current.time:
            return "it is further behind than the change log goes back, and nothing tells since when"
        try:
            intact.check(self._shelf.generation(current.generation))
            self._writer = _writer(opened(self._shelf.generation(current.generation)))
            if stands == "behind":
                self._strike(self._writer, current.time)
        except intact.Damaged as damage:
            return f"it is damaged: {damage}"
        return None

    def _strike(self, writer: IndexWriter, since: int) -> None:
        """Let an index go on answering that is further behind than the change log goes back, until there is a
        new one.

        What it tells of people may be months old, and answers are told from it as it stands: whose record
        changed meanwhile is taken out first, so that nobody is found by what she hid, closed or had erased.
        She comes back with the new one, or with her next change. Only what a load took from a record, which
        it gives a time of its own, is told until then. An index of another database or log may name people
        who are nobody here, and one of another version or damaged can't be read: those answer no more.
        """
        log.warning("the search index is too far behind, and made anew beside itself")
        self._shelf.want("behind")  # first: what is committed from here on hides that it was behind
        with self._database.reading() as tx:
            changed = tx.execute(behind.changed_since(since)).scalars()
            with intact.guarded():
                for orcid in changed:
                    writer.delete_documents_by_term(ORCID, orcid)
        _commit(writer)

    def _begin(self) -> None:
        """Start a generation. The change log is read on from here, so nothing that happens meanwhile is
        missed."""
        if self._current is None:
            with self._database.reading() as tx:
                self._cursor = end(tx, tables.change)
        name = self._shelf.new_generation()
        with self._database.reading() as tx:
            total = int(tx.execute(select(func.count()).select_from(tables.record)).scalar_one())
        self._building = _Building(name, _writer(opened(self._shelf.generation(name), new=True)), total)
        self._shelf.put_progress(Progress(records=0, total=total))

    def _follow(self, to_the_end: bool) -> int:
        done = 0
        while True:
            with self._database.reading() as tx:
                rows, after = changes(tx, tables.change, self._cursor)
            if rows:
                self._refresh({row.orcid for row in rows})
            self._cursor = after
            done += len(rows)
            if not (rows and to_the_end):
                return done

    def _refresh(self, orcids: Collection[str]) -> None:
        with self._database.reading() as tx:
            found = documents.of(tx, orcids)
        for writer in (self._writer, self._building.writer if self._building else None):
            if writer is not None:
                _put(writer, orcids, found)
        if self._dirty is None:
            self._dirty = time.monotonic()

    def _build(self) -> int:
        """One slice; the last one hands over."""
        at = self._building
        assert at is not None
        c = tables.record.c
        following = select(c.orcid).where(c.orcid > at.last).order_by(c.orcid).limit(SLICE)
        with self._database.reading() as tx:
            orcids = list(tx.execute(following).scalars())
            found = documents.of(tx, orcids)
        _put(at.writer, orcids, found)  # a change may have brought some already
        at.records += len(orcids)
        faults.point("registry.search.building")
        if not orcids:
            self._hand_over(at)
            return 1
        at.last = orcids[-1]
        self._shelf.put_progress(Progress(records=at.records, total=max(at.total, at.records)))
        return len(orcids)

    def _hand_over(self, at: _Building) -> None:
        _commit(at.writer)
        faults.point("registry.search.built")
        before, self._writer, self._building, self._dirty = self._writer, at.writer, None, None
        self._put_current(at.name)
        self._shelf.met()
        self._shelf.put_progress(Progress(records=at.records, total=at.records, done=True))
        if before is not None:
            before.wait_merging_threads()
        self._shelf.clear(at.name)
        log.info("the search index is made", records=at.records)

    def _commit(self) -> None:
        """First what is found, then how far it was read: what a crash leaves between is taken in twice."""
        self._dirty = None
        if self._writer is None or self._current is None:
            return
        _commit(self._writer)
        faults.point("registry.search.committed")
        self._put_current(self._current.generation)

    def _put_current(self, generation: str) -> None:
        at = self._cursor
        last = max(at.ahead, default=(at.txn, at.seq))[1]
        with self._database.reading() as tx:
            time = behind.time_of(tx, last)
        if time is None and self._current is not None and self._current.last == last:
            time = self._current.time  # it has been forgotten meanwhile
        self._current = Current(
            generation=generation, version=VERSION, database=self._identity, txn=at.txn, seq=at.seq,
            last=last, time=time or 0,
        )  # fmt: skip
        self._shelf.put_current(self._current)


def _writer(index: Index) -> IndexWriter:
    with intact.guarded():
        return index.writer(HEAP, 1)


def _commit(writer: IndexWriter) -> None:
    with intact.guarded():
        writer.commit()


def _put(writer: IndexWriter, orcids: Collection[str], found: Collection[documents.Document]) -> None:
    """In place of what the index holds of these people."""
    with intact.guarded():
        for orcid in orcids:
            writer.delete_documents_by_term(ORCID, orcid)
        for one in found:
            writer.add_document(document(one))
