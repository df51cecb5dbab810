"""What stands on a record is ordered, grouped, taken apart and changed at once; the API tells the same."""

import pytest

from laelia.registry.record import checks
from registry.place import Person, Place
from registry.web.hands import WRITTEN, add, by_client, groups, send, told


@pytest.fixture
def place(bee_town: Place) -> Place:
    return bee_town


def test_what_a_form_does_not_show_stays(place: Place, zoe: Person) -> None:
    number = by_client(place, zoe, "Many hands", "10.5555/hands")
    browser = place.browser(zoe)
    refused = browser.open(place.at(f"/my-record/works/{number}/edit"))
    assert (refused.status, "Not yours to change" in refused.text) == (403, True)
    page = refused.form(f"/my-record/works/{number}/copy").submit()
    copy = int(page.url.split("/")[-2])
    assert groups(place, zoe) == [[copy, number]], "the copy is shown, the original stays beside it"
    page.form(f"/my-record/works/{copy}/edit").fill(title="Many more hands").submit("Save")
    assert told(place, zoe, f"work/{number}")["title"]["title"]["value"] == "Many hands"
    assert told(place, zoe, f"work/{copy}")["title"]["title"]["value"] == "Many more hands"
    page = browser.open(place.at("/my-record"))
    form = next(
        form for form in page.forms()
        if form.element.get("action") == f"/my-record/works/{number}" and "Show this version" in form.text
    )  # fmt: skip
    assert "This version is shown" in form.submit().text
    assert groups(place, zoe) == [[number, copy]]


def test_taken_apart_and_brought_together(place: Place, zoe: Person) -> None:
    browser = place.browser(zoe)
    one, two = (by_client(place, zoe, title, "10.5555/same") for title in ("First", "Second"))
    assert groups(place, zoe) == [[one, two]]
    send(browser, place, f"/my-record/works/{two}", {"do": "part"})
    assert sorted(groups(place, zoe)) == [[one], [two]]
    revision = next(row.revision for row in place.rows("record") if row.orcid == zoe.orcid)
    page = send(browser, place, "/my-record/many", {"do": "join", "chosen": [f"works-{one}", f"works-{two}"]})
    assert "They stand together now." in page.text
    assert groups(place, zoe) == [[one, two]]
    assert next(row.revision for row in place.rows("record") if row.orcid == zoe.orcid) > revision


def test_what_shares_nothing_is_joined_by_a_version_of_her_own(place: Place, zoe: Person) -> None:
    browser = place.browser(zoe)
    one = by_client(place, zoe, "Preprint", "10.5555/pre")
    two = by_client(place, zoe, "Article", "10.5555/art")
    chosen = [f"works-{one}", f"works-{two}"]
    send(browser, place, "/my-record/many", {"do": "join", "chosen": chosen})
    [group] = groups(place, zoe)
    assert {one, two} < set(group)
    [made] = set(group) - {one, two}
    ids = told(place, zoe, f"work/{made}")["external-ids"]["external-id"]
    assert {each["external-id-value"] for each in ids} == {"10.5555/pre", "10.5555/art"}
    send(browser, place, "/my-record/many", {"do": "join", "chosen": chosen})
    assert groups(place, zoe) == [group], "what stands together already stays as it is"
    own = add(browser, place, "works", **{"external_ids-0-value": ""})
    send(browser, place, "/my-record/many", {"do": "join", "chosen": [f"works-{own}", f"works-{one}"]})
    assert len(groups(place, zoe)) == 1
    assert len(groups(place, zoe)[0]) == 4, "her own version took the identifiers, no copy was made"


def test_what_cannot_be_joined(place: Place, zoe: Person) -> None:
    browser = place.browser(zoe)
    nameless = [add(browser, place, "works", **{"external_ids-0-value": ""}) for _ in range(2)]
    job = add(browser, place, "employments")
    for chosen, says in (
        ([f"works-{number}" for number in nameless], "Nothing could bring these together"),
        ([f"works-{nameless[0]}"], "Choose from 2"),
        ([f"works-{nameless[0]}", f"employments-{job}"], "Only items of one kind"),
        ([], "Nothing was chosen"),
        ([f"works-{nameless[0]}", "works-999"], "not on your record any more"),
    ):
        page = send(browser, place, "/my-record/many", {"do": "join", "chosen": chosen})
        assert says in page.text
    assert send(browser, place, "/my-record/many", {"do": "join", "chosen": "nonsense"}).status == 404
    assert send(browser, place, "/my-record/many", {"do": "dance", "chosen": f"works-{job}"}).status == 400


def test_many_at_once(place: Place, zoe: Person) -> None:
    browser = place.browser(zoe)
    numbers = [
        add(browser, place, "works", title=f"Work {n}", **{"external_ids-0-value": f"10.5555/{n}"})
        for n in range(3)
    ]
    chosen = [f"works-{number}" for number in (*numbers[:2], 999)]
    page = send(
        browser, place, "/my-record/many", {"do": "private", "chosen": chosen, "back": "/my-record?works=1"}
    )
    assert "2 items are now seen by: Only me." in page.text
    assert page.url == place.at("/my-record?works=1")
    assert groups(place, zoe) == [[numbers[2]]]
    page = send(
        browser, place, "/my-record/many", {"do": "delete", "chosen": chosen, "back": "//evil.example"}
    )
    assert "2 items deleted." in page.text
    assert page.url == place.at("/my-record")
    assert [row.put_code for row in place.rows("item") if row.orcid == zoe.orcid] == [numbers[2]]


def test_lists_are_ordered_as_she_likes(place: Place, zoe: Person) -> None:
    browser = place.browser(zoe)
    for word in ("one", "two", "three"):
        page = browser.open(place.at("/my-record/edit/keywords"))
        page.form("/my-record/edit/keywords/add").fill(content=word).submit()

    def order() -> list[str]:
        return [each["content"] for each in told(place, zoe, "keywords")["keyword"]]

    numbers = {each["content"]: each["put-code"] for each in told(place, zoe, "keywords")["keyword"]}
    assert order() == ["one", "two", "three"]
    send(browser, place, f"/my-record/keywords/{numbers['three']}", {"do": "up"})
    assert order() == ["one", "three", "two"]
    send(browser, place, f"/my-record/keywords/{numbers['one']}", {"do": "down"})
    assert order() == ["three", "one", "two"]
    send(browser, place, f"/my-record/keywords/{numbers['two']}", {"do": "down"})
    assert order() == ["three", "one", "two"]
    form = browser.open(place.at(f"/my-record/keywords/{numbers['one']}/edit")).form(0, containing="Save")
    form.fill(content="first", visibility="limited").submit("Save")
    assert order() == ["three", "two"]


def test_the_page_leads_to_an_item_wherever_it_stands(
    place: Place, zoe: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("laelia.registry.web.showing.blocks.PAGE", 1)
    browser = place.browser(zoe)
    for year in ("2020", "2022", "2021"):
        add(
            browser, place, "works", title=year, **{"external_ids-0-value": "", "publication_date-year": year}
        )
    numbers = {row.put_code for row in place.rows("item") if row.orcid == zoe.orcid}
    found = {browser.open(place.at(f"/my-record/works/{number}")).url for number in numbers}
    assert len(found) == 3
    assert {url.rpartition("-")[2] for url in found} == {str(number) for number in numbers}
    for order, first in (
        ("newest", "2022"),
        ("oldest", "2020"),
        ("title", "2020"),
        ("kind", "2020"),
        ("x", "2022"),
    ):
        page = browser.open(place.at(f"/my-record?works-order={order}"))
        assert page.all("//article[@data-section='works']//h3")[0].text == first
    assert "not on your record any more" in browser.open(place.at("/my-record/works/999")).text
    assert browser.open(place.at("/my-record/nonsense/1")).status == 404


def test_what_cannot_be_brought_together_stays_as_it_was(place: Place, zoe: Person) -> None:
    browser = place.browser(zoe)
    nameless, one, two = (
        add(browser, place, "works", **{"external_ids-0-value": value})
        for value in ("", "10.5555/t", "10.5555/t")
    )
    theirs = by_client(place, zoe, "No identifier")
    send(browser, place, f"/my-record/works/{two}", {"do": "part"})
    before = groups(place, zoe)
    chosen = [f"works-{number}" for number in (two, theirs)]
    page = send(browser, place, "/my-record/many", {"do": "join", "chosen": chosen})
    assert "Nothing could bring these together" in page.text
    assert groups(place, zoe) == before
    assert {nameless, one} < {number for group in before for number in group}


@pytest.mark.parametrize(("section", "do"), [("keywords", "prefer"), ("keywords", "part"), ("works", "up")])
def test_a_button_that_is_not_there(place: Place, zoe: Person, section: str, do: str) -> None:
    browser = place.browser(zoe)
    if section == "works":
        add(browser, place, "works")
    for word in ("one", "two") if section == "keywords" else ():
        page = browser.open(place.at("/my-record/edit/keywords"))
        page.form("/my-record/edit/keywords/add").fill(content=word).submit()
    before = [row for row in place.rows("item") if row.orcid == zoe.orcid]
    refused = send(browser, place, f"/my-record/{section}/{before[0].put_code}", {"do": do})
    assert (refused.status, "That is no choice" in refused.text) == (400, True)
    chosen = [f"{section}-{row.put_code}" for row in before]
    if section == "keywords":
        page = send(browser, place, "/my-record/many", {"do": "join", "chosen": chosen})
        assert "Nothing could bring these together" in page.text
    assert [row for row in place.rows("item") if row.orcid == zoe.orcid] == before


def test_a_record_that_is_full_says_so(place: Place, zoe: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = (by_client(place, zoe, doi, doi) for doi in ("10.5555/a", "10.5555/b"))
    monkeypatch.setattr(checks, "WORKS_LIMIT", 2)
    browser = place.browser(zoe)
    for path, said in (
        (f"/my-record/works/{one}/copy", {}),
        ("/my-record/many", {"do": "join", "chosen": [f"works-{one}", f"works-{two}"]}),
        ("/my-record/works/add", {**WRITTEN["works"][0], "visibility": "public"}),
    ):
        assert "holds as many works as a record can" in send(browser, place, path, said).text
    assert sorted(groups(place, zoe)) == [[one], [two]]
