"""Secrets of clients: several may be good at once, so that a program can change over without an hour in which
neither the old nor the new one works. Only hashes are kept."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, or_, select, update

from laelia.lib import secret
from laelia.lib.clock import DAY
from laelia.registry import tables

MOST = 5
"""As many secrets of a client may be good at once."""
KEPT = 30 * DAY
"""So long one that ended is still listed, for whoever wonders why a program is refused."""


@dataclass(frozen=True, kw_only=True)
class Secret:
    """One secret as it can still be seen. `ends` is None until somebody ends it."""

    hash: str
    created: int
    ends: int | None

    @property
    def mark(self) -> str:
        """What tells it from the client's others, on pages and in the audit log. It says nothing of the
        secret."""
        return secret.digest(self.hash)[:12]

    def good(self, now: int) -> bool:
        return self.ends is None or self.ends > now


class TooMany(ValueError):
    """The client has as many secrets as it may have; end one first."""


def of(tx: Connection, client_id: str) -> tuple[Secret, ...]:
    """The secrets of a client, the newest first, also those that ended a while ago."""
    table = tables.client_secret
    wanted = select(table).where(table.c.client_id == client_id)
    rows = tx.execute(wanted.order_by(table.c.created.desc(), table.c.secret_hash))
    return tuple(Secret(hash=row.secret_hash, created=row.created, ends=row.ends) for row in rows)


def add(
    tx: Connection, now: int, client_id: str, *, text: str | None = None, overlap: int | None = None
) -> str:
    """Give a client a secret and return it, which is the last time that anybody sees it. With `overlap` its
    other secrets end after so many milliseconds, at once for 0. Raises TooMany."""
    _hold(tx, client_id)
    if overlap is not None:
        _end_others(tx, now, client_id, now + overlap)
    if len([one for one in of(tx, client_id) if one.good(now)]) >= MOST:
        raise TooMany
    _forget(tx, now, client_id)
    made = text or secret.new_token()
    row = {"client_id": client_id, "secret_hash": secret.digest(made), "created": now, "ends": None}
    tx.execute(insert(tables.client_secret).values(row))
    return made


def end(tx: Connection, now: int, client_id: str, mark: str) -> bool:
    """End one secret at once; False when there is none of that mark, or it has ended."""
    _hold(tx, client_id)
    found = next((one for one in of(tx, client_id) if one.mark == mark and one.good(now)), None)
    if found is None:
        return False
    table = tables.client_secret
    mine = (table.c.client_id == client_id, table.c.secret_hash == found.hash)
    tx.execute(update(table).where(*mine).values(ends=now))
    return True


def check(secrets: tuple[Secret, ...] | None, text: str, now: int) -> bool:
    """Whether `text` is one of these secrets and still good. None, for an unknown client, costs the same."""
    offered = secret.digest(text)
    known = [one.hash for one in secrets or () if one.good(now)] or ["0" * 64]
    return any(secret.same(offered, one) for one in known)


def _hold(tx: Connection, client_id: str) -> None:
    """Two who change a client's secrets at once do so one after the other."""
    client = tables.client
    tx.execute(select(client.c.client_id).where(client.c.client_id == client_id).with_for_update())


def _end_others(tx: Connection, now: int, client_id: str, at: int) -> None:
    table = tables.client_secret
    later = or_(table.c.ends.is_(None), table.c.ends > at)
    tx.execute(update(table).where(table.c.client_id == client_id, later).values(ends=at))


def _forget(tx: Connection, now: int, client_id: str) -> None:
    table = tables.client_secret
    tx.execute(delete(table).where(table.c.client_id == client_id, table.c.ends < now - KEPT))
