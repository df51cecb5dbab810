"""One work by its DOI or its PubMed id: looked up outside, shown first, added once."""

import pathlib
from typing import Any

import pytest

from laelia.connectors import datacite
from laelia.connectors.item import Setting
from laelia.lib.browser import Page
from laelia.lib.http import Http
from laelia.model.work import Work
from laelia.registry import worker
from laelia.sandbox.doi_registry.load import load
from registry.adding.outside import CSL, DOI, Outside, slow
from registry.place import Person, Place

ARTICLE: dict[str, Any] = {
    "type": "article-journal",
    "title": "On bees",
    "container-title": "Journal of Bees",
    "DOI": "10.5555/bees",
    "PMID": "22368089",
    "issued": {"date-parts": [[2020, 3, 4]]},
    "ISSN": ["1234-5679"],
    "abstract": "<jats:p>All of it.</jats:p>",
    "author": [{"given": "Zoe", "family": "Adder"}, {"name": "The Bee Group"}],
}
OTHER = b'{"title": "x", "DOI": "10.5555/other"}'


def asked(outside: Outside, who: Person, text: str, way: str = "doi") -> Page:
    page = outside.place.browser(who).open(outside.place.at(f"/add-works/{way}"))
    return page.form(f"/add-works/{way}").fill(value=text).submit()


def added(page: Page, button: str = "Add to my record", **values: str) -> Page:
    return page.form(containing="Who can see it?").fill(values).submit(button)


SPELLINGS = ["{}", "doi:{}", "https://doi.org/{}", " DOI: {} ", "https://dx.doi.org/{}."]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_doi_of_datacite_in_any_spelling(outside: Outside, zoe: Person, spelling: str) -> None:
    suffix = f"spelt-{SPELLINGS.index(spelling)}"
    doi = outside.publish(suffix, "Bees in a dish")
    page = asked(outside, zoe, spelling.format(doi.upper() if "doi:" in spelling else doi))
    assert "Bees in a dish" in page.text
    assert "Zoe Adder" in page.text
    assert "data set" in page.text
    assert outside.rows(zoe) == 0
    assert outside.resolver.asked == []
    added(page, visibility="public")
    (work,) = outside.works(zoe)
    assert work["title"]["title"]["value"] == "Bees in a dish"
    assert work["external-ids"]["external-id"][0]["external-id-value"] == doi
    assert work["source"]["source-orcid"]["path"] == zoe.orcid


def test_other_agencies_are_asked_by_content_negotiation(outside: Outside, zoe: Person) -> None:
    outside.resolver.tells("/10.5555/bees", ARTICLE)
    page = asked(outside, zoe, "https://doi.org/10.5555/BEES")
    for words in ("On bees", "Journal of Bees · 2020-03-04", "Zoe Adder, The Bee Group", "All of it."):
        assert words in page.text
    assert outside.resolver.asked == [("/10.5555/bees", CSL)]
    added(page, visibility="public")
    ids = outside.works(zoe)[0]["external-ids"]["external-id"]
    assert [(one["external-id-type"], one["external-id-relationship"]) for one in ids] == [
        ("doi", "self"), ("pmid", "self"), ("issn", "part-of"),
    ]  # fmt: skip


def test_the_resolver_sends_on_and_is_followed(outside: Outside, zoe: Person) -> None:
    outside.resolver.does("/10.5555/bees", "302 Found", {"Location": "https://pubmed.test/transform"})
    outside.pubmed.tells("/transform", {**ARTICLE, "type": "journal-article"}, "application/json")
    assert "On bees" in asked(outside, zoe, "10.5555/bees").text


def test_what_she_chooses_of_who_sees_it(outside: Outside, zoe: Person) -> None:
    outside.resolver.tells("/10.5555/bees", ARTICLE)
    added(asked(outside, zoe, "10.5555/bees"), visibility="private")
    assert outside.works(zoe) == []
    assert outside.rows(zoe) == 1


def test_sent_twice_it_is_added_once(outside: Outside, zoe: Person) -> None:
    outside.resolver.tells("/10.5555/bees", ARTICLE)
    page = asked(outside, zoe, "10.5555/bees")
    added(page)
    again = added(page)
    assert again.status == 200
    assert outside.rows(zoe) == 1
    assert "This is on your record now." in page.browser.open(page.url).text


def test_add_and_edit_leads_to_the_form(outside: Outside, zoe: Person) -> None:
    outside.resolver.tells("/10.5555/bees", ARTICLE)
    page = added(asked(outside, zoe, "10.5555/bees"), "Add and edit")
    number = next(row.put_code for row in outside.place.rows("item") if row.orcid == zoe.orcid)
    assert page.url == outside.place.at(f"/my-record/works/{number}/edit")


def test_what_stands_there_already_is_said(outside: Outside, zoe: Person) -> None:
    doi = outside.publish("there-already", "Bees again")
    added(asked(outside, zoe, doi))
    page = asked(outside, zoe, doi)
    assert "Stands on your record already, from yourself." in page.text
    added(page, "Add all the same")
    assert outside.rows(zoe) == 2
    assert [len(group["work-summary"]) for group in _groups(outside, zoe)] == [2]


def test_what_came_meanwhile_is_not_added_without_a_word(outside: Outside, zoe: Person) -> None:
    outside.resolver.tells("/10.5555/bees", ARTICLE)
    first, second = asked(outside, zoe, "10.5555/bees"), asked(outside, zoe, "10.5555/bees")
    added(first)
    assert "since a moment ago" in added(second).text
    assert outside.rows(zoe) == 1


def _groups(outside: Outside, who: Person) -> list[dict[str, Any]]:
    url = outside.place.at(f"/v3.0/{who.orcid}/works")
    answer = outside.place.http.get(url, headers={"Accept": "application/json"})
    found: list[dict[str, Any]] = answer.json()["group"]
    return found


@pytest.mark.parametrize(
    ("status", "headers", "body", "sentence"),
    [
        ("404 Not Found", {}, b"", "Nobody we asked knows the DOI"),
        ("500 Oops", {"Content-Type": CSL}, b"{}", "no description of a work"),
        ("200 OK", {"Content-Type": "text/html"}, b"<h1>Landing page</h1>", "no description of a work"),
        ("200 OK", {"Content-Type": CSL}, b"{not json", "no description of a work"),
        ("200 OK", {"Content-Type": CSL}, b'["a"]', "no description of a work"),
        ("200 OK", {"Content-Type": CSL}, b'{"type": "book"}', "no title"),
        ("200 OK", {"Content-Type": CSL}, OTHER, "something else than you asked"),
        ("200 OK", {"Content-Type": CSL}, b" " * (5 << 20), "far more than the description"),
        ("302 Found", {"Location": "http://127.0.0.1:9/x"}, b"", "an address that we don't ask"),
        ("302 Found", {"Location": "/10.5555/bees"}, b"", "no description of a work"),
        ("302 Found", {}, b"", "no description of a work"),
        ("302 Found", {"Location": "ftp://x.test/"}, b"", "can't be reached"),
    ],
)  # fmt: skip
def test_bad_answers_become_sentences(
    outside: Outside, zoe: Person, status: str, headers: dict[str, str], body: bytes, sentence: str
) -> None:
    outside.resolver.does("/10.5555/bees", status, headers, [body])
    page = asked(outside, zoe, "10.5555/bees")
    assert page.status == 422
    assert sentence in page.text
    assert page.form("/add-works/doi").value("value") == "10.5555/bees"
    assert [row for row in outside.place.rows("import_list") if row.orcid == zoe.orcid] == []


def test_who_is_slow_is_not_waited_for(
    outside: Outside, zoe: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside.place.calling, "_timeout", 0.05)
    outside.resolver.does("/10.5555/bees", "200 OK", {"Content-Type": CSL}, slow(0.1))
    assert "takes too long" in asked(outside, zoe, "10.5555/bees").text


@pytest.mark.parametrize("text", ["", "bees", "10.", "https://example.org/10", "x" * 3000])
def test_what_is_no_doi_is_not_asked_for(outside: Outside, zoe: Person, text: str) -> None:
    page = asked(outside, zoe, text)
    assert page.status == 422
    assert outside.resolver.asked == []


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("22368089", "/lit/pubmed/?22368089"),
        ("PMID: 22368089", "/lit/pubmed/?22368089"),
        ("https://pubmed.ncbi.nlm.nih.gov/22368089/", "/lit/pubmed/?22368089"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/22368089", "/lit/pubmed/?22368089"),
        ("pmc3531190", "/lit/pmc/?3531190"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC3531190/", "/lit/pmc/?3531190"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC3531190/", "/lit/pmc/?3531190"),
    ],
)
def test_pubmed_in_any_spelling(outside: Outside, zoe: Person, text: str, path: str) -> None:
    told = {**ARTICLE, "id": "pmid:22368089", "PMCID": "PMC3531190"}
    outside.pubmed.tells(path, told, "application/json")
    page = asked(outside, zoe, text, "pubmed")
    assert "On bees" in page.text
    added(page, visibility="public")
    ids = outside.works(zoe)[0]["external-ids"]["external-id"]
    assert {one["external-id-type"]: one["external-id-normalized"]["value"] for one in ids} == {
        "doi": "10.5555/bees", "pmid": "22368089", "pmc": "3531190", "issn": "1234-5679",
    }  # fmt: skip


def test_pubmed_does_not_know_it(outside: Outside, zoe: Person) -> None:
    assert "PubMed does not know 22368089" in asked(outside, zoe, "22368089", "pubmed").text
    outside.pubmed.tells("/lit/pubmed/?22368089", {**ARTICLE, "PMID": "1"})
    assert "something else than you asked" in asked(outside, zoe, "22368089", "pubmed").text
    assert "This is no id of PubMed" in asked(outside, zoe, "https://example.org/1", "pubmed").text


def test_a_registry_that_asks_nobody_says_so(place: Place) -> None:
    browser = place.browser(place.ada)
    assert browser.open(place.at("/add-works")).text.count("This registry does not offer it.") == 2
    for way in ("doi", "pubmed"):
        page = browser.open(place.at(f"/add-works/{way}"))
        assert page.status == 200
        assert "This registry does not offer it" in page.text
        form = browser.open(place.at("/add-works/bibtex")).form("/add-works/bibtex")
        sent = {"csrf_token": form.value("csrf_token"), "value": "10.5555/bees"}
        assert browser.send("POST", place.at(f"/add-works/{way}"), data=sent).status == 404


def test_nobody_else_sees_what_she_looked_up(outside: Outside, zoe: Person) -> None:
    outside.resolver.tells("/10.5555/bees", ARTICLE)
    page = asked(outside, zoe, "10.5555/bees")
    place = outside.place
    other = place.browser(place.stranger).open(page.url)
    assert "On bees" not in other.text
    assert "look it up again" in other.text
    assert place.browser().open(page.url).url.startswith(place.at("/signin"))


def test_after_a_day_it_is_gone(outside: Outside, zoe: Person) -> None:
    outside.resolver.tells("/10.5555/bees", ARTICLE)
    page = asked(outside, zoe, "10.5555/bees")
    place = outside.place
    worker.sweep(place.service)
    assert [row for row in place.rows("import_entry") if row.orcid == zoe.orcid]
    place.clock.advance(24 * 3_600_000)
    worker.sweep(place.service)
    assert [row for row in place.rows("import_entry") if row.orcid == zoe.orcid] == []
    assert "look it up again" in place.browser(zoe).open(page.url).text


def test_real_documents_of_datacite(outside: Outside, zoe: Person, shared_data: pathlib.Path) -> None:
    """Those that its API gave, filed at the sandbox as they are: each is shown, and stands on the
    record then, as the mapping makes it."""
    load(outside.doi.db, outside.doi.clock, [shared_data / "datacite" / "json"])
    browser = outside.place.browser(zoe)
    looked = 0
    for doi in _findable(outside):
        page = (
            browser.open(outside.place.at("/add-works/doi")).form("/add-works/doi").fill(value=doi).submit()
        )
        work = datacite.work(_attributes(outside, doi), Setting())
        assert isinstance(work, Work)
        assert work.title is not None
        assert " ".join((work.title.title or "").split()) in page.text
        added(page, visibility="public")
        looked += 1
    told = {
        one["external-id-value"]: group["title"]["title"]["value"]
        for group in outside.works(zoe)
        for one in group["external-ids"]["external-id"]
        if one["external-id-relationship"] == "self"
    }
    assert looked == len(told) > 20


def _findable(outside: Outside) -> list[str]:
    http = Http(apps={DOI: outside.doi.wsgi})
    found = http.get(f"{DOI}/dois?page[size]=200").json()["data"]
    return [one["id"] for one in found if not one["id"].startswith("10.5072/")]


def _attributes(outside: Outside, doi: str) -> dict[str, Any]:
    found: dict[str, Any] = (
        Http(apps={DOI: outside.doi.wsgi}).get(f"{DOI}/dois/{doi}").json()["data"]["attributes"]
    )
    return found
