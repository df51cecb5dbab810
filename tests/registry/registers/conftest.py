"""A registry for every test of its registers, on both databases, and the people of the API's tests."""

import pathlib
from collections.abc import Callable, Iterator

import pytest
from typer.testing import CliRunner, Result

from laelia.registry.commands import commands
from registry.api.people import Api
from registry.place import Place


@pytest.fixture
def api(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Api]:
    place = Place(new_database("laelia.registry.migrations"), tmp_path / "var")
    yield Api(place)
    place.close()


@pytest.fixture
def run(api: Api, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """`laelia registry …` on the same database as `api`."""
    monkeypatch.setenv("LAELIA_REGISTRY_DATABASE", api.place.service.settings.database)
    runner = CliRunner()
    return lambda *words: runner.invoke(commands, [str(word) for word in words])
