"""The lists of a record's items as one asker sees them: what is shown, how it is arranged, and the dates.

Dates of lists are those of what is shown in them, so that nothing hidden shows in a date.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Row, bindparam, select

from laelia.codec import json as codec
from laelia.lib.hot import Hot
from laelia.model.common import Container, ExternalId, Item
from laelia.model.language import V3_0, Entity, Raw, Version, describe, shape
from laelia.model.sections import SECTIONS, Listing, Section, member_kind, members_of
from laelia.registry import tables
from laelia.registry.access import View
from laelia.registry.record import groups, summaries
from laelia.registry.record.groups import Group, Member
from laelia.registry.record.sources import Sources
from laelia.registry.record.uris import Uris

_item = tables.item.c
_OF = (
    select(*(column for column in _item if column.name not in ("body", "review_group")))
    .where(_item.orcid == bindparam("of"))
    .order_by(_item.id)
)
_SUMMARIES = Hot(_OF)
_SECTION = Hot(_OF.where(_item.section == bindparam("kind")))


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

    @cached_property
    def rows(self) -> Sequence[Any]:
        """All items of the record without their bodies, in storage order; asked for once in a look."""
        return _SUMMARIES.all(self.tx, {"of": self.orcid})

    @property
    def orcid(self) -> str:
        return str(self.row.orcid)

    def seen(self, rows: Iterable[Any], section: Section) -> list[Any]:
        """Those that the asker sees. A record has few sources, so that the rule is asked few times."""
        judged: dict[tuple[str, str | None], bool] = {}
        found = []
        for row in rows:
            kind = (row.visibility, row.source_client)
            seen = judged.get(kind)
            if seen is None:
                seen = judged[kind] = self.view.sees(row.visibility, section.read_scope, row.source_client)
            if seen:
                found.append(row)
        return found


def rows_of(at: Reading, section: Section | None = None) -> Sequence[Any]:
    """All items of the record without their bodies, or those of one section, in storage order."""
    if section is None:
        return at.rows
    return _SECTION.all(at.tx, {"of": at.orcid, "kind": section.name})


def parts(at: Reading, part: str, rows: Sequence[Any], said: Sources) -> dict[str, Container]:
    """Every list of a person or of the activities, by its attribute there."""
    by_section: dict[str, list[Any]] = {}
    for row in rows:
        by_section.setdefault(row.section, []).append(row)
    return {
        section.attribute: listed(at, section, by_section.get(section.name, ()), said)
        for section in SECTIONS
        if section.part == part and section.lives_in(at.version)
    }


def listed(at: Reading, section: Section, rows: Iterable[Any], said: Sources) -> Container:
    """One section's list."""
    shown = at.seen(rows, section)
    made = _ARRANGED[section.listing](at, section, shown, said)
    return section.container(
        last_modified_date=max((row.modified for row in shown), default=None),
        path=section.path(at.orcid),
        **{members_of(section.container, at.version): made},
    )


def _flat(at: Reading, section: Section, rows: list[Any], said: Sources) -> list[Raw]:
    return [Raw(section.summary, summaries.json(section, row, said)) for row in _in_order(rows)]


def _in_order(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: (-row.display_index, row.created, row.id))


def entries(at: Reading, section: Section) -> list[Item]:
    """What an asker sees of a list of the person, in its order, as entities: for pages."""
    rows = _in_order(at.seen(rows_of(at, section), section))
    said = Sources(at.tx, at.uris, rows)
    return [summaries.whole(section, row, said) for row in rows]


def _groups(at: Reading, section: Section, rows: list[Any], said: Sources) -> list[Raw]:
    frame = _frame(member_kind(section.container), section)
    found = groups.grouped(section, rows, normalised=at.normalised)
    return [_group(frame, section, one, said) for one in found]


def _affiliations(at: Reading, section: Section, rows: list[Any], said: Sources) -> list[Raw]:
    if at.normalised:
        return _groups(at, section, rows, said)
    return _spliced(section, groups.newest_first(section, groups.members(rows)), said)


def _reviews(at: Reading, section: Section, rows: list[Any], said: Sources) -> list[Entity]:
    outer = member_kind(section.container)
    return [
        outer(
            last_modified_date=max(row.modified for row in inside),
            external_ids=[ExternalId(type="peer-review", value=group_id)],
            **{members_of(outer, at.version): _of_group(at, section, inside, said)},
        )
        for group_id, inside in groups.by_group_id(rows, section).items()
    ]


def _of_group(at: Reading, section: Section, rows: list[Any], said: Sources) -> list[Raw]:
    """The reviews of one group; since 3.0 those of the same thing together."""
    if at.normalised:
        frame = _frame(member_kind(member_kind(section.container)), section)
        return [_group(frame, section, one, said) for one in groups.grouped(section, rows, normalised=True)]
    preferred = sorted(groups.members(rows), key=lambda m: -m.row.display_index)
    return _spliced(section, preferred, said)


_ARRANGED: dict[Listing, Callable[[Reading, Section, list[Any], Sources], Sequence[Entity | Raw]]] = {
    "flat": _flat,
    "groups": _groups,
    "affiliations": _affiliations,
    "reviews": _reviews,
}


def _spliced(section: Section, listed: Iterable[Member], said: Sources) -> list[Raw]:
    return [Raw(section.summary, summaries.json(section, member.row, said)) for member in listed]


class Frame(NamedTuple):
    """What stands before, between and after the two lists of a group, and around each member."""

    kind: type[Entity]
    head: bytes
    middle: bytes
    tail: bytes
    around: bytes


@cache
def _frame(kind: type[Entity], section: Section) -> Frame:
    empty: Any = kind
    head, middle, tail = codec.encode(empty(last_modified_date=0), V3_0).split(b"[]")
    several = dict(describe(kind, V3_0))[members_of(kind, V3_0)].choice
    around = b'{"%b":%%b}' % shape(section.summary).name.encode() if several else b"%b"
    return Frame(kind, head.replace(b":0}", b":%d}") + b"[", b"]" + middle + b"[", b"]" + tail, around)


def _group(frame: Frame, section: Section, group: Group, said: Sources) -> Raw:
    """A group as 3.0 JSON, spliced of stored summaries; so is the list that it stands in."""
    inside = b",".join([frame.around % summaries.json(section, m.row, said) for m in group.members])
    ids = b",".join([orjson.dumps(one) for one in group.ids.values()])
    return Raw(frame.kind, b"".join((frame.head % group.modified, ids, frame.middle, inside, frame.tail)))
