"""Files, folders and archives, as a stream of named documents. An archive is read as it comes: nothing is
unpacked to disk, a member's name is a text and never a path, and what is too large is passed over."""

import gzip
import os
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, Self, cast

from laelia.registry.bulk.records.report import Refused

LARGEST = 64 * 1024 * 1024
"""Bytes of one document. A record of 10,000 works, the most there can be, has about half of that."""
_LARGEST_HEADER = 1024 * 1024
_ADDITIONS = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE, b"X")
_ARCHIVES = (".tar.gz", ".tgz", ".tar")
_DOCUMENTS = (".xml", ".json")

Advance = Callable[[int], None]


@dataclass(frozen=True)
class Member:
    """A document to read, or why there is none. `file` is the file it came from, `name` its name in there, or
    that of the file."""

    file: str
    name: str
    data: bytes | Refused

    @property
    def place(self) -> str:
        """Where it stands, for people."""
        return self.file if self.name == self.file else f"{self.file}: {self.name}"


def size(paths: Iterable[Path]) -> int:
    """Bytes of all files that `members` will read: what its progress adds up to."""
    return sum(path.stat().st_size for path in _files(paths) if isinstance(path, Path) and path.is_file())


def members(paths: Iterable[Path], advance: Advance = lambda _: None) -> Iterator[Member]:
    """Every document of the files named, of the folders named with all below them, and of the archives among
    both. In folders only .xml, .json and archives count. `advance` is told of bytes that were read."""
    for path in _files(paths):
        if isinstance(path, Member):
            yield path
        elif path.name.endswith(_ARCHIVES):
            yield from _in_archive(path, advance)
        else:
            yield _file(path, advance)


def _files(paths: Iterable[Path]) -> Iterator[Path | Member]:
    for path in paths:
        if path.is_dir():
            for folder, below, names in os.walk(path):
                below.sort()
                found = (Path(folder, name) for name in sorted(names))
                yield from (one for one in found if one.name.endswith((*_DOCUMENTS, *_ARCHIVES)))
        elif path.exists():
            yield path
        else:
            yield _refused(path, Refused("unreadable", "there is no such file or folder"))


def _refused(path: Path, why: Refused) -> Member:
    name = shown(str(path))
    return Member(name, name, why)


def _file(path: Path, advance: Advance) -> Member:
    name = shown(str(path))
    if not path.is_file():
        return _refused(path, Refused("no-file", "it is no plain file"))
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        return _refused(path, Refused("unreadable", f"it can't be read: {error.strerror or error}"))
    advance(len(data))
    return Member(name, name, data if len(data) <= LARGEST else _too_large())


def _in_archive(path: Path, advance: Advance) -> Iterator[Member]:
    file, last = shown(str(path)), "its beginning"
    try:
        with path.open("rb") as stream, _plain(_Counted(stream, advance), path) as plain:
            with tarfile.open(fileobj=plain, mode="r|", tarinfo=_Header) as tar:
                while (info := tar.next()) is not None:
                    remembered: Any = tar
                    remembered.members.clear()  # of the millions that have passed
                    last = shown(info.name)
                    if not info.isdir():
                        yield Member(file, last, _content(tar, info))
            while plain.read(_LARGEST_HEADER):
                pass  # what follows the archive's end, and the check sum of all
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        said = f"the archive is broken after {last}: {error or type(error).__name__}"
        yield Member(file, file, Refused("unreadable", said))


def _plain(stream: "_Counted", path: Path) -> IO[bytes]:
    found: Any = stream
    return found if path.suffix == ".tar" else cast(IO[bytes], gzip.GzipFile(fileobj=found))


def _content(tar: tarfile.TarFile, info: tarfile.TarInfo) -> bytes | Refused:
    if not info.isfile():
        return Refused("no-file", "it is no plain file")
    if info.name.startswith("/") or ".." in info.name.split("/"):
        return Refused("outside", "its name leads out of the archive")
    if info.size > LARGEST:
        return _too_large()
    stream = tar.extractfile(info)
    assert stream is not None
    return stream.read(LARGEST)


def _too_large() -> Refused:
    return Refused("too-large", f"it has more than {LARGEST // 1024 // 1024} MB")


def shown(name: str) -> str:
    """A foreign name as it may be printed: nothing in it moves a terminal's cursor or breaks a line."""
    return "".join(c if c.isprintable() else "\ufffd" for c in name)


class _Header(tarfile.TarInfo):
    """A header that is bounded (tarfile reads long names and the like whole) and not taken for the archive's
    end where it is broken or missing."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        found = super().frombuf(buf, encoding, errors)
        if found.type in _ADDITIONS and found.size > _LARGEST_HEADER:
            raise tarfile.ReadError("a header is larger than a megabyte")
        return found

    @classmethod
    def fromtarfile(cls, tarfile_: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(tarfile_)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]  # stubs leave it out
            raise  # the mark at the end
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(str(error)) from None


class _Counted:
    """A file that tells how much of it was read."""

    def __init__(self, stream: BufferedReader, advance: Advance) -> None:
        self._stream, self._advance = stream, advance

    def read(self, count: int) -> bytes:
        data = self._stream.read(count)
        self._advance(len(data))
        return data

    def __enter__(self) -> "_Counted":
        return self

    def __exit__(self, *_: object) -> None:
        return
