"""The owner edits what her record says of her; everybody sees what she lets them see, as the API tells it."""

import zlib
from typing import Any

import pytest

from laelia.lib.browser import Page
from laelia.model.person import Keyword
from laelia.model.sections import BY_NAME
from laelia.registry.access import Principal
from laelia.registry.record import items
from registry.place import Person, Place

EDIT = "/my-record/edit"


@pytest.fixture
def place(town: Place) -> Place:
    return town


@pytest.fixture
def zoe(place: Place, request: pytest.FixtureRequest) -> Person:
    return place.person("Zoe", "Editor", f"{zlib.crc32(request.node.name.encode())}@example.org")


def opened(place: Place, who: Person, part: str) -> Page:
    return place.browser(who).open(place.at(f"{EDIT}/{part}"))


def told(place: Place, who: Person) -> dict[str, Any]:
    """The person as the Public API tells everybody."""
    path = place.at(f"/v3.0/{who.orcid}/person")
    said: dict[str, Any] = place.http.get(path, headers={"Accept": "application/json"}).json()
    return said


def test_names(place: Place, zoe: Person) -> None:
    page = opened(place, zoe, "names")
    form = page.form(f"{EDIT}/names")
    assert form.value("given") == "Zoe"
    refused = form.fill(given=" ", family="a@b").submit()
    assert refused.status == 422
    assert "Write at least one given name." in refused.text
    assert "does not contain @" in refused.text
    page = form.fill(given="Zoë", family="Redaktor", credit="Z. Redaktor", visibility="public").submit()
    assert page.url == place.at("/my-record")
    assert "Z. Redaktor" in page.text
    name = told(place, zoe)["name"]
    assert [name[key]["value"] for key in ("given-names", "family-name", "credit-name")] == [
        "Zoë",
        "Redaktor",
        "Z. Redaktor",
    ]
    before = next(row for row in place.rows("record") if row.orcid == zoe.orcid).revision
    page.browser.open(place.at(f"{EDIT}/names")).form(f"{EDIT}/names").submit()
    assert next(row for row in place.rows("record") if row.orcid == zoe.orcid).revision == before
    page.browser.open(place.at(f"{EDIT}/names")).form(f"{EDIT}/names").fill(visibility="private").submit()
    assert told(place, zoe)["name"] is None
    assert "Redaktor" not in place.browser().open(place.at(f"/{zoe.orcid}")).text


def test_biography(place: Place, zoe: Person) -> None:
    text = "Bees.\n\nAnd <b>more</b> bees."
    page = (
        opened(place, zoe, "biography")
        .form(f"{EDIT}/biography")
        .fill(content=text, visibility="public")
        .submit()
    )
    assert "And <b>more</b> bees." in page.text
    assert told(place, zoe)["biography"]["content"] == text
    form = page.browser.open(place.at(f"{EDIT}/biography")).form(f"{EDIT}/biography")
    assert form.fill(content="x" * 5001).submit().status == 422
    form.fill(content="  ").submit()
    assert told(place, zoe)["biography"] is None


@pytest.mark.parametrize(
    ("part", "said", "shown", "key"),
    [
        ("other-names", {"content": "  Zoe   E. "}, "Zoe E.", "other-names"),
        ("keywords", {"content": "bees & <honey>"}, "bees & <honey>", "keywords"),
        ("addresses", {"country": "CH"}, "Switzerland", "addresses"),
        (
            "researcher-urls",
            {"url": "zoe.example/ünder", "url_name": "My page"},
            "My page",
            "researcher-urls",
        ),
    ],
)
def test_lists(place: Place, zoe: Person, part: str, said: dict[str, str], shown: str, key: str) -> None:
    page = opened(place, zoe, part)
    action = f"{EDIT}/{part}/add"
    page = page.form(action).fill(said).submit()
    assert "Added." in page.text
    assert page.all("//section/div/h2")[0].text_content() == shown
    twice = page.form(action).fill(said).submit()
    assert (twice.status, "stands on your record already" in twice.text) == (422, True)
    [entry] = next(value for value in told(place, zoe)[key].values() if isinstance(value, list))
    assert entry["source"]["source-orcid"]["path"] == zoe.orcid
    assert shown in place.browser().open(place.at(f"/{zoe.orcid}")).text
    if part == "researcher-urls":
        assert entry["url"]["value"] == "https://zoe.example/%C3%BCnder"
        assert place.browser().open(place.at(f"/{zoe.orcid}")).links()["My page"] == entry["url"]["value"]
    one = f"/my-record/{part}/{entry['put-code']}"
    page = page.form(one).submit("Only me")
    assert "Now seen by: Only me." in page.text
    assert shown not in place.browser().open(place.at(f"/{zoe.orcid}")).text
    page = next(
        form for form in page.forms() if form.element.get("action") == one and "do" in form.fields
    ).submit()
    assert "no longer on your record" in page.text
    assert not page.all("//section/div/h2")


@pytest.mark.parametrize(
    ("part", "said", "says"),
    [
        ("other-names", {"content": ""}, "Write a name."),
        ("other-names", {"content": "a@b"}, "does not contain @"),
        ("keywords", {"content": "x" * 101}, "100 characters"),
        ("researcher-urls", {"url": "javascript:alert(1)"}, "Write the address of a page"),
        ("researcher-urls", {"url": "javascript://example.org/%0Aalert(1)"}, "Write the address of a page"),
        ("researcher-urls", {"url": "https:///x"}, "Write the address of a page"),
    ],
)
def test_mistakes(place: Place, zoe: Person, part: str, said: dict[str, str], says: str) -> None:
    page = opened(place, zoe, part).form(f"{EDIT}/{part}/add").fill(said).submit()
    assert (page.status, says in page.text) == (422, True)
    assert not [row for row in place.rows("item") if row.orcid == zoe.orcid]


def test_what_an_organisation_said_can_be_hidden_and_removed(place: Place, zoe: Person) -> None:
    client = place.member(name="Bee Library")
    who = Principal(kind="client", client=client.id, client_kind="premium")
    with place.service.db.writing() as tx:
        number = items.add(
            tx, place.clock.now(), who, zoe.orcid, BY_NAME["keywords"], Keyword(content="hive")
        )
    page = opened(place, zoe, "keywords")
    assert "Source: Bee Library" in page.text
    page = page.form(f"{EDIT}/keywords/add").fill(content="hive").submit()
    assert page.status == 200  # she may say it as well
    page.form(f"/my-record/keywords/{number}").submit("Only me")
    seen = {
        row.put_code: (row.visibility, row.source_client)
        for row in place.rows("item")
        if row.orcid == zoe.orcid
    }
    assert seen[number] == ("private", client.id)


def test_nobody_elses_record_is_changed(place: Place, zoe: Person) -> None:
    opened(place, zoe, "keywords").form(f"{EDIT}/keywords/add").fill(content="mine").submit()
    number = next(row.put_code for row in place.rows("item") if row.orcid == zoe.orcid)
    before = [row for row in place.rows("item") if row.orcid == zoe.orcid]
    page = opened(place, place.stranger, "keywords")
    page = page.form(f"{EDIT}/keywords/add").fill(content="theirs").submit()
    form = next(each for each in page.forms() if "do" in each.fields)
    form.element.set("action", f"/my-record/keywords/{number}")
    assert "not on your record any more" in form.submit().text
    assert [row for row in place.rows("item") if row.orcid == zoe.orcid] == before
    assert place.browser(zoe).open(place.at(f"{EDIT}/works")).status == 404
    form.element.set("action", f"{EDIT}/external-identifiers/add")
    assert form.submit().status == 404
    place.set_state(zoe, "locked")
    assert place.browser(zoe).open(place.at(f"{EDIT}/names")).url == place.at("/my-record")
