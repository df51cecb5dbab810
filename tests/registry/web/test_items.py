"""What stands on a record is added, changed and deleted on pages, and the API tells the same."""

import pytest

from laelia.model.sections import BY_NAME
from registry.place import Person, Place
from registry.web.hands import WRITTEN, add, send, told


@pytest.fixture
def place(bee_town: Place) -> Place:
    return bee_town


@pytest.mark.parametrize("section", WRITTEN)
def test_add_change_hide_and_delete(place: Place, zoe: Person, section: str) -> None:
    browser = place.browser(zoe)
    number = add(browser, place, section)
    path = f"{BY_NAME[section].item_path}/{number}"
    said = told(place, zoe, path)
    assert said["source"]["source-orcid"]["path"] == zoe.orcid
    assert WRITTEN[section][1] in place.browser().open(place.at(f"/{zoe.orcid}")).text
    form = browser.open(place.at(f"/my-record/{section}/{number}/edit")).form(
        f"/my-record/{section}/{number}/edit"
    )
    unchanged = form.submit("Save")
    assert unchanged.status == 200, unchanged.text
    assert told(place, zoe, path) == said, "a form that is sent as it came changes nothing"
    title = "title" if "title" in form.fields else "role_title"
    form.fill({title: "Changed & <new>"}).submit("Save")
    changed = told(place, zoe, path)
    assert "Changed & <new>" in str(changed)
    assert changed["put-code"] == number
    page = browser.open(place.at("/my-record")).form(f"/my-record/{section}/{number}").submit("Only me")
    assert "Now seen by: Only me" in page.text
    assert "error-code" in told(place, zoe, path)
    page.form(f"/my-record/{section}/{number}", containing="Delete it").submit("Delete it")
    assert not [row for row in place.rows("item") if row.orcid == zoe.orcid]


@pytest.mark.parametrize(
    ("section", "said", "says"),
    [
        ("works", {"title": " "}, "Write a title."),
        ("works", {"type": "poem"}, "Choose what kind it is."),
        (
            "works",
            {"publication_date-year": "2023", "publication_date-month": "2", "publication_date-day": "30"},
            "The calendar has no such day.",
        ),
        (
            "works",
            {"publication_date-year": "", "publication_date-month": "2"},
            "Write the year with four digits",
        ),
        ("works", {"contributors-0-orcid": "0000-0002-1825-0098"}, "This is no iD"),
        ("works", {"contributors-0-name": "", "contributors-0-role": "author"}, "Write the name."),
        ("works", {"citation": ""}, "A citation has a text"),
        ("works", {"translated_title-language": ""}, "Choose the language"),
        ("works", {"url": "javascript:alert(1)"}, "Write the address of a page"),
        ("works", {"external_ids-0-type": "nonsense"}, "An identifier is not right"),
        ("works", {"external_ids-0-relationship": "version-of"}, "An identifier is not right"),
        ("employments", {"organisation-name": ""}, "Name the organisation."),
        (
            "employments",
            {"organisation-chosen": "", "organisation-name": "Bee"},
            "Choose which organisation is meant",
        ),
        (
            "employments",
            {"organisation-chosen": "", "organisation-name": "Wasps"},
            "has no organisation of this name",
        ),
        ("employments", {"organisation-chosen": "as-written"}, ""),
        ("employments", {"end_date-year": "2019"}, "It ends before it begins."),
        ("employments", {"start_date-year": "", "start_date-month": "", "end_date-year": "2019"}, ""),
        (
            "memberships",
            {"organisation-chosen": "as-written", "organisation-name": "Wasps"},
            "give an identifier below",
        ),
        (
            "memberships",
            {
                "organisation-chosen": "as-written",
                "organisation-name": "Wasps",
                "organisation-city": "Bern",
                "external_ids-0-value": "10.5555/w",
            },
            "Choose the country as well.",
        ),
        ("fundings", {"amount-value": "12,5"}, "Write the amount in digits"),
        ("fundings", {"amount-currency": ""}, "Choose the currency."),
        ("fundings", {"start_date-year": "", "end_date-year": "2019"}, "There is an end but no beginning"),
        (
            "research-resources",
            {"things-0-resource_name": "", "things-0-host-name": ""},
            "Name at least one thing",
        ),
        ("research-resources", {"things-0-external_ids-0-value": ""}, "Give at least one identifier."),
        ("research-resources", {"hosts-0-host-name": ""}, "Name the organisation."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    place: Place, zoe: Person, section: str, said: dict[str, str], says: str
) -> None:
    browser = place.browser(zoe)
    sent = {**WRITTEN[section][0], "visibility": "public", **said}
    page = send(browser, place, f"/my-record/{section}/add", sent)
    if not says:
        assert page.status == 200
        return
    assert (page.status, says in page.text) == (422, True), page.text
    assert page.all("//p[@class='error']")
    form = page.form(f"/my-record/{section}/add")
    kept = {name: form.value(name) for name in sent if name in form.fields and name not in said}
    assert {name: (value or "").lstrip() for name, value in kept.items()} == {
        name: sent[name] for name in kept
    }
    assert not [row for row in place.rows("item") if row.orcid == zoe.orcid]


def test_a_work_needs_no_identifier_when_she_says_so(place: Place, zoe: Person) -> None:
    number = add(place.browser(zoe), place, "works", **{"external_ids-0-value": ""})
    for version in ("v2.0", "v2.1", "v3.0"):
        for kind in ("application/json", "application/xml"):
            answer = place.http.get(
                place.at(f"/{version}/{zoe.orcid}/work/{number}"), headers={"Accept": kind}
            )
            assert answer.status == 200


def test_a_list_in_a_form_grows_and_an_organisation_is_looked_up(place: Place, zoe: Person) -> None:
    browser = place.browser(zoe)
    page = send(browser, place, "/my-record/works/add", {"title": "x", "more": "contributors"})
    assert page.status == 200
    assert {"contributors-0-name", "contributors-1-name"} <= set(page.form("/my-record/works/add").fields)
    page = send(browser, place, "/my-record/research-resources/add", {"more": "things-0-external_ids"})
    assert "things-0-external_ids-1-value" in page.form("/my-record/research-resources/add").fields
    page = send(browser, place, "/my-record/works/add", {"more": "title-0-nonsense"})
    assert page.status == 200
    looked = send(
        browser, place, "/my-record/employments/add", {"organisation-name": "bee", "look_up": "organisation"}
    )
    assert (looked.status, "Bee Institute (Zürich, Switzerland)" in looked.text) == (200, True)
    assert not looked.all("//p[@class='error']")


def test_nobody_else_edits(place: Place, zoe: Person) -> None:
    number = add(place.browser(zoe), place, "works")
    before = [row for row in place.rows("item") if row.orcid == zoe.orcid]
    for browser in (place.browser(place.stranger), place.browser()):
        for path, said in (
            (
                f"/my-record/works/{number}/edit",
                {**WRITTEN["works"][0], "title": "Stolen", "visibility": "public"},
            ),
            (f"/my-record/works/{number}", {"do": "delete"}),
            (f"/my-record/works/{number}/copy", {}),
            ("/my-record/many", {"do": "delete", "chosen": f"works-{number}"}),
        ):
            if browser.cookies("registry.test"):
                send(browser, place, path, said)
    assert [row for row in place.rows("item") if row.orcid == zoe.orcid] == before
