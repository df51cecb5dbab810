"""A town whose registry calls the hub, and what people do to their records there."""

import pathlib
from collections.abc import Callable, Iterator

import pytest

from hub.mirror.record import Side
from hub.web.town import Town


@pytest.fixture
def town(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Town]:
    made = Town(new_database, tmp_path, webhooks=True)
    yield made
    made.close()


@pytest.fixture
def side(town: Town) -> Side:
    return Side(town)
