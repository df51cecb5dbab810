"""Whether the service answers, and what it says while its database is away."""

import pathlib
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from conftest import postgres_url
from laelia.lib.http import Http
from registry.api.people import VERSIONS, Api, told
from registry.place import Place

OK = {"tomcatUp": True, "dbConnectionOk": True, "readOnlyDbConnectionOk": True, "overallOk": True}
AWAY = {**dict.fromkeys(OK, False), "tomcatUp": True}


def test_status(api: Api) -> None:
    for prefix in ("", "/pub", "/api"):
        assert api.ask("GET", f"{prefix}/v3.0/status").json() == {"tomcatUp": True}
        for version in ("2.0", "2.1"):
            answer = api.ask("GET", f"{prefix}/v{version}/status", accept=None)
            kind = answer.headers["content-type"].partition(";")[0]
            assert (answer.text, kind) == ("OK I am here", "text/plain")


def test_ping_and_status_of_each_api(api: Api) -> None:
    ping = api.ask("GET", "/ping", accept=None)
    assert (ping.json(), ping.headers["content-type"]) == ({"tomcatUp": True}, "application/json")
    assert ping.headers["access-control-allow-origin"] == "*"
    for path in ("/v3.0/pubStatus", "/v3.0/apiStatus", "/pub/v3.0/pubStatus", "/api/v3.0/apiStatus"):
        for accept in (None, "*/*", "application/json", "application/vnd.orcid+json"):
            answer = api.ask("GET", path, accept=accept)
            assert (answer.status, answer.json()) == (200, OK)
            assert list(answer.json()) == list(OK)
        assert api.ask("GET", path).headers["access-control-allow-origin"] == "*"
        assert api.ask("GET", path).headers["cache-control"] == "no-store"
        assert (api.ask("HEAD", path).status, api.ask("HEAD", path).body) == (200, b"")
        assert api.ask("OPTIONS", path).status == 204
        assert told(api.ask("GET", path, accept="application/xml")) == (406, 9001)
    for path in ("/pub/v3.0/apiStatus", "/api/v3.0/pubStatus"):
        assert told(api.ask("GET", path)) == (405, 9001)
    for version in VERSIONS[:2]:
        for name in ("pubStatus", "apiStatus"):
            assert api.ask("GET", f"/v{version}/{name}").status == 404


def test_a_balancer_may_ask_over_plain_http(api: Api) -> None:
    http = Http(apps={"http://registry.test": api.place.service.wsgi})
    for path, status in (
        ("/ping", 200),
        ("/v3.0/pubStatus", 200),
        ("/v3.0/apiStatus", 200),
        ("/v3.0/status", 400),
    ):
        assert http.get(f"http://registry.test{path}").status == status


@pytest.fixture
def cut_off(backend: str, new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Api]:
    """A registry whose database is taken away while it runs."""
    url = new_database("laelia.registry.migrations")
    place = Place(url, tmp_path / "var")
    api = Api(place)
    place.service.db.dispose()
    if backend == "sqlite":
        file = pathlib.Path(url.removeprefix("sqlite:///"))
        for path in file.parent.glob(f"{file.name}*"):
            if path.suffix != ".lock":
                path.unlink()
        file.mkdir()
    else:
        engine = sa.create_engine(postgres_url() or "", isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{sa.make_url(url).database}" WITH (FORCE)')
        engine.dispose()
    yield api
    place.service.passwords.close()
    place.service.db.dispose()


def test_without_its_database_the_registry_says_so_and_still_answers(cut_off: Api) -> None:
    for path in ("/v3.0/pubStatus", "/v3.0/apiStatus"):
        answer = cut_off.ask("GET", path)
        assert (answer.status, answer.json()) == (500, AWAY)
    assert cut_off.ask("GET", "/ping").json() == {"tomcatUp": True}
    assert cut_off.ask("GET", "/v3.0/status").json() == {"tomcatUp": True}
    assert told(cut_off.ask("GET", "/v3.0/identifiers")) == (500, 9008)
