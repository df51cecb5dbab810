"""Where documents are written to: a folder, or an archive that is there in whole or not at all."""

import gzip
import io
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Put = Callable[[str, bytes, int], None]
"""Takes a document's name below the folder, its bytes, and its date in milliseconds since 1970."""


class CantWrite(Exception):
    """The target can't be written to; the message says why."""


@contextmanager
def writing_to(target: Path) -> Iterator[Put]:
    """A folder, new or empty, or a file whose name ends in .tar.gz. Raises CantWrite."""
    try:
        with _archive(target) if target.name.endswith((".tar.gz", ".tgz")) else _folder(target) as put:
            yield put
    except OSError as error:
        raise CantWrite(f"{target} can't be written: {error.strerror or error}") from None


@contextmanager
def _folder(target: Path) -> Iterator[Put]:
    target.mkdir(parents=True, exist_ok=True)
    if next(target.iterdir(), None) is not None:
        raise CantWrite(f"{target} is not empty: what was dumped there before would stay among it")

    def put(name: str, data: bytes, modified: int) -> None:
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (_seconds(modified),) * 2)

    yield put


@contextmanager
def _archive(target: Path) -> Iterator[Put]:
    part = target.with_name(target.name + ".part")
    try:
        with part.open("wb") as raw:
            # No time and no name of its own in it: the same records make the same archive.
            packed = gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0)
            with packed, tarfile.open(fileobj=packed, mode="w|", format=tarfile.USTAR_FORMAT) as tar:
                yield _into(tar)
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _into(tar: tarfile.TarFile) -> Put:
    remembering: Any = tar

    def put(name: str, data: bytes, modified: int) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mtime = len(data), _seconds(modified)
        tar.addfile(info, io.BytesIO(data))
        remembering.members.clear()  # it would remember the millions that have passed

    return put


def _seconds(modified: int) -> int:
    """A date as files bear it: from 1970, and in archives until 2242."""
    return min(max(modified // 1000, 0), 8**11 - 1)
