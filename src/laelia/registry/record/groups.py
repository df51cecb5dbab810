"""Grouping (orcid-api §5): items that share an external id are one group, transitively.

Items are filtered before they are grouped, so that nothing that can't be seen shows in what is grouped with
what. Which items end together does not depend on the order in which they came.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from laelia.codec import json as codec
from laelia.model.common import ExternalId
from laelia.model.language import V3_0
from laelia.model.sections import Section
from laelia.registry.record import summaries

Key = tuple[str, str]
_PARTS = ("year", "month", "day")


@dataclass(frozen=True)
class Member:
    """One item: its row and its parsed content."""

    row: Row[Any]
    content: dict[str, Any]


@dataclass
class Group:
    """`ids` are those the members share or could share, as the first member that has them wrote them."""

    members: list[Member] = field(default_factory=list)
    ids: dict[Key, dict[str, Any]] = field(default_factory=dict)

    @property
    def modified(self) -> int:
        return max(int(member.row.modified) for member in self.members)

    def external_ids(self) -> list[ExternalId]:
        return [codec.from_document(ExternalId, said, V3_0, strict=False) for said in self.ids.values()]


def members(rows: Iterable[Row[Any]]) -> list[Member]:
    return [Member(row, summaries.content(row)) for row in rows]


def grouped(section: Section, rows: Iterable[Row[Any]], *, normalised: bool) -> list[Group]:
    """The groups of these items, the preferred item first. `normalised`: compare normalised values and let
    versions of one thing group, as since 3.0; else raw values, and versions stay apart."""
    if section.listing == "groups":
        found = _joined_up(section, members(rows), normalised)
        for group in found:
            group.members.sort(key=lambda m: (-m.row.display_index, m.row.created, m.row.id))
        return sorted(found, key=lambda g: _by_date_and_title(section, g)) if section.newest_by else found
    found = _joined_up(section, newest_first(section, members(rows)), normalised)
    if section.listing == "affiliations":
        for group in found:
            group.members.sort(key=lambda m: -m.row.display_index)
    return found


def newest_first(section: Section, listed: list[Member]) -> list[Member]:
    """In storage order, or by the section's dates: what goes on before what has ended."""
    return sorted(listed, key=lambda m: _age(section, m)) if section.newest_by else listed


def by_group_id(rows: Iterable[Row[Any]], section: Section) -> dict[str, list[Row[Any]]]:
    """Peer reviews by the id of the group they were done for, the newest review's group first."""
    found: dict[str, list[Row[Any]]] = {}
    for member in newest_first(section, members(rows)):
        found.setdefault(str(member.content.get("review-group-id") or ""), []).append(member.row)
    return found


def _joined_up(section: Section, listed: Sequence[Member], normalised: bool) -> list[Group]:
    groups: list[Group] = []
    by_key: dict[Key, Group] = {}
    for member in listed:
        keys = dict(_keys(section, member.content, normalised))
        group = _joined([by_key[k] for k in keys if k in by_key], groups, by_key)
        group.members.append(member)
        for key, said in keys.items():
            group.ids.setdefault(key, said)
            by_key[key] = group
    return groups


def _joined(found: list[Group], groups: list[Group], by_key: dict[Key, Group]) -> Group:
    """The one group that a new item belongs to; several that it connects become one."""
    if not found:
        groups.append(Group())
        return groups[-1]
    first = found[0]
    for other in found[1:]:
        if other is not first and other.members:
            first.members += other.members
            first.ids.update(other.ids)
            by_key.update(dict.fromkeys(other.ids, first))
            other.members = []
            groups.remove(other)
    return first


def _keys(
    section: Section, content: dict[str, Any], normalised: bool
) -> Iterator[tuple[Key, dict[str, Any]]]:
    found: Any = content
    for name in section.ids:
        found = found.get(name.replace("_", "-")) or {}
    for said in found.get("external-id", ()):
        relationship, value = said["external-id-relationship"], said["external-id-value"]
        apart = ("part-of", "funded-by") if normalised else ("part-of", "version-of")
        if not value or relationship in apart:
            continue
        if normalised and said.get("external-id-normalized"):
            value = said["external-id-normalized"]["value"]
        yield (said["external-id-type"], value), said


def _age(section: Section, member: Member) -> tuple[int, ...]:
    """Smaller is newer. Of two dates the first is an end: what has none goes on; what has no date at all
    stands before that, the latest addition first."""
    dates = [_date(member.content, name) for name in section.newest_by]
    if len(dates) == 1:
        return _newer(dates[0])
    end, start = dates
    if end:
        return (2, *_newer(end), *_newer(start))
    return (1, *_newer(start)) if start else (0, -member.row.created)


def _date(content: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = content.get(name.replace("_", "-")) or {}
    return found


def _newer(date: dict[str, Any]) -> tuple[int, ...]:
    """A part that is not known counts as the earliest."""
    parts = [(date.get(part) or {}).get("value") for part in _PARTS]
    return tuple(-int(part) if part and part.isdigit() else 1 for part in parts)


def _by_date_and_title(section: Section, group: Group) -> tuple[Any, ...]:
    """Newest publication first, what has no date last; then by title and type."""
    said = group.members[0].content
    title = ((said.get("title") or {}).get("title") or {}).get("value")
    return (*_newer(_date(said, section.newest_by[0])), title is None, title or "", said.get("type") or "")
