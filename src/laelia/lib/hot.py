"""Statements of SQLAlchemy Core for the few paths on which running them by SQLAlchemy takes ten times as long
as the database does.

Such a statement is written down once in each dialect, with its types, and then handed to the driver on the
transaction's own connection. The language stays Core; what is left out is what SQLAlchemy does for each
execution. Errors are the driver's own, `in` with a list is not for here.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, Executable
from sqlalchemy.engine.interfaces import Dialect

Values = Mapping[str, Any]
Convert = Callable[[Any], Any]


class _Written(NamedTuple):
    """A statement in one dialect. `order` is empty where parameters go by name."""

    sql: str
    order: tuple[str, ...]
    constants: Values
    sent: tuple[tuple[str, Convert], ...]
    got: tuple[tuple[int, Convert], ...]


class Hot:
    """One statement. `takes` names its parameters where the statement itself does not: an insert's columns.

    Rows are named tuples with the names of the columns.
    """

    def __init__(self, statement: Executable, takes: Sequence[str] | None = None) -> None:
        self._statement: Any = statement
        self._takes = takes
        self._written: dict[str, _Written] = {}
        columns = _columns(statement)
        self._row: Any = namedtuple("Row", [c.name for c in columns]) if columns else None

    def run(self, tx: Connection, values: Values) -> None:
        written = self._in(tx.dialect)
        tx.connection.cursor().execute(written.sql, _given(written, values))

    def run_many(self, tx: Connection, rows: Sequence[Values]) -> None:
        written = self._in(tx.dialect)
        tx.connection.cursor().executemany(written.sql, [_given(written, values) for values in rows])

    def first(self, tx: Connection, values: Values) -> Any:
        """The first row, or None."""
        written = self._in(tx.dialect)
        cursor = tx.connection.cursor()
        cursor.execute(written.sql, _given(written, values))
        found = cursor.fetchone()
        cursor.close()  # a statement of SQLite that has not ended would hold up the commit
        return None if found is None else self._told(found, written)

    def all(self, tx: Connection, values: Values) -> list[Any]:
        written = self._in(tx.dialect)
        cursor = tx.connection.cursor()
        cursor.execute(written.sql, _given(written, values))
        return [self._told(found, written) for found in cursor.fetchall()]

    def _told(self, found: Sequence[Any], written: _Written) -> Any:
        if written.got:
            found = list(found)
            for place, convert in written.got:
                found[place] = convert(found[place])
        return self._row._make(found) if self._row is not None else tuple(found)

    def _in(self, dialect: Dialect) -> _Written:
        written = self._written.get(dialect.name)
        if written is None:
            written = self._written[dialect.name] = self._write(dialect)
        return written

    def _write(self, dialect: Dialect) -> _Written:
        compiled = self._statement.compile(dialect=dialect, column_keys=self._takes)
        bound = {
            name: p.type.dialect_impl(dialect).bind_processor(dialect) for name, p in compiled.binds.items()
        }
        got = [
            c.type.dialect_impl(dialect).result_processor(dialect, None) for c in _columns(self._statement)
        ]
        return _Written(
            str(compiled),
            tuple(compiled.positiontup or ()),
            {name: p.value for name, p in compiled.binds.items() if not p.required and p.value is not None},
            tuple((name, convert) for name, convert in bound.items() if convert is not None),
            tuple((place, convert) for place, convert in enumerate(got) if convert is not None),
        )


def _given(written: _Written, values: Values) -> Any:
    if written.sent or written.constants:
        values = {**written.constants, **values}
        for name, convert in written.sent:
            values[name] = convert(values[name])
    return tuple([values[name] for name in written.order]) if written.order else values


def _columns(statement: Any) -> Sequence[sa.ColumnElement[Any]]:
    """What the statement returns: of a select its columns, of a change those it was told to return."""
    if isinstance(statement, sa.Select):
        return list(statement.selected_columns)
    return list(getattr(statement, "_returning", ()) or ())
