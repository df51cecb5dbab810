"""What people are found by, made anew."""

import sys
import time
from collections.abc import Iterator

from rich.console import Console
from rich.progress import Progress as Bar

from laelia.registry.commands.common import Json, open_database, say, settings
from laelia.registry.search.shelf import Progress, Shelf
from laelia.registry.search.writer import Writer

WAIT_SECONDS = 0.2


def reindex(as_json: Json = False) -> None:
    """Make the search index of this machine anew; the registry may run meanwhile, and answers from the old
    one."""
    told = settings()
    shelf = Shelf(told.search)
    done = Progress(records=0, total=0)
    with open_database(told) as database, shelf.writing() as may:
        steps = _here(Writer(database, shelf), shelf) if may else _there(shelf)
        with Bar(console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
            task = bar.add_task("reading records", total=None)
            for done in steps:
                bar.update(task, completed=done.records, total=done.total)
    say({"records": done.records, "where": "here" if may else "in the registry that runs"}, as_json)


def _here(writer: Writer, shelf: Shelf) -> Iterator[Progress]:
    """No registry runs on this machine."""
    shelf.want("reindex")
    writer.open()
    try:
        while not (now := shelf.progress()) or not now.done:
            writer.step()
            if now:
                yield now
        yield now
    finally:
        writer.close()


def _there(shelf: Shelf) -> Iterator[Progress]:
    """The registry that runs does it; its progress is what can be seen."""
    shelf.want("reindex")
    while not (now := shelf.progress()) or not now.done:
        if now:
            yield now
        time.sleep(WAIT_SECONDS)
    yield now
