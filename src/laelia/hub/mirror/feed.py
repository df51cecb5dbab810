"""What was read, as plain data for the organisation's own systems."""

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Row, and_, select

from laelia.hub import tables
from laelia.hub.tables import mirror_item, mirror_person


@dataclass(frozen=True)
class Feed:
    """`items` can be written as JSON as they are; the keys are listed at `feed`.

    etag: of a person's items; it changes whenever one of them does and never comes again. None where nothing
    of hers is known (she is not connected, or was not read yet), and in a feed of all.
    cursor: what to give as `since` next time. It does not grow old.
    more: whether there is more behind the cursor already.
    read: when her record was last read as a whole, in milliseconds since 1970."""

    items: list[dict[str, Any]]
    etag: str | None
    cursor: str
    more: bool = False
    read: int | None = None


def feed(
    tx: Connection, environment_id: int, *, orcid: str | None = None, since: str | None = None,
    limit: int = 500,
) -> Feed:  # fmt: skip
    """What stands on the records of connected people, as it was last read: works, affiliations, funding, peer
    reviews and research resources of every source that her permission lets us see.

    With `orcid` everything of hers, by section and put-code; `since` and `limit` mean nothing then.

    Without it the changes behind the cursor `since` (from the beginning, if None), oldest first, at most
    `limit`. An item that changed several times is told once, as it is now. ValueError for a `since` that is
    no cursor. One who was erased is in no answer; who must know reads all from the beginning.

    An item has: orcid, local_id (the organisation's own name for her, or None), section, put_code, type,
    title, external_ids (type, value, relationship, url), start and end (dates as far as they are known,
    "2026-03"; of a work the date it was published), organisation (name, id_type, id; or None), visibility
    (who may see it, as she set it: respect it), source (id, name, own: whether this organisation's client
    put it there), modified (by the registry, milliseconds since 1970), and item, the summary as the
    registry's API gives it in version 3.0.

    Among changes there is also {orcid, local_id, section, put_code, removed: true} for what went, and
    {orcid, local_id, gone: true} for someone whose permission ended: drop everything of hers.
    """
    if orcid is not None:
        return _person(tx, environment_id, orcid)
    return _changes(tx, environment_id, _number(since), limit)


def _person(tx: Connection, environment_id: int, orcid: str) -> Feed:
    c, i = mirror_person.c, mirror_item.c
    hers = select(mirror_person).where(c.environment_id == environment_id, c.orcid == orcid, ~c.gone)
    row = tx.execute(hers).first()
    if row is None or row.read is None:
        return Feed([], None, "0")
    found = _items(environment_id).where(i.orcid == orcid, i.item.is_not(None))
    rows = tx.execute(found.order_by(i.section, i.put_code)).all()
    return Feed([_shown(one) for one in rows], str(row.change), str(row.change), False, row.read)


def _changes(tx: Connection, environment_id: int, since: int, limit: int) -> Feed:
    i, c, who = mirror_item.c, mirror_person.c, tables.person.c
    items = tx.execute(
        _items(environment_id).where(i.change > since).order_by(i.change).limit(limit + 1)
    ).all()
    known = mirror_person.outerjoin(
        tables.person, and_(who.environment_id == c.environment_id, who.orcid == c.orcid)
    )
    ended = select(c.orcid, c.change, who.local_id).select_from(known)
    ended = ended.where(c.environment_id == environment_id, c.gone, c.change > since)
    gone = tx.execute(ended.order_by(c.change).limit(limit + 1)).all()
    told = [(row.change, _shown(row)) for row in items]
    told += [(row.change, {"orcid": row.orcid, "local_id": row.local_id, "gone": True}) for row in gone]
    told.sort(key=lambda one: one[0])
    page = told[:limit]
    cursor = page[-1][0] if page else since
    return Feed([shown for _, shown in page], None, str(cursor), len(told) > limit)


def _number(since: str | None) -> int:
    if since is None:
        return 0
    if not (since.isascii() and since.isdigit() and len(since) < 19):
        raise ValueError(f"{since!r} is no cursor of this feed")
    return int(since)


def _items(environment_id: int) -> Any:
    """Items with the organisation's own name for whose they are."""
    i, who = mirror_item.c, tables.person.c
    known = mirror_item.outerjoin(
        tables.person, and_(who.environment_id == i.environment_id, who.orcid == i.orcid)
    )
    return select(mirror_item, who.local_id).select_from(known).where(i.environment_id == environment_id)


def _shown(row: Row[Any]) -> dict[str, Any]:
    where = {
        "orcid": row.orcid,
        "local_id": row.local_id,
        "section": row.section,
        "put_code": row.put_code,
    }
    if row.item is None:
        return {**where, "removed": True}
    item = orjson.loads(row.item)
    return {
        **where,
        "type": item.get("type") or item.get("review-type"),
        "title": row.title,
        "external_ids": [_external_id(one) for one in _listed(item)],
        "start": _date(item.get("start-date") or item.get("publication-date") or item.get("completion-date")),
        "end": _date(item.get("end-date")),
        "organisation": _organisation(item.get("organization") or item.get("convening-organization")),
        "visibility": row.visibility,
        "source": {"id": row.source_id, "name": row.source_name, "own": bool(row.own)},
        "modified": row.modified,
        "item": item,
    }


def _listed(item: dict[str, Any]) -> list[dict[str, Any]]:
    """Of a research resource the identifiers stand with its proposal."""
    holder = item.get("proposal") or item
    found = (holder.get("external-ids") or {}).get("external-id")
    return found if isinstance(found, list) else []


def _external_id(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": one.get("external-id-type"),
        "value": one.get("external-id-value"),
        "relationship": one.get("external-id-relationship"),
        "url": _value(one.get("external-id-url")),
    }


def _date(date: dict[str, Any] | None) -> str | None:
    parts = [_value(date.get(part)) for part in ("year", "month", "day")] if date else []
    return "-".join(part for part in parts if part) or None


def _organisation(found: dict[str, Any] | None) -> dict[str, Any] | None:
    if not found:
        return None
    named = found.get("disambiguated-organization") or {}
    return {
        "name": found.get("name"),
        "id_type": named.get("disambiguation-source"),
        "id": named.get("disambiguated-organization-identifier"),
    }


def _value(wrapped: Any) -> str | None:
    return wrapped.get("value") if isinstance(wrapped, dict) else wrapped
