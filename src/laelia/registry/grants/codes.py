"""Authorisation codes (RFC 6749 §4.1.2): 128 random bits, ten minutes, spent once. Only the hash is kept."""

import base64
import hashlib
import secrets
import string
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from laelia.lib import secret
from laelia.registry import tables

LIFE = 10 * 60 * 1000
_LETTERS = string.digits + string.ascii_letters


@dataclass(frozen=True, kw_only=True)
class Code:
    """What a code stands for: who allowed which client what, for how long, and where it was sent."""

    client_id: str
    orcid: str
    scopes: str
    redirect_uri: str
    until_revoked: bool
    challenge: str | None = None
    nonce: str | None = None
    arrived: int | None = None
    methods: str | None = None
    code_hash: str = ""


def issue(tx: Connection, now: int, code: Code, *, short: bool = False) -> str:
    """A new code's text, which is shown once. `short` gives ORCID's six characters, in the sandbox only:
    with so few, only the ten minutes protect it."""
    text = "".join(secrets.choice(_LETTERS) for _ in range(6)) if short else secrets.token_urlsafe(16)
    tx.execute(
        insert(tables.code).values(
            code_hash=secret.digest(text),
            client_id=code.client_id,
            orcid=code.orcid,
            scopes=code.scopes,
            redirect_uri=code.redirect_uri,
            nonce=code.nonce,
            challenge=code.challenge,
            arrived=code.arrived,
            methods=code.methods,
            until_revoked=code.until_revoked,
            created=now,
            expires=now + LIFE,
        )
    )
    return text


def hold_owner(tx: Connection, text: str) -> None:
    """Lock the record of the person who gave this code, before the code itself: revocation locks in the
    same order (see tokens.hold)."""
    record, code = tables.record, tables.code
    owner = select(code.c.orcid).where(code.c.code_hash == secret.digest(text))
    tx.execute(select(record.c.orcid).where(record.c.orcid.in_(owner)).with_for_update())


def spend(tx: Connection, now: int, text: str) -> Code | None:
    """Use a code up and say what it stood for; None when it is unknown, expired or was used before.

    One statement decides, so that of any number of requests with one code a single one gets it. Whoever
    presents it, and whatever is wrong with the rest of the request, the code is gone: the caller commits.
    """
    table = tables.code
    unspent = (table.c.code_hash == secret.digest(text), table.c.used.is_(None), table.c.expires > now)
    row = tx.execute(update(table).where(*unspent).values(used=now).returning(table)).mappings().first()
    if row is None:
        return None
    names = (
        "client_id",
        "orcid",
        "scopes",
        "redirect_uri",
        "until_revoked",
        "challenge",
        "nonce",
        "arrived",
        "methods",
        "code_hash",
    )
    return Code(**{name: row[name] for name in names})


def was_spent(tx: Connection, text: str) -> str | None:
    """The hash of a code that has been used already: somebody holds a copy (RFC 6749 §10.5)."""
    table = tables.code
    used = select(table.c.code_hash).where(
        table.c.code_hash == secret.digest(text), table.c.used.is_not(None)
    )
    return tx.execute(used).scalar()


def cancel(tx: Connection, now: int, orcid: str, client_id: str) -> None:
    """Make the codes that are still on their way useless, as when the permission is taken back."""
    table = tables.code
    pending = (table.c.orcid == orcid, table.c.client_id == client_id, table.c.used.is_(None))
    tx.execute(update(table).where(*pending).values(used=now))


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a code verifier (RFC 7636 §4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
