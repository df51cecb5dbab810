"""Undoing what others did to a record: a run as a whole, or some of it.

An item becomes what it was before the run, if nobody has changed it since: what was added is deleted, what
was changed gets its former content, what was deleted comes back with its put-code, source and dates. All of
it goes through the change log, as changes by who undoes.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, select, update

from laelia.codec import json as codec
from laelia.model.language import V3_0
from laelia.model.problems import Duplicate, DuplicateElement, NoSuchItem
from laelia.model.sections import BY_NAME, WORKS_LIMIT, Section
from laelia.registry import tables
from laelia.registry.access import Principal
from laelia.registry.record import checks, identifiers, items, marks, runs, sources, states, store, summaries
from laelia.registry.record.items import Prepared
from laelia.registry.record.runs import Deed, Hand
from laelia.registry.registers import identifier_types

Why = Literal["changed", "there", "full", "forgotten"]
"""Why something was left as it is: changed since; the same is there again; no room; not known any more."""


@dataclass(kw_only=True)
class Undone:
    """How much was undone, and what was left alone, by title."""

    number: int = 0
    left: list[tuple[str, Why]] = field(default_factory=list)


class _Left(Exception):
    def __init__(self, why: Why) -> None:
        self.why: Why = why


def undo(
    tx: Connection,
    now: int,
    who: Principal,
    orcid: str,
    hand: Hand,
    hour: int,
    upto: int,
    only: Collection[tuple[str, int]] | None = None,
) -> Undone:
    """Undo a run as it was when its newest change was `upto`; `only` names sections and put-codes. What
    came later is left as it is, and what is undone already counts for nothing."""
    done = Undone()
    record = states.lock(tx, orcid)
    if record is None or record.state != "active":
        return done
    for deed in runs.deeds(tx, orcid, hand, hour):
        chosen = only is None or (deed.section, deed.put_code) in only
        if not chosen or deed.first > upto or deed.state == "undone" or deed.what not in runs.CONTENT:
            continue
        try:
            if deed.state == "changed" or deed.last > upto:
                raise _Left("changed")
            _one(tx, now, who, orcid, deed)
        except _Left as left:
            done.left.append((deed.title, left.why))
        else:
            done.number += 1
    return done


def _one(tx: Connection, now: int, who: Principal, orcid: str, deed: Deed) -> None:
    section = BY_NAME[deed.section]
    assert deed.put_code is not None
    try:
        old = runs.before(tx, deed)
    except LookupError:
        raise _Left("forgotten") from None
    if old is None:
        try:
            items.remove(tx, now, who, orcid, section, deed.put_code, undoes=deed.first)
        except NoSuchItem:  # a load took it away, which is no change of one item
            raise _Left("changed") from None
        return
    made = _made(tx, section, old)
    _room(tx, orcid, section, old, made)
    item = tables.item.c
    there = (item.orcid == orcid, item.section == section.name, item.put_code == deed.put_code)
    row = tx.execute(select(tables.item).where(*there)).first()
    if row is not None:
        items.rewrite(tx, now, who, row, section, made, undoes=deed.first)
        return
    if section.name == "works" and _works(tx, orcid) >= WORKS_LIMIT:
        raise _Left("full")
    marks.lift(tx, orcid, section.name, made.keys)
    kept = ("visibility", "display_index", "created", "modified", *sources.COLUMNS)
    values = {name: getattr(old, name) for name in kept}
    content = {"summary": made.summary, "body": made.body, "review_group": made.review_group}
    back = {"orcid": orcid, "section": section.name, **values, **content}
    store.insert(tx, who, back, made.ids, deed.put_code, now=now, undoes=deed.first)
    if old.apart:
        tx.execute(update(tables.item).where(*there).values(apart=True))


def _made(tx: Connection, section: Section, old: Any) -> Prepared:
    """The former content as it was kept, and its identifiers made again."""
    if old.body is None:
        entity = summaries.as_item(section, old)
    else:
        entity = codec.decode(section.entity, old.body, V3_0, strict=False)
    known = identifier_types.Known(tx)
    ids = identifiers.prepare(section, entity, known, as_written=old.loaded)
    return Prepared(ids, old.summary, old.body, old.review_group)


def _room(tx: Connection, orcid: str, section: Section, old: Any, made: Prepared) -> None:
    """Its source may have added the same again under another put-code."""
    if old.source_client is None:
        return
    source = Principal(
        kind="client", client=old.source_client, obo_client=old.origin_client, obo_user=old.origin_orcid
    )
    try:
        checks.refuse_duplicate(tx, source, orcid, section, made.ids, made.summary, but=old.put_code)
    except (Duplicate, DuplicateElement):
        raise _Left("there") from None


def _works(tx: Connection, orcid: str) -> int:
    return int(tx.execute(select(tables.record.c.works).where(tables.record.c.orcid == orcid)).scalar_one())
