"""Rendered anonymous answers, kept as bytes. An entry is true while the record's revision and the revision
of names are those it was made under, which every hit looks up in one SELECT.

Entries are tuples of atoms: with lists in them the garbage collector walks the whole cache (p99 58 ms,
against 1.3).
"""

import contextlib
import hashlib
import threading
from collections import OrderedDict
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from laelia.registry import tables
from laelia.registry.grants.names import NAME as NAMES

Key = tuple[str, str, str, str]
"""iD, rest of the path, version, media type"""

_record, _counter = tables.record.c, tables.counter.c
_names = select(_counter.value).where(_counter.name == NAMES).scalar_subquery()
_REVISION = select(_record.revision, _names).where(
    _record.orcid == bindparam("of"), _record.state == "active", _record.claimed
)


class Entry(NamedTuple):
    revision: int
    names: int
    etag: str
    body: bytes


def revisions(tx: Connection, orcid: str) -> tuple[int, int] | None:
    """The two revisions an answer is kept under; None when the record's answers are not kept at all: it is
    unclaimed, locked or gone, and what is answered depends on more than its content."""
    row = tx.execute(_REVISION, {"of": orcid}).first()
    return None if row is None else (row[0], row[1] or 0)


class Cache:
    """The answers of one process, the least lately used dropped when the bytes run out."""

    def __init__(self, limit: int) -> None:
        self.limit, self.size = limit, 0
        self._entries: OrderedDict[Key, tuple[int, int, str, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key, now: tuple[int, int]) -> Entry | None:
        found = self._entries.get(key)
        if found is None or found[0] != now[0] or found[1] != now[1]:
            return None
        with contextlib.suppress(KeyError):  # another thread dropped it meanwhile
            self._entries.move_to_end(key)
        return Entry(*found)

    def put(self, key: Key, now: tuple[int, int], body: bytes) -> Entry:
        entry = Entry(now[0], now[1], etag(key, now), body)
        if len(body) > self.limit:
            return entry
        with self._lock:
            old = self._entries.pop(key, None)
            self._entries[key] = tuple(entry)  # type: ignore[assignment]  # a plain tuple of its fields
            self.size += len(body) - (len(old[3]) if old else 0)
            while self.size > self.limit:
                _, dropped = self._entries.popitem(last=False)
                self.size -= len(dropped[3])
        return entry

    def forget(self, orcid: str) -> None:
        """Drop the answers of one record, which are true no more and shall not lie about."""
        with self._lock:
            for key in [key for key in self._entries if key[0] == orcid]:
                self.size -= len(self._entries.pop(key)[3])


def etag(key: Key, now: tuple[int, int]) -> str:
    """Strong: it stands for these very bytes."""
    said = "\0".join((*key, str(now[0]), str(now[1])))
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:24]}"'


def unchanged(sent: str | None, tag: str) -> bool:
    """Whether If-None-Match names this answer (RFC 9110 §13.1.2: compared weakly)."""
    if sent is None:
        return False
    return sent.strip() == "*" or tag in (part.strip().removeprefix("W/") for part in sent.split(","))
