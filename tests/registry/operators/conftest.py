"""One registry for each module, on both databases, with the people who have to do with clients."""

import pathlib
from collections.abc import Iterator

import pytest

from conftest import NewDatabase
from registry.operators.cast import Cast


@pytest.fixture(scope="module")
def cast(module_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    made = Cast(module_database("laelia.registry.migrations"), tmp_path_factory.mktemp("var"))
    yield made
    made.close()


@pytest.fixture
def fresh(new_database: NewDatabase, tmp_path: pathlib.Path) -> Iterator[Cast]:
    made = Cast(new_database("laelia.registry.migrations"), tmp_path / "var")
    yield made
    made.close()
