"""What is kept of a person, found by the declaration of the tables: whichever table says by one of its
columns that a row is hers is covered, also one that is added later."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    String,
    Table,
    Text,
    and_,
    delete,
    false,
    or_,
    select,
    type_coerce,
    update,
)

from laelia.hub import tables, uploads
from laelia.hub.erasing.whom import Hers
from laelia.lib.sql import Json

BATCH = 500
# Who works for the organisation is there in her own right.
_OTHERS = ("staff", "organisation", "environment", "erasure", "session")
# What stands there is about things, or in rows of other people: public metadata name their authors.
_CONTENT = ("assertion", "attempt", "text", "unit", "source", "cursor", "upload", "upload_row")
# Waiting work about her is not done any more.
_WORK = ("job",)
# Where people are named in words; elsewhere “17” or a name may be anything's.
_WORDS = ("audit",)


@dataclass
class Counts:
    """Rows by table: deleted, or kept with what was hers taken out."""

    deleted: Counter[str] = field(default_factory=Counter)
    cleared: Counter[str] = field(default_factory=Counter)


def remove_all(tx: Connection, of: Hers) -> Counts:
    """All rows of hers, the person last."""
    counts = Counts()
    counts.cleared["upload_row"] += uploads.forget_person(
        tx, of.environment_id, of.ids, of.words, of.local_id, of.said_names
    )
    for table in reversed(tables.metadata.sorted_tables):
        if table.name in _OTHERS or "environment_id" not in table.c or table is tables.person:
            continue
        _remove_from(tx, table, of, counts)
    _leave_sessions(tx, of, counts)
    _remove(tx, tables.person, tables.person.c.id.in_(of.ids), counts)
    return counts


def _remove_from(tx: Connection, table: Table, of: Hers, counts: Counts) -> None:
    here = table.c.environment_id == of.environment_id
    named = of.columns_of(table)
    firm = [condition for name, condition in named.items() if not table.c[name].nullable]
    loose = [condition for name, condition in named.items() if table.c[name].nullable]
    if firm:
        _remove(tx, table, and_(here, or_(*firm)), counts)
    if loose and table.name != "upload_row":
        _clear(tx, table, and_(here, or_(*loose)), of, counts)
    if table.name in _WORK:
        _remove(tx, table, and_(here, table.c.id.in_(_mentioning(tx, table, of))), counts)
    elif table.name not in _CONTENT and "orcid" not in table.c:
        _clear(tx, table, and_(here, _perhaps(table, of)), of, counts)


def _remove(tx: Connection, table: Table, condition: ColumnElement[bool], counts: Counts) -> None:
    """Rows with what hangs on them: what can stand alone is only untied."""
    key = list(table.primary_key.columns)
    if len(key) != 1:
        counts.deleted[table.name] += tx.execute(delete(table).where(condition)).rowcount
        return
    ids = list(tx.execute(select(key[0]).where(condition)).scalars())
    for at in range(0, len(ids), BATCH):
        some = ids[at : at + BATCH]
        for child, column in _hanging(table):
            if column.nullable:
                tx.execute(update(child).where(column.in_(some)).values({column.name: None}))
            else:
                _remove(tx, child, column.in_(some), counts)
        counts.deleted[table.name] += tx.execute(delete(table).where(key[0].in_(some))).rowcount


def _hanging(table: Table) -> Iterator[tuple[Table, Column[Any]]]:
    for other in tables.metadata.sorted_tables:
        for foreign in other.foreign_keys:
            if foreign.column.table is table:
                yield other, foreign.parent


def _clear(tx: Connection, table: Table, condition: ColumnElement[bool], of: Hers, counts: Counts) -> None:
    """Rows that stay, without what is hers in them."""
    key = list(table.primary_key.columns) or list(table.c)
    # All are read before the first is changed: SQLite might hand out again what changes while it reads.
    hers: list[tuple[ColumnElement[bool], dict[str, Any]]] = []
    rows = select(table).where(condition).execution_options(yield_per=BATCH)
    for row in tx.execute(rows).mappings():
        new = {
            name: value
            for name, value in ((column.name, _cleared(column, row[column.name], of)) for column in table.c)
            if value != row[name]
        }
        if new:
            hers.append((and_(*(column.is_not_distinct_from(row[column.name]) for column in key)), new))
    for mine, new in hers:
        tx.execute(update(table).where(mine).values(**new))
    counts.cleared[table.name] += len(hers)


def _cleared(column: Column[Any], value: Any, of: Hers) -> Any:
    if column.primary_key or value is None:
        return value
    if column.nullable and of.is_in(column.name, value):
        return None
    if isinstance(column.type, Json):
        return json.loads(of.words.without(json.dumps(value, ensure_ascii=False)))
    # Short columns hold words of our own: states, kinds.
    if isinstance(column.type, Text) and isinstance(value, str):
        return of.words.without(value)
    return value


def _texts(table: Table) -> list[Column[Any]]:
    return [column for column in table.c if isinstance(column.type, String | Json)]


def _perhaps(table: Table, of: Hers) -> ColumnElement[bool]:
    """Rows in whose texts she may be: the texts themselves tell."""
    alone = table.name in _WORDS
    return or_(false(), *(of.words.perhaps(column, alone=alone) for column in _texts(table)))


def _mentioning(tx: Connection, table: Table, of: Hers) -> list[int]:
    """The numbers of rows in whose texts she is."""
    columns = [type_coerce(column, Text) for column in _texts(table)]
    here = table.c.environment_id == of.environment_id
    rows = select(table.c.id, *columns).where(here, _perhaps(table, of))
    found = tx.execute(rows.execution_options(yield_per=BATCH))
    return [row[0] for row in found if any(of.words.found(text) for text in row[1:] if text)]


def _leave_sessions(tx: Connection, of: Hers, counts: Counts) -> None:
    """Browsers in which she is signed in here, or was named by the organisation's own sign-in."""
    c, here = tables.session.c, str(of.environment_id)
    text = type_coerce(c.data, Text)
    there = or_(*(text.contains(one) for one in (*of.orcids, '"guests"')))
    for row in tx.execute(select(c.id_hash, c.data).where(there)).all():
        data = {
            name: {
                key: who
                for key, who in kept.items()
                if key != here or who not in (of.ids if name == "guests" else of.orcids)
            }
            if isinstance(kept, dict)
            else kept
            for name, kept in row.data.items()
        }
        if data != row.data:
            tx.execute(update(tables.session).where(c.id_hash == row.id_hash).values(data=data))
            counts.cleared["session"] += 1
