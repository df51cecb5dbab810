"""Programs of an organisation at the hub's API: a client id and a secret each, of which the digest is kept,
and tokens of short life (RFC 6749 §4.4). One that is revoked is out with its next call."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from laelia.hub import tables
from laelia.hub.organisations import audit
from laelia.hub.organisations.audit import By
from laelia.hub.organisations.clash import Clash
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.secret import digest, new_secret, same
from laelia.model.addresses import web_address

# What a program may be allowed → what that is, in words.
SCOPES = {
    "read": lazy("read people, what is asserted and how far it is"),
    "write": lazy("say people, send them to connect, put, change and withdraw assertions"),
}
MOST = 50
LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, kw_only=True)
class Program:
    """`return_urls`: below one of them a connect session may end."""

    id: int
    environment_id: int
    client_id: str
    name: str
    scopes: tuple[str, ...]
    return_urls: tuple[str, ...]
    created: int
    seen: int | None
    revoked: int | None

    @property
    def by(self) -> By:
        """As whom it acts."""
        return By(actor=f"program:{self.id}", name=self.name)

    def may_return(self, url: str) -> bool:
        """Whether the address is one of those given, or lies below one: same scheme, host and port, and a
        path that goes on behind theirs."""
        wanted = web_address(url)
        if wanted is None or wanted.fragment or "@" in wanted.netloc or "/.." in wanted.path:
            return False
        for one in self.return_urls:
            known = urlsplit(one)
            stem = known.path.rstrip("/")
            below = wanted.path.rstrip("/") == stem or wanted.path.startswith(f"{stem}/")
            if (wanted.scheme, wanted.netloc.lower()) == (known.scheme, known.netloc.lower()) and below:
                return True
        return False


def add(
    tx: Connection, now: int, by: By, environment_id: int, *, name: str, scopes: Iterable[str] = SCOPES,
    return_urls: Sequence[str] = (),
) -> tuple[Program, str]:  # fmt: skip
    """A new program with its secret, which is told only now."""
    name = " ".join(name.split())
    if not name or len(name) > 200:
        raise Clash(_("A program needs a name."))
    allowed = [scope for scope in SCOPES if scope in set(scopes)]
    if not allowed:
        raise Clash(_("Choose what the program may do."))
    urls = [_good(url) for url in return_urls if url.strip()]
    c = tables.program.c
    alive = select(func.count()).where(c.environment_id == environment_id, c.revoked.is_(None))
    if tx.execute(alive).scalar_one() >= MOST:
        raise Clash(_("There are %(n)s programs already: revoke one first.", n=MOST))
    secret, client_id = new_secret(32), f"HUB-{new_secret(12)}"
    row = {"environment_id": environment_id, "client_id": client_id, "secret_hash": digest(secret),
           "name": name, "scopes": " ".join(allowed), "return_urls": orjson.dumps(urls).decode()}  # fmt: skip
    tx.execute(insert(tables.program).values(created=now, **row))
    audit.note(tx, now, environment_id, by, "program-added", name, client=client_id)
    made = find(tx, environment_id, client_id)
    assert made is not None
    return made, secret


def listed(tx: Connection, environment_id: int) -> list[Program]:
    """Those that may come in, by name."""
    c = tables.program.c
    found = select(tables.program).where(c.environment_id == environment_id, c.revoked.is_(None))
    return [_program(row) for row in tx.execute(found.order_by(func.lower(c.name), c.id))]


def find(tx: Connection, environment_id: int, client_id: str) -> Program | None:
    c = tables.program.c
    row = tx.execute(
        select(tables.program).where(c.environment_id == environment_id, c.client_id == client_id)
    ).first()
    return _program(row) if row is not None else None


def revoke(tx: Connection, now: int, by: By, one: Program) -> None:
    """Its tokens end with it. The row stays: it says who made what."""
    mine = update(tables.program).where(tables.program.c.id == one.id, tables.program.c.revoked.is_(None))
    if tx.execute(mine.values(revoked=now)).rowcount:
        tx.execute(delete(tables.program_token).where(tables.program_token.c.program_id == one.id))
        audit.note(tx, now, one.environment_id, by, "program-revoked", one.name, client=one.client_id)


def proven(tx: Connection, environment_id: int, client_id: str, secret: str) -> Program | None:
    """The program of this id and secret, if it may come in."""
    c = tables.program.c
    mine = (c.environment_id == environment_id, c.client_id == client_id, c.revoked.is_(None))
    row = tx.execute(select(tables.program).where(*mine)).first()
    if not same(digest(secret), row.secret_hash if row is not None else "") or row is None:
        return None
    return _program(row)


def issue(tx: Connection, now: int, one: Program, scopes: Iterable[str], seconds: int) -> str:
    """A token, of which only the digest is kept; those that are over go at the same time."""
    token, t = new_secret(), tables.program_token
    tx.execute(delete(t).where(t.c.program_id == one.id, t.c.expires <= now))
    row = {"token_hash": digest(token), "environment_id": one.environment_id, "program_id": one.id}
    tx.execute(insert(t).values(scopes=" ".join(scopes), created=now, expires=now + seconds * 1000, **row))
    tx.execute(update(tables.program).where(tables.program.c.id == one.id).values(seen=now))
    return token


def by_token(
    tx: Connection, now: int, environment_id: int, token: str
) -> tuple[Program, frozenset[str]] | None:
    """Whose token that is, and what it allows; None for one that is over, unknown or of another
    environment."""
    t = tables.program_token.c
    found = (
        select(tables.program, t.scopes.label("allowed"))
        .join(tables.program_token, t.program_id == tables.program.c.id)
        .where(t.token_hash == digest(token), t.expires > now, t.environment_id == environment_id)
    )
    row = tx.execute(found.where(tables.program.c.revoked.is_(None))).first()
    return (_program(row), frozenset(row.allowed.split())) if row is not None else None


def _good(url: str) -> str:
    url = url.strip()
    parts = web_address(url)
    if parts is None or parts.query or parts.fragment or "@" in parts.netloc or len(url) > 2000:
        raise Clash(_("%(url)s is no return address: one looks like https://hr.example.org/orcid.", url=url))
    if parts.scheme != "https" and parts.hostname not in LOCAL:
        raise Clash(_("%(url)s must begin with https.", url=url))
    return url


def _program(row: Row[Any]) -> Program:
    return Program(
        id=row.id, environment_id=row.environment_id, client_id=row.client_id, name=row.name,
        scopes=tuple(row.scopes.split()), return_urls=tuple(orjson.loads(row.return_urls)),
        created=row.created, seen=row.seen, revoked=row.revoked,
    )  # fmt: skip
