"""A hub with its neighbours for every test, on both databases."""

import pathlib
from collections.abc import Callable, Iterator

import pytest

from hub.web.town import Town


@pytest.fixture
def town(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Town]:
    made = Town(new_database, tmp_path)
    yield made
    made.close()
