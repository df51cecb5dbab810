"""What people are found by, made anew."""

import sys

from rich.console import Console
from rich.progress import track

from laelia.registry.commands.common import Json, open_database, say, settings
from laelia.registry.search import index
from laelia.registry.search.index import BATCH, Progress


def reindex(as_json: Json = False) -> None:
    """Read all records again and mend what people are found by; the registry may run meanwhile."""
    done = Progress(0, 0)
    with open_database(settings()) as database:
        with database.reading() as tx:
            batches = -(-index.total(tx) // BATCH)
        steps = track(
            index.rebuild(database),
            "reading records",
            total=batches,
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        )
        for step in steps:
            done = step
    say({"records": done.records, "mended": done.mended}, as_json)
