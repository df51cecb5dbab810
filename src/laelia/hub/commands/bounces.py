"""Letters that came back, by command: what a mail server hands over by a pipe, or keeps in a box."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from laelia.hub.commands.common import Json, fail, open_hub, say
from laelia.hub.people import bounces, letters

MOST = 512 * 1024 * 1024


def take(
    file: Annotated[
        Path, typer.Argument(help="A message, an mbox or a maildir; - for standard input.", allow_dash=True)
    ],
    as_json: Json = False,
) -> None:
    """Mark the letters that a mail server says it could not deliver, and the people they were for: they get
    no reminders until the address is another. Nothing else is done, whoever sent such a message. Ends with 0
    also for messages that are about no letter of ours, so that a mail server does not send them back."""
    counts = {"messages": 0, "undelivered": 0, "marked": 0}
    with open_hub() as service:
        for data in _messages(file):
            counts["messages"] += 1
            found = bounces.read(data)
            if found is None:
                continue
            counts["undelivered"] += 1
            with service.db.writing() as tx:
                now = service.clock.now()
                marked = [letters.undelivered(tx, now, mark, found.said) for mark in found.marks[:20]]
            counts["marked"] += any(marked)
        say(counts, as_json)


def _messages(file: Path) -> Iterator[bytes]:
    if str(file) == "-":
        yield from bounces.messages(sys.stdin.buffer.read(MOST))
        return
    try:
        if file.is_dir():
            yield from bounces.of_folder(file)
        else:
            yield from bounces.messages(file.read_bytes())
    except (OSError, ValueError) as error:
        fail(f"{file} can't be read: {getattr(error, 'strerror', None) or error}")
