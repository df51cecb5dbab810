"""Loading items: summaries and full items, whichever comes first, end as one; order is kept."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import Row, delete, select, update

from laelia.codec import json as codec
from laelia.model.common import Item
from laelia.model.language import V3_0
from laelia.model.sections import Section
from laelia.registry import tables
from laelia.registry.access import View, person
from laelia.registry.bulk.records import merge
from laelia.registry.bulk.records.loading import Loading
from laelia.registry.bulk.records.merge import Values
from laelia.registry.bulk.records.parts import Piece
from laelia.registry.record import identifiers, items, listings, store
from laelia.registry.record.items import Prepared
from laelia.registry.record.sources import Sources
from laelia.registry.record.uris import Uris
from laelia.registry.registers import put_codes

_item, _ids = tables.item.c, tables.external_id.c
_KNOWN = select(
    *(column for column in _item if column.name != "body"), _item.body.is_not(None).label("full")
).order_by(_item.id)
_DEFAULT = {"visibility": "private", "display_index": 0}


def put(at: Loading) -> None:
    """Bring the record's items to what the document tells of them."""
    told = [piece for listed in at.parts.lists.values() for piece in listed]
    if not told and not at.replaces:
        return
    known = {(row.section, row.put_code): row for row in _known(at, told)}
    added = [_put(at, piece, known.get((piece.section.name, piece.put_code))) for piece in told]
    new = [piece.put_code for piece, was in zip(told, added, strict=True) if was]
    if new:
        put_codes.start_above(at.tx, max(new))
    if at.replaces:
        _remove(at, [row for key, row in known.items() if key not in _keys(told)])
    for section, pieces in at.parts.lists.items():
        _keep_order(at, section, [piece.put_code for piece in pieces], list(known.values()))


def _keys(told: list[Piece]) -> set[tuple[str, int]]:
    return {(piece.section.name, piece.put_code) for piece in told}


def _known(at: Loading, told: list[Piece]) -> list[Row[Any]]:
    """The rows of what is told of, and of a whole record all."""
    wanted = _KNOWN.where(_item.orcid == at.orcid)
    if len(told) == 1 and not at.parts.whole:
        [piece] = told
        wanted = wanted.where(_item.section == piece.section.name, _item.put_code == piece.put_code)
    return list(at.tx.execute(wanted))


def _put(at: Loading, piece: Piece, row: Row[Any] | None) -> bool:
    """Write one item; says whether it is new."""
    section, said = piece.section, piece.item
    says = merge.source(said.source, at.parts.version)
    perhaps: Values = {
        "visibility": said.visibility,
        "display_index": said.display_index,
        "created": said.created_date,
        "modified": said.last_modified_date,
    }
    values = merge.settled(row, says, perhaps, {**_DEFAULT, **at.times})
    if row is None:
        made = _prepared(at, piece.section, merge.as_full(piece), full=piece.full)
        whose = {"orcid": at.orcid, "section": section.name, "put_code": piece.put_code, "loaded": True}
        store.keep(at.tx, {**whose, **values, **_content(made)}, made.ids)
        at.works += section.name == "works"
        _count(at, "added")
        return True
    better = _better(at, piece, row)
    if better is not None:
        values |= _content(better)
        if perhaps["modified"] is None:
            values["modified"] = at.now
        identifiers.change(at.tx, row.id, row.orcid, row.section, better.ids)
    if values:
        at.tx.execute(update(tables.item).where(_item.id == row.id).values(**values))
    elif merge.is_older(perhaps["modified"], row):
        at.note_older(piece.place)
    _count(at, "changed" if values else "same")
    return False


def _count(at: Loading, became: str) -> None:
    at.done.items[became] += 1
    at.changed = at.changed or became != "same"


def _content(made: Prepared) -> dict[str, Any]:
    return {"summary": made.summary, "body": made.body, "review_group": made.review_group}


def _prepared(at: Loading, section: Section, entity: Item, *, full: bool) -> Prepared:
    made = items.prepare(at.tx, section, entity, as_written=at.parts.tells_normal_forms)
    return made if full else replace(made, body=None)


def _better(at: Loading, piece: Piece, row: Row[Any]) -> Prepared | None:
    """What the item's content becomes by this document; None if it stays as it is.

    The full item wins over a summary of the same date, the later date over the earlier, and what only one of
    two tells is kept beside what the other does.
    """
    section, version = piece.section, at.parts.version
    older = merge.is_older(piece.item.last_modified_date, row)
    later = piece.item.last_modified_date is not None and piece.item.last_modified_date > row.modified
    new = merge.as_full(piece)
    made = _prepared(at, section, new, full=piece.full)
    body = at.tx.execute(select(_item.body).where(_item.id == row.id)).scalar() if row.full else None
    if made.summary == row.summary and made.body in (None, body):
        return None
    before = merge.stored_item(section, row, body)
    same = merge.same_summary(section, before, new, version)
    if section.summary is section.entity:
        return None if older or same else made
    if not piece.full:
        if older or same or (body is not None and not later):
            return None
        return _prepared(at, section, merge.overlaid(section, before, new, version), full=body is not None)
    if body is not None and (older or merge.same(before, new, version)):
        return None
    if older or same:
        new = merge.overlaid(section, new, before, V3_0)
    return _prepared(at, section, new, full=True)


def _remove(at: Loading, rows: list[Row[Any]]) -> None:
    """Take away what a later document of the whole record does not tell of any more."""
    told_of = {section.name for section in at.parts.lists}
    for row in rows:
        if row.section in told_of and at.gone(row):
            at.tx.execute(delete(tables.item).where(_item.id == row.id))
            at.works -= row.section == "works"
            _count(at, "removed")


def _keep_order(at: Loading, section: Section, told: list[int], known: list[Row[Any]]) -> None:
    """Bring the items of a list into its order, where they came in another and that shows.

    Storage order is that of arrival. Most lists are sorted by dates and titles, so that it does not matter.
    """
    numbers = set(told)
    before = {row.put_code: None for row in known if row.section == section.name and row.put_code in numbers}
    stored = [*before, *(number for number in told if number not in before)]
    if stored == told or _shown(at, section, numbers) == told:
        return
    for number in told:
        own = (_item.orcid == at.orcid, _item.section == section.name, _item.put_code == number)
        row = at.tx.execute(select(tables.item).where(*own)).mappings().one()
        ids = at.tx.execute(select(tables.external_id).where(_ids.item == row["id"]).order_by(_ids.position))
        kept = [identifiers.Id(one.type, one.value, one.normal, one.relationship) for one in ids]
        at.tx.execute(delete(tables.item).where(_item.id == row["id"]))
        store.keep(at.tx, {name: value for name, value in row.items() if name != "id"}, kept)
    at.changed = True


def _shown(at: Loading, section: Section, told: set[int]) -> list[int]:
    """The order in which these are listed as they are stored."""
    view = View(person(at.orcid), public=False)
    reading = listings.Reading(at.tx, view, at.row, Uris(""), at.parts.version)
    rows = [row for row in listings.rows_of(reading, section) if row.put_code in told]
    found = listings.listed(reading, section, rows, Sources(at.tx, reading.uris, rows))
    return list(_numbers(orjson.loads(codec.encode(found, at.parts.version))))


def _numbers(document: Any) -> Iterator[int]:
    if isinstance(document, dict):
        if "put-code" in document:
            yield document["put-code"]
        else:
            yield from _numbers(list(document.values()))
    elif isinstance(document, list):
        for one in document:
            yield from _numbers(one)
