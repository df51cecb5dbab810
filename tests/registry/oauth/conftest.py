"""A registry for every test, on both databases."""

import pathlib
from collections.abc import Callable, Iterator

import pytest

from registry.place import Place


@pytest.fixture
def place(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Place]:
    made = Place(new_database("laelia.registry.migrations"), tmp_path / "var")
    yield made
    made.close()
