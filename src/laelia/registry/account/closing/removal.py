"""Taking away what a record leaves behind, by the list in `personal`."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Literal

from sqlalchemy import Connection, Table, Text, cast, delete, or_, select, update

from laelia.registry import tables
from laelia.registry.account import brake
from laelia.registry.account.closing.personal import BLANK, DELETE, HELD, Rows

Event = Literal["deactivation", "merge", "erasure"]

_TEXTS = {"job": ("payload", "key", "error"), "outbox": ("recipient", "subject", "text", "headers")}


def remove(tx: Connection, orcid: str, event: Event) -> Counter[str]:
    """Do what the list says for this event; returns how many rows of each table it touched. The caller has
    locked the record."""
    touched: Counter[str] = Counter()
    for name, held in HELD.items():
        table = tables.metadata.tables[name]
        for rows in held.rows:
            touched[name] += _apply(tx, table, rows, orcid, getattr(rows, event))
    return +touched


def _apply(tx: Connection, table: Table, rows: Rows, orcid: str, act: str) -> int:
    hers = [table.c[rows.by] == orcid]
    if rows.elsewhere:
        hers.append(table.c[rows.by] != table.c.orcid)
    if act == DELETE:
        return tx.execute(delete(table).where(*hers)).rowcount
    if act == BLANK:
        return tx.execute(update(table).where(*hers).values(dict(rows.blank))).rowcount
    return 0


def mentions(tx: Connection, values: Iterable[str]) -> Counter[str]:
    """Delete jobs and kept mails that name one of these values (her iD, her addresses) anywhere."""
    wanted = sorted({value for value in values if value})
    touched: Counter[str] = Counter()
    for name, columns in _TEXTS.items():
        table = tables.metadata.tables[name]
        named: list[Any] = [
            cast(table.c[column], Text).contains(value, autoescape=True)
            for column in columns
            for value in wanted
        ]
        touched[name] += tx.execute(delete(table).where(or_(*named))).rowcount if named else 0
    return +touched


def guesses(tx: Connection, names: Iterable[str]) -> Counter[str]:
    """Forget failed sign-ins under these names. Pairs of name and network address can't be found again by the
    name; they are forgotten after thirty days."""
    table = tables.guess
    keys = [key for name in names for key in brake.keys_of(name)]
    return +Counter({"guess": tx.execute(delete(table).where(table.c.key_hash.in_(keys))).rowcount})


def addresses(tx: Connection, orcid: str) -> set[str]:
    """Every address of hers that is known, also those that a link was sent to."""
    found: set[str] = set()
    for table in (tables.email, tables.email_link):
        for address in tx.execute(select(table.c.email).where(table.c.orcid == orcid)).scalars():
            found |= {address, address.lower()}
    return found
