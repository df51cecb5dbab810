"""The activities of a record in groups, section by section, from one SELECT: for pages, which show several
sections at once, in the order that somebody asks for."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from laelia.model.common import Item
from laelia.model.sections import SECTIONS, Section
from laelia.registry.record import groups, read
from laelia.registry.record.groups import Group
from laelia.registry.record.listings import Reading, rows_of

_TITLES = (("title", "title", "value"), ("proposal", "title", "title", "value"), ("organization", "name"))
_DAYS = {"distinctions": "start-date", "works": "publication-date", "peer-reviews": "completion-date"}
"""What is dated by a day, not by a time that goes on."""


class Found(NamedTuple):
    """A group with its section, and the id of the group that reviews were done for."""

    section: Section
    group: Group
    under: str = ""


def sections(at: Reading) -> dict[str, list[Found]]:
    """By section what the asker sees, in the groups in which the API of 3.0 shows it."""
    by_section: dict[str, list[Any]] = {}
    for row in rows_of(at):
        by_section.setdefault(row.section, []).append(row)
    return {
        section.name: _of(section, at.seen(by_section.get(section.name, ()), section))
        for section in SECTIONS
        if section.part == "activities"
    }


def _of(section: Section, rows: list[Any]) -> list[Found]:
    if section.listing == "reviews":
        return [
            Found(section, group, under)
            for under, inside in groups.by_group_id(rows, section).items()
            for group in groups.grouped(section, inside, normalised=True)
        ]
    return [Found(section, group) for group in groups.grouped(section, rows, normalised=True)]


def in_order(found: list[Found], order: str) -> list[Found]:
    """Sorted: `newest` and `oldest` by what goes on, then by dates; `title`, `kind` and `source` by text,
    reviews always within what they were done for."""
    key = _ORDERS[order]
    made = sorted(found, key=key, reverse=order == "newest")
    if any(one.under for one in made):
        places = {under: i for i, under in enumerate(dict.fromkeys(one.under for one in made))}
        made.sort(key=lambda one: places[one.under])
    return made


def whole(at: Reading, few: Iterable[Found]) -> list[list[Item]]:
    """These groups with their items in full, one SELECT for each section."""
    listed = list(few)
    by_section: dict[str, tuple[Section, list[int]]] = {}
    for one in listed:
        numbers = by_section.setdefault(one.section.name, (one.section, []))[1]
        numbers += [member.row.put_code for member in one.group.members]
    full = {name: read.several(at, section, numbers) for name, (section, numbers) in by_section.items()}
    made = [[full[one.section.name][m.row.put_code] for m in one.group.members] for one in listed]
    return [[item for item in group if isinstance(item, Item)] for group in made]


def _age(one: Found) -> tuple[str, str]:
    first = one.group.members[0]
    content = first.content.get("proposal") or first.content
    day = _DAYS.get(one.section.name)
    if day is not None:
        return f"1{groups.date_key(content.get(day))}", ""
    return groups.span_key(content.get("end-date"), content.get("start-date"), first.row.created), ""


def _title(one: Found) -> tuple[str, str]:
    content = one.group.members[0].content
    return next((text for path in _TITLES if (text := _text(content, path))), "").casefold(), ""


def _kind(one: Found) -> tuple[str, str]:
    return str(one.group.members[0].content.get("type") or one.section.noun), _title(one)[0]


def _source(one: Found) -> tuple[str, str]:
    row = one.group.members[0].row
    return str(row.source_client or ""), _title(one)[0]


_ORDERS: dict[str, Callable[[Found], tuple[str, str]]] = {
    "newest": _age,
    "oldest": _age,
    "title": _title,
    "kind": _kind,
    "source": _source,
}


def _text(content: Any, path: Sequence[str]) -> str:
    for key in path:
        content = content.get(key) if isinstance(content, dict) else None
    return content if isinstance(content, str) else ""
