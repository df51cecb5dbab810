"""A registry for every test, or for every module, on both databases."""

import pathlib
from collections.abc import Callable, Iterator

import pytest

from registry.place import Place

MIGRATIONS = "laelia.registry.migrations"


@pytest.fixture
def place(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Place]:
    made = Place(new_database(MIGRATIONS), tmp_path / "var")
    yield made
    made.close()


@pytest.fixture(scope="module")
def town(module_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One registry for all tests of a module: they use people and addresses of their own."""
    made = Place(module_database(MIGRATIONS), tmp_path_factory.mktemp("var"))
    yield made
    made.close()
