"""A sandbox for every test of fixtures, and a database to load organisations into: on both backends."""

import pathlib
from collections.abc import Callable, Iterator

import pytest

from registry.bulk.loader import Loader
from registry.bulk.sandbox import Sandbox


@pytest.fixture
def sandbox(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Sandbox]:
    made = Sandbox(new_database("laelia.registry.migrations"), tmp_path)
    yield made
    made.service.close()


@pytest.fixture
def loader(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Loader]:
    made = Loader(new_database("laelia.registry.migrations"), tmp_path)
    yield made
    made.database.dispose()
