"""People of a name: for somebody who registers, one of whom may be her (registry-ui.md §2.1), and for her who
looks for one she trusts. A name is the same in whatever case and with or without accents."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select
from tantivy import Occur, Query

from laelia.lib.sql import one_of
from laelia.model.sections import BY_NAME
from laelia.registry import tables
from laelia.registry.access import PUBLIC
from laelia.registry.record import read, states
from laelia.registry.record.uris import Uris
from laelia.registry.registers.texts import words
from laelia.registry.search import about
from laelia.registry.search.fields import NAMES, place_of
from laelia.registry.search.reader import Reader, Sorting
from laelia.registry.search.schema import schema

MOST = 5
LOOKED_AT = 200
"""Of those who have all the words among their names, the oldest records; more share no name in earnest."""
_OLDEST = Sorting(place_of("profile-submission-date"), descending=False)
_name, _record = tables.name.c, tables.record.c


@dataclass(frozen=True, kw_only=True)
class Namesake:
    """What everybody may know of a person: never an address."""

    orcid: str
    name: str
    organisations: list[str]
    created: int


def find(reader: Reader, tx: Connection, uris: Uris, given: str, family: str) -> list[Namesake]:
    """The oldest records whose public name is this one. Unready while the index is made."""
    return [
        Namesake(
            orcid=row.orcid,
            name=" ".join(part for part in (row.given, row.family) if part),
            organisations=_organisations(tx, uris, row.orcid),
            created=row.created,
        )
        for row in bearing(reader, tx, f"{given} {family}")
        if alike(row.given or "", row.family or "") == alike(given, family)
    ][:MOST]


def bearing(reader: Reader, tx: Connection, name: str) -> list[Row[Any]]:
    """Rows of the names, with `created`, of the active people who show exactly this one, as their given and
    family names or as the one they publish under; the oldest records first. Unready while the index is
    made."""
    wanted = words(name)
    if not wanted:
        return []
    terms = [(Occur.Must, Query.term_query(schema(), NAMES, word)) for word in dict.fromkeys(wanted)]
    found = reader.find(Query.boolean_query(terms), 0, LOOKED_AT, _OLDEST)
    # What counts is read now: the index may be a moment older than a name that was just hidden.
    rows = tx.execute(
        select(tables.name, _record.created)
        .join(tables.record, _name.orcid == _record.orcid)
        .where(
            one_of(_name.orcid, "wanted"),
            _name.visibility == "public",
            *about.FOUND,
        )
        .order_by(_record.created, _record.orcid),
        {"wanted": [one["orcid"][0] for one in found.people]},
    )
    return [row for row in rows if wanted in _names(row)]


def _names(row: Row[Any]) -> list[list[str]]:
    return [words(f"{row.given or ''} {row.family or ''}"), words(row.credit or "")]


def alike(given: str, family: str) -> list[str]:
    """The words of a name as they are compared: to see whether somebody wrote another one meanwhile."""
    return [*words(given), "/", *words(family)]


def _organisations(tx: Connection, uris: Uris, orcid: str) -> list[str]:
    """Where the person works or worked, as far as everybody may know, the latest first."""
    row = states.look(tx, orcid)
    if row is None:
        return []
    at = read.Reading(tx, PUBLIC, row, uris)
    shown, _ = read.pages(at, BY_NAME["employments"], 0, 3)
    found = [getattr(one, "organisation", None) for group in shown for one in group[:1]]
    return [one.name for one in found if one is not None and one.name]
