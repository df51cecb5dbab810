"""“Not mine”: by what an item is known again whose owner said so, and what follows for who adds it again.

A mark is by the item's own identifiers in their normal forms, whoever sends them; of an item without any, by
its content as it is kept.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, func, select, update

from laelia.lib.hot import Hot
from laelia.lib.sql import one_of
from laelia.model.problems import NotHers
from laelia.model.sections import Section
from laelia.registry import tables
from laelia.registry.access import Principal

_mark = tables.not_mine.c
_KNOWN = Hot(
    select(_mark.put_code)
    .where(
        _mark.orcid == bindparam("of"), _mark.section == bindparam("kind"), one_of(_mark.key, "keys")
    )
    .order_by(_mark.time.desc())
    .limit(1)
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One item that its owner said is not hers, as it was when she removed it."""

    orcid: str
    section: str
    put_code: int
    title: str
    client: str | None
    client_name: str
    time: int


def keys(ids: Iterable[Any], content: bytes) -> list[str]:
    """By what an item is known again; `ids` bear relationship and key."""
    own = sorted({one.key for one in ids if one.relationship in ("self", None)})
    return own or [hashlib.sha256(b"content\0" + content).hexdigest()[:32]]


def heed(tx: Connection, who: Principal, orcid: str, section: Section, made: Sequence[str]) -> None:
    """Who is no person is refused what has a mark (9004); the owner lifts it by adding the thing herself."""
    if who.kind == "person":
        lift(tx, orcid, section.name, made)
        return
    row = _KNOWN.first(tx, {"of": orcid, "kind": section.name, "keys": list(made)})
    if row is not None:
        raise NotHers(orcid=orcid, activity=section.noun, put_code=row.put_code)


def lift(tx: Connection, orcid: str, section: str, made: Sequence[str]) -> None:
    """It is hers after all, known by these keys: all that was marked with one of them is free again."""
    here = (_mark.orcid == orcid, _mark.section == section)
    numbers = tx.execute(select(_mark.put_code).where(*here, _mark.key.in_(list(made)))).scalars().all()
    if numbers:
        tx.execute(delete(tables.not_mine).where(*here, _mark.put_code.in_(numbers)))
        _note(tx, orcid)


def take_back(tx: Connection, orcid: str, section: str, put_code: int) -> bool:
    """She takes back what she said of one item; False where she had not said it."""
    own = (_mark.orcid == orcid, _mark.section == section, _mark.put_code == put_code)
    made = tx.execute(select(_mark.key).where(*own)).scalars().all()
    lift(tx, orcid, section, made)
    return bool(made)


def keep(tx: Connection, now: int, row: Any, title: str, made: Sequence[str]) -> None:
    """Mark what is known by these keys; `row` is the item's."""
    about = {
        "orcid": row.orcid, "section": row.section, "put_code": row.put_code, "title": title,
        "client": row.source_client, "time": now,
    }  # fmt: skip
    tx.execute(tables.not_mine.insert(), [{**about, "key": key} for key in made])
    _note(tx, row.orcid)


def _note(tx: Connection, orcid: str) -> None:
    there = exists(select(_mark.orcid).where(_mark.orcid == orcid))
    tx.execute(update(tables.record).where(tables.record.c.orcid == orcid).values(marked=there))


def of_record(tx: Connection, orcid: str) -> list[Mark]:
    """All that a person said is not hers, the latest first."""
    return _listed(tx, _mark.orcid == orcid)


def of_client(tx: Connection, client: str, most: int) -> list[Mark]:
    """What people said of a client's items, the latest first."""
    return _listed(tx, _mark.client == client, most=most)


def _listed(tx: Connection, *which: Any, most: int | None = None) -> list[Mark]:
    client = tables.client.c
    columns = (_mark.orcid, _mark.section, _mark.put_code, _mark.title, _mark.client, client.name)
    wanted = (
        select(*columns, func.max(_mark.time).label("time"))
        .outerjoin(tables.client, client.client_id == _mark.client)
        .where(*which)
        .group_by(*columns)
        .order_by(func.max(_mark.time).desc(), _mark.put_code.desc())
    )
    return [
        Mark(
            orcid=row.orcid, section=row.section, put_code=row.put_code, title=row.title, client=row.client,
            client_name=row.name or row.client or "", time=row.time,
        )
        for row in tx.execute(wanted.limit(most))
    ]  # fmt: skip
