"""How the owner arranges what stands on her record: the order of a list, which version of a group is shown,
what belongs together and what does not, and one choice for many items.

The record's row is locked by the first statement of each function.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from laelia.model.common import ExternalId, Item
from laelia.model.problems import NoSuchItem, WrongArgument
from laelia.model.sections import Section, own_ids, taken_from
from laelia.registry import tables
from laelia.registry.access import Principal, is_source
from laelia.registry.record import changes, groups, items, states

MOST_TOGETHER = 20
"""Items that can be put together at once."""

_item = tables.item.c
_OF_SECTION = (
    select(tables.item)
    .where(_item.orcid == bindparam("of"), _item.section == bindparam("kind"))
    .order_by(_item.display_index.desc(), _item.created, _item.id)
)
_PLACE = update(tables.item).where(_item.id == bindparam("row")).values(display_index=bindparam("index"))
_APART = update(tables.item).where(_item.id == bindparam("row")).values(apart=bindparam("alone"))


class NothingShared(Exception):
    """Items that nothing can bring together: their kind has no identifiers, or none of them has one."""


def move(
    tx: Connection, now: int, who: Principal, orcid: str, section: Section, put_code: int, *, up: bool
) -> None:
    """Exchange an item of a list with its neighbour; at the end of the list nothing happens."""
    states.lock(tx, orcid)
    rows = _rows(tx, orcid, section)
    at = next((i for i, row in enumerate(rows) if row.put_code == put_code), None)
    if at is None:
        raise NoSuchItem(what=section.noun, id=put_code)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(rows):
        return
    rows[at], rows[other] = rows[other], rows[at]
    for index, row in enumerate(reversed(rows), 1):
        if row.display_index != index:
            tx.execute(_PLACE, {"row": row.id, "index": index})
    changes.log(tx, now, who, orcid, kind="order", section=section.name, item=put_code)


def prefer(tx: Connection, now: int, who: Principal, orcid: str, section: Section, put_code: int) -> None:
    """Show this version of its group before the others."""
    states.lock(tx, orcid)
    row = items.find(tx, orcid, section, put_code)
    beside = [member.row for member in _group_of(tx, orcid, section, row.id)]
    highest = max((one.display_index for one in beside if one.id != row.id), default=None)
    if highest is None or row.display_index > highest:
        return
    tx.execute(_PLACE, {"row": row.id, "index": highest + 1})
    changes.log(tx, now, who, orcid, kind="order", section=section.name, item=put_code)


def part(tx: Connection, now: int, who: Principal, orcid: str, section: Section, put_code: int) -> None:
    """Take an item out of its group: it stands alone from now on."""
    states.lock(tx, orcid)
    row = items.find(tx, orcid, section, put_code)
    if not row.apart:
        tx.execute(_APART, {"row": row.id, "alone": True})
        changes.log(tx, now, who, orcid, kind="order", section=section.name, item=put_code)


def join(
    tx: Connection, now: int, who: Principal, orcid: str, section: Section, put_codes: Sequence[int]
) -> None:
    """Bring items of one section together: what was taken apart joins again, and where nothing is shared, a
    version of her own gets the identifiers of all. That is one of them, or else a copy of the first.

    Raises NothingShared, TooManyWorks, and WrongArgument for less than two items or too many.
    """
    if not section.ids:
        raise NothingShared
    wanted = list(dict.fromkeys(put_codes))
    if not 2 <= len(wanted) <= MOST_TOGETHER:
        raise WrongArgument(f"from 2 to {MOST_TOGETHER} items are brought together, not {len(wanted)}.")
    record = states.lock(tx, orcid)
    assert record is not None
    rows = [items.find(tx, orcid, section, number) for number in wanted]
    with tx.begin_nested():  # what can't be brought together stays as it was, also what was apart
        _bring_together(tx, now, who, record, section, rows)


def _bring_together(
    tx: Connection, now: int, who: Principal, record: Row[Any], section: Section, rows: Sequence[Row[Any]]
) -> None:
    orcid = record.orcid
    for row in rows:
        if row.apart:
            tx.execute(_APART, {"row": row.id, "alone": False})
            changes.log(tx, now, who, orcid, kind="order", section=section.name, item=row.put_code)
    if _together(tx, orcid, section, rows):
        return
    whole = [items.content(section, row) for row in rows]
    own = [is_source(who, row, on_behalf=True) for row in rows]
    named = [bool(_selves(section, one)) for one in whole]
    # What has no identifier can take those of the others only where it is hers to change.
    if not any(named) or not all(a or b for a, b in zip(own, named, strict=True)):
        raise NothingShared
    for row, one, hers in zip(rows, whole, own, strict=True):
        if hers and not _together(tx, orcid, section, rows):
            _take_on(section, one, whole)
            items.rewrite(tx, now, who, row, section, items.prepare(tx, section, one))
    if not _together(tx, orcid, section, rows):
        copy = items.content(section, rows[0])
        _take_on(section, copy, whole)
        items.add_locked(
            tx, now, who, record, section, copy, any_organisation=True, visibility=rows[0].visibility
        )


def set_visibility_of(
    tx: Connection,
    now: int,
    who: Principal,
    orcid: str,
    section: Section,
    put_codes: Iterable[int],
    visibility: str,
) -> int:
    """One choice for several items; those that are gone are passed over. Returns how many there were."""
    states.lock(tx, orcid)
    return sum(
        _done(items.set_visibility, tx, now, who, orcid, section, number, visibility) for number in put_codes
    )


def remove_all(
    tx: Connection, now: int, who: Principal, orcid: str, section: Section, put_codes: Iterable[int]
) -> int:
    """Delete several items; those that are gone already are passed over. Returns how many there were."""
    states.lock(tx, orcid)
    return sum(_done(items.remove, tx, now, who, orcid, section, number) for number in put_codes)


def _done(act: Any, *args: Any) -> bool:
    try:
        act(*args)
    except NoSuchItem:
        return False
    return True


def _rows(tx: Connection, orcid: str, section: Section) -> list[Any]:
    return list(tx.execute(_OF_SECTION, {"of": orcid, "kind": section.name}))


def _groups(tx: Connection, orcid: str, section: Section) -> list[groups.Group]:
    return groups.grouped(section, _rows(tx, orcid, section), normalised=True)


def _group_of(tx: Connection, orcid: str, section: Section, row: int) -> list[groups.Member]:
    found = _groups(tx, orcid, section)
    return next(one.members for one in found if any(member.row.id == row for member in one.members))


def _together(tx: Connection, orcid: str, section: Section, rows: Sequence[Any]) -> bool:
    wanted = {row.id for row in rows}
    return any(wanted <= {member.row.id for member in one.members} for one in _groups(tx, orcid, section))


def _selves(section: Section, item: Item) -> list[ExternalId]:
    return [one for one in own_ids(section, item) if one.relationship in (None, "self")]


def _take_on(section: Section, item: Item, others: Iterable[Item]) -> None:
    """Give an item the identifiers of others that name the same thing."""
    held = {(one.type, one.value) for one in own_ids(section, item)}
    ids = _list_of_ids(section, item)
    for other in others:
        for one in _selves(section, other):
            if (one.type, one.value) not in held:
                held.add((one.type, one.value))
                ids.append(one)


def _list_of_ids(section: Section, item: Item) -> list[ExternalId]:
    """The very list that the item holds, to be added to."""
    found: Any = item
    for name in (taken_from(section)[section.ids[0]], *section.ids[1:]):
        found = getattr(found, name)
    assert isinstance(found, list)
    return found
