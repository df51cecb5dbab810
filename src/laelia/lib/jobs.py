"""Work for later is a row in a table, written in the caller's own transaction and done by a worker.

A job may run twice (its worker died, or was slow and lost its lease), so handlers are idempotent. Jobs of one
kind and key are one row while it waits and never run at the same time; enqueueing it again while it runs
makes it run once more. After `tries` failures a job is dead: it stays, with its error, for an operator to
see.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Connection, MetaData, Table
from sqlalchemy.dialects import postgresql, sqlite

from laelia.lib.clock import HOUR, MINUTE, SECOND, Clock
from laelia.lib.database import Database
from laelia.lib.log import get_logger
from laelia.lib.sql import BigInt, Json

log = get_logger()


class Retry(Exception):
    """Raised by a handler to be called again in `after_ms`; it counts as no failure (a rate limit, say)."""

    def __init__(self, after_ms: int) -> None:
        super().__init__(f"again in {after_ms} ms")
        self.after_ms = max(after_ms, 1)


@dataclass(frozen=True)
class Job:
    """What a handler gets. `failures` counts earlier attempts that raised; `extra` holds the service's
    columns.
    """

    id: int
    kind: str
    key: str | None
    payload: dict[str, Any]
    failures: int
    extra: Mapping[str, Any]


def job_table(metadata: MetaData, *extra_columns: Column[Any], name: str = "job") -> Table:
    """The table of jobs; `extra_columns` are the service's own and are given to `enqueue` by name."""
    table = Table(
        name,
        metadata,
        Column("id", BigInt, primary_key=True, autoincrement=True),
        Column("kind", sa.Text, nullable=False),
        Column("key", sa.Text),
        Column("payload", Json, nullable=False),
        Column("created", BigInt, nullable=False),
        Column("due", BigInt, nullable=False),
        Column("wanted", sa.Integer, nullable=False, default=1),  # how often enqueued since it last ended
        Column("attempts", sa.Integer, nullable=False, default=0),  # the number of the lease
        Column("failures", sa.Integer, nullable=False, default=0),
        Column("leased_until", BigInt, nullable=False, default=0),
        Column("error", sa.Text),
        Column("dead", BigInt),  # when it was given up
        *extra_columns,
        sqlite_autoincrement=True,
    )
    alive = table.c.dead.is_(None)
    sa.Index(f"{name}_due", table.c.due, postgresql_where=alive, sqlite_where=alive)
    once = [table.c.kind, table.c.key]
    sa.Index(f"{name}_once", *once, unique=True, postgresql_where=alive, sqlite_where=alive)
    return table


def enqueue(
    connection: Connection,
    table: Table,
    *,
    kind: str,
    key: str | None,
    payload: dict[str, Any],
    now: int,
    due: int | None = None,
    **extra: Any,
) -> None:
    """Have it done at `due` (at once by default). A job that waits under this key takes over the payload and
    the earlier of the two times; without a key every call makes a job of its own.
    """
    values = {"kind": kind, "key": key, "payload": payload, "created": now, **extra}
    values["due"] = now if due is None else due
    connection.execute(_enqueueing(table, connection.dialect.name, tuple(values)), values)


@cache  # it is asked for with every change of a record, and takes longer to make than to run
def _enqueueing(table: Table, dialect: str, columns: tuple[str, ...]) -> sa.Executable:
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = make(table).values({name: sa.bindparam(name) for name in columns})
    new = statement.excluded
    sooner = sa.case((table.c.due < new.due, table.c.due), else_=new.due)
    again = {"payload": new.payload, "due": sooner, "wanted": table.c.wanted + 1}
    once = [table.c.kind, table.c.key]
    return statement.on_conflict_do_update(
        index_elements=once, index_where=table.c.dead.is_(None), set_=again
    )


class Worker:
    """Runs jobs one after the other; start several, in threads or processes, for more at once."""

    def __init__(
        self,
        database: Database,
        table: Table,
        clock: Clock,
        handlers: Mapping[str, Callable[[Job], None]],
        *,
        lease_ms: int = 5 * MINUTE,
        tries: int = 10,
        holder: str | None = None,
    ) -> None:
        """`holder` names this process in the table's own column of that name, for `renew` and `reclaim`."""
        self._database, self._table, self._clock, self._handlers = database, table, clock, handlers
        self._lease_ms, self._tries, self._holder = lease_ms, tries, holder
        own = job_table(MetaData()).c
        self._extra = [column.name for column in table.c if column.name not in own]
        c = table.c
        takeable = (
            c.dead.is_(None),
            c.due <= sa.bindparam("now"),
            c.leased_until <= sa.bindparam("now"),
            c.kind.in_(list(handlers)),
        )
        ready = sa.select(c.id).where(*takeable)
        first = ready.order_by(c.due, c.id).limit(1).with_for_update(skip_locked=True).scalar_subquery()
        lease: dict[str, Any] = {"leased_until": sa.bindparam("until"), "attempts": c.attempts + 1}
        if holder is not None:
            lease["holder"] = holder
        self._claim = sa.update(table).where(c.id == first).values(lease).returning(*c)
        self._look = ready.limit(1)

    def run_due(self, most: int | None = None) -> int:
        """Run jobs until none is due (or `most` have run); returns how many ran, failed ones included."""
        done = 0
        while (most is None or done < most) and self._one():
            done += 1
        return done

    def run(self, stop: threading.Event, poll_seconds: float = 0.05) -> None:
        """Work until told to stop. A database that is away is waited for."""
        while not stop.is_set():
            try:
                if not self._one():
                    stop.wait(poll_seconds)
            except sa.exc.SQLAlchemyError as error:  # whatever it is: a worker that is gone helps nobody
                log.error("worker can't use its database", error=str(error))
                stop.wait(1)

    def reclaim(self) -> None:
        """Forget all leases: for a start that knows that no other worker lives, so that a crash costs no
        wait.
        """
        with self._database.writing() as connection:
            connection.execute(sa.update(self._table).values(leased_until=0))

    def renew(self, connection: Connection) -> None:
        """Lengthen the leases of what this process has under way: it lives, and a job may take long."""
        c = self._table.c
        mine = sa.update(self._table).where(c.holder == self._holder, c.leased_until > 0)
        connection.execute(mine.values(leased_until=self._clock.now() + self._lease_ms))

    def _one(self) -> bool:
        now = self._clock.now()
        with self._database.reading() as connection:  # an idle worker takes no lock
            if connection.execute(self._look, {"now": now}).first() is None:
                return False
        with self._database.writing() as connection:
            row = connection.execute(self._claim, {"now": now, "until": now + self._lease_ms}).first()
        if row is None:
            return False
        extra = {name: getattr(row, name) for name in self._extra}
        try:
            self._handlers[row.kind](Job(row.id, row.kind, row.key, row.payload, row.failures, extra))
        except Retry as retry:
            self._release(row, error=str(retry), due=self._clock.now() + retry.after_ms)
        except Exception as error:
            log.exception("job failed", kind=row.kind, job=row.id, failures=row.failures + 1)
            self._fail(row, f"{type(error).__name__}: {error}")
        else:
            self._finish(row)
        return True

    def _mine(self, row: Any) -> sa.ColumnElement[bool]:
        """A worker that lost its lease must not end what another has begun."""
        return sa.and_(self._table.c.id == row.id, self._table.c.attempts == row.attempts)

    def _finish(self, row: Any) -> None:
        c = self._table.c
        with self._database.writing() as connection:
            ended = sa.delete(self._table).where(self._mine(row), c.wanted == row.wanted)
            if connection.execute(ended).rowcount == 0:  # wanted again meanwhile
                again = {"leased_until": 0, "failures": 0, "wanted": c.wanted - row.wanted}
                connection.execute(sa.update(self._table).where(self._mine(row)).values(again))

    def _fail(self, row: Any, error: str) -> None:
        failures, now = row.failures + 1, self._clock.now()
        pause = min(SECOND * 2**failures, HOUR)
        end = {"dead": now} if failures >= self._tries else {"due": now + pause}
        self._release(row, error=error[:2000], failures=failures, **end)

    def _release(self, row: Any, **values: Any) -> None:
        with self._database.writing() as connection:
            connection.execute(sa.update(self._table).where(self._mine(row)).values(leased_until=0, **values))
