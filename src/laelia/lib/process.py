"""What this process is called where several share a database, and whether another one still runs."""

import os
import socket
import uuid
from functools import cache
from pathlib import Path


def name() -> str:
    """This process: where it runs, its number there, and its start, since numbers come again."""
    return _name(os.getpid())


@cache
def _name(pid: int) -> str:
    return f"{host()}/{pid}/{uuid.uuid4().hex[:8]}"


@cache
def host() -> str:
    """This machine, and the part of it in which numbers of processes mean the same: two containers may bear
    one name."""
    try:
        space = str(Path("/proc/self/ns/pid").readlink()).strip("pid:[]")[-5:]
    except OSError:
        space = "0"
    return f"{socket.gethostname()[:12]}~{space}"


def ended(holder: str) -> bool:
    """Whether a process of this machine is surely gone; of others nobody here knows. One with our number was
    before us."""
    where, number, _start = holder.rsplit("/", 2)
    if where != host():
        return False
    return holder != name() if int(number) == os.getpid() else not _runs(int(number))


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
