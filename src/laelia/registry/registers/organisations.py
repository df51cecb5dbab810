"""Organisations and their identifiers: ROR, GRID, RINGGOLD, FUNDREF, LEI.

Two organisations may bear one identifier (ROR gives some twice): it is known as long as one of them has it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, select, text, tuple_, update

from laelia.lib.hot import Hot
from laelia.model.vocabularies import COUNTRY
from laelia.registry import tables
from laelia.registry.registers.texts import one_line, words

FORMS = {
    source: (re.compile(pattern, re.ASCII), said)
    for source, pattern, said in (
        ("ROR", r"https://ror\.org/0[a-z0-9]{6}\d{2}", "https://ror.org/ and nine characters"),
        ("GRID", r"grid\.\d+\.[0-9a-f]+", "grid. and two numbers with a dot between them"),
        ("RINGGOLD", r"\d{1,12}", "a number"),
        ("FUNDREF", r"http://dx\.doi\.org/10\.13039/\d{1,20}", "http://dx.doi.org/10.13039/ and a number"),
        ("LEI", r"[A-Z0-9]{18}\d{2}", "twenty characters, the last two of them digits"),
    )
}
"""The form in which identifiers of each source are written (model.md §11), and how to say it."""
SOURCES = tuple(FORMS)
STATES = ("active", "inactive", "withdrawn", "obsolete")
GONE = ("withdrawn", "obsolete")
"""Organisations in these states keep their identifiers and are no longer suggested."""
LONGEST = 4000

_org, _id, _word = tables.organisation.c, tables.organisation_id.c, tables.organisation_word.c
_KNOWN = (
    select(_id.organisation)
    .where(_id.source == bindparam("source"), _id.value == bindparam("value"))
    .limit(1)
)
_LED_BY = (
    select(tables.organisation, _id.value.label("led_by"))
    .join(tables.organisation_id, _id.organisation == _org.id)
    .where(
        _id.position == 0, _id.source == bindparam("of"), _id.value.in_(bindparam("values", expanding=True))
    )
)
_ADD_ID = Hot(insert(tables.organisation_id), ("source", "value", "organisation", "position"))
_ADD_WORD = Hot(insert(tables.organisation_word), ("word", "organisation"))


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


class Unfit(ValueError):
    """An organisation can't be kept like this; the sentence says why."""


def fit(one: Organisation) -> Organisation:
    """The organisation as it can be kept: led by ROR where ROR knows it, its names on one line each. Raises
    Unfit."""
    for source, value in one.ids:
        if source not in FORMS:
            raise Unfit(f"{source!r} is no source of identifiers: there are {', '.join(SOURCES)}")
        pattern, said = FORMS[source]
        if not pattern.fullmatch(value):
            raise Unfit(f"{value!r} is no identifier of {source}: expected {said}")
    if not one.ids:
        raise Unfit("it has no identifier")
    if one.country and one.country not in COUNTRY.terms:
        raise Unfit(f"{one.country!r} is no country: expected the two letters of ISO 3166")
    if one.url and not one.url.startswith(("http://", "https://")):
        raise Unfit(f"{one.url!r} is no address of a web site: it begins with http:// or https://")
    if one.status not in STATES:
        raise Unfit(f"{one.status!r} is no state: there are {', '.join(STATES)}")
    names = dict.fromkeys(one_line(name) for name in one.names)
    made = replace(
        one,
        name=one_line(one.name),
        ids=tuple(sorted(dict.fromkeys(one.ids), key=lambda pair: pair[0] != "ROR")),
        names=tuple(name for name in names if name and name != one_line(one.name)),
        city=one_line(one.city or "") or None,
        region=one_line(one.region or "") or None,
        country=one.country or None,
        url=one_line(one.url or "") or None,
        kinds=one_line(one.kinds),
    )
    if not made.name:
        raise Unfit("it has no name")
    if any(len(said or "") > LONGEST for said in (made.name, *made.names, made.city, made.region, made.url)):
        raise Unfit(f"it has a text of more than {LONGEST} characters")
    return made


def known(tx: Connection, source: str | None, value: str | None) -> bool:
    """Whether this registry knows the organisation; source and identifier are compared as they stand."""
    return tx.execute(_KNOWN, {"source": source, "value": value}).first() is not None


def count(tx: Connection) -> int:
    return int(tx.execute(select(func.count()).select_from(tables.organisation)).scalar_one())


def put(tx: Connection, now: int, one: Organisation) -> str:
    """Add an organisation that is `fit`, or bring the one with its first identifier up to date. Says which it
    did: added, changed or same."""
    [did] = [name for name, times in put_all(tx, now, [one]).items() if times]
    return did


def put_all(tx: Connection, now: int, several: Iterable[Organisation]) -> dict[str, int]:
    """The same for many at once, of which the last counts where they have the same first identifier; how many
    were added, changed and the same."""
    if tx.dialect.name == "postgresql":  # of two loads at once the second sees what the first brought
        tx.execute(text("LOCK TABLE organisation IN SHARE ROW EXCLUSIVE MODE"))
    wanted = {one.ids[0]: one for one in several}
    stored = _led_by(tx, list(wanted))
    added, changed, same = [], [], 0
    for key, one in wanted.items():
        row = _row(one)
        if key not in stored:
            added.append((one, {**row, "created": now, "modified": now}))
        elif any(stored[key][name] != said for name, said in row.items()):
            changed.append((one, stored[key], {**row, "modified": now}))
        else:
            same += 1
    if added:
        made = insert(tables.organisation).returning(_org.id, sort_by_parameter_order=True)
        numbers = tx.execute(made, [row for _, row in added]).scalars().all()
        _index(tx, [(number, one, row) for number, (one, row) in zip(numbers, added, strict=True)])
    for _, before, row in changed:
        _forget(tx, before)
        tx.execute(update(tables.organisation).where(_org.id == before["id"]).values(**row))
    _index(tx, [(before["id"], one, row) for one, before, row in changed])
    return {"added": len(added), "changed": len(changed), "same": same}


def _led_by(tx: Connection, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], RowMapping]:
    """What is stored of the organisations that have these as their first identifier."""
    found = {}
    for source in {source for source, _ in keys}:
        values = [value for of, value in keys if of == source]
        for row in tx.execute(_LED_BY, {"of": source, "values": values}).mappings():
            found[source, row["led_by"]] = row
    return found


def _row(one: Organisation) -> dict[str, Any]:
    return {
        "name": one.name,
        "city": one.city,
        "region": one.region,
        "country": one.country,
        "url": one.url,
        "kinds": one.kinds,
        "status": one.status,
        "names": "\n".join(one.names),
        "ids": "\n".join(f"{source} {value}" for source, value in one.ids),
        "folded": "\n".join(" ".join(words(name)) for name in (one.name, *one.names)),
    }


def _index(tx: Connection, several: Sequence[tuple[int, Organisation, dict[str, Any]]]) -> None:
    """What they are found by: their identifiers, and the words of their names."""
    _ADD_ID.run_many(
        tx,
        [
            {"source": source, "value": value, "organisation": number, "position": at}
            for number, one, _ in several
            for at, (source, value) in enumerate(one.ids)
        ],
    )
    _ADD_WORD.run_many(
        tx,
        [
            {"word": word, "organisation": number}
            for number, _, row in several
            for word in sorted(set(row["folded"].split()))
        ],
    )


def _forget(tx: Connection, row: RowMapping) -> None:
    """Take an organisation out of what it was found by, where it stands under the words it had."""
    was = tuple_(_id.source, _id.value).in_(identifiers(row["ids"]))
    tx.execute(delete(tables.organisation_id).where(was, _id.organisation == row["id"]))
    had = _word.word.in_(sorted(set(row["folded"].split())))
    tx.execute(delete(tables.organisation_word).where(had, _word.organisation == row["id"]))


def identifiers(ids: str) -> list[tuple[str, str]]:
    """(source, identifier) of an organisation from its column `ids`, the one to use first."""
    pairs = (line.partition(" ") for line in ids.splitlines())
    return [(source, value) for source, _, value in pairs]
