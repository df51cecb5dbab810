"""A sandbox for every test of fixtures, on both databases."""

import pathlib
from collections.abc import Callable, Iterator

import pytest

from registry.bulk.sandbox import Sandbox


@pytest.fixture
def sandbox(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Sandbox]:
    made = Sandbox(new_database("laelia.registry.migrations"), tmp_path)
    yield made
    made.service.close()
