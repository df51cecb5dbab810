"""The history of one record: who changed what and when, from the change log. That is kept for thirty days;
what stands on a record says for ever when it was added, changed, and by whom."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from laelia.registry import tables
from laelia.registry.record import sources, summaries

_change, _item, _client = tables.change.c, tables.item.c, tables.client.c


@dataclass(frozen=True, kw_only=True)
class Event:
    """One change. `client` is the name of the organisation that made it, else `actor` is the person, with
    `actor_name` as she shows it to everyone; neither: somebody whose record was erased. `title` is that of
    the item where it still stands on the record. `by_another`: by a person who is not its owner."""

    time: int
    kind: str
    section: str
    title: str
    client: str | None
    actor: str | None
    actor_name: str
    by_another: bool


def count(tx: Connection, orcid: str) -> int:
    """How many changes are kept."""
    own = select(func.count()).select_from(tables.change).where(_change.orcid == orcid)
    return tx.execute(own).scalar_one()


def events(tx: Connection, orcid: str, start: int, most: int) -> list[Event]:
    """Some of them, the newest first."""
    wanted = (
        select(tables.change, _client.name.label("client_name"), _item.summary)
        .outerjoin(tables.client, _client.client_id == _change.client)
        .outerjoin(
            tables.item,
            (_item.orcid == _change.orcid)
            & (_item.section == _change.section)
            & (_item.put_code == _change.item),
        )
        .where(_change.orcid == orcid)
        .order_by(_change.seq.desc())
        .offset(start)
        .limit(most)
    )
    rows = tx.execute(wanted).all()
    actors = {row.actor for row in rows if row.actor}
    found = tx.execute(select(tables.name).where(tables.name.c.orcid.in_(actors)))
    names = {row.orcid: sources.public_name(row) or "" for row in found}
    return [_event(row, names) for row in rows]


def _event(row: Row[Any], names: dict[str, str]) -> Event:
    return Event(
        time=row.time,
        kind=row.kind,
        section=row.section,
        title=summaries.title(row),
        client=(row.client_name or row.client) if row.client else None,
        actor=row.actor,
        actor_name=names.get(row.actor, ""),
        by_another=row.client is None and row.actor is not None and row.actor != row.orcid,
    )
