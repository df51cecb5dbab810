"""Links by e-mail that close a record or open it again: four hours, one use, the newest only (registry-ui.md
§3 and §7). Looking at the page behind one does not spend it."""

from typing import Literal

from sqlalchemy import Connection, delete, insert, select

from laelia.lib import secret
from laelia.lib.clock import HOUR
from laelia.registry import tables

LIFE = 4 * HOUR

Purpose = Literal["deactivate", "erase", "reactivate"]
_link = tables.email_link.c


def make(tx: Connection, now: int, orcid: str, email: str, purpose: Purpose) -> str:
    """The secret part of a new link; earlier ones for the same end with it."""
    tx.execute(delete(tables.email_link).where(_link.orcid == orcid, _link.purpose == purpose))
    text = secret.new_secret()
    row = {"orcid": orcid, "email": email, "purpose": purpose, "created": now, "expires": now + LIFE}
    tx.execute(insert(tables.email_link).values(token_hash=secret.digest(text), **row))
    return text


def look(tx: Connection, now: int, text: str, *purposes: Purpose) -> tuple[str, str, Purpose] | None:
    """(iD, address, purpose) of a link that is still good."""
    good = (
        _link.token_hash == secret.digest(text),
        _link.purpose.in_(purposes),
        _link.used.is_(None),
        _link.expires > now,
    )
    row = tx.execute(select(_link.orcid, _link.email, _link.purpose).where(*good)).first()
    return None if row is None else (row.orcid, row.email, row.purpose)


def spend(tx: Connection, now: int, text: str, *purposes: Purpose) -> tuple[str, str, Purpose] | None:
    """The same, and the link is gone; of two who bring it at once one gets it."""
    found = look(tx, now, text, *purposes)
    if found is None:
        return None
    gone = tx.execute(delete(tables.email_link).where(_link.token_hash == secret.digest(text))).rowcount
    return found if gone else None
