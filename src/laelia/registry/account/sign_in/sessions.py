"""The sessions of one person, as she may look through them and end them."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from laelia.lib.secret import digest
from laelia.registry import tables

NAME = 16


@dataclass(frozen=True)
class Listed:
    """`name` says which session it is, to nobody but her: it is the beginning of its id's hash."""

    name: str
    since: int
    seen: int
    methods: tuple[str, ...]
    agent: str | None


def name_of(session_id: str) -> str:
    return digest(session_id)[:NAME]


def listed(tx: Connection, now: int, orcid: str) -> list[Listed]:
    """All that have not ended, the latest used first."""
    c = tables.session.c
    open_ = select(tables.session).where(c.subject == orcid, c.expires > now)
    rows = tx.execute(open_.order_by(c.seen.desc(), c.created.desc(), c.id_hash))
    return [
        Listed(row.id_hash[:NAME], row.created, row.seen, tuple((row.methods or "").split()), row.agent)
        for row in rows
    ]


def end(tx: Connection, orcid: str, name: str) -> bool:
    """End one of her sessions; False when there is none of that name."""
    c = tables.session.c
    if len(name) != NAME or not name.isalnum():
        return False
    one = delete(tables.session).where(c.subject == orcid, c.id_hash.startswith(name, autoescape=True))
    return tx.execute(one).rowcount > 0
