"""What a check goes through: the DOIs of a DataCite, or files of them. Each with what can be told of how far
it has come."""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import Any

import msgspec

from laelia.client import datacite
from laelia.client.peer import Peer

KINDS = (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz")


@dataclass(frozen=True)
class Step:
    """One document, or why there is none; `done` of `total` so far, in whatever unit."""

    attributes: Mapping[str, Any] | None
    done: int
    total: int
    trouble: str | None = None


def from_datacite(peer: Peer, *, prefix: str | None, account: str | None) -> Iterator[Step]:
    done = 0
    for page in datacite.held(peer, prefix=prefix, account=account):
        for doi in page.dois:
            done += 1
            yield Step(doi.attributes, done, max(page.total, done))


def from_files(paths: list[Path]) -> Iterator[Step]:
    """JSON:API documents (one or a list of them), lists of documents, JSON lines, and bare attributes; gzip
    as well. Of a folder all files of these kinds."""
    files = [file for path in paths for file in _files(path)]
    for number, path in enumerate(files, 1):
        for attributes, trouble in _documents(path):
            yield Step(attributes, number, len(files), trouble)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(one for one in path.rglob("*") if one.is_file() and one.name.endswith(KINDS))


def _documents(path: Path) -> Iterator[tuple[Mapping[str, Any] | None, str | None]]:
    try:
        with _open(path) as file:
            lines = _lines(path, file)
            if lines is not None:
                yield from lines
                return
        with _open(path) as file:
            whole = msgspec.json.decode(file.read())
    except (OSError, EOFError, msgspec.DecodeError, UnicodeDecodeError) as wrong:
        yield None, f"{path}: {wrong}"
        return
    for one in _unpacked(whole):
        yield one, None if one is not None else f"{path}: no document of a DOI"


def _open(path: Path) -> BufferedIOBase:
    return gzip.open(path) if path.name.endswith(".gz") else path.open("rb")


def _lines(path: Path, file: BufferedIOBase) -> Iterator[tuple[Mapping[str, Any] | None, str | None]] | None:
    """Line by line, where the first line is a whole document and another follows, else None."""
    first = file.readline()
    read = [first]
    while (line := file.readline()) and not line.strip():
        read.append(line)
    try:
        msgspec.json.decode(first)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return _each_line(path, [*read, line], file) if line else None


def _each_line(
    path: Path, read: list[bytes], file: BufferedIOBase
) -> Iterator[tuple[Mapping[str, Any] | None, str | None]]:
    number = 0
    for some in (read, file):
        for line in some:
            number += 1
            if not line.strip():
                continue
            try:
                found = list(_unpacked(msgspec.json.decode(line)))
            except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
                yield None, f"{path}, line {number}: {wrong}"
                continue
            for one in found:
                yield one, None if one is not None else f"{path}, line {number}: no document of a DOI"


def _unpacked(found: object) -> Iterator[Mapping[str, Any] | None]:
    """The attributes of what may be one document, an answer of the API, or a list."""
    if isinstance(found, list):
        for one in found:
            yield from _unpacked(one)
    elif isinstance(found, dict) and isinstance(found.get("data"), dict | list):
        yield from _unpacked(found["data"])
    elif isinstance(found, dict) and isinstance(attributes := found.get("attributes"), dict):
        yield attributes if "doi" in attributes else {"doi": found.get("id"), **attributes}
    elif isinstance(found, dict) and found.keys() & {"doi", "creators", "titles", "types"}:
        yield found
    else:
        yield None
