"""A registry for every test, or for every module, on both databases."""

import pathlib
import re
import zlib
from collections.abc import Callable, Iterator

import pytest

from laelia.registry.record import people
from laelia.registry.registers import organisations
from registry.api.people import Api
from registry.place import Person, Place
from registry.web.hands import ROR

MIGRATIONS = "laelia.registry.migrations"


@pytest.fixture
def place(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Place]:
    made = Place(new_database(MIGRATIONS), tmp_path / "var")
    yield made
    made.close()


@pytest.fixture(scope="module")
def town(module_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One registry for all tests of a module: they use people and addresses of their own."""
    made = Place(module_database(MIGRATIONS), tmp_path_factory.mktemp("var"))
    yield made
    made.close()


@pytest.fixture
def nora(town: Place, request: pytest.FixtureRequest) -> Person:
    """Somebody with a confirmed address, new for each test."""
    who = town.person("Nora", "News", re.sub(r"\W", "-", request.node.name) + "@example.org")
    with town.service.db.writing() as tx:
        people.verify_email(tx, town.clock.now(), who.orcid, who.email)
    return who


@pytest.fixture
def bee_town(town: Place) -> Place:
    bees = organisations.fit(
        organisations.Organisation(name="Bee Institute", ids=(("ROR", ROR),), city="Zürich", country="CH")
    )
    with town.service.db.writing() as tx:
        organisations.put(tx, town.clock.now(), bees)
    return town


@pytest.fixture
def zoe(bee_town: Place, request: pytest.FixtureRequest) -> Person:
    return bee_town.person("Zoe", "Items", f"{zlib.crc32(request.node.name.encode())}@example.org")


@pytest.fixture
def api(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Api]:
    """What organisations do at the API, beside the pages; any organisation may be named in an affiliation."""
    made = Place(new_database(MIGRATIONS), tmp_path / "var", unknown_organisations="accept")
    yield Api(made)
    made.close()
