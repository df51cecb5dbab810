"""The record as a page: who sees and does what. Ada owns it; a stranger and nobody look at it too."""

from typing import Any

import orjson
import pytest

from laelia.lib.browser import NotOnPage
from laelia.model.common import ExternalId, PublicationDate
from laelia.model.sections import BY_NAME
from laelia.model.work import Contributor, Work, WorkTitle
from laelia.registry.access import Principal, person
from laelia.registry.record import items, people
from registry.place import Member, Place


def add(place: Place, client: Member, title: str, doi: str, **values: Any) -> int:
    work = Work(
        title=WorkTitle(title=title),
        type=values.pop("type", "data-set"),
        external_ids=[ExternalId(type="doi", value=doi, relationship="self")],
        **values,
    )
    who = Principal(
        kind="client-for-person",
        orcid=place.ada.orcid,
        actor=place.ada.orcid,
        client=client.id,
        client_kind="premium",
    )
    with place.service.db.writing() as tx:
        return items.add(tx, place.clock.now(), who, place.ada.orcid, BY_NAME["works"], work)


def public(place: Place) -> str:
    return place.browser().open(place.at(f"/{place.ada.orcid}")).text


def test_a_work_says_what_it_is_and_who_put_it_there(place: Place) -> None:
    client = place.member(name="DataCite")
    add(
        place,
        client,
        "Nectar volume",
        "10.5072/laelia.42",
        journal_title="Example Repository",
        publication_date=PublicationDate(year="2026", month="11"),
        contributors=[Contributor(credit_name=f"Author {n}") for n in range(15)],
    )
    page = place.browser().open(place.at(f"/{place.ada.orcid}"))
    for words in (
        "Ada Lovelace",
        "Nectar volume",
        "data set",
        "Example Repository · 2026-11",
        "Author 11 and 3 more",
        "Source: DataCite",
    ):
        assert words in page.text
    link = page.all("//a[text()='10.5072/laelia.42']")[0]
    assert link.get("href") == "https://doi.org/10.5072/laelia.42"
    assert "nofollow" in link.get("rel")


def test_the_page_carries_its_record_for_machines(place: Place) -> None:
    nasty = "Bees </script><script>alert(1)</script> & <!-- wasps"
    add(place, place.member(), nasty, "10.5072/laelia.42")
    hidden = add(place, place.member(), "Hidden", "10.5072/laelia.43")
    with place.service.db.writing() as tx:
        who = person(place.ada.orcid)
        items.set_visibility(tx, 1, who, place.ada.orcid, BY_NAME["works"], hidden, "limited")
    at = f"/{place.ada.orcid}"
    for who_looks in (None, place.ada):
        page = place.browser(who_looks).open(place.at(at))
        (script,) = page.all("//script")
        linked = orjson.loads(script.text or "")
        assert linked["@reverse"]["creator"]["name"] == nasty
        assert "Hidden" not in page.text
        kinds = {link.get("type"): link.get("href") for link in page.all("//link[@rel='alternate']")}
        assert kinds["application/ld+json"] == f"/v3.0{at}"
        assert kinds["application/x-bibtex"] == f"{at}/works.bib"
        asked = place.http.get(
            place.at(kinds["application/ld+json"]), headers={"Accept": "application/ld+json"}
        )
        assert asked.json() == linked
        (link,) = page.all("//a[contains(@href, 'works.bib')]")
        assert "Bees" in place.http.get(place.at(link.get("href"))).text
    own = place.browser(place.ada).open(place.at("/my-record"))
    assert not own.all("//script")
    assert not own.all("//a[contains(@href, 'works.bib')]")


def test_a_page_carries_the_works_it_shows(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("laelia.registry.web.showing.blocks.PAGE", 2)
    for n in range(3):
        add(place, place.member(), f"Work {n}", f"10.5072/laelia.{n}")
    found = []
    for number in (1, 2, 9):
        page = place.browser().open(place.at(f"/{place.ada.orcid}?page={number}"))
        works = orjson.loads(page.all("//script")[0].text or "")["@reverse"]["creator"]
        found.append([work["name"] for work in (works if isinstance(works, list) else [works])])
        assert [title.text for title in page.all("//article//h3")] == found[-1]
    assert found == [["Work 0", "Work 1"], ["Work 2"], ["Work 2"]]


def test_works_that_share_an_identifier_stand_as_one(place: Place) -> None:
    for name in ("DataCite", "Example Publisher"):
        add(place, place.member(name=name), "Nectar volume", "10.5072/laelia.42")
    page = place.browser().open(place.at(f"/{place.ada.orcid}"))
    assert "Works 1" in page.text
    assert "one more version, from Example Publisher" in page.text


def test_what_others_write_is_text(place: Place) -> None:
    nasty = "<script>alert(1)</script>"
    client = place.member(name=nasty, website="javascript:alert(1)", start_url="https://x.example/")
    add(place, client, nasty, "10.5072/x", url="javascript:alert(1)", journal_title=nasty)
    place.token(place.ada, client)
    browser = place.browser(place.ada)
    for path in ("/my-record", f"/{place.ada.orcid}", "/account/trusted", "/search-and-link"):
        page = browser.open(place.at(path))
        assert nasty in page.text
        # Linked data is no script that runs.
        assert not page.all("//script[not(@type='application/ld+json')]")
        assert not page.all("//a[starts-with(@href, 'javascript')]")


def test_the_owner_decides_who_sees_a_work(place: Place) -> None:
    number = add(place, place.member(), "Nectar volume", "10.5072/laelia.42")
    browser = place.browser(place.ada)
    for button, seen in (("Only me", False), ("Trusted", False), ("Everyone", True)):
        form = browser.open(place.at("/my-record")).form(f"/my-record/works/{number}")
        page = form.submit(button)
        assert f"Now seen by: {button}" in page.text
        assert page.all("//button[@aria-pressed='true']")[0].text == button
        assert ("Nectar volume" in public(place)) is seen
        assert "Nectar volume" in page.text


def test_the_owner_removes_what_anybody_added(place: Place) -> None:
    number = add(place, place.member(name="DataCite"), "Nectar volume", "10.5072/laelia.42")
    browser = place.browser(place.ada)
    page = browser.open(place.at("/my-record"))
    assert "DataCite can see that you removed it" in page.text
    again = page.form(f"/my-record/works/{number}", containing="Delete it")
    page = again.submit()
    assert "no longer on your record" in page.text
    assert place.rows("item") == []
    assert [row.kind for row in place.rows("change") if row.section == "works"] == ["create", "delete"]
    assert "not on your record any more" in again.submit().text


@pytest.mark.parametrize("action", ["visibility", "delete"])
@pytest.mark.parametrize("who", ["stranger", "nobody"])
def test_only_the_owner_changes_her_record(place: Place, who: str, action: str) -> None:
    number = add(place, place.member(), "Nectar volume", "10.5072/laelia.42")
    mine = add_for_stranger(place)
    browser = place.browser(place.stranger if who == "stranger" else None)
    page = browser.open(place.at("/my-record" if who == "stranger" else "/signin"))
    words = "Delete it" if action == "delete" else "Only me"
    form = (
        page.form(f"/my-record/works/{mine}", containing=words) if who == "stranger" else page.form("/signin")
    )
    form.element.set("action", f"/my-record/works/{number}")
    answer = form.submit("Only me" if (who, action) == ("stranger", "visibility") else None)
    assert "Nectar volume" not in answer.text
    assert [(row.put_code, row.visibility) for row in place.rows("item") if row.orcid == place.ada.orcid] == [
        (number, "public")
    ]


def add_for_stranger(place: Place) -> int:
    """A work on the stranger's own record, so that her page has the forms."""
    ada, place.ada = place.ada, place.stranger
    try:
        return add(place, place.member(), "Her own", "10.5072/other")
    finally:
        place.ada = ada


def test_the_public_page_has_no_controls(place: Place) -> None:
    number = add(place, place.member(), "Nectar volume", "10.5072/laelia.42")
    for who in (None, place.stranger, place.ada):
        page = place.browser(who).open(place.at(f"/{place.ada.orcid}"))
        with pytest.raises(NotOnPage):
            page.form(f"/my-record/works/{number}")
        assert place.ada.email not in page.text
    assert "This is what everyone sees" in page.text


def test_addresses_of_a_record(place: Place) -> None:
    orcid = place.ada.orcid
    plain = place.http.get(place.at(f"/{orcid}?x=1"), headers={"Accept": "*/*"})
    assert plain.status == 200
    assert "Accept" in plain.headers["vary"]
    for kind in ("application/vnd.orcid+xml", "application/json", "application/orcid+json"):
        sent = place.http.get(place.at(f"/{orcid}?x=1"), headers={"Accept": kind})
        assert (sent.status, sent.headers["location"]) == (302, f"/v3.0/{orcid}?x=1")
    for wrong in ("0000-0000-0000-0000", "nothing", "0009-8000-0000-0000", orcid[:-1]):
        assert place.browser().open(place.at(f"/{wrong}")).status == 404


def test_a_name_that_is_not_public(place: Place) -> None:
    with place.service.db.writing() as tx:
        people.set_names(tx, place.clock.now(), place.ada.orcid, given="Ada", visibility="private")
    assert "Name not public" in public(place)
    assert "Ada" in place.browser(place.ada).open(place.at("/my-record")).text
    client = place.member()
    assert place.token(place.ada, client)["name"] == ""


@pytest.mark.parametrize(
    ("state", "says"),
    [("locked", "is locked"), ("deactivated", "has closed it"), ("deprecated", "another one")],
)
def test_records_that_show_nothing(place: Place, state: str, says: str) -> None:
    add(place, place.member(), "Nectar volume", "10.5072/laelia.42")
    with place.service.db.writing() as tx:
        people.set_state(tx, place.clock.now(), place.ada.orcid, state, primary=place.stranger.orcid)
    text = public(place)
    assert says in text
    assert "Nectar" not in text
    assert "Ada" not in text


def test_many_works_come_in_pages(place: Place) -> None:
    client = place.member()
    for number in range(51):
        add(place, client, f"Work number {number:02}", f"10.5072/{number}")
    page = place.browser().open(place.at(f"/{place.ada.orcid}"))
    assert "Works 51" in page.text
    assert len(page.all("//article")) == 50
    second = page.link("Next")
    assert len(second.all("//article")) == 1
    assert len(place.browser().open(place.at(f"/{place.ada.orcid}?page=99")).all("//article")) == 1
    assert place.browser().open(place.at(f"/{place.ada.orcid}?page=x")).status == 200
