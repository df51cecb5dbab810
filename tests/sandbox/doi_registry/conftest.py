"""A DOI registry in process, on each database, with the people who meet there."""

import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from laelia.lib.clock import StoppedClock
from laelia.lib.http import Http, Response
from laelia.sandbox.doi_registry import accounts, app
from laelia.sandbox.doi_registry.load import Report, load
from laelia.sandbox.doi_registry.settings import Settings
from sandbox.doi_registry.people import GOOD, OTHER, OWNER, SITE


class Registry:
    """The service and how people talk to it."""

    def __init__(self, url: str, folder: pathlib.Path) -> None:
        self.clock = StoppedClock()
        self.service = app.build(Settings(database=url, public_url=SITE, var=folder), clock=self.clock)
        self.http = Http(apps={SITE: self.service.wsgi})
        for (name, password), prefix in ((OWNER, "10.5072"), (OTHER, "10.1234")):
            with self.service.db.writing() as tx:
                accounts.add(
                    tx, self.clock.now(), self.service.passwords,
                    name=name, password=password, title="", prefixes=[prefix],
                )  # fmt: skip

    def get(self, path: str, who: tuple[str, str] | None = None, **params: Any) -> Response:
        accept = params.pop("accept", None)
        headers = {"Accept": accept} if accept else None
        return self.http.get(SITE + path, params=params.pop("params", None), auth=who, headers=headers)

    def send(self, method: str, path: str, attributes: Any, who: tuple[str, str] | None = OWNER) -> Response:
        body = {"data": {"type": "dois", "attributes": attributes}}
        return self.http.request(method, SITE + path, json=body, auth=who)

    def publish(self, doi: str, **attributes: Any) -> Response:
        answer = self.send("PUT", f"/dois/{doi}", GOOD | {"doi": doi, "event": "publish"} | attributes)
        assert answer.status in (200, 201), answer.text
        return answer

    def found(self, query: str = "", who: tuple[str, str] | None = None, **parameters: str) -> list[str]:
        """The DOIs a query finds, in order."""
        answer = self.get("/dois", who, params={"query": query, "page[size]": "1000"} | parameters)
        assert answer.status == 200, answer.text
        return [entry["id"] for entry in answer.json()["data"]]

    def load(self, *paths: pathlib.Path, **options: Any) -> Report:
        return load(self.service.db, self.clock, list(paths), **options)


@pytest.fixture
def registry(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Registry]:
    made = Registry(new_database(app.MIGRATIONS), tmp_path)
    yield made
    made.service.close()


@pytest.fixture(scope="session")
def documents(shared_data: pathlib.Path) -> pathlib.Path:
    return shared_data / "datacite"
