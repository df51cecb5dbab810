"""The OAuth `state` of a person under way to the registry (RFC 6749 §10.12): random, ten minutes, spent once,
of use only to the browser session that started it."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, update

from laelia.hub import tables
from laelia.lib.secret import digest, new_token

LIFE_MS = 10 * 60_000


@dataclass(frozen=True, kw_only=True)
class Link:
    purpose: str  # "connect": file the permission; "signin": only learn who she is
    go_on: str | None
    about: str | None = None


def start(
    tx: Connection, now: int, environment_id: int, browser: str, purpose: str, go_on: str | None = None,
    about: str | None = None, state: str | None = None,
) -> str:  # fmt: skip
    """The `state` to send along, made here unless it is given; browser: the secret kept in this browser's
    session; about: whom the link was meant for that she came by.

    Only its digest is stored. States whose time is long up go at the same time."""
    tx.execute(delete(tables.link_state).where(tables.link_state.c.expires < now - 24 * 3_600_000))
    state = state or new_token()
    tx.execute(
        insert(tables.link_state).values(
            state_hash=digest(state), environment_id=environment_id, purpose=purpose,
            session_hash=digest(browser), go_on=go_on, about=about, created=now, expires=now + LIFE_MS,
        )
    )  # fmt: skip
    return state


def spend(
    tx: Connection, now: int, environment_id: int, browser: str, state: str, *, purpose: str | None = None
) -> Link | None:
    """What was started, once. None: unknown, spent, too old, of another environment, another browser or, if
    one is named, another purpose."""
    link = tables.link_state.c
    row = tx.execute(
        update(tables.link_state)
        .where(
            link.state_hash == digest(state),
            link.environment_id == environment_id,
            link.session_hash == digest(browser),
            link.used.is_(None),
            link.expires > now,
            *([link.purpose == purpose] if purpose else []),
        )
        .values(used=now)
        .returning(link.purpose, link.go_on, link.about)
    ).first()
    return Link(purpose=row.purpose, go_on=row.go_on, about=row.about) if row else None
