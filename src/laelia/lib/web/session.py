"""Sessions of people at the pages of one service: a random id in a cookie, its hash and data in a row.

A visitor who has done nothing yet has an id in her cookie but no row: the token of her forms is derived
from the id, so nothing is written for someone who only looks. The id is renewed whenever something is
first stored and at sign-in, so that an id planted before is worth nothing.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Connection, MetaData, Table

from laelia.lib.clock import DAY, MINUTE
from laelia.lib.secret import digest, new_secret, same
from laelia.lib.sql import BigInt, Json

TOUCH_AFTER = 10 * MINUTE


def session_table(metadata: MetaData, *extra_columns: Column[Any], name: str = "session") -> Table:
    return Table(
        name,
        metadata,
        Column("id_hash", sa.Text, primary_key=True),
        Column("subject", sa.Text, index=True),
        Column("data", Json, nullable=False),
        Column("created", BigInt, nullable=False),
        Column("seen", BigInt, nullable=False),
        Column("expires", BigInt, nullable=False, index=True),
        *extra_columns,
    )


@dataclass
class Session:
    """`subject` is who signed in, or None. Change `data` and call `save`, or it is forgotten."""

    sessions: "Sessions"
    id: str
    stored: bool = False
    subject: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    created: int = 0
    seen: int = 0
    new_id: bool = False  # the browser does not know this id yet
    told: bool = False  # the id is needed by the browser: a form was shown, or a row was made
    ended: bool = False

    @property
    def csrf(self) -> str:
        """The token for the hidden field `csrf_token` of every form."""
        self.told = True
        return hashlib.sha256(b"form of session " + self.id.encode()).hexdigest()[:43]

    def accepts(self, token: str) -> bool:
        return not self.new_id and same(self.csrf, token)

    def start(
        self, tx: Connection, now: int, subject: str | None, data: dict[str, Any] | None = None, **extra: Any
    ) -> None:
        """Sign in: a new id for the browser; the old row is gone. Data is kept unless given anew."""
        if self.stored:
            self._delete(tx)
        self.subject = subject
        self.data = self.data if data is None else data
        self.extra.update(extra)
        self._insert(tx, now)

    def renew(self, tx: Connection, now: int, **extra: Any) -> None:
        """She has shown anew who she is: the same session, under a new id. Whoever had the old one is out."""
        self.extra.update(extra)
        old, self.id = digest(self.id), new_secret()
        self.new_id = self.told = True
        table = self.sessions.table
        values = {"id_hash": digest(self.id), "data": self.data, **self._times(now), **self.extra}
        tx.execute(sa.update(table).where(table.c.id_hash == old).values(values))

    def save(self, tx: Connection, now: int, **extra: Any) -> None:
        """Store what was changed in `data`; the first time this makes the row, under a new id."""
        self.extra.update(extra)
        if not self.stored:
            self._insert(tx, now)
            return
        table = self.sessions.table
        values = {"data": self.data, "subject": self.subject, **self._times(now), **self.extra}
        tx.execute(sa.update(table).where(table.c.id_hash == digest(self.id)).values(values))

    def take(self, tx: Connection, now: int, name: str) -> Any:
        """Take a value out of the stored data, once: of requests that ask at the same time one gets it, the
        others None."""
        table = self.sessions.table
        mine = sa.select(table.c.data).where(table.c.id_hash == digest(self.id)).with_for_update()
        self.data = tx.execute(mine).scalar() or {}
        value = self.data.pop(name, None)
        if value is not None:
            self.save(tx, now)
        return value

    def end(self, tx: Connection) -> None:
        """Sign out: the row is gone and the browser drops its cookie."""
        if self.stored:
            self._delete(tx)
        self.stored, self.subject, self.data, self.ended = False, None, {}, True

    def touch(self, tx: Connection, now: int) -> None:
        table = self.sessions.table
        tx.execute(sa.update(table).where(table.c.id_hash == digest(self.id)).values(self._times(now)))

    def _times(self, now: int) -> dict[str, int]:
        self.seen = now
        life = self.sessions
        return {"seen": now, "expires": min(now + life.lifetime_ms, self.created + life.longest_ms)}

    def _insert(self, tx: Connection, now: int) -> None:
        self.id, self.new_id, self.told, self.stored, self.ended = new_secret(), True, True, True, False
        self.created = now
        values = {"id_hash": digest(self.id), "subject": self.subject, "data": self.data, "created": now}
        tx.execute(sa.insert(self.sessions.table).values({**values, **self._times(now), **self.extra}))

    def _delete(self, tx: Connection) -> None:
        table = self.sessions.table
        tx.execute(sa.delete(table).where(table.c.id_hash == digest(self.id)))
        self.stored = False


class Sessions:
    """The sessions of one service; `secure` false drops Secure and the name's prefix for plain-http
    development. One that nobody uses ends after `lifetime_ms`, any after `longest_ms`.
    """

    def __init__(
        self,
        table: Table,
        service: str,
        *,
        secure: bool,
        lifetime_ms: int = 2 * DAY,
        longest_ms: int = 30 * DAY,
    ) -> None:
        self.table, self.secure = table, secure
        self.lifetime_ms, self.longest_ms = lifetime_ms, longest_ms
        self.cookie = f"__Host-laelia-{service}" if secure else f"laelia-{service}"

    def anonymous(self, raw: str | None) -> Session:
        """The session a cookie claims, not yet looked up; enough to check a form's token."""
        usable = raw is not None and 16 <= len(raw) <= 128 and raw.isascii()
        return Session(self, raw if usable and raw else new_secret(), new_id=not usable)

    def load(self, tx: Connection, now: int, session: Session) -> None:
        """Fill it from its row, if there is one and it has not expired."""
        if session.new_id:
            return
        c = self.table.c
        mine = sa.select(self.table).where(c.id_hash == digest(session.id), c.expires > now)
        row = tx.execute(mine).first()
        if row is None:
            return
        session.stored, session.subject, session.data = True, row.subject, row.data
        session.created, session.seen = row.created, row.seen
        own = ("id_hash", "subject", "data", "created", "seen", "expires")
        session.extra = {name: value for name, value in row._mapping.items() if name not in own}

    def set_cookie(self, session: Session) -> str | None:
        """The Set-Cookie header that the browser needs, if any."""
        flags = f"; Path=/; HttpOnly; SameSite=Lax{'; Secure' if self.secure else ''}"
        if session.ended:
            return f"{self.cookie}=; Max-Age=0{flags}"
        if session.new_id and session.told:
            return f"{self.cookie}={session.id}{flags}"
        return None

    def end_all(self, tx: Connection, subject: str, but: Session | None = None) -> int:
        """Sign someone out everywhere, or everywhere else: after a change of password, or when her account
        is locked. Returns how many sessions that were."""
        ended = sa.delete(self.table).where(self.table.c.subject == subject)
        if but is not None:
            ended = ended.where(self.table.c.id_hash != digest(but.id))
        return tx.execute(ended).rowcount

    def sweep(self, tx: Connection, now: int) -> int:
        return tx.execute(sa.delete(self.table).where(self.table.c.expires <= now)).rowcount
