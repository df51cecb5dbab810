"""Group-id records: what peer reviews are grouped by. Members make them, everybody uses them.

The group of an ISSN is the registry's own: it is made when somebody first asks for it. A right check digit is
enough, and the ISSN serves as name (rules §8).
"""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from laelia.lib.sql import insert_ignore
from laelia.model.group_id import GroupIdRecord, GroupIdRecords
from laelia.model.identifiers import normalise, valid_issn
from laelia.model.problems import GroupIdExists, InUse, Invalid, InvalidIssn, NoGroupThere, WrongSource
from laelia.registry import tables
from laelia.registry.access import Principal
from laelia.registry.registers import put_codes
from laelia.registry.registers.texts import visible

ISSN = "issn:"

_group = tables.group_id.c
_BY_ID = select(tables.group_id).where(_group.folded == bindparam("folded"))
_HELD = _BY_ID.with_for_update(read=True)
_BY_NUMBER = select(tables.group_id).where(_group.put_code == bindparam("number"))
_HELD_ALONE = _BY_NUMBER.with_for_update()


def folded(group_id: str) -> str:
    """The form in which two group ids are the same: trimmed, without regard to case, an ISSN in its usual
    form."""
    plain = group_id.strip().lower()
    if plain.startswith(ISSN):
        return ISSN + (normalise("issn", plain.removeprefix(ISSN)) or plain.removeprefix(ISSN)).lower()
    return plain


def is_issn(group_id: str) -> bool:
    """Whether this names the group of an ISSN, be it a right one or not."""
    return group_id.strip().lower().startswith(ISSN)


def entity(row: Row[Any]) -> GroupIdRecord:
    return GroupIdRecord(
        name=row.name,
        group_id=row.group_id,
        description=row.description,
        type=row.type,
        put_code=row.put_code,
    )


def by_put_code(tx: Connection, put_code: int, *, alone: bool = False) -> Row[Any]:
    """Raises 9026, with 404 since this is about what the path names. `alone` keeps everybody else from using
    or changing it until the transaction ends."""
    row = tx.execute(_HELD_ALONE if alone else _BY_NUMBER, {"number": put_code}).first()
    if row is None:
        raise NoGroupThere(group_id=put_code)
    return row


def by_id(tx: Connection, group_id: str, *, hold: bool = False) -> Row[Any] | None:
    """The group of that id. `hold` keeps it from being deleted until the transaction ends."""
    return tx.execute(_HELD if hold else _BY_ID, {"folded": folded(group_id)}).first()


def by_name(tx: Connection, name: str) -> Row[Any] | None:
    """The oldest group of exactly this name, case apart."""
    wanted = select(tables.group_id).where(_group.name_folded == name.strip().lower())
    return tx.execute(wanted.order_by(_group.created, _group.put_code).limit(1)).first()


def page(tx: Connection, number: int, size: int) -> GroupIdRecords:
    """One page in order of creation; `total` counts all there are."""
    wanted = select(tables.group_id).order_by(_group.created, _group.put_code)
    rows = tx.execute(wanted.limit(size).offset((number - 1) * size)).all()
    return GroupIdRecords(
        last_modified_date=max((row.modified for row in rows), default=None),
        total=tx.execute(select(func.count()).select_from(tables.group_id)).scalar_one(),
        page=number,
        page_size=size,
        group_id_record=[entity(row) for row in rows],
    )


def of_issn(tx: Connection, now: int, group_id: str) -> Row[Any]:
    """The group of an ISSN, made when it is asked for the first time. Raises 9053."""
    text = group_id.strip()[len(ISSN) :]
    issn = normalise("issn", text)
    if issn is None or not valid_issn(issn):
        raise InvalidIssn(issn=text)
    found = by_id(tx, ISSN + issn)
    if found is None:
        made = GroupIdRecord(name=issn, group_id=ISSN + issn, description=f"ISSN {issn}", type="journal")
        insert(tx, now, made)  # or another request did, and committed
        found = by_id(tx, ISSN + issn)
        assert found is not None
    return found


def insert(
    tx: Connection, now: int, group: GroupIdRecord, client: str | None = None, put_code: int | None = None
) -> int | None:
    """Write a group as told; None when its id is taken. Without a client it is the registry's own."""
    number = put_codes.take(tx) if put_code is None else put_code
    row = {**_columns(group), "put_code": number, "source_client": client, "created": now, "modified": now}
    return number if insert_ignore(tx, tables.group_id, row) else None


def add(tx: Connection, now: int, client: str | None, group: GroupIdRecord) -> int:
    """A new group that is not of an ISSN; returns its put-code. Raises 9025, and 9020 for a name of nothing
    visible."""
    group_id = group.group_id or ""
    known = by_id(tx, group_id)
    number = insert(tx, now, group, client) if known is None else None
    if number is None:
        raise exists(known or by_id(tx, group_id), group_id)
    return number


def exists(row: Row[Any] | None, group_id: str) -> GroupIdExists:
    """The problem of a group that is there already (9025)."""
    if row is None:
        return GroupIdExists(group_id=group_id)
    return GroupIdExists(group_id=row.group_id, put_code=row.put_code)


def own(tx: Connection, who: Principal, put_code: int) -> Row[Any]:
    """One's own group, kept from everybody else's change and use: 9026, 9010."""
    row = by_put_code(tx, put_code, alone=True)
    if row.source_client is None or row.source_client != who.client:
        raise WrongSource(activity="group-id record")
    return row


def change(tx: Connection, now: int, row: Row[Any], group: GroupIdRecord) -> None:
    """Replace a group that is held: 9025, and 9040 when reviews would be left under an id that nobody has."""
    group_id = group.group_id or ""
    if folded(group_id) != row.folded:
        _refuse_used(tx, row, "Its id must stay what it is.")
        if (other := by_id(tx, group_id)) is not None:
            raise exists(other, group_id)
    wanted = update(tables.group_id).where(_group.put_code == row.put_code)
    try:
        with tx.begin_nested():
            tx.execute(wanted.values(**_columns(group), modified=now))
    except IntegrityError:  # somebody else took the id a moment ago
        raise exists(by_id(tx, group_id), group_id) from None


def remove(tx: Connection, row: Row[Any]) -> None:
    """Delete a group that is held and that no peer review names (9040)."""
    _refuse_used(tx, row)
    tx.execute(delete(tables.group_id).where(_group.put_code == row.put_code))


def _refuse_used(tx: Connection, row: Row[Any], so: str = "") -> None:
    used = select(tables.item.c.id).where(tables.item.c.review_group == row.folded).limit(1)
    if tx.execute(used).first() is not None:
        raise InUse(so, what=f"The group id {row.group_id}")


def _columns(group: GroupIdRecord) -> dict[str, Any]:
    name = visible(group.name or "")
    if not name.strip():
        raise Invalid("the name has no visible character.")
    return {
        "group_id": (group.group_id or "").strip(),
        "folded": folded(group.group_id or ""),
        "name": name,
        "name_folded": name.strip().lower(),
        "description": group.description,
        "type": group.type,
    }
