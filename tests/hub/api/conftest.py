"""A hub with its neighbours, a local system beside them, and its program."""

import pathlib
from collections.abc import Callable, Iterator

import pytest

from hub.api.desk import HR, Desk, HrSite
from hub.web.town import Town


@pytest.fixture
def desk(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Desk]:
    site = HrSite()
    town = Town(new_database, tmp_path, apps={HR: site})
    yield Desk(town, site)
    town.close()
