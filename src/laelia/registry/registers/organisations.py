"""Organisations and their identifiers: ROR, GRID, RINGGOLD, FUNDREF, LEI. Found by identifier or by name."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select, update

from laelia.registry import tables

SOURCES = ("ROR", "GRID", "RINGGOLD", "FUNDREF", "LEI")
GONE = ("withdrawn", "obsolete")
"""Organisations in these states keep their identifiers and are no longer suggested."""
WORDS = 6
"""How many words of a wanted name count."""

_org, _id, _word = tables.organisation.c, tables.organisation_id.c, tables.organisation_word.c
_KNOWN = select(_id.organisation).where(_id.source == bindparam("source"), _id.value == bindparam("value"))


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """One organisation with all its identifiers; the first is the one it is loaded and suggested by."""

    name: str
    ids: tuple[tuple[str, str], ...]
    names: tuple[str, ...] = ()
    """What else it is called: found under, never shown."""
    city: str | None = None
    region: str | None = None
    country: str | None = None
    url: str | None = None
    kinds: str = ""
    status: str = "active"


def known(tx: Connection, source: str | None, value: str | None) -> bool:
    """Whether this registry knows the organisation; source and identifier are compared as they stand."""
    return tx.execute(_KNOWN, {"source": source, "value": value}).first() is not None


def count(tx: Connection) -> int:
    return int(tx.execute(select(func.count()).select_from(tables.organisation)).scalar_one())


def put(tx: Connection, now: int, one: Organisation) -> str:
    """Add an organisation, or bring the one with its first identifier up to date. Says which it did: added,
    changed or same."""
    source, value = one.ids[0]
    row = {
        "name": one.name,
        "city": one.city,
        "region": one.region,
        "country": one.country,
        "url": one.url,
        "kinds": one.kinds,
        "status": one.status,
        "names": "\n".join(one.names),
        "ids": "\n".join(f"{kind} {text}" for kind, text in one.ids),
    }
    number = tx.execute(_KNOWN, {"source": source, "value": value}).scalar()
    if number is None:
        made = insert(tables.organisation).values(**row, created=now, modified=now).returning(_org.id)
        _index(tx, tx.execute(made).scalar_one(), one)
        return "added"
    stored = tx.execute(select(tables.organisation).where(_org.id == number)).mappings().one()
    if all(stored[name] == said for name, said in row.items()):
        return "same"
    tx.execute(update(tables.organisation).where(_org.id == number).values(**row, modified=now))
    _index(tx, number, one)
    return "changed"


def _index(tx: Connection, number: int, one: Organisation) -> None:
    """What it is found by: its identifiers, and the words of its names. An identifier that another
    organisation has stays there: ROR lists some twice."""
    tx.execute(delete(tables.organisation_id).where(_id.organisation == number))
    tx.execute(delete(tables.organisation_word).where(_word.organisation == number))
    for at, (source, value) in enumerate(dict.fromkeys(one.ids)):
        if at == 0 or not known(tx, source, value):
            row = {"source": source, "value": value, "organisation": number, "position": at}
            tx.execute(insert(tables.organisation_id).values(**row))
    words = {word for name in (one.name, *one.names) for word in folded(name)}
    if words:
        tx.execute(
            insert(tables.organisation_word),
            [{"word": word, "organisation": number} for word in sorted(words)],
        )


def folded(name: str) -> list[str]:
    """The words of a name, without case and accents."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c)))


def find(tx: Connection, name: str, limit: int = 10) -> list[Row[Any]]:
    """Organisations that have every word of the name in one of theirs, the last word being one begun: rows
    with their columns and `ids`. Who is called just so stands first, then short names before long ones."""
    words = folded(name)[:WORDS]
    if not words:
        return []
    wanted = select(tables.organisation).where(_org.status.not_in(GONE))
    for word in words[:-1]:
        wanted = wanted.where(_org.id.in_(select(_word.organisation).where(_word.word == word)))
    begun = words[-1]
    last = or_(_word.word == begun, _word.word.between(begun, begun + "\uffff"))
    wanted = wanted.where(_org.id.in_(select(_word.organisation).where(last)))
    exact = (func.lower(_org.name) != name.strip().lower(), func.length(_org.name), _org.name, _org.id)
    return list(tx.execute(wanted.order_by(*exact).limit(limit)))


def identifiers(row: Row[Any]) -> list[tuple[str, str]]:
    """(source, identifier) of a found organisation, the one to use first."""
    pairs = (line.partition(" ") for line in str(row.ids).splitlines())
    return [(source, value) for source, _, value in pairs]


def put_all(tx: Connection, now: int, several: Iterable[Organisation]) -> dict[str, int]:
    """Many at once; how many were added, changed and the same."""
    tally = dict.fromkeys(("added", "changed", "same"), 0)
    for one in several:
        tally[put(tx, now, one)] += 1
    return tally
