"""Who operates the registry. The role is given by a command only: nobody becomes an operator at a page."""

from sqlalchemy import Connection, delete, select

from laelia.lib.sql import insert_ignore
from laelia.registry import tables
from laelia.registry.operators import audit
from laelia.registry.operators.audit import By


def grant(tx: Connection, now: int, by: By, orcid: str) -> bool:
    """Make somebody an operator; False when she is one already."""
    if not insert_ignore(tx, tables.operator, {"orcid": orcid, "since": now}):
        return False
    audit.note(tx, now, by, "operator.grant", orcid)
    return True


def revoke(tx: Connection, now: int, by: By, orcid: str) -> bool:
    """Take the role back; it is gone with the next page she opens."""
    gone = tx.execute(delete(tables.operator).where(tables.operator.c.orcid == orcid)).rowcount > 0
    if gone:
        audit.note(tx, now, by, "operator.revoke", orcid)
    return gone


def holds(tx: Connection, orcid: str) -> bool:
    """Whether this person may operate the registry: only while her own record is active."""
    table, record = tables.operator, tables.record
    found = (
        select(table.c.orcid)
        .join(record, record.c.orcid == table.c.orcid)
        .where(table.c.orcid == orcid, record.c.state == "active")
    )
    return tx.execute(found).first() is not None


def everyone(tx: Connection) -> list[tuple[str, int]]:
    """Every operator, and since when."""
    table = tables.operator
    return [(row.orcid, row.since) for row in tx.execute(select(table).order_by(table.c.since))]
