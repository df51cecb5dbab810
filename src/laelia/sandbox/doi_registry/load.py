"""Filing documents that exist: of any kernel, with the state they carry, over and over without harm.

Loading is not depositing: the rules of kernel 4.7 are not applied, since the registry of record accepted
these documents long ago. `created` and `registered` stay as carried; `updated` is the time of loading, so
that who follows this registry sees them.
"""

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row

from laelia.lib.clock import Clock
from laelia.lib.database import Database
from laelia.sandbox.doi_registry import store
from laelia.sandbox.doi_registry.foreign import Document, Refused, read_json, read_xml

_KINDS = (".json", ".jsonl", ".jsonl.gz", ".json.gz", ".xml")
_BATCH = 50
_LARGEST = 50 * 1024 * 1024


@dataclass
class Report:
    """What a load did. `kept` are documents not filed because the DOI is held by a better or other one."""

    read: int = 0
    loaded: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: list[dict[str, str]] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)


Progress = Callable[[int, int], None]


def load(
    database: Database,
    clock: Clock,
    paths: list[Path],
    *,
    client: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """File every document under the paths; `progress(files done, files in all)` is called as it goes on.

    Of several documents for one DOI the one that says most is filed (see `foreign`); among equals the first.
    A file that changed replaces what came from it before. What a repository has since
    changed through the API stays as it is.
    """
    report = Report()
    files = list(_files(paths, report))
    documents = _documents(files, report, progress)
    seen: set[str] = set()
    while batch := list(islice(documents, _BATCH)):
        with database.writing() as tx:
            for document in batch:
                _file(tx, clock.now(), document, client, report, first=document.doi not in seen)
                seen.add(document.doi)
    return report


def _files(paths: list[Path], report: Report) -> Iterator[Path]:
    """All files named and all documents in folders named, XML last."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += (p for p in path.rglob("*") if p.is_file() and p.name.endswith(_KINDS))
        elif path.exists():
            found.append(path)
        else:
            report.refused.append({"file": str(path), "reason": "there is no such file or folder"})
    unique = {path.resolve(): path for path in found}
    yield from sorted(unique.values(), key=lambda path: (path.suffix == ".xml", str(path)))


def _documents(files: list[Path], report: Report, progress: Progress | None) -> Iterator[Document]:
    for done, path in enumerate(files):
        if progress is not None:
            progress(done, len(files))
        try:
            for found in _read(path):
                if isinstance(found, Refused):
                    report.refused.append({"file": str(path), "reason": str(found)})
                else:
                    report.read += 1
                    yield found
        except Refused as reason:
            report.refused.append({"file": str(path), "reason": str(reason)})
        except OSError as wrong:
            report.refused.append({"file": str(path), "reason": f"can't be read: {wrong.strerror or wrong}"})
    if progress is not None:
        progress(len(files), len(files))


def _read(path: Path) -> "Iterator[Document | Refused]":
    name = str(path.resolve())
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
        if ".jsonl" in path.name:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield from read_json(line, f"{name} line {number}")
            return
        data = stream.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise Refused(f"is larger than {_LARGEST // 1024 // 1024} MB; write one document a line (.jsonl)")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or path.suffix == ".xml":
        yield read_xml(data, name)
    else:
        yield from read_json(data, name)


def _file(
    tx: Connection, now: int, document: Document, client: str | None, report: Report, *, first: bool
) -> None:
    updated = store.take_stamp(tx, now)
    row = store.find(tx, document.doi)
    if row is not None:
        if _says_nothing_new(row, document):
            report.unchanged += 1
            return
        if reason := _holds(row, document, first):
            kept = {"file": document.origin.file, "doi": document.doi, "reason": reason}
            report.kept.append(kept)
            return
    owner = document.client_id or client
    if owner:
        store.know_client(tx, updated, owner, document.provider_id or owner.split(".")[0])
    store.save(tx, updated, document.doi, _fields(document, owner, row))
    if row is None:
        report.loaded += 1
    else:
        report.updated += 1


def _says_nothing_new(row: "Row[Any]", document: Document) -> bool:
    """The very document was filed before, or one that carries it: JSON:API has the XML inside."""
    if row.origin is None:
        return False
    alone = document.xml is not None and document.origin.digest == sha256(document.xml).hexdigest()
    return bool(row.origin_digest == document.origin.digest or (alone and row.xml == document.xml))


def _holds(row: "Row[Any]", document: Document, first: bool) -> str | None:
    """Why the present record is not replaced by this document, if it is not. `first`: none for this DOI came
    before in this load, so one of the same file is what that file says now, be it less than it said."""
    if row.origin is None or row.origin_rank is None:
        return "the DOI was registered or changed through the API since"
    again = first or document.origin.rank == row.origin_rank
    if document.origin.rank > row.origin_rank or (again and document.origin.file == row.origin):
        return None
    return f"the DOI is filed from {row.origin}"


def _fields(document: Document, owner: str | None, row: "Row[Any] | None") -> dict[str, Any]:
    fields: dict[str, Any] = {
        "state": document.state,
        "url": document.url,
        "attributes": document.attributes,
        "xml": document.xml,
        "schema_version": document.schema_version,
        "metadata_version": document.metadata_version,
        "source": document.source,
        "client_id": owner,
        "provider_id": document.provider_id or (owner.split(".")[0] if owner else None),
        "origin": document.origin.file,
        "origin_rank": document.origin.rank,
        "origin_digest": document.origin.digest,
    }
    if document.created is not None:
        fields["created"] = document.created
    if document.registered is not None:
        fields["registered"] = document.registered
    if row is not None and owner is None:
        fields |= {"client_id": row.client_id, "provider_id": row.provider_id}
    return fields
