"""What organisations did on a record in the last thirty days: what they wrote from the change log, what they
read and what they were refused from the call log. The same thing done again and again on a day is one act.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, select

from laelia.lib.clock import DAY
from laelia.registry import tables

KEPT = 30 * DAY
MOST = 12
"""Acts told of each organisation, the newest first."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """`verb` is create, update, delete, visibility (of a section), read or refused (of a path template).
    `count` is how often on that day, `time` when last."""

    verb: str
    thing: str
    count: int
    time: int


def of(tx: Connection, now: int, orcid: str, client_ids: Collection[str]) -> dict[str, list[Act]]:
    """The acts of these clients on one record, by client."""
    found: dict[str, list[Act]] = {client_id: [] for client_id in client_ids}
    if found:
        for row in (*tx.execute(_written(now, orcid, found)), *tx.execute(_called(now, orcid, found))):
            found[row.client_id].append(_act(row))
    return {name: sorted(acts, key=lambda act: -act.time)[:MOST] for name, acts in found.items()}


def _act(row: Row[tuple[str, str, str, int, int]]) -> Act:
    return Act(verb=row.verb, thing=row.thing, count=row.often, time=row.newest)


def _written(now: int, orcid: str, client_ids: Collection[str]) -> Select[tuple[str, str, str, int, int]]:
    log = tables.change.c
    within = (log.orcid == orcid, log.client.in_(list(client_ids)), log.time > now - KEPT)
    changes = (
        select(
            log.client.label("client_id"),
            log.kind.label("verb"),
            log.section.label("thing"),
            log.time,
            (log.time // DAY).label("day"),
        )
        .where(*within)
        .subquery()
        .c
    )
    return _by_day(changes)


def _called(now: int, orcid: str, client_ids: Collection[str]) -> Select[tuple[str, str, str, int, int]]:
    """Reads that were answered, and whatever was refused for want of a permission."""
    log = tables.call_log
    refused = log.c.status.in_((401, 403))
    answered = (log.c.method == "GET") & (log.c.status < 400)
    within = (log.c.orcid == orcid, log.c.client_id.in_(list(client_ids)), log.c.time > now - KEPT)
    calls = (
        select(
            log.c.client_id,
            case((refused, "refused"), else_="read").label("verb"),
            log.c.path.label("thing"),
            log.c.time,
            (log.c.time // DAY).label("day"),
        )
        .where(*within, refused | answered)
        .subquery()
        .c
    )
    return _by_day(calls)


def _by_day(acts: Any) -> Select[tuple[str, str, str, int, int]]:
    count, newest = func.count().label("often"), func.max(acts.time).label("newest")
    # By a subquery's column: PostgreSQL does not know two parameters with one value for the same expression.
    return select(acts.client_id, acts.verb, acts.thing, count, newest).group_by(
        acts.client_id, acts.verb, acts.thing, acts.day
    )
