"""Items of any section: add, change, delete, read one. What is checked with the database's help is checked
here.

The record's row is locked first, in a statement of its own. `write` alone makes an item's rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from laelia.codec import json as codec
from laelia.model.common import Item
from laelia.model.language import V3_0
from laelia.model.problems import NoSuchItem, VisibilityChange, WrongArgument
from laelia.model.sections import BY_NAME, Section
from laelia.registry import tables
from laelia.registry.access import Principal, View, require_source, require_visible
from laelia.registry.record import (  # fmt: skip
    changes,
    checks,
    former,
    identifiers,
    marks,
    sources,
    states,
    store,
    summaries,
)
from laelia.registry.registers import group_ids, identifier_types

_item = tables.item.c
_ENVELOPE = (
    "created_date", "last_modified_date", "source", "put_code", "path", "visibility", "display_index",
)  # fmt: skip

_ONE = select(tables.item).where(
    _item.orcid == bindparam("of"), _item.section == bindparam("kind"), _item.put_code == bindparam("number")
)
_ELSEWHERE = select(_item.section).where(
    _item.orcid == bindparam("of"), _item.put_code == bindparam("number")
)
_CHANGE = update(tables.item).where(_item.id == bindparam("row")).values(
    summary=bindparam("said"), body=bindparam("whole"), review_group=bindparam("group"),
    modified=bindparam("at"), loaded=False,
)  # fmt: skip
_DELETE = delete(tables.item).where(_item.id == bindparam("row"))


def add(
    tx: Connection,
    now: int,
    who: Principal,
    orcid: str,
    section: Section,
    entity: Item,
    **how: Any,
) -> int:
    """Put a new item on a record whose shape and rules have been checked; returns its put-code. `how` as in
    `add_locked`."""
    record = states.lock(tx, orcid)
    if record is None:
        raise NoSuchItem(what="record", id=orcid)
    return add_locked(tx, now, who, record, section, entity, **how)


def add_locked(
    tx: Connection,
    now: int,
    who: Principal,
    record: Row[Any],
    section: Section,
    entity: Item,
    *,
    normalised: bool = True,
    any_organisation: bool = False,
    visibility: str | None = None,
) -> int:
    """The same for a record that this transaction has locked already. `visibility` is the owner's choice for
    this item, who may choose otherwise than usual.

    Raises what is unknown (9045, 9020, 9026), NotHers (9004), Duplicate (9021), DuplicateElement (9030),
    TooManyWorks (9048). On a claimed record the owner's default visibility counts, not what was sent.
    `normalised` False compares identifiers as 2.x does; `any_organisation` takes organisations that nobody
    knows.
    """
    checks.refuse_unknown(tx, now, entity, normalised=normalised, any_organisation=any_organisation)
    sent = entity.visibility or "private"
    made = prepare(tx, section, entity)
    if record.marked:
        marks.heed(tx, who, record.orcid, section, made.keys)
    checks.refuse_duplicate(tx, who, record.orcid, section, made.ids, made.summary, normalised=normalised)
    checks.room(record, section, 1)
    return write(
        tx,
        record.orcid,
        section,
        made,
        source=sources.columns(who),
        visibility=visibility or (record.default_visibility if record.claimed else sent),
        display_index=0 if who.kind == "person" else 1,
        created=now,
        modified=now,
        who=who,
    )


@dataclass(frozen=True)
class Prepared:
    """An item ready to be kept: its identifiers, and its content without envelope."""

    ids: list[identifiers.Id]
    summary: bytes
    body: bytes | None
    review_group: str | None

    @property
    def keys(self) -> list[str]:
        """By what it would be known again (`marks`)."""
        return marks.keys(self.ids, self.body or self.summary)


def prepare(tx: Connection, section: Section, entity: Item, *, as_written: bool = False) -> Prepared:
    """Bring an item into the form in which it is kept. Its envelope is taken off. `as_written` keeps the
    normal forms of its identifiers as they came."""
    ids = identifiers.prepare(section, entity, identifier_types.Known(tx), as_written=as_written)
    for name in _ENVELOPE:
        setattr(entity, name, None)
    group = getattr(entity, "review_group_id", None)
    return Prepared(
        ids,
        summaries.summarise(section, entity),
        None if section.summary is section.entity else codec.encode(entity, V3_0),
        group_ids.folded(group) if group else None,
    )


def write(
    tx: Connection,
    orcid: str,
    section: Section,
    made: Prepared,
    *,
    source: Mapping[str, str | None],
    visibility: str,
    display_index: int,
    created: int,
    modified: int,
    who: Principal,
    put_code: int | None = None,
) -> int:
    """Write an item's rows as told, without any check: `add`, fixtures and loads end here. Returns the
    put-code."""
    row = {
        "orcid": orcid,
        "section": section.name,
        "visibility": visibility,
        "display_index": display_index,
        "created": created,
        "modified": modified,
        "summary": made.summary,
        "body": made.body,
        "review_group": made.review_group,
        **source,
    }
    return store.insert(tx, who, row, made.ids, put_code)


def find(tx: Connection, orcid: str, section: Section, put_code: int) -> Row[Any]:
    """The row of one item; 9006 when the number is that of another kind of affiliation on this record, else
    9016."""
    row = tx.execute(_ONE, {"of": orcid, "kind": section.name, "number": put_code}).first()
    if row is None:
        elsewhere = tx.execute(_ELSEWHERE, {"of": orcid, "number": put_code}).scalar()
        other = BY_NAME.get(elsewhere or "")
        if other is not None and other.listing == section.listing == "affiliations":
            raise WrongArgument(f"{put_code} is of the kind {other.noun}, not {section.noun}.")
        raise NoSuchItem(what=section.noun, id=put_code)
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
    entity = content(section, row)
    entity.created_date, entity.last_modified_date = row.created, row.modified
    entity.source = said.of(row)
    entity.put_code, entity.visibility = row.put_code, row.visibility
    entity.path = section.path(row.orcid, row.put_code)
    entity.display_index = row.display_index
    return entity


def content(section: Section, row: Row[Any]) -> Item:
    """The entity of a row without its envelope."""
    if row.body is None:
        return summaries.as_item(section, row)
    return codec.decode(section.entity, row.body, V3_0, strict=False)


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
    any_organisation: bool = False,
) -> None:
    """Change an item: what is unknown or not hers (9004), duplicates (9021, 9030), source (9010), visibility
    (9035), in this order.
    `normalised` as in `add_locked`; since then, too, a source counts in all its parts.

    Content that is what is stored already changes nothing, not even the date.
    """
    row = find(tx, orcid, section, put_code)
    sent = entity.visibility
    checks.refuse_unknown(tx, now, entity, normalised=normalised, any_organisation=any_organisation)
    made = prepare(tx, section, entity)
    marks.heed(tx, who, orcid, section, made.keys)
    checks.refuse_duplicate(
        tx, who, orcid, section, made.ids, made.summary, but=put_code, normalised=normalised
    )
    require_source(who, row, on_behalf=normalised, activity=section.noun)
    if sent is not None and sent != row.visibility:
        raise VisibilityChange(stored=row.visibility, sent=sent)
    if (made.summary, made.body) != (row.summary, row.body):
        rewrite(tx, now, who, row, section, made)


def rewrite(
    tx: Connection,
    now: int,
    who: Principal,
    row: Row[Any],
    section: Section,
    made: Prepared,
    undoes: int | None = None,
) -> None:
    """Put another content into the place of an item's, without any check."""
    kept = {"said": made.summary, "whole": made.body, "group": made.review_group, "at": now}
    tx.execute(_CHANGE, {"row": row.id, **kept})
    identifiers.change(tx, row.id, row.orcid, section.name, made.ids)
    seq = changes.log(
        tx, now, who, row.orcid, kind="update", section=section.name, item=row.put_code, undoes=undoes
    )
    former.keep(tx, now, who, seq, row)


def remove(
    tx: Connection,
    now: int,
    who: Principal,
    orcid: str,
    section: Section,
    put_code: int,
    *,
    normalised: bool = True,
    undoes: int | None = None,
) -> None:
    """Delete an item. The owner deletes anything on her record, a client what it added itself (9010)."""
    row = find(tx, orcid, section, put_code)
    if who.kind != "person":
        require_source(who, row, on_behalf=normalised, activity=section.noun)
    tx.execute(_DELETE, {"row": row.id})
    seq = changes.log(tx, now, who, orcid, kind="delete", section=section.name, item=put_code, undoes=undoes)
    former.keep(tx, now, who, seq, row)


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
    # From now on it is the owner's choice, which no load undoes.
    changed = {"visibility": visibility, "modified": now, "loaded": False}
    tx.execute(update(tables.item).where(_item.id == row.id).values(**changed))
    changes.log(tx, now, who, orcid, kind="visibility", section=section.name, item=put_code)
