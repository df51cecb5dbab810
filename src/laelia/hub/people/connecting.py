"""Connect sessions: a program sends one person to connect, by an address that works in one browser and for
minutes. What comes of it is told to the program by its own id; the address's secret is kept as a digest."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from sqlalchemy import Connection, Row, delete, insert, select, update

from laelia.hub import tables
from laelia.lib.clock import DAY, MINUTE
from laelia.lib.secret import digest, new_secret, new_token, same

OPEN = ("created", "opened")
UNDER_WAY = 10 * MINUTE
"""Who opened it in time may be so long at the registry."""
ENDS = ("connected", "denied", "refused")
"""How a session can end by what happens at the registry; a program can cancel it."""
KEPT = 30 * DAY


@dataclass(frozen=True, kw_only=True)
class Session:
    """`state` as it is now: one whose time is up is expired."""

    id: str
    program_id: int
    person_id: int
    return_url: str
    scopes: tuple[str, ...]
    state: str
    orcid: str | None
    created: int
    expires: int
    changed: int

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def way_back(self) -> str:
        """The return address with what came of it."""
        parts = urlsplit(self.return_url)
        told = urlencode({"session": self.id, "result": self.state})
        return urlunsplit(parts._replace(query="&".join(part for part in (parts.query, told) if part)))


def start(
    tx: Connection, now: int, environment_id: int, *, program_id: int, person_id: int, return_url: str,
    seconds: int, scopes: Iterable[str] = (),
) -> tuple[Session, str]:  # fmt: skip
    """A new session, and the secret of its address, which is told only now. Old ones go at the same time."""
    s, secret, name = tables.connect_session, new_secret(), new_token()
    tx.execute(delete(s).where(s.c.environment_id == environment_id, s.c.expires < now - KEPT))
    row = {"id": name, "environment_id": environment_id, "program_id": program_id, "person_id": person_id,
           "secret_hash": digest(secret), "return_url": return_url, "scopes": " ".join(scopes) or None,
           "state": "created", "created": now, "expires": now + seconds * 1000, "changed": now}  # fmt: skip
    tx.execute(insert(s).values(row))
    made = find(tx, now, environment_id, name)
    assert made is not None
    return made, secret


def find(
    tx: Connection, now: int, environment_id: int, name: str, program_id: int | None = None
) -> Session | None:
    """The session of this id; of this program alone, if one is named."""
    c = tables.connect_session.c
    mine = [c.environment_id == environment_id, c.id == name]
    if program_id is not None:
        mine.append(c.program_id == program_id)
    row = tx.execute(select(tables.connect_session).where(*mine)).first()
    return _session(row, now) if row is not None else None


def opened(tx: Connection, now: int, environment_id: int, secret: str) -> Session | None:
    """The session of an address, if it can still be opened."""
    c = tables.connect_session.c
    mine = (c.environment_id == environment_id, c.secret_hash == digest(secret))
    row = tx.execute(select(tables.connect_session).where(*mine)).first()
    found = _session(row, now) if row is not None else None
    return found if found is not None and found.open and found.expires > now else None


def take(tx: Connection, now: int, session: Session, browser: str) -> bool:
    """This browser goes on with it; False when another has opened it before."""
    c = tables.connect_session.c
    mine = update(tables.connect_session).where(c.id == session.id, c.state.in_(OPEN))
    held = {"browser_hash": digest(browser), "state": "opened", "changed": now}
    if tx.execute(mine.where(c.browser_hash.is_(None)).values(held)).rowcount:
        return True
    before = tx.execute(select(c.browser_hash).where(c.id == session.id)).scalar_one_or_none()
    return before is not None and same(before, digest(browser))


def finish(
    tx: Connection, now: int, environment_id: int, name: str, state: str, orcid: str | None = None
) -> Session | None:
    """End it so; None where it had ended before, or its time was up."""
    c = tables.connect_session.c
    found = find(tx, now, environment_id, name)
    if found is None or not found.open:
        return None
    done = update(tables.connect_session).where(c.id == name, c.state.in_(OPEN))
    ended = tx.execute(done.values(state=state, orcid=orcid, changed=now)).rowcount
    return find(tx, now, environment_id, name) if ended else None


def _session(row: Row[Any], now: int) -> Session:
    until = row.expires + (UNDER_WAY if row.state == "opened" else 0)
    over = row.state in OPEN and until <= now
    return Session(
        id=row.id, program_id=row.program_id, person_id=row.person_id, return_url=row.return_url,
        scopes=tuple((row.scopes or "").split()), state="expired" if over else row.state, orcid=row.orcid,
        created=row.created, expires=row.expires, changed=row.changed,
    )  # fmt: skip
