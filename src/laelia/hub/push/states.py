"""Rows of the ledger come to other values: what reports count and what an organisation's own systems are told
goes into the transaction of the change."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row

from laelia.hub import callbacks, tables
from laelia.hub.people import history
from laelia.lib.database import update_by_id

Entry = Row[tuple[object, ...]]
"""A row of the ledger, or of the calls that were made for it."""

NOTHING_STANDS: dict[str, object] = {"put_code": None, "sent_hash": None, "sent_item": None}


def come_to(tx: Connection, now: int, changes: Sequence[tuple[Entry, dict[str, Any]]]) -> None:
    """Each row, all of one record and each once, takes the values beside it."""
    history.placed(tx, now, changes)
    update_by_id(tx, tables.assertion, {row.id: {**values, "modified": now} for row, values in changes})
    callbacks.note_states(tx, now, changes)
