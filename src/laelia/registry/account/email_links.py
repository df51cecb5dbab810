"""Links sent by e-mail: one use, three days, kept as a hash. For the present they prove an address."""

from sqlalchemy import Connection, insert, update

from laelia.lib import secret
from laelia.registry import tables

LIFE = 3 * 24 * 3_600_000


def make(tx: Connection, now: int, orcid: str, email: str, purpose: str = "verify", life: int = LIFE) -> str:
    """The secret part of a new link."""
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


def use(tx: Connection, now: int, text: str, purpose: str = "verify") -> tuple[str, str] | None:
    """Spend a link: (iD, address), or None when it is unknown, expired or was used."""
    table = tables.email_link
    open_ = (
        table.c.token_hash == secret.digest(text),
        table.c.purpose == purpose,
        table.c.used.is_(None),
        table.c.expires > now,
    )
    spent = update(table).where(*open_).values(used=now).returning(table.c.orcid, table.c.email)
    row = tx.execute(spent).first()
    return None if row is None else (row.orcid, row.email)
