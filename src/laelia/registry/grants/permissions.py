"""What a person allows a client at this moment, over all the tokens it holds: what it may pass on."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from laelia.registry import tables
from laelia.registry.access import expand

UPDATE = "/activities/update"


@dataclass(frozen=True)
class Permission:
    """`taken_back`: all that is left is to remove what the client added, with a token that its person
    revoked (oauth.md §5)."""

    scopes: tuple[str, ...]
    ends: int = 0
    taken_back: bool = False


def of(tx: Connection, now: int, orcid: str, client_id: str) -> Permission:
    """The union of the scopes of its live tokens, in the order in which they were given."""
    token = tables.token
    rows = tx.execute(
        select(token.c.scopes, token.c.expires, token.c.revoked, token.c.revoked_reason)
        .where(
            token.c.orcid == orcid,
            token.c.client_id == client_id,
            token.c.obo_client_id.is_(None),
            token.c.expires > now,
        )
        .order_by(token.c.id)
    ).all()
    live = [row for row in rows if row.revoked is None]
    if live:
        given = dict.fromkeys(scope for row in live for scope in row.scopes.split())
        return Permission(tuple(given), max(row.expires for row in live))
    by_her = [row for row in rows if row.revoked_reason == "user" and UPDATE in expand(row.scopes.split())]
    return Permission((UPDATE,), by_her[-1].expires, taken_back=True) if by_her else Permission(())
