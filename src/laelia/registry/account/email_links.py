"""Links sent by e-mail, kept as a hash: for one use and three days, unless they are made for longer."""

from typing import Any

from sqlalchemy import Connection, insert, select, update

from laelia.lib import secret
from laelia.registry import tables

LIFE = 3 * 24 * 3_600_000


def make(tx: Connection, now: int, orcid: str, email: str, purpose: str = "verify", life: int = LIFE) -> str:
    """The secret part of a new link, which works for `life` milliseconds."""
    text = secret.new_secret()
    tx.execute(
        insert(tables.email_link).values(
            token_hash=secret.digest(text),
            orcid=orcid,
            email=email,
            purpose=purpose,
            created=now,
            expires=now + life,
        )
    )
    return text


def look(tx: Connection, now: int, text: str, purpose: str) -> tuple[str, str] | None:
    """What `use` would give, without spending the link."""
    table = tables.email_link
    found = select(table.c.orcid, table.c.email).where(*_open(now, text, purpose))
    row = tx.execute(found).first()
    return None if row is None else (row.orcid, row.email)


def use(tx: Connection, now: int, text: str, purpose: str = "verify") -> tuple[str, str] | None:
    """Spend a link: (iD, address), or None when it is unknown, expired or was used."""
    table = tables.email_link
    spent = update(table).where(*_open(now, text, purpose)).values(used=now)
    row = tx.execute(spent.returning(table.c.orcid, table.c.email)).first()
    return None if row is None else (row.orcid, row.email)


def _open(now: int, text: str, purpose: str) -> tuple[Any, ...]:
    link = tables.email_link.c
    return (
        link.token_hash == secret.digest(text),
        link.purpose == purpose,
        link.used.is_(None),
        link.expires > now,
    )
