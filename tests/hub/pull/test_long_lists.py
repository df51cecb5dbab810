"""DataCite's API by cursor: lists of many small pages, refusals in the midst of them, and a long outage."""

import json
import pathlib
from typing import Any

import pytest

from hub.pull.test_pull import follow, rows
from hub.web.town import DOI, Town
from laelia.hub import pull
from laelia.lib.clock import DAY, HOUR
from laelia.lib.http import Headers, HttpError, Response
from laelia.sandbox.doi_registry.load import load

MANY = 1_530
SMALL = {"page[cursor]": "1", "page[size]": "60"}


@pytest.fixture
def dois(town: Town, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """dois(start, count) files so many DOIs that carry Ada's iD; the hub reads small pages."""
    monkeypatch.setattr("laelia.client.datacite._FROM_START", SMALL)
    identifier = {"nameIdentifier": f"https://orcid.org/{town.ada.orcid}", "nameIdentifierScheme": "ORCID"}
    common = {
        "creators": [{"name": town.ada.name, "nameIdentifiers": [identifier]}], "publisher": "Demo",
        "publicationYear": 2026, "types": {"resourceTypeGeneral": "Dataset"}, "url": "https://example.org/",
    }  # fmt: skip

    def file(start: int, count: int) -> None:
        path = tmp_path / f"{start}.jsonl"
        with path.open("w") as out:
            for number in range(start, start + count):
                doi = f"10.5072/many.{number}"
                attributes = {**common, "doi": doi, "titles": [{"title": f"Number {number}"}]}
                out.write(json.dumps({"id": doi, "type": "dois", "attributes": attributes}) + "\n")
        assert load(town.doi.db, town.clock, [path]).loaded == count

    return file


class Weather:
    """What happens to calls to DataCite's API: `answers` are given one after the other to every third call;
    while `away` none gets through."""

    def __init__(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls, self.away, self.answers = 0, False, list[int]()
        real = town.hub.http.request

        def request(method: str, url: str, **parts: Any) -> Response:
            if not url.startswith(DOI):
                return real(method, url, **parts)
            self.calls += 1
            if self.away:
                raise HttpError("timeout", "nobody there", sent=True)
            if self.answers and self.calls % 3 == 0:
                return Response(self.answers.pop(0), Headers([("Retry-After", "7")]), b"{}")
            return real(method, url, **parts)

        monkeypatch.setattr(town.hub.http, "request", request)


def test_nothing_of_a_long_list_is_lost(town: Town, dois: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    town.connected(town.ada)
    follow(town, town.ada)
    town.work()
    dois(0, MANY)
    town.clock.advance(HOUR)
    weather = Weather(town, monkeypatch)
    weather.answers = [429, 503, 502, 429]
    waits = []
    for _ in range(10):
        done = pull.pull(town.hub, town.datacite, "datacite")
        if done.state == "done":
            break
        assert done.state == "stopped"
        waits.append(done.retry_ms)
        town.clock.advance(done.retry_ms or 0)
    assert waits == [7_000] * 4
    assert len(rows(town, town.ada)) == MANY
    assert weather.calls < 2 * MANY / 60  # a list that was stopped goes on where it was
    weather.away = True
    dois(MANY, 70)
    for _ in range(3):
        town.clock.advance(10 * DAY)
        assert pull.pull(town.hub, town.datacite, "datacite").state == "stopped"
    dois(MANY + 70, 70)
    weather.away = False
    assert pull.pull(town.hub, town.datacite, "datacite").state == "done"
    assert len(rows(town, town.ada)) == MANY + 140
    calls = weather.calls
    town.clock.advance(HOUR)
    assert pull.pull(town.hub, town.datacite, "datacite").counts["added"] == 0
    assert weather.calls - calls <= 2  # what is known is not read again and again


def test_a_look_back_over_a_long_list(town: Town, dois: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    town.connected(town.ada)
    dois(0, 200)
    weather = Weather(town, monkeypatch)
    weather.answers = [429]
    stopped = pull.look_back(town.hub, town.datacite, town.ada.orcid, "datacite")
    assert (stopped.state, stopped.retry_ms) == ("stopped", 7_000)
    with town.hub.db.writing() as tx:
        from laelia.hub import people

        people.choose(tx, town.clock.now(), town.datacite, town.ada.orcid, "datacite", "auto-update", True)
    weather.calls = 0
    assert pull.look_back(town.hub, town.datacite, town.ada.orcid, "datacite").state == "done"
    assert len(rows(town, town.ada)) == 200


def test_a_cursor_that_is_no_longer_known_starts_again(town: Town, dois: Any) -> None:
    town.connected(town.ada)
    follow(town, town.ada)
    town.work()
    dois(0, 130)
    town.clock.advance(HOUR)
    with town.hub.db.writing() as tx:
        from laelia.hub import tables

        lost = {"since": 0, "next": "/dois?page[cursor]=nonsense", "started": town.clock.now()}
        tx.execute(tables.cursor.update().values(position=json.dumps(lost)))
    assert pull.pull(town.hub, town.datacite, "datacite").state == "done"
    assert len(rows(town, town.ada)) == 130
