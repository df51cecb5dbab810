"""One registry for a whole module: each test makes people of its own, so that none is slowed by another's
guesses."""

import itertools
import pathlib
from collections.abc import Callable, Iterator

import pytest

from registry.place import Person, Place

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def place(module_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    var: pathlib.Path = tmp_path_factory.mktemp("var")
    made = Place(module_database("laelia.registry.migrations"), var)
    yield made
    made.close()


@pytest.fixture
def grace(place: Place) -> Person:
    """Somebody nobody else has met; her clock stands where nothing is held back."""
    place.clock.advance(3_600_000)
    return place.person("Grace", "Hopper", f"grace{next(_numbers)}@example.org")
