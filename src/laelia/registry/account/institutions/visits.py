"""A sign-in at a provider, from the question to the answer.

The question is a row under the hash of the id that the answer has to name (the ID of a SAML request, the
state of OpenID Connect). It is answered once, within ten minutes, in a transaction of its own, whatever the
answer turns out to be. A SAML answer is posted from the provider's site, where the browser leaves our cookies
out: it gives the browser a ticket, which counts only together with the session in which the question was
asked. So nobody can be signed in by an answer that was made for somebody else's browser.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, delete, insert, select, update

from laelia.lib import secret
from laelia.lib.clock import HOUR, MINUTE
from laelia.lib.secret import KeyRing
from laelia.registry import tables
from laelia.registry.account.institutions.guest import Guest

LIFE = 10 * MINUTE
WAITING = HOUR
"""For how long somebody who came in can sign in or register, to have her account linked."""

_table = tables.institution_visit
_own = _table.c


@dataclass(frozen=True, kw_only=True)
class Visit:
    """`told` is what had to be remembered of the question."""

    id_hash: str
    institution_id: int
    onward: str | None
    told: dict[str, Any] = field(default_factory=dict)


def of_browser(csrf: str) -> str:
    """What is kept to know a browser by: derived from the token of its session's forms, which no other site
    learns."""
    return hashlib.sha256(b"visit of session " + csrf.encode()).hexdigest()


def ask(
    tx: Connection,
    now: int,
    keys: KeyRing,
    *,
    id_: str,
    institution_id: int,
    browser: str,
    onward: str | None,
    told: dict[str, Any] | None = None,
) -> None:
    """Remember a question that is about to be asked."""
    id_hash = secret.digest(id_)
    sealed = keys.seal(orjson.dumps(told).decode(), _bound(id_hash)) if told else None
    row = {"id_hash": id_hash, "institution_id": institution_id, "browser": browser, "onward": onward}
    tx.execute(insert(_table).values(**row, sealed=sealed, created=now, expires=now + LIFE))


def spend(tx: Connection, now: int, keys: KeyRing, id_: str, browser: str | None = None) -> Visit | None:
    """Use a question up for the one answer it may have; None when it is unknown, expired or was answered.
    With `browser` it has to come from the browser that asked, or it stays open. The caller commits."""
    open_ = [_own.id_hash == secret.digest(id_), _own.answered.is_(None), _own.expires > now]
    if browser is not None:
        open_.append(_own.browser == browser)
    row = tx.execute(update(_table).where(*open_).values(answered=now).returning(_table)).first()
    if row is None:
        return None
    told = orjson.loads(keys.unseal(row.sealed, _bound(row.id_hash))) if row.sealed else {}
    return Visit(id_hash=row.id_hash, institution_id=row.institution_id, onward=row.onward, told=told)


def answer(tx: Connection, keys: KeyRing, visit: Visit, guest: Guest) -> str:
    """Keep who came; returns the ticket with which the browser that asked comes to claim it."""
    ticket = secret.new_secret()
    sealed = keys.seal(orjson.dumps(guest.to_json()).decode(), _bound(visit.id_hash))
    values = {"sealed": sealed, "ticket_hash": secret.digest(ticket)}
    tx.execute(update(_table).where(_own.id_hash == visit.id_hash).values(**values))
    return ticket


def claim(tx: Connection, now: int, ticket: str, browser: str) -> str | None:
    """Spend a ticket in the browser that asked; returns the key of who waits to come in, None when the ticket
    is unknown, spent, too old, or another browser's."""
    open_ = (
        _own.ticket_hash == secret.digest(ticket),
        _own.browser == browser,
        _own.claimed.is_(None),
        _own.expires > now,
    )
    claimed = update(_table).where(*open_).values(claimed=now, expires=now + WAITING)
    row = tx.execute(claimed.returning(_own.id_hash)).first()
    return None if row is None else str(row.id_hash)


def waiting(tx: Connection, now: int, keys: KeyRing, key: str | None) -> tuple[Guest, str | None] | None:
    """Who came in and where she was going, until she is linked or an hour has passed."""
    if not key:
        return None
    wanted = select(_table).where(_own.id_hash == key, _own.claimed.is_not(None), _own.expires > now)
    row = tx.execute(wanted).first()
    if row is None or row.sealed is None:
        return None
    return Guest.from_json(orjson.loads(keys.unseal(row.sealed, _bound(key)))), row.onward


def end(tx: Connection, key: str) -> None:
    """Nobody waits here any more."""
    tx.execute(delete(_table).where(_own.id_hash == key))


def sweep(tx: Connection, now: int) -> None:
    """Forget what was never answered or claimed, and who was never linked."""
    tx.execute(delete(_table).where(_own.expires <= now))


def _bound(id_hash: str) -> str:
    return f"institution_visit.sealed:{id_hash}"
