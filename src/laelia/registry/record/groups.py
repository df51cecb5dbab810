"""Grouping (orcid-api §5): items that share an external id are one group, transitively.

Items are filtered before they are grouped, so that nothing that can't be seen shows in what is grouped with
what.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from laelia.codec import json as codec
from laelia.model.common import ExternalId
from laelia.model.language import V3_0
from laelia.registry.record import summaries

Key = tuple[str, str]


@dataclass
class Member:
    """One item of a group: its row and its parsed content."""

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


def grouped(rows: Sequence[Row[Any]], *, normalised: bool) -> list[Group]:
    """The groups of these items, preferred item first, newest group first. `normalised`: compare normalised
    values and let versions of one thing group, as since 3.0; else raw values, and versions stay apart."""
    groups: list[Group] = []
    by_key: dict[Key, Group] = {}
    for row in rows:
        member = Member(row, summaries.content(row))
        keys = dict(_keys(member.content, normalised))
        group = _joined([by_key[k] for k in keys if k in by_key], groups, by_key)
        group.members.append(member)
        for key, said in keys.items():
            group.ids.setdefault(key, said)
            by_key[key] = group
    for group in groups:
        group.members.sort(key=lambda m: (-m.row.display_index, m.row.created, m.row.id))
    return sorted(groups, key=_place)


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


def _keys(content: dict[str, Any], normalised: bool) -> Iterator[tuple[Key, dict[str, Any]]]:
    for said in (content.get("external-ids") or {}).get("external-id", ()):
        relationship, value = said["external-id-relationship"], said["external-id-value"]
        apart = ("part-of", "funded-by") if normalised else ("part-of", "version-of")
        if not value or relationship in apart:
            continue
        if normalised and said.get("external-id-normalized"):
            value = said["external-id-normalized"]["value"]
        yield (said["external-id-type"], value), said


def _place(group: Group) -> tuple[Any, ...]:
    """Newest publication first, what has no date last; then by title and type."""
    said = group.members[0].content
    published = said.get("publication-date") or {}
    parts = [(published.get(p) or {}).get("value") for p in ("year", "month", "day")]
    title = ((said.get("title") or {}).get("title") or {}).get("value")
    newest = tuple(-int(part) if part and part.isdigit() else 1 for part in parts)
    return (*newest, title is None, title or "", said.get("type") or "")
