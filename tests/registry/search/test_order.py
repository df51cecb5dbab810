"""Equals stand in their order on every page, and only those are compared that a page needs."""

import pathlib
import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import orjson
import pytest
from tantivy import Document, Index, Query

from laelia.registry.search import reader
from laelia.registry.search.fields import STANDING
from laelia.registry.search.schema import SHOWN, VERSION, opened, schema
from laelia.registry.search.shelf import Current, Shelf

MANY = 600
EVERYBODY = Query.term_query(schema(), "family_name", "crowd")


class Watched:
    """A searcher, and its index, that tell how many values of each field were read."""

    def __init__(self, of: Any, read: Counter[str]) -> None:
        self._of, self._read = of, read

    def __getattr__(self, name: str) -> Any:
        return getattr(self._of, name)

    def searcher(self) -> "Watched":
        return Watched(self._of.searcher(), self._read)

    def fast_field_values(self, name: str, addresses: Sequence[Any]) -> Any:
        self._read[name] += len(addresses)
        return self._of.fast_field_values(name, addresses)


def shelf(folder: pathlib.Path, people: list[tuple[int, ...]], groups: int = 1) -> Shelf:
    """Whom somebody asks for fit in as many degrees as there are groups."""
    made = Shelf(folder)
    index = opened(made.generation("g-1"), new=True)
    writer = index.writer(15_000_000, 1)
    for number, standing in enumerate(people):
        words = ["crowd"] * (1 + number % groups)
        one = {"family_name": [" ".join(words)], SHOWN: [orjson.dumps(standing)]}
        places = {name: [value] for name, value in zip(STANDING, standing, strict=True)}
        writer.add_document(Document.from_dict(one | places, schema()))
    writer.commit()
    writer.wait_merging_threads()
    made.put_current(Current(generation="g-1", version=VERSION, database="", txn=0, seq=0))
    return made


@pytest.mark.parametrize("seed", range(3))
def test_pages_have_everybody_once_and_in_order(tmp_path: pathlib.Path, seed: int) -> None:
    chance = random.Random(seed)
    people = [(*(chance.randrange(-2, 2) for _ in STANDING[1:]), number) for number in range(MANY)]
    chance.shuffle(people)
    asked = reader.Reader(shelf(tmp_path, people, groups=seed + 1))
    degrees = [sorted(people[number :: seed + 1]) for number in range(seed + 1)]
    size = chance.randint(5, 60)
    pages = [asked.find(EVERYBODY, start, size).people for start in range(0, MANY, size)]
    best = asked.best(EVERYBODY, 70, 30, MANY, near=True)
    found = [tuple(one) for page in pages for one in page]
    assert sorted(found) == sorted(people)
    for degree in degrees:
        assert [one for one in found if one in set(degree)] == degree
    assert [tuple(one) for one in (*best.people, *best.near)] == found[70:100] + found[: reader.NEAR]


def test_only_those_are_compared_whom_the_page_needs(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of ten of a crowd, of whom two at a time have one name."""
    read: Counter[str] = Counter()

    def watched(folder: pathlib.Path) -> Index:
        found: Any = Watched(opened(folder), read)
        return found

    monkeypatch.setattr(reader, "opened", watched)
    people = [(number // 2, 0, 0, number) for number in range(MANY)]
    asked = reader.Reader(shelf(tmp_path, people))
    found = asked.find(EVERYBODY, 101, 10)
    assert [tuple(one) for one in found.people] == people[101:111]
    first, *others = STANDING
    assert read[first] == MANY
    assert {read[name] for name in others} == {12}
