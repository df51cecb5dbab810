"""The lists of a record's items as one asker sees them: what is shown, how it is arranged, and the dates.

Dates of lists are those of what is shown in them, so that nothing hidden shows in a date.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from laelia.model.common import Container, ExternalId
from laelia.model.language import V3_0, Entity, Raw, Version
from laelia.model.sections import SECTIONS, Section, member_kind, members_of
from laelia.registry import tables
from laelia.registry.access import View
from laelia.registry.record import groups, summaries
from laelia.registry.record.groups import Group, Member
from laelia.registry.record.sources import Sources
from laelia.registry.record.uris import Uris

_item = tables.item.c
_SUMMARIES = (
    select(*(column for column in _item if column.name != "body"))
    .where(_item.orcid == bindparam("of"))
    .order_by(_item.id)
)
_SECTION = _SUMMARIES.where(_item.section == bindparam("kind"))


@dataclass(frozen=True)
class Reading:
    """One look at one record. `row` is the record's, `version` says what there is and how it is grouped."""

    tx: Connection
    view: View
    row: Row[Any]
    uris: Uris
    version: Version = V3_0

    @property
    def normalised(self) -> bool:
        """Since 3.0 items group by the normal forms of their identifiers."""
        return self.version is V3_0

    @property
    def orcid(self) -> str:
        return str(self.row.orcid)

    def seen(self, rows: Iterable[Row[Any]], section: Section) -> list[Row[Any]]:
        scope = section.read_scope
        return [row for row in rows if self.view.sees(row.visibility, scope, row.source_client)]


def rows_of(at: Reading, section: Section | None = None) -> Sequence[Row[Any]]:
    """All items of the record without their bodies, or those of one section, in storage order."""
    if section is None:
        return at.tx.execute(_SUMMARIES, {"of": at.orcid}).all()
    return at.tx.execute(_SECTION, {"of": at.orcid, "kind": section.name}).all()


def parts(at: Reading, part: str, rows: Sequence[Row[Any]], said: Sources) -> dict[str, Container]:
    """Every list of a person or of the activities, by its attribute there."""
    by_section: dict[str, list[Row[Any]]] = {}
    for row in rows:
        by_section.setdefault(row.section, []).append(row)
    return {
        section.attribute: listed(at, section, by_section.get(section.name, ()), said)
        for section in SECTIONS
        if section.part == part and section.lives_in(at.version)
    }


def listed(at: Reading, section: Section, rows: Iterable[Row[Any]], said: Sources) -> Container:
    """One section's list."""
    shown = at.seen(rows, section)
    made = _ARRANGED[section.listing](at, section, shown, said)
    return section.container(
        last_modified_date=max((row.modified for row in shown), default=None),
        path=section.path(at.orcid),
        **{members_of(section.container, at.version): made},
    )


def _flat(at: Reading, section: Section, rows: list[Row[Any]], said: Sources) -> list[Raw]:
    ordered = sorted(rows, key=lambda row: (-row.display_index, row.created, row.id))
    return [summaries.raw(section, row, said) for row in ordered]


def _groups(at: Reading, section: Section, rows: list[Row[Any]], said: Sources) -> list[Entity]:
    kind = member_kind(section.container)
    return [
        _group(kind, section, one, said) for one in groups.grouped(section, rows, normalised=at.normalised)
    ]


def _affiliations(
    at: Reading, section: Section, rows: list[Row[Any]], said: Sources
) -> list[Entity] | list[Raw]:
    if at.normalised:
        return _groups(at, section, rows, said)
    ordered = groups.newest_first(section, groups.members(rows))
    return _spliced(section, ordered, said)


def _reviews(at: Reading, section: Section, rows: list[Row[Any]], said: Sources) -> list[Entity]:
    outer = member_kind(section.container)
    return [
        outer(
            last_modified_date=max(row.modified for row in inside),
            external_ids=[ExternalId(type="peer-review", value=group_id)],
            **{members_of(outer, at.version): _of_group(at, section, inside, said)},
        )
        for group_id, inside in groups.by_group_id(rows, section).items()
    ]


def _of_group(at: Reading, section: Section, rows: list[Row[Any]], said: Sources) -> list[Entity] | list[Raw]:
    """The reviews of one group; since 3.0 those of the same thing together."""
    if at.normalised:
        inner = member_kind(member_kind(section.container))
        return [_group(inner, section, one, said) for one in groups.grouped(section, rows, normalised=True)]
    preferred = sorted(groups.members(rows), key=lambda m: -m.row.display_index)
    return _spliced(section, preferred, said)


_ARRANGED = {"flat": _flat, "groups": _groups, "affiliations": _affiliations, "reviews": _reviews}


def _group(kind: type[Entity], section: Section, group: Group, said: Sources) -> Entity:
    return kind(
        last_modified_date=group.modified,
        external_ids=group.external_ids(),
        **{members_of(kind, V3_0): _spliced(section, group.members, said)},
    )


def _spliced(section: Section, listed: Iterable[Member], said: Sources) -> list[Raw]:
    return [summaries.raw(section, member.row, said) for member in listed]
