"""The two doors to a database: `reading()` and `writing()`, on SQLite and PostgreSQL alike.

Leaving `writing()` commits, raising in it rolls back. A refusal that must be remembered is *returned* by the
handler (`refuse`), so that what it wrote is committed before the problem is rendered.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, make_url

from laelia.lib.changes import Cursor, Follower, change_table, changes
from laelia.lib.doors import counted, in_transaction
from laelia.lib.migrations import Behind, draft, migrate, pending, prepare
from laelia.lib.sql import BigInt, CodePointText, Json, insert_ignore, update_by_id, upsert

__all__ = [
    "Behind",
    "BigInt",
    "CodePointText",
    "Cursor",
    "Database",
    "Follower",
    "Json",
    "Refusal",
    "change_table",
    "changes",
    "draft",
    "in_transaction",
    "insert_ignore",
    "migrate",
    "pending",
    "prepare",
    "refuse",
    "update_by_id",
    "upsert",
]


@dataclass(frozen=True)
class Refusal:
    """What a handler returns instead of raising, when what it wrote must stay written."""

    problem: Exception


def refuse(problem: Exception) -> Refusal:
    """Refuse the request, but keep what this transaction wrote (a spent code, a failed sign-in)."""
    return Refusal(problem)


class Database:
    """One database by its URL: `sqlite:///path` or `postgresql://…`. Make it after the worker process
    started.
    """

    def __init__(self, url: str, *, pool: int = 8) -> None:
        self.url = url  # it may hold a password: never to be shown
        parsed = make_url(url)
        self.dialect = parsed.get_backend_name()
        if self.dialect == "sqlite":
            self.engine, self._reader = _sqlite(parsed)
        elif self.dialect == "postgresql":
            self.engine = _postgresql(parsed, pool)
            self._reader = self.engine.execution_options(postgresql_readonly=True)
        else:
            shown = parsed.render_as_string(hide_password=True)
            raise ValueError(f"{shown!r}: the database must be sqlite:///… or postgresql://…")
        self._writer = _WriterLock(Path(parsed.database or "")) if self.dialect == "sqlite" else None
        self._here = threading.local()
        self._probes: list[tuple[Any, Any]] = []

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state (SQLite) or one per statement (PostgreSQL) and can't write."""
        with self._reader.connect() as connection, connection.begin(), counted():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that commits when left and rolls back when an exception leaves it."""
        if getattr(self._here, "writing", False):
            raise RuntimeError(
                "This thread writes already: hand its connection on instead of opening another door."
            )
        self._here.writing = True
        try:
            with _held(self._writer), self.engine.connect() as connection, connection.begin(), counted():
                yield connection
        finally:
            self._here.writing = False

    def probe(self) -> Any:
        """A driver's connection of the caller's own, outside any transaction, for one SELECT that is asked
        all the time: it sees what was committed before it was asked."""
        held = self._reader.raw_connection()
        held.detach()
        connection: Any = held.dbapi_connection
        self._probes.append((held, connection))  # the pool's wrapper closes it when nothing holds it
        if self.dialect == "postgresql":
            connection.autocommit = True
        return connection

    def scrub(self) -> None:
        """Let nothing that was deleted be readable in the file any more: SQLite writes it anew, which holds
        up writers, and empties the write-ahead log as soon as no reader needs it. PostgreSQL does it by its
        own vacuum, when and as often as its operator says."""
        if self.dialect != "sqlite":
            return
        with _held(self._writer):
            held = self.engine.raw_connection()
            try:
                cursor = held.cursor()
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.close()
            finally:
                held.close()

    def dispose(self) -> None:
        for _, connection in self._probes:
            connection.close()
        self._probes.clear()
        self.engine.dispose()
        self._reader.dispose()
        if self._writer is not None:
            self._writer.close()


class _WriterLock:
    """One writer at a time: among threads by a lock, among processes by flock on a file beside the database.

    SQLite itself only polls, with growing pauses, and a busy neighbour starves the one that waits: measured,
    one process wrote once in two seconds. flock queues.
    """

    def __init__(self, database: Path) -> None:
        self._threads = threading.Lock()
        self._file = os.open(f"{database}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def acquire(self) -> None:
        self._threads.acquire()
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX)
        except BaseException:
            self._threads.release()
            raise

    def release(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        finally:
            self._threads.release()

    def close(self) -> None:
        with self._threads:
            if self._file >= 0:
                os.close(self._file)
                self._file = -1


@contextmanager
def _held(lock: _WriterLock | None) -> Iterator[None]:
    if lock is None:
        yield
        return
    lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _sqlite(url: URL) -> tuple[Engine, Engine]:
    if not url.database or url.database == ":memory:":
        raise ValueError("SQLite needs a file: two doors can't share a database in memory.")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    url = url.set(drivername="sqlite+pysqlite")
    options: dict[str, Any] = {"connect_args": {"check_same_thread": False, "timeout": 5}, "pool_size": 8}
    # Both doors end their transaction themselves; a second rollback for each use is not free here.
    options["pool_reset_on_return"] = None
    options["hide_parameters"] = True  # an error is logged, and so would be what was to be stored
    writer = sa.create_engine(url, max_overflow=0, **options)
    reader = sa.create_engine(url, max_overflow=32, **options)
    for engine, begin, only in ((writer, "BEGIN IMMEDIATE", "OFF"), (reader, "BEGIN", "ON")):
        _prepare_sqlite(engine, begin, only)
    return writer, reader


def _prepare_sqlite(engine: Engine, begin: str, query_only: str) -> None:
    def connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # Python's module would begin by itself, late and deferred
        cursor = connection.cursor()
        for pragma in (
            "busy_timeout=5000",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"query_only={query_only}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def start(connection: Connection) -> None:
        # By the driver itself: as a statement of SQLAlchemy it would cost as much as the query that follows.
        driver: Any = connection.connection.driver_connection
        driver.execute(begin)

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", start)


def _postgresql(url: URL, pool: int) -> Engine:
    # A forgotten open transaction would hold back every follower of the change log.
    settings = "-c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
    return sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        isolation_level="READ COMMITTED",
        hide_parameters=True,
        pool_size=pool,
        max_overflow=pool,
        pool_recycle=1800,
        connect_args={"options": settings},
    )
