"""Items of any section: add, change, delete, read one. What is checked with the database's help is checked
here.

The record's row is locked first, in a statement of its own. `place` alone writes an item's rows.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from laelia.codec import json as codec
from laelia.model.common import Item
from laelia.model.language import V3_0
from laelia.model.problems import NoSuchItem, TooManyWorks, VisibilityChange, WrongArgument
from laelia.model.sections import BY_NAME, WORKS_LIMIT, Section
from laelia.registry import tables
from laelia.registry.access import Principal, View, require_source, require_visible
from laelia.registry.record import changes, identifiers, sources, states, store, summaries

_item = tables.item.c
_ENVELOPE = (
    "created_date",
    "last_modified_date",
    "source",
    "put_code",
    "path",
    "visibility",
    "display_index",
)

_ONE = select(tables.item).where(
    _item.orcid == bindparam("of"), _item.section == bindparam("kind"), _item.put_code == bindparam("number")
)
_ELSEWHERE = select(_item.section).where(
    _item.orcid == bindparam("of"), _item.put_code == bindparam("number")
)
_CHANGE = (
    update(tables.item)
    .where(_item.id == bindparam("row"))
    .values(summary=bindparam("said"), body=bindparam("whole"), modified=bindparam("at"))
)
_DELETE = delete(tables.item).where(_item.id == bindparam("row"))


def add(
    tx: Connection,
    now: int,
    who: Principal,
    orcid: str,
    section: Section,
    entity: Item,
    *,
    normalised: bool = True,
) -> int:
    """Put a new item on a record whose shape and rules have been checked; returns its put-code.

    Raises Duplicate (9021) and TooManyWorks (9048). On a claimed record the owner's default visibility
    counts, not what was sent; `normalised` False compares identifiers as 2.x does.
    """
    record = states.lock(tx, orcid)
    if record is None:
        raise NoSuchItem(what="record", id=orcid)
    return add_locked(tx, now, who, record, section, entity, normalised=normalised)


def add_locked(
    tx: Connection,
    now: int,
    who: Principal,
    record: Row[Any],
    section: Section,
    entity: Item,
    *,
    normalised: bool = True,
) -> int:
    """The same for a record that this transaction has locked already."""
    ids = identifiers.prepare(entity)
    if who.kind != "person":
        identifiers.refuse(tx, who, record.orcid, section, ids, normalised=normalised)
    room(record, section, 1)
    sent = entity.visibility or "private"
    return place(
        tx,
        record.orcid,
        section,
        entity,
        source=sources.columns(who),
        visibility=record.default_visibility if record.claimed else sent,
        display_index=0 if who.kind == "person" else 1,
        created=now,
        modified=now,
        who=who,
        ids=ids,
    )


def room(record: Row[Any], section: Section, more: int) -> None:
    """Raises 9048 when the record can't hold that many more (orcid-api §1.4: works only)."""
    if section.name == "works" and record.works + more > WORKS_LIMIT:
        raise TooManyWorks(orcid=record.orcid, limit=WORKS_LIMIT)


def place(
    tx: Connection,
    orcid: str,
    section: Section,
    entity: Item,
    *,
    source: Mapping[str, str | None],
    visibility: str,
    display_index: int,
    created: int,
    modified: int,
    who: Principal,
    put_code: int | None = None,
    ids: list[identifiers.Id] | None = None,
) -> int:
    """Write an item's rows as told, without any check: `add`, fixtures and loads end here. Returns the
    put-code."""
    ids = identifiers.prepare(entity) if ids is None else ids
    summary, body = _stored(section, entity)
    row = {
        "orcid": orcid,
        "section": section.name,
        "visibility": visibility,
        "display_index": display_index,
        "created": created,
        "modified": modified,
        "summary": summary,
        "body": body,
        **source,
    }
    return store.insert(tx, who, row, ids, put_code)


def _stored(section: Section, entity: Item) -> tuple[bytes, bytes]:
    """An item as kept: the content of its summary, and its body without envelope."""
    for name in _ENVELOPE:
        setattr(entity, name, None)
    return summaries.summarise(section, entity), codec.encode(entity, V3_0)


def find(tx: Connection, orcid: str, section: Section, put_code: int) -> Row[Any]:
    """The row of one item; 9006 when the number is that of another kind of item on this record, else 9016."""
    row = tx.execute(_ONE, {"of": orcid, "kind": section.name, "number": put_code}).first()
    if row is None:
        other = tx.execute(_ELSEWHERE, {"of": orcid, "number": put_code}).scalar()
        if other is not None and other in BY_NAME:
            raise WrongArgument(f"{put_code} is a {BY_NAME[other].item_path}, not a {section.item_path}.")
        raise NoSuchItem(what=section.item_path, id=put_code)
    return row


def get(
    tx: Connection, view: View, orcid: str, section: Section, put_code: int, said: sources.Sources
) -> Item:
    """One item in full; raises 9013, 9038 or 9039 when it is not shown to the asker. `said` names sources."""
    row = find(tx, orcid, section, put_code)
    require_visible(view, row.visibility, section.read_scope, row.source_client)
    said.rows = [row]
    return whole(section, row, said)


def whole(section: Section, row: Row[Any], said: sources.Sources) -> Item:
    """The entity of a row, in its envelope. A loaded item of which only the summary is known shows that
    much."""
    stored = row.body or b"{" + row.summary + b"}"
    entity: Item = codec.decode(section.entity, stored, V3_0, strict=False)  # type: ignore[assignment]
    entity.created_date, entity.last_modified_date = row.created, row.modified
    entity.source = said.of(row)
    entity.put_code, entity.visibility = row.put_code, row.visibility
    entity.path = section.path(row.orcid, row.put_code)
    entity.display_index = row.display_index
    return entity


def replace(
    tx: Connection,
    now: int,
    who: Principal,
    orcid: str,
    section: Section,
    put_code: int,
    entity: Item,
    *,
    normalised: bool = True,
    on_behalf: bool = True,
) -> None:
    """Change an item: identifiers (9021), then source (9010), then visibility (9035), as ORCID orders them.

    Content that is what is stored already changes nothing, not even the date.
    """
    row = find(tx, orcid, section, put_code)
    ids = identifiers.prepare(entity)
    if who.kind != "person":
        identifiers.refuse(tx, who, orcid, section, ids, but=put_code, normalised=normalised)
    require_source(who, row, on_behalf=on_behalf, activity=section.item_path)
    if entity.visibility is not None and entity.visibility != row.visibility:
        raise VisibilityChange(stored=row.visibility, sent=entity.visibility)
    summary, body = _stored(section, entity)
    if body == row.body:
        return
    tx.execute(_CHANGE, {"row": row.id, "said": summary, "whole": body, "at": now})
    identifiers.change(tx, row.id, orcid, section.name, ids)
    changes.log(tx, now, who, orcid, kind="update", section=section.name, item=put_code)


def remove(
    tx: Connection,
    now: int,
    who: Principal,
    orcid: str,
    section: Section,
    put_code: int,
    *,
    on_behalf: bool = True,
) -> None:
    """Delete an item. The owner deletes anything on her record, a client what it added itself (9010)."""
    row = find(tx, orcid, section, put_code)
    if who.kind != "person":
        require_source(who, row, on_behalf=on_behalf, activity=section.item_path)
    tx.execute(_DELETE, {"row": row.id})
    changes.log(tx, now, who, orcid, kind="delete", section=section.name, item=put_code)


def set_visibility(
    tx: Connection, now: int, who: Principal, orcid: str, section: Section, put_code: int, visibility: str
) -> None:
    """The owner decides who sees an item, whoever added it."""
    assert who.kind == "person"
    assert who.orcid == orcid
    if visibility not in ("public", "limited", "private"):
        raise WrongArgument(f"“{visibility}” is no visibility: public, limited or private.")
    states.lock(tx, orcid)
    row = find(tx, orcid, section, put_code)
    tx.execute(update(tables.item).where(_item.id == row.id).values(visibility=visibility))
    changes.log(tx, now, who, orcid, kind="visibility", section=section.name, item=put_code)
