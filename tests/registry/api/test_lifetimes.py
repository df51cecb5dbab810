"""A version of the API that ends: announced in every answer, then led on; and who still calls it."""

import pathlib
from collections.abc import Callable, Iterator

import pytest

from laelia.lib.clock import DAY
from laelia.lib.settings import SettingsError
from laelia.registry import settings
from laelia.registry.bulk import call_log
from registry.api.people import NOBODY, Api, told, work
from registry.place import START, Place

# START is 21 September 2026.
DATES = ("2.0=2026-10-01/2026-10-31", "2.1=2026-11-01/2026-12-31")


@pytest.fixture
def api(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Api]:
    place = Place(new_database("laelia.registry.migrations"), tmp_path / "var", version_dates=DATES)
    yield Api(place)
    place.close()


def test_every_answer_of_a_version_that_ends_says_so(api: Api) -> None:
    number = api.add()
    for path, who in (
        ("/record", NOBODY),
        ("/record", NOBODY),
        (f"/work/{number}", api.member),
        ("/work/9", NOBODY),
    ):
        answer = api.get(path, who, "2.0")
        assert answer.headers["deprecation"] == "@1790812800"
        assert answer.headers["sunset"] == "Sat, 31 Oct 2026 00:00:00 GMT"
    assert api.get("/record", version="2.1").headers["sunset"] == "Thu, 31 Dec 2026 00:00:00 GMT"
    assert "sunset" not in api.get("/record").headers


def test_an_ended_version_leads_to_the_next_with_method_and_query(api: Api) -> None:
    assert [api.get("/record", version="2.0").status for _ in range(3)] == [200] * 3  # kept, too
    api.place.clock.advance(45 * DAY)
    answer = api.get("/record?x=1", version="2.0")
    assert told(answer) == (308, 9056)
    assert answer.headers["location"] == f"https://registry.test/v2.1/{api.ada}/record?x=1"
    assert told(api.get("/record", version="2.0")) == (308, 9056)
    assert told(api.post(work(), version="2.0")) == (308, 9056)
    assert api.get("/record", version="2.1").status == 200
    api.place.clock.advance(60 * DAY)
    assert api.get("/record", version="2.0").headers["location"].startswith("https://registry.test/v3.0/")
    assert api.get("/record").status == 200


def test_the_log_says_who_still_calls_which_version(api: Api) -> None:
    api.add(version="2.0")
    api.get("/works", api.member, "2.0")
    api.get("/works", api.other, "3.0")
    api.get("/work/99", version="2.1")
    api.place.service.work()
    with api.place.service.db.reading() as tx:
        found = call_log.by_version(tx)
    shown = {version: [(line["name"], line["calls"]) for line in lines] for version, lines in found.items()}
    assert shown == {"2.0": [("Bee Library", 2)], "2.1": [(None, 1)], "3.0": [("Other Library", 1)]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2.0=soon", "not of the form"),
        ("2.0=2027-01-01", "not of the form"),
        ("3.0=2027-01-01/2027-02-01", "only 2.0 and 2.1"),
        ("2.0=2027-03-01/2027-02-01", "before it is deprecated"),
    ],
)
def test_dates_that_mean_nothing_stop_the_start(text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        settings.check(settings.Settings(version_dates=(text,)))


def test_a_date_is_the_beginning_of_its_day() -> None:
    assert settings.Settings(version_dates=DATES).lifetimes["2.0"].deprecated > START
