"""Answers from the index of this machine. Any number of processes read; each looks for news ten times a
second."""

import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tantivy import DocAddress, Index, Order, Query, Searcher

from laelia.lib.log import get_logger
from laelia.registry.search.asking import TooBroad
from laelia.registry.search.fields import STANDING
from laelia.registry.search.intact import Damaged, guarded
from laelia.registry.search.schema import VERSION, opened, shown
from laelia.registry.search.shelf import Shelf

FRESH_SECONDS = 0.1
NEAR = 200
"""Of so many of the first is told what they have in common."""
RANKED = 11_000
"""So many at most are put in order among equals: as far as an answer to nobody in particular goes."""

log = get_logger()

Hit = tuple[Any, DocAddress]
"""By what it was ranked, and where it lies."""


class Unready(Exception):
    """There is no index to ask at the moment: it is being made."""


@dataclass(frozen=True)
class Found:
    """How many people there are in all, and what is told of those that were asked for."""

    total: int
    people: Sequence[Mapping[str, Any]]
    near: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Sorting:
    """By a field of the index instead of by how well people fit."""

    place: str
    descending: bool


class Reader:
    """May be asked by several threads at once."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._lock = threading.Lock()
        self._generation = ""
        self._index: Index | None = None
        self._looked = float("-inf")

    def best(self, query: Query, start: int, count: int, most: int, *, near: bool = False) -> Found:
        """The people who fit best; at most so many are looked at and counted. `near` asks for the first of
        them besides, for what they have in common."""
        return self._ask(lambda index: _best(index, query, start, count, most, near))

    def find(self, query: Query, start: int, count: int, sorting: Sorting | None = None) -> Found:
        """The people from the `start`-th on, equals in the order of their names. Unready where there is no
        index, or it turns out to be damaged, which has it made anew; TooBroad where a query fits more words
        than are tried."""
        return self._ask(lambda index: _found(index, query, start, count, sorting))

    def _ask(self, question: Callable[[Index], Found]) -> Found:
        index = self._fresh()
        try:
            with guarded():
                return question(index)
        except ValueError as refused:
            if "max expansions" in str(refused):
                raise TooBroad from None
            raise
        except Damaged as damage:
            log.error("the search index can't be read", damage=str(damage))
            self._shelf.want("damaged")
            self.forget()
            raise Unready from None

    def forget(self) -> None:
        """Look for news before the next answer."""
        with self._lock:
            self._looked = float("-inf")

    def _fresh(self) -> Index:
        with self._lock:
            now = time.monotonic()
            if now - self._looked >= FRESH_SECONDS:
                self._look()
                self._looked = now
            if self._index is None:
                raise Unready
            return self._index

    def _look(self) -> None:
        current = self._shelf.current()
        if current is None or current.version != VERSION:
            self._index = None
            return
        try:
            if self._index is None or current.generation != self._generation:
                self._index = opened(self._shelf.generation(current.generation))
                self._generation = current.generation
                with guarded():
                    self._index.config_reader("manual")
            with guarded():
                self._index.reload()
        except Damaged as damage:
            self._shelf.want("damaged")
            log.error("the search index can't be opened", damage=str(damage))
            self._index = None


def _found(index: Index, query: Query, start: int, count: int, sorting: Sorting | None) -> Found:
    searcher = index.searcher()
    if start >= searcher.num_docs or not count:
        return Found(_total(searcher.search(query, 1)), ())
    by: dict[str, Any] = {}
    if sorting is not None:
        order = Order.Desc if sorting.descending else Order.Asc
        by = {"order_by_field": sorting.place, "order": order}
    end = start + count
    if end > RANKED:
        result = searcher.search(query, count, offset=start, **by)
        return Found(_total(result), _told(searcher, (address for _, address in result.hits)))
    result = searcher.search(query, end + 1, **by)
    hits = result.hits  # a new list each time it is asked for
    if len(hits) > end and hits[end][0] == hits[end - 1][0]:  # its equals go on
        hits = searcher.search(query, RANKED, **by).hits
    return Found(_total(result), _told(searcher, _placed(searcher, hits, start, end)))


def _best(index: Index, query: Query, start: int, count: int, most: int, near: bool) -> Found:
    searcher = index.searcher()
    result = searcher.search(query, most)
    hits = result.hits
    page = _placed(searcher, hits, start, start + count)
    first = _placed(searcher, hits, 0, NEAR if near else 0)
    return Found(min(_total(result), most), _told(searcher, page), _told(searcher, first))


def _placed(searcher: Searcher, hits: Sequence[Hit], start: int, end: int) -> list[DocAddress]:
    """Those from `start` to `end`, equals as they stand: so no page has what another had, however the index
    lies. Thousands may be equal, and reading and sorting them keeps all other threads waiting: it is done
    only for the equals that reach into the page."""
    placed: list[DocAddress] = []
    end = min(end, len(hits))
    begun = 0
    while begun < end:
        ended = _end_of_equals(hits, begun)
        addresses = [address for _, address in hits[begun:ended]] if ended > start else []
        placed += _standing(searcher, addresses, start - begun, end - begun, STANDING)
        begun = ended
    return placed


def _end_of_equals(hits: Sequence[Hit], begun: int) -> int:
    """Where those end that are ranked like the one here; they lie side by side."""
    same = hits[begun][0]
    return bisect_left(range(len(hits)), True, lo=begun, key=lambda at: hits[at][0] != same)


def _standing(
    searcher: Searcher, equals: list[DocAddress], start: int, end: int, fields: Sequence[str]
) -> list[DocAddress]:
    """Those from `start` to `end` of equals in the order of these fields; the second is read only for those
    whose first is the same, and so on."""
    start, end = max(0, start), min(end, len(equals))
    if start >= end:
        return []
    if len(equals) == 1 or not fields:
        return equals[start:end]
    # Every document has all of them: None is what the types say of fields in general.
    values: list[Any] = searcher.fast_field_values(fields[0], equals)
    ordered = sorted(values)
    first, last = ordered[start], ordered[end - 1]
    alike: dict[Any, list[DocAddress]] = {}
    for value, address in zip(values, equals, strict=True):
        if first <= value <= last:
            alike.setdefault(value, []).append(address)
    before = bisect_left(ordered, first)
    placed: list[DocAddress] = []
    for value in sorted(alike):
        placed += _standing(searcher, alike[value], start - before, end - before, fields[1:])
        before += len(alike[value])
    return placed


def _told(searcher: Searcher, addresses: Iterable[DocAddress]) -> list[Mapping[str, Any]]:
    return [shown(searcher.doc(address)) for address in addresses]


def _total(result: Any) -> int:
    """Its types leave the number out."""
    return int(result.count)
