"""The index of this machine as the registry holds it: one who may read, and one who writes while nobody else
does."""

import threading
from collections.abc import Callable
from pathlib import Path

from laelia.lib.database import Database
from laelia.lib.log import get_logger
from laelia.registry.search import apart
from laelia.registry.search.reader import Reader
from laelia.registry.search.shelf import Shelf
from laelia.registry.search.writer import Writer

POLL_SECONDS = 0.05
TAKE_OVER_SECONDS = 2.0
"""How often a process that may not write looks whether whoever could has gone."""

log = get_logger()


class Search:
    def __init__(self, database: Database, folder: Path) -> None:
        self.shelf = Shelf(folder)
        self.reader = Reader(self.shelf)
        self._database = database

    def work(self) -> int:
        """Take in all that changed, here and now, and let it be found; nothing where another process
        writes."""
        with self.shelf.writing() as may:
            if not may:
                return 0
            writer = Writer(self._database, self.shelf)
            writer.open()
            try:
                return writer.step(at_once=True)
            finally:
                writer.close()
                self.reader.forget()

    def run(self, stop: threading.Event) -> None:
        """Keep the index right until told to stop, or wait to take over from whoever does."""
        while not stop.is_set():
            with self.shelf.writing() as may:
                if may:
                    _write(Writer(self._database, self.shelf), stop)
            stop.wait(TAKE_OVER_SECONDS)

    def run_apart(self, stop: threading.Event) -> None:
        """The same by a process of its own, which one of the registry's processes on this machine keeps."""
        while not stop.is_set():
            with self.shelf.keeping() as may:
                if may:
                    apart.run(self._database.url, self.shelf.folder, stop)
            stop.wait(TAKE_OVER_SECONDS)


def _write(writer: Writer, stop: threading.Event) -> None:
    """What goes wrong is logged, and begun again from what was committed."""
    try:
        writer.open()
        while not stop.wait(0 if writer.building else POLL_SECONDS):
            writer.step()
    except Exception:
        log.exception("the writer of the search index failed")
    finally:
        _quietly(writer.close)


def _quietly(act: Callable[[], None]) -> None:
    try:
        act()
    except Exception:
        log.exception("the search index could not be closed")
