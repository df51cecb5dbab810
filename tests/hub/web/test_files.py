"""Files on the staff's pages: handed in, looked at, read otherwise, filed, fetched, removed."""

import json

import pytest

from hub.staff.desk import joined
from hub.uploads.desk import Desk, desk_of
from hub.web.town import Town
from laelia.connectors.files.kinds import KINDS
from laelia.lib.browser import Page

ROWS = b"id,email,keyword\nK1,ada@uni.example,rivers\nK2,nobody@uni.example,silt\n"


@pytest.fixture
def desk(town: Town) -> Desk:
    return desk_of(town)


def hand_in(page: Page, data: bytes, name: str = "keywords.csv", kind: str = "") -> Page:
    return page.form("hand-in-form").fill(file=(name, data, "text/csv"), kind=kind).submit()


def test_a_file_is_handed_in_judged_confirmed_and_fetched(desk: Desk, town: Town) -> None:
    browser = joined(town, "editor@library.example", "editor")
    page = hand_in(browser.open(town.at("/library/staff/files")), ROWS)
    assert "being judged" in page.text
    desk.work()
    page = browser.open(page.url)
    assert "no such person" in page.text
    assert town.rows("assertion") == []
    wrong = page.link("Fetch the wrong rows")
    assert (wrong.response.headers["content-type"], "K1" in wrong.text) == ("text/csv; charset=utf-8", False)
    assert wrong.response.headers["content-disposition"].startswith("attachment")
    page = page.form("confirm").submit()
    desk.work()
    page = browser.open(page.url)
    assert "1 new" in page.text
    assert desk.standing("keywords") == ["rivers"]
    assert "in-record" in page.link("Fetch all rows with results").text
    assert "had a file filed" in browser.open(town.at("/library/staff/audit")).text
    assert "keywords.csv" in browser.open(town.at("/library/staff/files")).text


def test_it_is_read_otherwise(desk: Desk, town: Town) -> None:
    browser = joined(town, "editor@library.example", "editor")
    page = browser.open(town.at("/library/staff/files"))
    page = hand_in(page, b"email,what\nada@uni.example,rivers\n", kind="keywords")
    assert "Say below which header is" in page.text
    page = page.form("mapping").fill({"column-keyword": "what"}).submit()
    desk.work()
    page = browser.open(page.url)
    assert "File 1 good row" in page.text
    page = page.form("mapping").fill(kind="other-names").submit()
    assert "Say below which header is" in page.text


def test_what_cannot_be_read_is_said_and_kept_nowhere(desk: Desk, town: Town) -> None:
    browser = joined(town, "editor@library.example", "editor")
    page = browser.open(town.at("/library/staff/files"))
    for data, words in ((b"email,email\n", "Two columns"), (b"", "Choose a file"), (b"%PDF-1.7", "no CSV")):
        answer = hand_in(page, data)
        assert (answer.status, words in answer.text) == (422, True), words
    assert town.rows("upload") == []


def test_who_only_looks_changes_nothing(desk: Desk, town: Town) -> None:
    one = desk.upload("k.csv", ROWS, "keywords", file=False)
    viewer = joined(town, "viewer@library.example", "viewer")
    page = viewer.open(town.at(f"/library/staff/files/{one.id}"))
    assert page.status == 200
    assert not {"confirm", "mapping"} & {form.describe() for form in page.forms()}
    for path in ("confirm", "mapping", "remove"):
        answer = viewer.send("POST", town.at(f"/library/staff/files/{one.id}/{path}"), data={})
        assert answer.status == 403
    assert desk.get(one.id).state == "checked"


def test_files_of_others_and_unknown_ones_are_not_there(desk: Desk, town: Town) -> None:
    one = desk.upload("k.csv", ROWS, "keywords", file=False)
    other = joined(town, "owner@datacite.example", environment_id=town.datacite)
    for path in (f"{one.id}", f"{one.id}/results", "9999", "x", f"{one.id}/elsewhere", "template/poems/csv"):
        assert other.open(town.at(f"/datacite/staff/files/{path}")).status == 404, path
    assert town.browser().open(town.at(f"/library/staff/files/{one.id}/results")).status == 403


def test_templates_and_removal(desk: Desk, town: Town) -> None:
    browser = joined(town, "editor@library.example", "editor")
    for kind in KINDS:
        answer = browser.open(town.at(f"/library/staff/files/template/{kind}/json"))
        assert json.loads(answer.text)["rows"], kind
    one = desk.upload("k.csv", ROWS, "keywords")
    page = browser.open(town.at(f"/library/staff/files/{one.id}")).form(containing="Remove the file").submit()
    assert "What was filed from it stays" in page.text
    assert town.rows("upload") == []
    assert len(town.rows("assertion")) == 1


def test_what_people_are_not_asked_for_is_said(desk: Desk, town: Town) -> None:
    owner = joined(town, "owner@library.example")
    one = desk.upload("k.csv", ROWS, "keywords", file=False)
    where = town.at(f"/library/staff/files/{one.id}")
    assert "People are not asked" not in owner.open(where).text
    page = owner.open(town.at("/library/staff/settings"))
    [ticked] = [one for one in page.all("//input[@name='scope']") if one.get("value") == "/person/update"]
    assert ticked.get("checked") is not None
    csrf = page.form("ask-for").value("csrf_token")
    data = {"csrf_token": csrf, "scope": ["/read-limited", "/activities/update"]}
    page = owner.send("POST", town.at("/library/staff/settings/scopes"), data=data)
    assert "Saved." in page.text
    assert [one.scopes for one in town.rows("environment") if one.id == town.library] == [
        "/read-limited /activities/update"
    ]
    page = owner.open(where)
    assert "People are not asked to let you add other names, keywords" in page.text
    for wrong in ([], ["/webhook"]):
        answer = owner.send(
            "POST", town.at("/library/staff/settings/scopes"), data={"csrf_token": csrf, "scope": wrong}
        )
        assert (answer.status, "Choose at least one" in answer.text) == (422, True)
    editor = joined(town, "editor@library.example", "editor", browser=town.browser())
    assert "ask-for" not in editor.open(town.at("/library/staff/settings")).html
