"""A sandbox for every test of fixtures, a database to load organisations into, and registries to load records
into: on both backends."""

import pathlib
from collections.abc import Callable, Iterator

import pytest

from registry.bulk.loaded import Registry
from registry.bulk.loader import Loader
from registry.bulk.sandbox import Sandbox
from registry.place import Place


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


@pytest.fixture
def registries(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Callable[[], Registry]]:
    made: list[Place] = []

    def make() -> Registry:
        url = new_database("laelia.registry.migrations")
        made.append(Place(url, tmp_path / f"var{len(made)}", id_base="https://orcid.org"))
        return Registry(made[-1])

    yield make
    for place in made:
        place.close()


@pytest.fixture
def registry(registries: Callable[[], Registry]) -> Registry:
    return registries()
