"""A registry that may ask a real DOI registry (the sandbox's), and small stand-ins of a resolver and of
PubMed, which are not ours."""

import pathlib
import zlib
from collections.abc import Callable, Iterator

import pytest

from laelia.registry.record import people
from registry.adding.outside import Outside
from registry.place import Person, Place


@pytest.fixture(scope="module")
def outside(
    module_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Outside]:
    made = Outside(module_database, tmp_path_factory.mktemp("var"))
    yield made
    made.close()


@pytest.fixture
def place(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Place]:
    """A registry that asks nobody."""
    made = Place(new_database("laelia.registry.migrations"), tmp_path / "var")
    yield made
    made.close()


@pytest.fixture
def zoe(outside: Outside, request: pytest.FixtureRequest) -> Person:
    """Somebody with an empty record, new for each test."""
    outside.reset()
    address = f"{zlib.crc32(request.node.nodeid.encode())}@example.org"
    who = outside.place.person("Zoe", "Adder", address)
    with outside.place.service.db.writing() as tx:
        people.verify_email(tx, outside.place.clock.now(), who.orcid, who.email)
    return who
