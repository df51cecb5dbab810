"""A registry for every test of the API, on both databases, and its people under the same names everywhere."""

import pathlib
from collections.abc import Callable, Iterator

import pytest

from registry.api.matrix import Matrix
from registry.api.people import Api
from registry.place import Place


@pytest.fixture
def api(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Api]:
    place = Place(new_database("laelia.registry.migrations"), tmp_path / "var")
    yield Api(place)
    place.close()


@pytest.fixture(scope="module")
def matrix(module_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    place = Place(module_database("laelia.registry.migrations"), tmp_path_factory.mktemp("var"))
    yield Matrix(place)
    place.close()
