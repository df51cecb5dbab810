"""A registry in which Ada has left traces wherever somebody can. The tests of a module share it, and each
begins with empty tables."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import delete

from laelia.registry import tables
from registry.closing.life import Life
from registry.notify.conftest import RECEIVER, Receiver
from registry.place import Place

KEPT = {"audit", "counter", "follower", "identifier_type", "search_index"}


@pytest.fixture(scope="module")
def heard() -> Receiver:
    return Receiver()


@pytest.fixture(scope="module")
def shared(
    module_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory, heard: Receiver
) -> Iterator[Place]:
    database, var = module_database("laelia.registry.migrations"), tmp_path_factory.mktemp("var")
    place = Place(database, var, outside={RECEIVER: heard}, private_webhooks=True)
    yield place
    place.close()


@pytest.fixture
def life(shared: Place, heard: Receiver) -> Life:
    shared.service.work()
    with shared.service.db.writing() as tx:
        for table in reversed(tables.metadata.sorted_tables):
            if table.name not in KEPT:
                tx.execute(delete(table))
    shared.service.search.shelf.want("emptied")
    heard.heard.clear()
    shared.ada = shared.person("Ada", "Lovelace", "ada@example.org")
    shared.stranger = shared.person("Sophie", "Stranger", "sophie@example.org")
    return Life(shared, heard)
