"""Group-id records: what peer reviews are grouped by. Members make them, everybody uses them.

An ISSN makes its own group: a right check digit is enough, and the ISSN serves as name (rules §8).
"""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update

from laelia.lib.sql import insert_ignore
from laelia.model.group_id import GroupIdRecord, GroupIdRecords
from laelia.model.identifiers import normalise, valid_issn
from laelia.model.problems import (
    GroupIdExists,
    InUse,
    InvalidIssn,
    NoSuchGroupId,
    PutCodeMismatch,
    WrongSource,
)
from laelia.registry import tables
from laelia.registry.access import Principal
from laelia.registry.registers import put_codes

ISSN = "issn:"
MOST_PER_PAGE = 1000

_group = tables.group_id.c
_BY_ID = select(tables.group_id).where(_group.folded == bindparam("folded"))
_HELD = _BY_ID.with_for_update(read=True)
_HELD_ALONE = select(tables.group_id).where(_group.put_code == bindparam("number")).with_for_update()


def folded(group_id: str) -> str:
    """The form in which two group ids are the same: trimmed, without regard to case, an ISSN in its usual
    form."""
    plain = group_id.strip().lower()
    if plain.startswith(ISSN):
        return ISSN + (normalise("issn", plain.removeprefix(ISSN)) or plain.removeprefix(ISSN)).lower()
    return plain


def entity(row: Row[Any]) -> GroupIdRecord:
    return GroupIdRecord(
        name=row.name,
        group_id=row.group_id,
        description=row.description,
        type=row.type,
        put_code=row.put_code,
    )


def by_put_code(tx: Connection, put_code: int) -> Row[Any]:
    """Raises 9026, with 404 since this is about what the path names."""
    row = tx.execute(select(tables.group_id).where(_group.put_code == put_code)).first()
    if row is None:
        raise NoSuchGroupId(status=404, group_id=put_code)
    return row


def by_id(tx: Connection, group_id: str, *, hold: bool = False) -> Row[Any] | None:
    """The group of that id. `hold` keeps it from being deleted until the transaction ends."""
    return tx.execute(_HELD if hold else _BY_ID, {"folded": folded(group_id)}).first()


def by_name(tx: Connection, name: str) -> Row[Any] | None:
    wanted = select(tables.group_id).where(_group.name_folded == name.strip().lower())
    return tx.execute(wanted.order_by(_group.put_code).limit(1)).first()


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


def add(tx: Connection, now: int, client: str | None, group: GroupIdRecord) -> int:
    """A new group; returns its put-code. Raises 9025 and, for an ISSN that can't be one, 9053."""
    group_id = group.group_id or ""
    known = of_issn(tx, now, group_id) if group_id.lower().startswith(ISSN) else by_id(tx, group_id)
    if known is not None:
        raise GroupIdExists(group_id=known.group_id, put_code=known.put_code)
    number = put_codes.take(tx)
    row = {**_columns(group), "put_code": number, "source_client": client, "created": now, "modified": now}
    if not insert_ignore(tx, tables.group_id, row):
        raise GroupIdExists(group_id=group_id, put_code="of another request")
    return number


def of_issn(tx: Connection, now: int, group_id: str) -> Row[Any]:
    """The group of an ISSN, made when it is asked for the first time. Raises 9053."""
    issn = normalise("issn", group_id[len(ISSN) :])
    if issn is None or not valid_issn(issn):
        raise InvalidIssn(issn=group_id[len(ISSN) :])
    found = by_id(tx, ISSN + issn)
    if found is not None:
        return found
    made = GroupIdRecord(name=issn, group_id=ISSN + issn, description=f"ISSN {issn}", type="journal")
    row = {**_columns(made), "put_code": put_codes.take(tx), "created": now, "modified": now}
    insert_ignore(tx, tables.group_id, row)
    found = by_id(tx, ISSN + issn)
    assert found is not None
    return found


def change(tx: Connection, now: int, who: Principal, put_code: int, group: GroupIdRecord) -> GroupIdRecord:
    """Replace a group of one's own: 9026, 9019, 9010, 9025."""
    row = by_put_code(tx, put_code)
    if group.put_code != put_code:
        raise PutCodeMismatch(url=put_code, body=group.put_code or "none", client=who.client)
    _require_own(who, row)
    other = by_id(tx, group.group_id or "")
    if other is not None and other.put_code != put_code:
        raise GroupIdExists(group_id=other.group_id, put_code=other.put_code)
    values = {**_columns(group), "modified": now}
    tx.execute(update(tables.group_id).where(_group.put_code == put_code).values(**values))
    return entity(by_put_code(tx, put_code))


def remove(tx: Connection, who: Principal, put_code: int) -> None:
    """Delete a group of one's own that no peer review names (9040)."""
    tx.execute(_HELD_ALONE, {"number": put_code})
    row = by_put_code(tx, put_code)
    _require_own(who, row)
    used = select(tables.item.c.id).where(tables.item.c.review_group == row.folded).limit(1)
    if tx.execute(used).first() is not None:
        raise InUse(what=f"The group id {row.group_id}")
    tx.execute(delete(tables.group_id).where(_group.put_code == put_code))


def _require_own(who: Principal, row: Row[Any]) -> None:
    if row.source_client is None or row.source_client != who.client:
        raise WrongSource(activity="group-id record")


def _columns(group: GroupIdRecord) -> dict[str, Any]:
    name = "".join(c for c in group.name or "" if c.isprintable())
    return {
        "group_id": (group.group_id or "").strip(),
        "folded": folded(group.group_id or ""),
        "name": name,
        "name_folded": name.strip().lower(),
        "description": group.description,
        "type": group.type,
    }
