"""A hub's engine beside a registry with a script, and one environment with a permission."""

import pathlib
from collections.abc import Iterator

import pytest

from conftest import NewDatabase
from hub.engine import Engine, engine
from hub.push.script import Script
from laelia.lib import faults
from laelia.lib.http import Http


@pytest.fixture
def registry() -> Script:
    return Script()


@pytest.fixture
def hub(new_database: NewDatabase, registry: Script, tmp_path: pathlib.Path) -> Iterator[Engine]:
    url = new_database("laelia.hub.migrations")
    made = engine(url, Http(apps={"https://registry.test": registry}), tmp_path)
    yield made
    made.db.dispose()
    faults.disarm()


@pytest.fixture
def sandbox(hub: Engine) -> int:
    environment = hub.environment()
    hub.grant(environment)
    return environment
