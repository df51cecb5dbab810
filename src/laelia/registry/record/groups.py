"""Grouping (orcid-api §5): items that share an external id are one group, transitively.

Items are filtered before they are grouped, so that nothing that can't be seen shows in what is grouped with
what. Which items end together does not depend on the order in which they came.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from laelia.model.sections import Section
from laelia.registry.record import summaries

Key = tuple[str, str]


class Member(NamedTuple):
    """One item: its row, its parsed content, and what it is grouped by, with how it said so."""

    row: Any
    content: dict[str, Any]
    keys: dict[Key, dict[str, Any]] = {}


@dataclass
class Group:
    members: list[Member] = field(default_factory=list)

    @property
    def ids(self) -> dict[Key, dict[str, Any]]:
        """What the members share or could share, as the first that has it wrote it: in the order in which
        they are shown, which is the same in whichever order they came."""
        if len(self.members) == 1:
            return self.members[0].keys
        found: dict[Key, dict[str, Any]] = {}
        for member in self.members:
            for key, said in member.keys.items():
                found.setdefault(key, said)
        return found

    @property
    def modified(self) -> int:
        return max([int(member.row.modified) for member in self.members])


def members(rows: Iterable[Any]) -> list[Member]:
    return [Member(row, summaries.content(row)) for row in rows]


def grouped(section: Section, rows: Iterable[Any], *, normalised: bool) -> list[Group]:
    """The groups of these items, the preferred item first. `normalised`: compare normalised values and let
    versions of one thing group, as since 3.0; else raw values, and versions stay apart."""
    if section.listing != "groups":
        found = _joined_up(section, newest_first(section, members(rows)), normalised)
        _prefer(found, lambda m: -m.row.display_index)
        return found
    found = _joined_up(section, members(rows), normalised)
    _prefer(found, lambda m: (-m.row.display_index, m.row.created, m.row.id))
    if section.newest_by:
        found.sort(key=_title_and_type)
        found.sort(key=lambda group: _age(section, group.members[0]), reverse=True)
    return found


def _prefer(found: list[Group], key: Callable[[Member], Any]) -> None:
    for group in found:
        if len(group.members) > 1:
            group.members.sort(key=key)


def newest_first(section: Section, listed: list[Member]) -> list[Member]:
    """In storage order, or by the section's dates: what goes on before what has ended."""
    if not section.newest_by:
        return listed
    return sorted(listed, key=lambda member: _age(section, member), reverse=True)


def by_group_id(rows: Iterable[Any], section: Section) -> dict[str, list[Any]]:
    """Peer reviews by the id of the group they were done for, the newest review's group first."""
    found: dict[str, list[Any]] = {}
    for member in newest_first(section, members(rows)):
        found.setdefault(str(member.content.get("review-group-id") or ""), []).append(member.row)
    return found


def _joined_up(section: Section, listed: Sequence[Member], normalised: bool) -> list[Group]:
    groups: list[Group] = []
    by_key: dict[Key, Group] = {}
    path = [name.replace("_", "-") for name in section.ids]
    apart = ("part-of", "funded-by") if normalised else ("part-of", "version-of")
    for member in listed:
        keys = _keys(member.content, path, apart, normalised)
        # What its owner took out of a group stands alone, whatever it shares with others.
        joins = () if member.row.apart else keys
        group: Group | None = None
        for key in joins:
            known = by_key.get(key)
            if known is not None and known is not group:
                group = known if group is None else _merged(group, known, groups, by_key)
        if group is None:
            group = Group()
            groups.append(group)
        group.members.append(Member(member.row, member.content, keys))
        for key in joins:
            by_key[key] = group
    return groups


def _merged(first: Group, other: Group, groups: list[Group], by_key: dict[Key, Group]) -> Group:
    """Two groups that an item connects are one; which stood first stays where it was."""
    if groups.index(other) < groups.index(first):
        first, other = other, first
    for member in other.members:
        by_key.update(dict.fromkeys(member.keys, first))
    first.members += other.members
    groups.remove(other)
    return first


def _keys(
    content: dict[str, Any], path: list[str], apart: tuple[str, ...], normalised: bool
) -> dict[Key, dict[str, Any]]:
    """What an item is grouped by, with how it said so; a part of another thing and its funding are none."""
    found: Any = content
    for name in path:
        found = found.get(name)
        if not found:
            return {}
    keys = {}
    for said in found["external-id"]:
        value = said["external-id-value"]
        if value and said["external-id-relationship"] not in apart:
            normal = said.get("external-id-normalized") if normalised else None
            keys[said["external-id-type"], normal["value"] if normal else value] = said
    return keys


def _age(section: Section, member: Member) -> str:
    """Greater is newer. Of two dates the first is an end: what has none goes on; what has no date at all
    stands before that, the latest addition first."""
    dates = [member.content.get(name.replace("_", "-")) for name in section.newest_by]
    return date_key(dates[0]) if len(dates) == 1 else span_key(dates[0], dates[1], member.row.created)


def span_key(end: dict[str, Any] | None, start: dict[str, Any] | None, created: int) -> str:
    """By which spans are sorted: greater is newer, what goes on is newer than what has ended."""
    if end:
        return f"1{date_key(end)}{date_key(start)}"
    return f"2{date_key(start)}" if start else f"3{created:015}"


def date_key(date: dict[str, Any] | None) -> str:
    """By which dates are sorted. A part that is not known counts as the earliest."""
    if not date:
        return ""
    year, month, day = date["year"], date["month"], date["day"]
    return f"{year['value']}-{month['value'] if month else '00'}-{day['value'] if day else '00'}"


def _title_and_type(group: Group) -> tuple[Any, ...]:
    said = group.members[0].content
    title = ((said.get("title") or {}).get("title") or {}).get("value")
    return (title is None, title or "", said.get("type") or "")
