"""The repository beside the hub, for every test that asks for it."""

import pathlib
from collections.abc import Callable, Iterator

import pytest

from hub.repository import Repository


@pytest.fixture
def repository(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Repository]:
    made = Repository(new_database, tmp_path)
    yield made
    made.close()
