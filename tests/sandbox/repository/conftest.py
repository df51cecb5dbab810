import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sandbox.repository.neighbours import World


@pytest.fixture
def make_world(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Callable[..., World]]:
    made: list[World] = []

    def make(**settings: Any) -> World:
        made.append(World(new_database, tmp_path, **settings))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()
