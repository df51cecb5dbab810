"""Search & Link: pages of results, many at once, and what stands on the record already."""

import pytest

from hub.web.test_pages import settings
from hub.web.town import Town
from laelia.hub.web.search import doi_in
from laelia.lib.http import HttpError


@pytest.mark.parametrize(
    ("typed", "doi"),
    [
        ("10.5072/ABC", "10.5072/abc"),
        ("doi:10.5072/abc", "10.5072/abc"),
        ("https://doi.org/10.5072/abc", "10.5072/abc"),
        ("http://dx.doi.org/10.5072/abc.", "10.5072/abc"),
        ("https://www.doi.org/10.5072/abc?utm_source=x#top", "10.5072/abc"),
        ("https://commons.datacite.org/doi.org/10.5072/abc", "10.5072/abc"),
        ("https://api.datacite.org/dois/10.5072%2Fabc", "10.5072/abc"),
        ("https://zenodo.org/doi/10.5281/zenodo.123", "10.5281/zenodo.123"),
        ("https://example.org/landing", None),
        ("https://[broken", None),
        ("a title with 10.5072/abc in it", None),
        ("Lovelace, Ada", None),
    ],
)
def test_a_doi_in_any_clothes(typed: str, doi: str | None) -> None:
    assert doi_in(typed) == doi


def find(town: Town, browser, q: str):
    return browser.open(town.at("/datacite/search")).form("search").fill(q=q).submit()


def test_found_by_name_id_address_and_title(town: Town):
    town.publish("hers", "Orchids at dusk", town.ada)
    town.publish("edited", "Orchids edited", "Someone Else", contributors=[_contributor(town.ada)])
    browser = town.connected(town.ada)
    for q in ("Lovelace" if "Lovelace" in town.ada.name else town.ada.name, "dusk orchids"):
        assert "Orchids at dusk" in find(town, browser, q).text
    for q in (town.ada.orcid, f"https://orcid.org/{town.ada.orcid}", f"ORCID: {town.ada.orcid}"):
        page = find(town, browser, q)
        assert "2 results" in page.text, q
        assert page.text.count("carries your iD") == 2
    assert "Orchids at dusk" in find(town, browser, "https://repository.test/hers").text


def _contributor(who):
    identifier = {"nameIdentifier": f"https://orcid.org/{who.orcid}", "nameIdentifierScheme": "ORCID"}
    editor = {"name": who.name, "nameType": "Personal", "contributorType": "Editor"}
    return editor | {"nameIdentifiers": [identifier]}


def test_many_at_once_over_pages(town: Town):
    for number in range(27):
        town.publish(f"many{number}", f"Orchids, part {number}", "Someone Else")
    browser = town.connected(town.ada)
    page = find(town, browser, "orchids")
    assert "27 results" in page.text
    assert "Page 1 of 2" in page.text
    assert "Tick what is yours first." in page.form("claims").submit("Add all that are ticked").text
    page = page.link("Tick all of this page")
    page = page.form("claims").submit("Add all that are ticked")
    assert "25 claimed." in page.text
    page = page.link("Next")
    names = [box.get("value") for box in page.all("//input[@name='doi']")]
    assert len(names) == 2
    page = page.form("claims").fill(doi=names[:1]).submit("Add all that are ticked")
    assert "page=2" in page.url
    assert "Claimed." in page.text
    town.work()
    assert len(town.works(town.ada)) == 26
    page = browser.open(page.url).form("claims").submit("Take it off my record")
    assert "being taken off" in page.text
    town.work()
    assert len(town.works(town.ada)) == 25


def test_what_vanished_meanwhile_is_counted_and_the_rest_goes_on(town: Town):
    town.publish("one", "Orchids one", "Someone")
    town.publish("two", "Orchids two", "Someone")
    browser = town.connected(town.ada)
    form = find(town, browser, "orchids").form("claims").fill(doi=["10.5072/one", "10.5072/two"])
    login = ("demo.repo", "seeds in a dish")
    body = {"data": {"type": "dois", "attributes": {"event": "hide"}}}
    assert town.everyone.put(f"{town.doi_url}/dois/10.5072/two", json=body, auth=login).status == 200
    page = form.submit("Add all that are ticked")
    assert "1 claimed." in page.text
    assert "1 could not be claimed" in page.text
    assert [row.key for row in town.rows("assertion")] == ["doi:10.5072/one"]


def test_what_another_put_there_and_what_comes_by_itself_is_said(town: Town):
    town.publish("there", "Orchids there", "Someone Else")
    town.publish("coming", "Orchids coming", town.ada)
    town.connected(town.ada, handle="library")
    with town.hub.db.writing() as tx:
        from laelia.hub import assertions, organisations, pull

        place = organisations.environment(tx, town.library, town.hub.keys)
        document = pull.Document("10.5072/there", {"doi": "10.5072/there", "titles": [{"title": "T"}]})
        assertions.claim(
            tx, town.clock.now(), place, town.ada.orcid, "datacite", document, doi_url=town.doi_url
        )
    town.work()
    browser = town.connected(town.ada)
    page = find(town, browser, "orchids")
    assert "already on your record It was added by Example Library." in page.text
    assert "comes by itself" not in page.text
    settings(town, browser).form("auto-update-switch").submit("Turn Auto-Update on").form("add-all").submit()
    reads = len(town.place.rows("call_log"))
    page = find(town, browser, "orchids")
    assert "comes by itself" in page.text
    ticked = page.link("Tick all of this page").all("//input[@name='doi' and @checked]")
    assert ticked == []  # one is there already, the other comes anyway
    assert len(town.place.rows("call_log")) == reads  # her works were read less than a minute ago


def test_without_an_answer_of_the_registry_there_are_no_marks(town: Town, monkeypatch: pytest.MonkeyPatch):
    town.publish("one", "Orchids one", "Someone")
    browser = town.connected(town.ada)

    def down(*_: object, **__: object) -> None:
        raise HttpError("unreachable", "no route")

    monkeypatch.setattr("laelia.client.orcid.api.Api.read", down)
    page = find(town, browser, "orchids")
    assert page.status == 200
    assert "It is mine: add it" in page.text
