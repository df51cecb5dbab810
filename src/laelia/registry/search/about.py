"""What everybody may know of people, as far as they are found and told apart by it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any

import orjson
from sqlalchemy import Connection, Row, select

from laelia.lib.hot import Hot
from laelia.lib.sql import one_of
from laelia.registry import tables
from laelia.registry.record.sources import shown_name

SECTIONS = ("other-names", "employments", "keywords")
"""The sections of a record that are read for it, beside the names."""

_record, _name, _item = tables.record.c, tables.name.c, tables.item.c
FOUND = (_record.state == "active", _record.claimed)
"""Only who uses her record is found: not those that are locked, closed, merged or not claimed yet."""
_PEOPLE = Hot(
    select(
        _record.orcid,
        _name.given,
        _name.family,
        _name.credit,
        _name.visibility,
    )
    .outerjoin(tables.name, _name.orcid == _record.orcid)
    .where(one_of(_record.orcid, "wanted"), *FOUND)
)
_ITEMS = Hot(
    select(_item.orcid, _item.section, _item.summary)
    .where(
        one_of(_item.orcid, "wanted"),
        one_of(_item.section, "sections"),
        _item.visibility == "public",
    )
    .order_by(_item.orcid, _item.display_index.desc(), _item.created, _item.id)
)


@dataclass(frozen=True, kw_only=True)
class About:
    """One person. `organisations` are those where she works now; where none is said, the last one."""

    orcid: str
    shown: str = ""
    names: tuple[str, ...] = ()
    other_names: list[str] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)


def of(tx: Connection, orcids: Collection[str]) -> dict[str, About]:
    """Those of these people who may be found."""
    wanted = {"wanted": sorted(orcids)}
    people = _PEOPLE.all(tx, wanted)
    if not people:
        return {}
    rows = _ITEMS.all(tx, {**wanted, "sections": SECTIONS})
    items = {orcid: list(hers) for orcid, hers in groupby(rows, attrgetter("orcid"))}
    return {row.orcid: told(row, items.get(row.orcid, ())) for row in people}


def told(row: Row[Any], items: Iterable[Row[Any]]) -> About:
    """What the row of a person and her public items of SECTIONS tell."""
    said: dict[str, list[Mapping[str, Any]]] = {section: [] for section in SECTIONS}
    for one in items:
        said[one.section].append(content(one.summary))
    public = row.visibility == "public"
    return About(
        orcid=row.orcid,
        shown=shown_name(row) if public else "",
        names=tuple(name for name in (row.given, row.family, row.credit) if name) if public else (),
        other_names=_contents(said["other-names"]),
        organisations=_organisations(said["employments"]),
        keywords=_contents(said["keywords"]),
    )


def content(summary: bytes, body: bytes | None = None) -> Mapping[str, Any]:
    """What an item says, in full where it has a body; one that is damaged keeps nobody else from being
    found."""
    try:
        said: dict[str, Any] = orjson.loads(body or b"{%b}" % summary)
    except (ValueError, TypeError):
        return {}
    return said


def _contents(items: Iterable[Mapping[str, Any]]) -> list[str]:
    return [one["content"] for one in items if one.get("content")]


def _organisations(employments: list[Mapping[str, Any]]) -> list[str]:
    """Those without an end, the latest begun first; where all have ended, the one that ended last."""
    current = [one for one in employments if not _date(one, "end-date")]
    if current:
        chosen = sorted(current, key=lambda one: _date(one, "start-date"), reverse=True)
    else:
        chosen = sorted(employments, key=lambda one: _date(one, "end-date"), reverse=True)[:1]
    names = [(one.get("organization") or {}).get("name") for one in chosen]
    return list(dict.fromkeys(name for name in names if name))


def _date(employment: Mapping[str, Any], which: str) -> tuple[str, ...]:
    date = employment.get(which) or {}
    return tuple((date.get(part) or {}).get("value") or "" for part in ("year", "month", "day") if date)
