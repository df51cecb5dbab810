"""How an index stands to the change log, of which rows are forgotten after thirty days."""

from typing import Literal

from sqlalchemy import Connection, Select, select

from laelia.lib.changes import forgotten
from laelia.lib.clock import HOUR
from laelia.registry import tables
from laelia.registry.search.shelf import Current

Stands = Literal["on", "behind", "elsewhere"]


def stands(tx: Connection, current: Current) -> Stands:
    """Whether the log goes on from where the index left it (though no row may have come for months), rows
    were forgotten that it had not read, or it is another log: of a backup that was restored, which has the
    same identity."""
    place, gone = (current.txn, current.seq), forgotten(tx, tables.change)
    written = time_of(tx, current.last)
    if written is None:
        # Gone for its age, if as much was forgotten; else this log never came so far.
        same = gone > place or (gone == place and current.last == current.seq)
    else:
        same = written == current.time
    if not same:
        return "elsewhere"
    return "behind" if gone > place else "on"


def time_of(tx: Connection, row: int) -> int | None:
    """When this row of the change log was written, 0 for what is before the first; None where it is not."""
    if row == 0:
        return 0
    time = tx.execute(select(tables.change.c.time).where(tables.change.c.seq == row)).scalar()
    return int(time) if time is not None else None


def changed_since(time: int) -> Select[tuple[str]]:
    """Whose records changed since the row of this time was read. A change bears the time at which its request
    began, so one may have come later than it says."""
    return select(tables.record.c.orcid).where(tables.record.c.modified >= time - HOUR)
