"""A hall on each database, which the tests of a module share."""

import pathlib
import shutil
from collections.abc import Iterator

import pytest

from conftest import NewDatabase
from registry.institutions.hall import Hall


@pytest.fixture(scope="session", autouse=True)
def _xmlsec() -> None:
    if shutil.which("xmlsec1") is None:
        pytest.skip("no xmlsec1 (make test installs Debian's where it may)")


@pytest.fixture(scope="module")
def shared_hall(module_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    var: pathlib.Path = tmp_path_factory.mktemp("hall")
    hall = Hall(module_database("laelia.registry.migrations"), var)
    yield hall
    hall.close()


@pytest.fixture
def hall(shared_hall: Hall) -> Hall:
    """Nobody is linked, and the providers keep to the standards."""
    shared_hall.reset()
    return shared_hall
