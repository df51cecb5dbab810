"""What was read, kept: only what differs from the last read is written, and each difference has a number."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, or_, select, update

from laelia.codec import json
from laelia.hub import tables
from laelia.hub.assertions.titles import title_of
from laelia.hub.tables import mirror_count, mirror_item, mirror_person
from laelia.lib.database import insert_ignore, update_by_id
from laelia.model.common import Item
from laelia.model.language import V3_0
from laelia.model.sections import BY_NAME, SECTIONS, Section

WHOLE = tuple(section for section in SECTIONS if section.part == "activities")
"""The sections that are kept; one call reads them all."""


def keep(
    tx: Connection, now: int, environment_id: int, orcid: str, client_id: str, scopes: Collection[str],
    seen: Mapping[str, Sequence[Item]],
) -> int:  # fmt: skip
    """File what a read showed in these sections; returns how many items differ from what was known. What
    others put there is kept only if her permission covers reading it. Numbers are drawn last, since whoever
    has one holds up everybody else of the environment until the commit."""
    names = [section.name for section in WHOLE if section.name in seen]
    if not names:
        return 0
    before = _known(tx, environment_id, orcid, names)
    changed: list[tuple[int | None, dict[str, Any]]] = []
    for name in names:
        section, readable = BY_NAME[name], may_read(scopes, BY_NAME[name])
        for item in seen[name]:
            values = _values(item, client_id)
            if item.put_code is None or not (values["own"] or readable):
                continue
            row = before.pop((name, item.put_code), None)
            if row is None or row.item is None or any(getattr(row, one) != values[one] for one in _SAID):
                said = {"item": json.encode(item, V3_0).decode(), "title": _title(section, item)}
                where = {"section": name, "put_code": item.put_code}
                changed.append((row.id if row is not None else None, {**where, **values, **said}))
    left = [row for row in before.values() if row.item is not None]
    changed += [(row.id, {"section": row.section, "put_code": row.put_code, **_NOTHING}) for row in left]
    read = {"read": now} if len(names) == len(WHOLE) else {}
    _know(tx, environment_id, orcid, read)
    if changed:
        _write(tx, environment_id, orcid, changed)
    return len(changed)


def may_read(scopes: Collection[str], section: Section) -> bool:
    """Whether a permission of these scopes covers reading what others put into this section."""
    return not {"/read-limited", f"/{section.part}/read-limited", section.read_scope}.isdisjoint(scopes)


def unread(tx: Connection, environment_id: int, orcid: str) -> bool:
    """Whether her record was never wholly read under the permission that stands."""
    c, p = mirror_person.c, tables.permission.c
    hers = (p.environment_id == environment_id, p.orcid == orcid, p.state == "active")
    same = and_(c.environment_id == p.environment_id, c.orcid == p.orcid, c.read >= p.granted)
    found = select(c.read).select_from(tables.permission.outerjoin(mirror_person, same)).where(*hers)
    row = tx.execute(found).first()
    return row is not None and row.read is None


def due(tx: Connection, now: int, environment_id: int, interval_ms: int, most: int) -> list[str]:
    """The iDs whose record should be read, the one that waits longest first. Where a look or a push waits
    already it is left at that: it may have been put off at the registry's word."""
    p, c, job = tables.permission.c, mirror_person.c, tables.job.c
    joined = tables.permission.outerjoin(
        mirror_person, and_(c.environment_id == p.environment_id, c.orcid == p.orcid)
    )
    waits = select(job.id).where(job.kind.in_(("look", "push")), job.key == f"{environment_id}/" + p.orcid)
    stands = and_(p.state == "active", or_(p.expires.is_(None), p.expires > now))
    late = or_(c.read.is_(None), c.read <= now - interval_ms)
    chosen = select(p.orcid).select_from(joined).where(p.environment_id == environment_id, stands, late)
    chosen = chosen.where(~waits.where(job.dead.is_(None)).exists())
    return list(tx.execute(chosen.order_by(c.read.asc().nulls_first(), p.orcid).limit(most)).scalars())


def close(tx: Connection, environment_id: int, orcid: str) -> None:
    """Her permission ended: what was read by it goes, and the feed says so once."""
    known = tx.execute(select(mirror_person.c.gone).where(*_of(mirror_person, environment_id, orcid))).first()
    if known is None or known.gone:
        return
    tx.execute(delete(mirror_item).where(*_of(mirror_item, environment_id, orcid)))
    number = _numbers(tx, environment_id, 1)
    ended = update(mirror_person).where(*_of(mirror_person, environment_id, orcid))
    tx.execute(ended.values(gone=True, read=None, change=number))


_SAID = ("own", "source_id", "source_name", "visibility", "modified")
_NOTHING = {"item": None, "title": None, **dict.fromkeys(_SAID[1:]), "own": False}


def _values(item: Item, client_id: str) -> dict[str, Any]:
    source = item.source
    client = source.source_client_id.path if source and source.source_client_id else None
    person = source.source_orcid.path if source and source.source_orcid else None
    on_behalf = source is not None and (source.assertion_origin_orcid or source.assertion_origin_client_id)
    return {
        "own": client == client_id and not on_behalf,
        "source_id": client or person,
        "source_name": source.source_name if source else None,
        "visibility": item.visibility,
        "modified": item.last_modified_date,
    }


def _title(section: Section, item: Item) -> str | None:
    return title_of(item) or section.noun


def _known(
    tx: Connection, environment_id: int, orcid: str, names: Sequence[str]
) -> dict[tuple[str, int], Row[Any]]:
    c = mirror_item.c
    hers = select(mirror_item).where(*_of(mirror_item, environment_id, orcid), c.section.in_(names))
    return {(row.section, row.put_code): row for row in tx.execute(hers)}


def _know(tx: Connection, environment_id: int, orcid: str, read: Mapping[str, int]) -> None:
    key = {"environment_id": environment_id, "orcid": orcid}
    if not insert_ignore(tx, mirror_person, {**key, "change": 0, "gone": False, **read}):
        known = update(mirror_person).where(*_of(mirror_person, environment_id, orcid))
        tx.execute(known.values(gone=False, **read))


def _write(
    tx: Connection, environment_id: int, orcid: str, changed: Sequence[tuple[int | None, dict[str, Any]]]
) -> None:
    """The changes, each with the id of its row where there is one. Nobody else writes hers meanwhile: who
    reads a record holds its lease."""
    last = _numbers(tx, environment_id, len(changed))
    known: dict[int, dict[str, Any]] = {}
    fresh: list[dict[str, Any]] = []
    for number, (row, values) in enumerate(changed, last - len(changed) + 1):
        if row is not None:
            known[row] = {"change": number, **values}
        else:
            fresh.append({"environment_id": environment_id, "orcid": orcid, "change": number, **values})
    update_by_id(tx, mirror_item, known)
    if fresh:
        tx.execute(insert(mirror_item), fresh)
    hers = update(mirror_person).where(*_of(mirror_person, environment_id, orcid))
    tx.execute(hers.values(change=last))


def _numbers(tx: Connection, environment_id: int, many: int) -> int:
    """Draw so many numbers; returns the last of them."""
    insert_ignore(tx, mirror_count, {"environment_id": environment_id, "last": 0})
    c = mirror_count.c
    drawn = update(mirror_count).where(c.environment_id == environment_id).values(last=c.last + many)
    return int(tx.execute(drawn.returning(c.last)).scalar_one())


def _of(table: Any, environment_id: int, orcid: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.c.environment_id == environment_id, table.c.orcid == orcid
