"""The change log: every change leaves a row in its own transaction, and followers read the rows behind it.

A sequence is drawn before the commit, so a reader that remembers the last number misses rows that commit
late. The order is therefore (txn, seq), txn being PostgreSQL's transaction number. A follower reads all
that lies after its cursor, skips what it handled already, and moves the cursor only up to the oldest
transaction still open. Rows are hints: a follower re-reads the present state and may see a row twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import Column, ColumnElement, Connection, MetaData, Row, Table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from laelia.lib.sql import BigInt, upsert

if TYPE_CHECKING:
    from laelia.lib.database import Database

BATCH = 500


class transaction_number(FunctionElement[int]):  # noqa: N801 (it reads as an SQL function)
    """This transaction's number on PostgreSQL, 0 on SQLite, whose one writer commits in order of seq."""

    type = sa.BigInteger()
    inherit_cache = True
    name = "transaction_number"


@compiles(transaction_number)
def _zero(element: Any, compiler: Any, **options: Any) -> str:
    return "0"


@compiles(transaction_number, "postgresql")
def _current(element: Any, compiler: Any, **options: Any) -> str:
    return "pg_current_xact_id()::text::bigint"


@dataclass(frozen=True)
class Cursor:
    """How far a follower is: all up to (txn, seq), and beyond that the rows in `ahead`. Only the pair is
    stored.
    """

    txn: int = 0
    seq: int = 0
    ahead: frozenset[tuple[int, int]] = field(default=frozenset(), repr=False)


def change_table(metadata: MetaData, *extra_columns: Column[Any], name: str = "change") -> Table:
    """The log, with the service's own columns, and beside it the table `follower` of stored cursors."""
    if "follower" not in metadata.tables:
        Table(
            "follower",
            metadata,
            Column("name", sa.Text, primary_key=True),
            Column("txn", BigInt, nullable=False),
            Column("seq", BigInt, nullable=False),
        )
    return Table(
        name,
        metadata,
        Column("seq", BigInt, primary_key=True, autoincrement=True),
        Column("txn", BigInt, nullable=False, default=transaction_number()),
        *extra_columns,
        sa.Index(f"{name}_order", "txn", "seq", unique=True),
        sqlite_autoincrement=True,  # a number is never used again, not even when all old rows are gone
    )


def changes(
    connection: Connection, table: Table, cursor: Cursor, limit: int = BATCH
) -> tuple[Sequence[Row[Any]], Cursor]:
    """The rows that this cursor has not seen, and the cursor to use next time. At most about `limit` rows."""
    horizon = _horizon(connection)  # before the rows: what ended before it is then surely among them
    rows = connection.execute(_after(connection, table, cursor).limit(limit + len(cursor.ahead))).all()
    settled = [(row.txn, row.seq) for row in rows if horizon is None or row.txn < horizon]
    txn, seq = settled[-1] if settled else (cursor.txn, cursor.seq)
    beyond = frozenset((row.txn, row.seq) for row in rows[len(settled) :])
    fresh = [row for row in rows if (row.txn, row.seq) not in cursor.ahead]
    # Rows beyond this batch's limit stay in `ahead` until the cursor passes them.
    kept = frozenset(place for place in cursor.ahead if place > (txn, seq))
    return fresh, Cursor(txn, seq, beyond | kept)


def _after(connection: Connection, table: Table, cursor: Cursor) -> sa.Select[Any]:
    """In the order of the log. On SQLite the number alone says it, since all have one txn: of an index on
    both it would use the first only, and so read the whole log at each look."""
    c = table.c
    if connection.dialect.name == "sqlite":
        return sa.select(table).where(c.seq > cursor.seq).order_by(c.seq)
    place = sa.tuple_(sa.literal(cursor.txn), sa.literal(cursor.seq))
    return sa.select(table).where(sa.tuple_(c.txn, c.seq) > place).order_by(c.txn, c.seq)


def end(connection: Connection, table: Table) -> Cursor:
    """Where to read on from now: behind it is all that ended, before it all that is still open or to come."""
    horizon = _horizon(connection)
    last = sa.select(table.c.txn, table.c.seq).order_by(table.c.txn.desc(), table.c.seq.desc()).limit(1)
    if horizon is not None:
        last = last.where(table.c.txn < horizon)
    row = connection.execute(last).first()
    return Cursor(row.txn, row.seq) if row else Cursor(*forgotten(connection, table))


def forget(connection: Connection, table: Table, old: ColumnElement[bool]) -> None:
    """Delete the rows that are old, and remember how far: whoever follows asks `forgotten` whether there were
    some among them that it had not read."""
    c = table.c
    aged = sa.select(c.txn, c.seq).where(old).order_by(c.txn.desc(), c.seq.desc()).limit(1)
    last = connection.execute(aged).first()
    if last is None:
        return
    # What comes to be old between the two statements stays until the next time.
    upto = sa.tuple_(c.txn, c.seq) <= sa.tuple_(sa.literal(last.txn), sa.literal(last.seq))
    connection.execute(sa.delete(table).where(old, upto))
    if (last.txn, last.seq) > forgotten(connection, table):
        values = {"name": _forgetting(table), "txn": last.txn, "seq": last.seq}
        upsert(connection, table.metadata.tables["follower"], values, key=("name",))


def forgotten(connection: Connection, table: Table) -> tuple[int, int]:
    """(txn, seq) of the last row that was deleted for its age; (0, 0) where none was."""
    stored = table.metadata.tables["follower"].c
    told = sa.select(stored.txn, stored.seq).where(stored.name == _forgetting(table))
    row = connection.execute(told).first()
    return (row.txn, row.seq) if row else (0, 0)


def _forgetting(table: Table) -> str:
    """Its place stands among those of the followers."""
    return f"{table.name}-forgotten"


def _horizon(connection: Connection) -> int | None:
    if connection.dialect.name != "postgresql":
        return None
    found = connection.execute(sa.text("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint"))
    return int(found.scalar_one())


class Follower:
    """Hands new rows of the log to `handle`, outside of any transaction, and stores how far it got.

    `handle` opens its own transactions, must bear a row twice, and stops the follower at these rows by
    raising.
    """

    def __init__(
        self, database: "Database", table: Table, name: str, handle: Callable[[Sequence[Row[Any]]], None]
    ) -> None:
        self.name = name
        self._database, self._table, self._handle = database, table, handle
        self._stored = table.metadata.tables["follower"]
        self._cursor: Cursor | None = None

    def step(self) -> int:
        """Handle one batch; returns how many rows it had, 0 when there is nothing new."""
        with self._database.reading() as connection:
            before = self._cursor or self._load(connection)
            rows, after = changes(connection, self._table, before)
        if rows:
            self._handle(rows)
        if (after.txn, after.seq) != (before.txn, before.seq):
            with self._database.writing() as connection:
                values = {"name": self.name, "txn": after.txn, "seq": after.seq}
                upsert(connection, self._stored, values, key=("name",))
        self._cursor = after
        return len(rows)

    def _load(self, connection: Connection) -> Cursor:
        stored = self._stored.c
        row = connection.execute(sa.select(stored.txn, stored.seq).where(stored.name == self.name)).first()
        return Cursor(row.txn, row.seq) if row else Cursor()
