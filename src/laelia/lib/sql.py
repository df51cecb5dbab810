"""The few things in which the two databases differ, for tables and statements."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ColumnElement

# SQLite makes row numbers only for a column whose type is exactly INTEGER; its integers are 64 bits wide
# anyway.
BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Text that sorts by code point, as SQLite does by itself.
CodePointText = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")


class Json(sa.types.TypeDecorator[Any]):
    """A value kept as its JSON text, the same in both databases; never searched inside."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:
        return None if value is None else orjson.loads(value)


class Several(sa.types.TypeDecorator[Any]):
    """Values that one parameter carries: an array on PostgreSQL, a JSON text on SQLite."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        return list(value) if dialect.name == "postgresql" else orjson.dumps(list(value)).decode()


class one_of(ColumnElement[bool]):  # noqa: N801 (it reads as an SQL function)
    """Whether a column holds one of the values of the parameter of this name: an `in` whose statement is the
    same however many they are."""

    type = sa.Boolean()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column, self.values = column, sa.bindparam(name, type_=Several())

    def self_group(self, against: Any = None) -> "one_of":
        """As it is: SQLAlchemy would write `… IN (…) = 1` on SQLite, for which no index is used."""
        return self


@compiles(one_of, "sqlite")
def _in_json(element: one_of, compiler: Any, **options: Any) -> str:
    column, values = compiler.process(element.column, **options), compiler.process(element.values, **options)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 (both are compiled)


@compiles(one_of, "postgresql")
def _in_array(element: one_of, compiler: Any, **options: Any) -> str:
    column, values = compiler.process(element.column, **options), compiler.process(element.values, **options)
    return f"{column} = ANY(CAST({values} AS text[]))"


def _insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def insert_ignore(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless a unique key is taken; says whether it did."""
    statement = _insert(connection, table).values(dict(values)).on_conflict_do_nothing()
    return connection.execute(statement.returning(sa.literal(1))).first() is not None


def update_by_id(connection: Connection, table: Table, changes: Mapping[int, Mapping[str, Any]]) -> None:
    """Change many rows by their number: those that set the same columns in one statement, in the order in
    which they are given."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for number, values in changes.items():
        alike.setdefault(tuple(values), []).append({**values, "_number": number})
    one = sa.update(table).where(table.c.id == sa.bindparam("_number"))
    for rows in alike.values():
        connection.execute(one, rows)


def upsert(
    connection: Connection,
    table: Table,
    values: Mapping[str, Any],
    key: Sequence[str],
    update: Sequence[str] | None = None,
) -> None:
    """Insert a row, or change the row with this key: the columns of `update`, by default all that are not
    key.
    """
    statement = _insert(connection, table).values(dict(values))
    names = [name for name in values if name not in key] if update is None else update
    if not names:
        connection.execute(statement.on_conflict_do_nothing(index_elements=list(key)))
        return
    changed = {name: statement.excluded[name] for name in names}
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=changed))
