"""Of several versions of one thing the newest alone stands, by choice, and keeps its put-code."""

from contextlib import nullcontext
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.pull.test_pull import edit, follow, rows, settle, titles
from hub.web.town import Town
from laelia.connectors.table import CONNECTORS
from laelia.hub import assertions, organisations, people, pull
from laelia.hub.commands import commands, common
from laelia.lib import faults
from registry.place import Person


def related(relation: str, doi: str) -> list[dict[str, str]]:
    return [{"relationType": relation, "relatedIdentifier": doi, "relatedIdentifierType": "DOI"}]


def newest(town: Town, on: bool) -> None:
    """Her choice, as her settings page makes it."""
    with town.hub.db.writing() as tx:
        place = organisations.environment(tx, town.datacite, town.hub.keys)
        now = town.clock.now()
        people.choose(tx, now, place.id, town.ada.orcid, "datacite", "newest", on)
        assertions.arrange(tx, now, place, CONNECTORS["datacite"], town.ada.orcid)
    town.work()


def by_key(town: Town) -> dict[str, Any]:
    return {row.key.removeprefix("doi:10.5072/"): row for row in rows(town, town.ada)}


def states(town: Town) -> dict[str, str]:
    return {key: row.state for key, row in by_key(town).items()}


@pytest.fixture
def ada(town: Town) -> Person:
    town.connected(town.ada)
    follow(town, town.ada)
    town.work()
    return town.ada


def test_a_newer_version_takes_the_place_of_the_one_before_it(town: Town, ada: Person) -> None:
    newest(town, True)
    town.publish("one", "First version", ada)
    settle(town)
    before = by_key(town)["one"].put_code
    town.publish("two", "Second version", ada, relatedIdentifiers=related("IsNewVersionOf", "10.5072/one"))
    settle(town)
    assert titles(town, ada) == ["Second version"]
    assert by_key(town)["two"].put_code == before
    assert (by_key(town)["one"].state, by_key(town)["one"].reason) == ("withdrawn", "newer-version")
    edit(town, "10.5072/one", titles=[{"title": "First version, corrected"}])
    settle(town)
    assert titles(town, ada) == ["Second version"]
    edit(town, "10.5072/two", event="hide")
    town.clock.advance(86_400_000)
    town.work()
    assert titles(town, ada) == ["First version, corrected"]
    calls = len(town.place.rows("call_log"))
    settle(town)
    assert len(town.place.rows("call_log")) == calls


def test_the_version_before_comes_back_whenever_the_hub_dies(town: Town, ada: Person) -> None:
    newest(town, True)
    town.publish("one", "First version", ada)
    settle(town)
    town.publish("two", "Second version", ada, relatedIdentifiers=related("IsNewVersionOf", "10.5072/one"))
    settle(town)
    edit(town, "10.5072/two", event="hide")
    faults.arm("hub.pull.taken-back", "raise")
    with pytest.raises(faults.Fault):
        pull.verify(town.hub, town.datacite, "datacite")
    assert pull.verify(town.hub, town.datacite, "datacite").state == "done"
    town.work()
    assert titles(town, ada) == ["First version"]


def test_every_version_stands_grouped_unless_she_wants_the_newest(town: Town, ada: Person) -> None:
    town.publish("one", "First version", ada)
    town.publish("two", "Second version", ada, relatedIdentifiers=related("IsNewVersionOf", "10.5072/one"))
    town.publish("alone", "Something else", ada)
    settle(town)
    assert titles(town, ada) == ["First version", "Second version", "Something else"]
    assert groups(town) == [1, 2]
    newest(town, True)
    assert titles(town, ada) == ["Second version", "Something else"]
    newest(town, False)
    assert titles(town, ada) == ["First version", "Second version", "Something else"]
    assert groups(town) == [1, 2]


def groups(town: Town) -> list[int]:
    answer = town.everyone.get(
        f"{town.registry}/v3.0/{town.ada.orcid}/works", headers={"Accept": "application/json"}
    )
    return sorted(len(group["work-summary"]) for group in answer.json()["group"])


def test_the_doi_of_the_thing_whatever_its_version_stands_for_all(town: Town, ada: Person) -> None:
    newest(town, True)
    of = related("IsVersionOf", "10.5072/whole")
    town.publish("v1", "Thing", ada, relatedIdentifiers=of, publicationYear=2020)
    town.publish("v2", "Thing, again", ada, relatedIdentifiers=of, publicationYear=2021)
    settle(town)
    assert titles(town, ada) == ["Thing, again"]
    code = by_key(town)["v2"].put_code
    town.publish("whole", "Thing, whole", ada, relatedIdentifiers=related("HasVersion", "10.5072/v2"))
    settle(town)
    assert titles(town, ada) == ["Thing, whole"]
    assert by_key(town)["whole"].put_code == code


def test_who_removed_one_version_is_asked_about_the_next(town: Town, ada: Person) -> None:
    newest(town, True)
    town.publish("one", "First version", ada)
    settle(town)
    with town.hub.db.writing() as tx:
        assertions.withdraw(tx, town.clock.now(), town.datacite, by_key(town)["one"].id)
    town.work()
    town.publish("two", "Second version", ada, relatedIdentifiers=related("IsNewVersionOf", "10.5072/one"))
    settle(town)
    assert titles(town, ada) == []
    row = by_key(town)["two"]
    assert (row.state, row.reason) == ("ask", "another-declined")
    with town.hub.db.writing() as tx:
        assertions.answer(tx, town.clock.now(), town.datacite, row.id, "yes")
    town.work()
    settle(town)
    assert titles(town, ada) == ["Second version"]


def test_what_she_claimed_stays_whatever_its_version(town: Town, ada: Person) -> None:
    newest(town, True)
    town.publish("one", "First version", "Someone Else")
    browser = town.browser(ada)
    browser.open(town.at("/datacite/connect"))
    page = browser.open(town.at("/datacite/search?q=10.5072/one"))
    page.form("claims").submit("It is mine")
    town.work()
    town.publish("two", "Second version", ada, relatedIdentifiers=related("IsNewVersionOf", "10.5072/one"))
    settle(town)
    assert titles(town, ada) == ["First version", "Second version"]


def test_an_organisation_says_what_holds_for_who_says_nothing(
    town: Town, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "opened", lambda: nullcontext(town.hub))
    town.publish("one", "First version", ada)
    town.publish("two", "Second version", ada, relatedIdentifiers=related("IsNewVersionOf", "10.5072/one"))
    settle(town)

    def say(stand: str) -> int:
        code = (
            CliRunner()
            .invoke(
                commands,
                ["source", "versions", stand, "--organisation", "datacite", "--environment", "sandbox"],
            )
            .exit_code
        )
        town.work()
        return code

    assert say("newest") == 0
    assert titles(town, ada) == ["Second version"]
    assert say("some") != 0
    newest(town, False)
    assert say("newest") == 0
    assert titles(town, ada) == ["First version", "Second version"]
