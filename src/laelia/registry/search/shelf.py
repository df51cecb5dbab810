"""The folder of the index on this machine: which generation answers, who may write, what was asked for.

    current            which generation answers, and how far it has read the change log
    writer.lock        held by the one process that writes
    keeper.lock        held by the one that keeps such a process
    wanted             somebody asks for the index to be made anew: why
    progress           how far that is
    g-…/               a generation: an index of its own

Nothing here is worth a backup: what is lost or damaged is made again from the tables.
"""

import fcntl
import os
import shutil
import threading
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from laelia.lib import faults

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Current:
    """The generation that answers. `version` is of its fields, `database` whose records are in it, (`txn`,
    `seq`) the place in the change log up to which it holds all, `last` the row that was read last, which may
    lie beyond, and `time` when that was written."""

    generation: str
    version: int
    database: str
    txn: int
    seq: int
    last: int = 0
    time: int = 0


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A rebuild: records read of how many, and whether it is over."""

    records: int
    total: int
    done: bool = False


class Shelf:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def current(self) -> Current | None:
        """None where there is no index yet, or what is said of it can't be read."""
        return self._read("current", Current)

    def put_current(self, current: Current) -> None:
        self._write("current", current)

    def remove_current(self) -> None:
        with suppress(FileNotFoundError):
            (self.folder / "current").unlink()

    def generation(self, name: str) -> Path:
        return self.folder / name

    def new_generation(self) -> str:
        return f"g-{uuid.uuid4().hex[:12]}"

    def clear(self, kept: str | None) -> None:
        """Remove the generations that no longer answer."""
        for path in self.folder.glob("g-*"):
            if path.name != kept:
                shutil.rmtree(path, ignore_errors=True)

    def want(self, why: str) -> None:
        """Ask whoever writes to make the index anew."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            # First: else that of a writer who was quick is removed, and whoever waits for it waits forever.
            (self.folder / "progress").unlink()
        self._write("wanted", why)

    def wanted(self) -> str | None:
        return self._read("wanted", str)

    def met(self) -> None:
        with suppress(FileNotFoundError):
            (self.folder / "wanted").unlink()

    def progress(self) -> Progress | None:
        return self._read("progress", Progress)

    def put_progress(self, progress: Progress) -> None:
        self._write("progress", progress)

    def writing(self) -> AbstractContextManager[bool]:
        """Whether this process may write; as long as it does no other may. The lock ends with the process."""
        return self._alone("writer.lock")

    def keeping(self) -> AbstractContextManager[bool]:
        """The same for having a process that writes."""
        return self._alone("keeper.lock")

    @contextmanager
    def _alone(self, name: str) -> Iterator[bool]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / name).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
            yield True

    def _read(self, name: str, kind: type[T]) -> T | None:
        try:
            return msgspec.json.decode((self.folder / name).read_bytes(), type=kind)
        except (OSError, msgspec.DecodeError):
            return None

    def _write(self, name: str, told: object) -> None:
        """Whole or not at all, whenever the machine stops."""
        body = msgspec.json.encode(told)
        fresh = self.folder / f".{name}.{os.getpid()}.{threading.get_ident()}"
        with fresh.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        faults.point("registry.search.renaming")
        fresh.replace(self.folder / name)
