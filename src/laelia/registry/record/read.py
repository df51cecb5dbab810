"""Whole views of a record as one asker sees them: record, person, activities, one section, several items."""

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row, bindparam, select

from laelia.model.activities import ActivitiesSummary
from laelia.model.common import Container, Item, Source
from laelia.model.person import Emails, Person
from laelia.model.record import History, Preferences, Record
from laelia.model.sections import Section
from laelia.registry import tables
from laelia.registry.record import groups, items, person_views
from laelia.registry.record.listings import Reading, listed, parts, rows_of
from laelia.registry.record.sources import COLUMNS, Sources

__all__ = [
    "Reading",
    "activities",
    "emails",
    "listing",
    "pages",
    "person",
    "preferred",
    "record",
    "several",
]
AT_ONCE = 200
"""Items in full that are held in memory while a long list of them is written."""

_item = tables.item.c
_WHOLE = (
    select(tables.item)
    .where(
        _item.orcid == bindparam("of"),
        _item.section == bindparam("kind"),
        _item.put_code.in_(bindparam("numbers", expanding=True)),
    )
    .order_by(_item.id)
)


def record(at: Reading, rows: Sequence[Any] | None = None) -> Record:
    """Everything at once; or as if only these `rows` of its items were there."""
    row, rows = at.row, rows_of(at) if rows is None else rows
    said = Sources(at.tx, at.uris, rows)
    known = person_views.addresses(at.tx, at.orcid)
    return Record(
        orcid_identifier=at.uris.orcid(at.orcid),
        preferences=Preferences(locale=row.locale),
        history=History(
            creation_method=row.creation_method,
            completion_date=row.completed,
            submission_date=row.created,
            last_modified_date=row.modified,
            claimed=row.claimed,
            source=_source(at),
            deactivation_date=row.deactivated,
            verified_email=row.verified_email or any(email.verified for email in known),
            verified_primary_email=row.verified_primary_email
            or any(email.verified and email.is_primary for email in known),
        ),
        person=person_views.person(at, rows, said, known),
        activities_summary=_activities(at, rows, said),
        path=f"/{at.orcid}",
    )


def _source(at: Reading) -> Source | None:
    """Who made the record, where it was not its owner."""
    row = at.row
    if row.creator is None and row.source_orcid is None:
        return None
    nobody = dict.fromkeys(COLUMNS)
    made_by = {"source_client": row.creator, "source_orcid": row.source_orcid, "source_name": row.source_name}
    maker = SimpleNamespace(**{**nobody, **made_by})
    return Sources(at.tx, at.uris, [maker]).of(maker)


def person(at: Reading) -> Person:
    rows = rows_of(at)
    return person_views.person(at, rows, Sources(at.tx, at.uris, rows))


def emails(at: Reading) -> Emails:
    return person_views.emails(at, person_views.addresses(at.tx, at.orcid))


def activities(at: Reading) -> ActivitiesSummary:
    """All sections, from one SELECT."""
    rows = rows_of(at)
    return _activities(at, rows, Sources(at.tx, at.uris, rows))


def _activities(at: Reading, rows: Sequence[Row[Any]], said: Sources) -> ActivitiesSummary:
    lists = parts(at, "activities", rows, said)
    dates = [one.last_modified_date for one in lists.values() if one.last_modified_date is not None]
    return ActivitiesSummary(
        last_modified_date=max(dates, default=None),
        path=f"/{at.orcid}/activities",
        **lists,  # type: ignore[arg-type]  # each list under its own attribute
    )


def listing(at: Reading, section: Section) -> Container:
    """One section."""
    rows = rows_of(at, section)
    return listed(at, section, rows, Sources(at.tx, at.uris, rows))


def several(at: Reading, section: Section, put_codes: Sequence[int]) -> dict[int, Item | Exception]:
    """Those of the asked items that are on this record, in storage order; one that is not shown is the
    problem."""
    asked = {"of": at.orcid, "kind": section.name, "numbers": list(put_codes)}
    rows = at.tx.execute(_WHOLE, asked).all()
    said = Sources(at.tx, at.uris, rows)
    found: dict[int, Item | Exception] = {}
    for row in rows:
        obstacle = at.view.obstacle(row.visibility, section.read_scope, row.source_client)
        found[row.put_code] = obstacle or items.whole(section, row, said)
    return found


def preferred(at: Reading, section: Section) -> Iterator[Item]:
    """The preferred item of every group in full, in the order of the list."""
    shown = groups.grouped(section, at.seen(rows_of(at, section), section), normalised=at.normalised)
    numbers = [group.members[0].row.put_code for group in shown]
    for start in range(0, len(numbers), AT_ONCE):
        few = numbers[start : start + AT_ONCE]
        found = several(at, section, few)
        yield from (one for one in (found[number] for number in few) if isinstance(one, Item))


def pages(at: Reading, section: Section, start: int, count: int) -> tuple[list[list[Item]], int]:
    """Some groups with their items in full, the preferred one first, and how many groups there are: for
    pages."""
    rows = rows_of(at, section)
    found = groups.grouped(section, at.seen(rows, section), normalised=True)
    shown = found[start : start + count]
    numbers = [member.row.put_code for group in shown for member in group.members]
    full = several(at, section, numbers)
    made = [[full[member.row.put_code] for member in group.members] for group in shown]
    return [[one for one in group if isinstance(one, Item)] for group in made], len(found)
