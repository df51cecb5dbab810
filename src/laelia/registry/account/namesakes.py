"""People of the same name, for somebody who registers: one of them may be her (registry-ui.md §2.1)."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from laelia.model.sections import BY_NAME
from laelia.registry import tables
from laelia.registry.access import PUBLIC
from laelia.registry.record import read, states
from laelia.registry.record.uris import Uris
from laelia.registry.registers.texts import words

MOST = 5
_name, _record = tables.name.c, tables.record.c


@dataclass(frozen=True, kw_only=True)
class Namesake:
    """What everybody may know of a person: never an address."""

    orcid: str
    name: str
    organisations: list[str]
    created: int


def find(tx: Connection, uris: Uris, given: str, family: str) -> list[Namesake]:
    """The oldest records whose public name is this one, in one of the ways in which names are capitalised."""
    wanted = (
        select(tables.record, _name.given, _name.family)
        .join(tables.name, _name.orcid == _record.orcid)
        .where(
            _name.family.in_(_spelt(family)) if family.strip() else _name.family.is_(None),
            _name.given.in_(_spelt(given)),
            _name.visibility == "public",
            _record.state == "active",
            _record.claimed,
        )
        .order_by(_record.created, _record.orcid)
        .limit(MOST)
    )
    return [
        Namesake(
            orcid=row.orcid,
            name=" ".join(part for part in (row.given, row.family) if part),
            organisations=_organisations(tx, uris, row.orcid),
            created=row.created,
        )
        for row in tx.execute(wanted)
    ]


def alike(given: str, family: str) -> list[str]:
    """The words of a name as they are compared: to see whether somebody wrote another one meanwhile."""
    return [*words(given), "/", *words(family)]


def _spelt(text: str) -> list[str]:
    plain = " ".join(text.split())
    return list(dict.fromkeys([plain, plain.title(), plain.upper(), plain.lower()]))


def _organisations(tx: Connection, uris: Uris, orcid: str) -> list[str]:
    """Where the person works or worked, as far as everybody may know, the latest first."""
    row = states.look(tx, orcid)
    if row is None:
        return []
    at = read.Reading(tx, PUBLIC, row, uris)
    shown, _ = read.pages(at, BY_NAME["employments"], 0, 3)
    found = [getattr(one, "organisation", None) for group in shown for one in group[:1]]
    return [one.name for one in found if one is not None and one.name]


__all__ = ["MOST", "Namesake", "alike", "find"]
