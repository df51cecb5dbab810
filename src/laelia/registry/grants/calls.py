"""The call log: who asked the API for what, and what came of it, for 30 days.

Lines wait in memory and are written together, so that no call waits for another transaction. Anonymous
reads leave no line: they are nobody's, and the access log counts them.
"""

import threading
from typing import Any

from sqlalchemy import delete

from laelia.lib.clock import DAY
from laelia.lib.database import Database
from laelia.registry import tables

KEPT = 30 * DAY
_INSERT = tables.call_log.insert()


class CallLog:
    """The lines of one process. `flush` writes those that wait; a process that is killed loses at most
    those."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lines: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    def add(self, line: dict[str, Any]) -> None:
        with self._lock:
            self._lines.append(line)

    def flush(self) -> int:
        """Write what waits; returns how many lines that were."""
        with self._lock:
            lines, self._lines = self._lines, []
        if not lines:
            return 0
        try:
            with self._database.writing() as tx:
                tx.execute(_INSERT, lines)
        except BaseException:
            with self._lock:
                self._lines = lines + self._lines
            raise
        return len(lines)

    def sweep(self, now: int) -> None:
        """Forget what is older than 30 days."""
        with self._database.writing() as tx:
            tx.execute(delete(tables.call_log).where(tables.call_log.c.time < now - KEPT))
