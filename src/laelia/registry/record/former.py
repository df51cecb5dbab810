"""Items as they were before others changed them, or before those of others were changed: what undoing needs.

Of what was added nothing is kept: the change log says all, and a POST costs no row more.
"""

from typing import Any

from sqlalchemy import Connection, insert, select

from laelia.registry import tables
from laelia.registry.access import Principal

COLUMNS = tuple(
    column.name for column in tables.former.c if column.name in tables.item.c and column.name != "orcid"
)


def keep(tx: Connection, now: int, who: Principal, seq: int, row: Any) -> None:
    """Keep an item's row under the number of the change that ends it. What the owner does with her own items
    she undoes by doing it again, and nothing is kept."""
    if who.client is None and who.actor == row.orcid == row.source_orcid:
        return
    kept = {name: getattr(row, name) for name in COLUMNS}
    tx.execute(insert(tables.former).values(seq=seq, orcid=row.orcid, time=now, **kept))


def of(tx: Connection, seq: int) -> Any:
    """The row that a change ended, or None."""
    return tx.execute(select(tables.former).where(tables.former.c.seq == seq)).first()
