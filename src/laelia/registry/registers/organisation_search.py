"""Organisations by name or by identifier: for pages, for the hub, and for whoever names one in an item."""

import re
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, case, func, select

from laelia.registry import tables
from laelia.registry.registers.organisations import GONE, identifiers
from laelia.registry.registers.texts import words

WORDS = 12
"""How many words of a wanted name count."""
_LAST = "\U0010ffff"

_org, _id, _word = tables.organisation.c, tables.organisation_id.c, tables.organisation_word.c
_ROR = _org.ids.startswith("ROR ")
_BY_ID = (
    select(tables.organisation)
    .where(
        _org.id.in_(select(_id.organisation).where(_id.value.in_(bindparam("values", expanding=True)))),
    )
    .order_by(~_ROR, _org.id)
    .limit(bindparam("most"))
)


def by_name(tx: Connection, name: str, limit: int = 10) -> list[Row[Any]]:
    """Organisations that have every word of the name in one of theirs, the last word being one begun. Those
    of which one name is just so stand first, then those shown under a name that begins so; among equals those
    that are active, those that ROR leads, and short names before long ones."""
    wanted = words(name)[:WORDS]
    if not wanted:
        return []
    *whole, begun = wanted
    found = select(tables.organisation).where(_org.status.not_in(GONE))
    for word in whole:
        found = found.where(_org.id.in_(_having(_word.word == word)))
    found = found.where(_org.id.in_(_having((_word.word >= begun) & (_word.word <= begun + _LAST))))
    just_so, lines = " ".join(wanted), "\n" + _org.folded + "\n"
    rank = case(
        (lines.contains(f"\n{just_so}\n", autoescape=True), 0),
        (_org.folded.startswith(just_so, autoescape=True), 1),
        else_=2,
    )
    order = (rank, _org.status != "active", ~_ROR, func.length(_org.name), _org.folded, _org.id)
    return list(tx.execute(found.order_by(*order).limit(limit)))


def _having(condition: Any) -> Select[Any]:
    return select(_word.organisation).where(condition)


def by_identifier(tx: Connection, text: str, limit: int = 10) -> list[Row[Any]]:
    """Organisations in any state that bear this identifier, in whatever form it is usually written; those
    that ROR leads first."""
    return list(tx.execute(_BY_ID, {"values": spelt(text), "most": limit}))


def spelt(text: str) -> list[str]:
    """The forms in which an identifier may be kept: a ROR iD and a funder's DOI are written with and without
    address."""
    plain = text.strip()
    found = [plain]
    if ror := re.fullmatch(
        r"(?:https?://)?(?:ror\.org/)?(0[a-z0-9]{6}\d{2})", plain, re.ASCII | re.IGNORECASE
    ):
        found.append(f"https://ror.org/{ror[1].lower()}")
    if funder := re.fullmatch(r"(?:https?://(?:dx\.)?doi\.org/)?10\.13039/(\d+)", plain, re.ASCII):
        found.append(f"http://dx.doi.org/10.13039/{funder[1]}")
    return list(dict.fromkeys(found))


def shown(row: Row[Any]) -> dict[str, Any]:
    """What is told of an organisation: enough to name it in an item."""
    return {
        "name": row.name,
        "city": row.city,
        "region": row.region,
        "country": row.country,
        "url": row.url,
        "types": [kind for kind in row.kinds.split(",") if kind],
        "status": row.status,
        "ids": [{"source": source, "id": value} for source, value in identifiers(row.ids)],
    }
