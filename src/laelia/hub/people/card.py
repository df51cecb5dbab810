"""One person as the staff look at her: what is said of her, whether she is known by an iD, and what happened
when."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, Row, select

from laelia.hub import tables
from laelia.hub.people.inviting import Known, known_row
from laelia.hub.people.list import STATE

Event = Literal[
    "added", "invited", "reminded", "bounced", "connected", "granted", "ended", "refused", "moved"
]


@dataclass(frozen=True, kw_only=True)
class Card:
    """`name` is the registry's, where she shows it; `state` is one of the list's. `events` are the newest
    first: what, when, and what is to be said of it."""

    who: Known
    name: str | None
    unit: str | None
    state: str
    bounce: str | None
    modified: int
    events: tuple[tuple[Event, int, str], ...]


def card(tx: Connection, environment_id: int, person_id: int) -> Card | None:
    """None where there is nobody of that number (any more)."""
    c, p, u = tables.person.c, tables.permission.c, tables.unit.c
    hers = (
        select(
            tables.person, STATE.label("shown"), u.name.label("unit"), p.granted, p.changed,
            p.state.label("permission"), p.reason,
        )
        .outerjoin(tables.unit, u.id == c.unit_id)
        .outerjoin(tables.permission, (p.environment_id == c.environment_id) & (p.orcid == c.orcid))
        .where(c.environment_id == environment_id, c.id == person_id)
    )  # fmt: skip
    row = tx.execute(hers).first()
    if row is None:
        return None
    events = sorted(_events(row), key=lambda event: event[1], reverse=True)
    return Card(
        who=known_row(row), name=row.name, unit=row.unit, state=row.shown, bounce=row.bounce,
        modified=row.modified, events=tuple(events),
    )  # fmt: skip


def _events(row: Row[tuple[object, ...]]) -> list[tuple[Event, int, str]]:
    reminded = row.reminded if row.reminders else None
    ended = row.changed if row.permission not in (None, "active") else None
    dates: tuple[tuple[Event, int | None, str], ...] = (
        ("added", row.created, ""),
        ("invited", row.invited, ""),
        ("reminded", reminded, str(row.reminders)),
        ("bounced", row.bounced, row.bounce or ""),
        ("refused", row.refused, ""),
        ("connected", row.connected, ""),
        ("granted", row.granted if row.granted != row.connected else None, ""),
        ("moved" if row.permission == "moved" else "ended", ended, row.reason or ""),
    )
    return [(name, time, said) for name, time, said in dates if time is not None]
