"""Whole views of a record as one asker sees them: record, person, activities, one section's groups.

Dates of lists are those of what is shown in them, so that nothing hidden shows in a date.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from laelia.model.activities import ActivitiesSummary, empty_activities
from laelia.model.common import Container, Item
from laelia.model.record import History, Preferences, Record
from laelia.model.sections import SECTIONS, Section
from laelia.registry import tables
from laelia.registry.access import View
from laelia.registry.record import groups, items, person_views, sources, summaries
from laelia.registry.record.uris import Uris

_item = tables.item.c
_SUMMARIES = (
    select(*(column for column in _item if column.name != "body"))
    .where(_item.orcid == bindparam("of"))
    .order_by(_item.id)
)
_SECTION = _SUMMARIES.where(_item.section == bindparam("kind"))
_WHOLE = (
    select(tables.item)
    .where(
        _item.orcid == bindparam("of"),
        _item.section == bindparam("kind"),
        _item.put_code.in_(bindparam("numbers", expanding=True)),
    )
    .order_by(_item.id)
)


@dataclass(frozen=True)
class Reading:
    """One look at one record. `row` is the record's, `normalised` says how items are grouped (3.0, or
    before)."""

    tx: Connection
    view: View
    row: Row[Any]
    uris: Uris
    normalised: bool = True

    @property
    def orcid(self) -> str:
        return str(self.row.orcid)

    def seen(self, rows: Iterable[Row[Any]], section: Section) -> list[Row[Any]]:
        scope = section.read_scope
        return [row for row in rows if self.view.sees(row.visibility, scope, row.source_client)]


def record(at: Reading) -> Record:
    """Everything at once."""
    row = at.row
    found = person_views.emails(at.tx, at.orcid)
    return Record(
        orcid_identifier=at.uris.orcid(at.orcid),
        preferences=Preferences(locale=row.locale),
        history=History(
            creation_method=row.creation_method,
            completion_date=row.completed,
            submission_date=row.created,
            last_modified_date=row.modified,
            claimed=row.claimed,
            deactivation_date=row.deactivated,
            verified_email=any(email.verified for email in found),
            verified_primary_email=any(email.verified and email.is_primary for email in found),
        ),
        person=person_views.person(at.tx, at.view, at.orcid, at.uris, found),
        activities_summary=activities(at),
        path=f"/{at.orcid}",
    )


def activities(at: Reading) -> ActivitiesSummary:
    """All sections, from one SELECT."""
    rows = at.tx.execute(_SUMMARIES, {"of": at.orcid}).all()
    said = sources.Sources(at.tx, at.uris, rows)
    frame = empty_activities(at.orcid)
    dates: list[int] = []
    for section in SECTIONS:
        filled = _filled(at, section, [row for row in rows if row.section == section.name], said)
        setattr(frame, section.name.replace("-", "_"), filled)
        if filled.last_modified_date is not None:
            dates.append(filled.last_modified_date)
    frame.last_modified_date = max(dates, default=None)
    return frame


def listing(at: Reading, section: Section) -> Container:
    """The groups of one section."""
    rows = at.tx.execute(_SECTION, {"of": at.orcid, "kind": section.name}).all()
    return _filled(at, section, rows, sources.Sources(at.tx, at.uris, rows))


def _filled(at: Reading, section: Section, rows: Sequence[Row[Any]], said: sources.Sources) -> Container:
    found = groups.grouped(at.seen(rows, section), normalised=at.normalised)
    member = section.summary.__name__
    made = [
        section.group(
            last_modified_date=group.modified,
            external_ids=group.external_ids(),
            **{_snake(member): [summaries.raw(section, m.row, said) for m in group.members]},
        )
        for group in found
    ]
    latest = max((group.modified for group in found), default=None)
    return section.container(last_modified_date=latest, group=made, path=section.path(at.orcid))  # type: ignore[return-value]


def _snake(name: str) -> str:
    """`WorkSummary` → `work_summary`, the name of the list in its group."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def several(at: Reading, section: Section, put_codes: Sequence[int]) -> dict[int, Item | Exception]:
    """Those of the asked items that are on this record, in storage order; one that is not shown is the
    problem."""
    asked = {"of": at.orcid, "kind": section.name, "numbers": list(put_codes)}
    rows = at.tx.execute(_WHOLE, asked).all()
    said = sources.Sources(at.tx, at.uris, rows)
    found: dict[int, Item | Exception] = {}
    for row in rows:
        obstacle = at.view.obstacle(row.visibility, section.read_scope, row.source_client)
        found[row.put_code] = obstacle or items.whole(section, row, said)
    return found


def pages(at: Reading, section: Section, start: int, count: int) -> tuple[list[list[Item]], int]:
    """Some groups with their items in full, the preferred one first, and how many groups there are: for
    pages."""
    rows = at.tx.execute(_SECTION, {"of": at.orcid, "kind": section.name}).all()
    found = groups.grouped(at.seen(rows, section), normalised=True)
    shown = found[start : start + count]
    numbers = [member.row.put_code for group in shown for member in group.members]
    full = several(at, section, numbers)
    made = [[full[member.row.put_code] for member in group.members] for group in shown]
    return [[one for one in group if isinstance(one, Item)] for group in made], len(found)
