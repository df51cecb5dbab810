"""Whether an index is whole. Each of tantivy's files ends with the checksum (CRC-32) of what stands before
it, its length and a number that marks it; nothing else of the format is known here."""

import json
import mmap
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_END = struct.Struct("<II")
_MARK = 1337
_REFUSED = "An invalid argument was passed"


class Damaged(Exception):
    """The index can't be read; the message names what is wrong with it."""


@contextmanager
def guarded() -> Iterator[None]:
    """What goes wrong inside of tantivy, as Damaged: it raises ValueError, or panics, where a file is not
    what it should be. A question that tantivy refuses stays a ValueError: the files are not at fault."""
    try:
        yield
    except (ValueError, OSError) as error:
        if str(error).startswith(_REFUSED):
            raise
        raise Damaged(str(error)) from error
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":  # of pyo3, which can't be named; it is no Exception
            raise
        raise Damaged(str(panic)) from None


def check(folder: Path) -> None:
    """Read every file of the index once; Damaged where one is not whole, or missing."""
    try:
        told = json.loads((folder / "meta.json").read_bytes())
        segments = [str(one["segment_id"]).replace("-", "") for one in told["segments"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"meta.json: {error}") from error
    for segment in segments:
        files = [path for path in folder.glob(f"{segment}.*") if path.suffix != ".lock"]
        if not any(path.suffix == ".store" for path in files):
            raise Damaged(f"{segment} is missing")
        for path in files:
            if not _whole(path):
                raise Damaged(f"{path.name} is not whole")


def _whole(path: Path) -> bool:
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
            length, mark = _END.unpack(held[-_END.size :])
            body = len(held) - _END.size - length
            if mark != _MARK or body < 0:
                return False
            told = json.loads(held[body : body + length])
            with memoryview(held) as view, view[:body] as part:
                return bool(zlib.crc32(part) == told["crc"])
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return False
