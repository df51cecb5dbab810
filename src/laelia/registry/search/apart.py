"""The writer of the index in a process of its own, with less priority: what comes into the index is read and
taken apart here, and in the registry's process would hold up everybody who asks or writes.

It is told what to do on its stdin, since a database's address may hold a password, and ends when that closes:
with the process that started it, however that ends.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

NICE = 5
LOOK_SECONDS = 0.5
ENDS_WITHIN_SECONDS = 10


def run(database: str, folder: Path, stop: threading.Event) -> None:
    """Start it, and return when it has ended: of itself, or because it was told to stop."""
    command = [sys.executable, "-m", __name__]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, text=True)  # noqa: S603 - our own module
    assert child.stdin is not None
    with suppress(BrokenPipeError):
        child.stdin.write(json.dumps({"database": database, "folder": str(folder)}) + "\n")
        child.stdin.flush()
    while child.poll() is None and not stop.wait(LOOK_SECONDS):
        pass
    with suppress(BrokenPipeError):
        child.stdin.close()
    try:
        child.wait(ENDS_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def main() -> None:
    """What `run` starts."""
    from laelia.lib.database import Database
    from laelia.registry.search.index import Search

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent says goodbye
    os.nice(NICE)
    told = json.loads(sys.stdin.readline())
    database, stop = Database(told["database"]), threading.Event()
    thread = threading.Thread(target=Search(database, Path(told["folder"])).run, args=(stop,))
    thread.start()
    sys.stdin.read()
    stop.set()
    thread.join()
    database.dispose()


if __name__ == "__main__":
    main()
