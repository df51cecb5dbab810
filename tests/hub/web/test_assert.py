"""One assertion by form: judged as a row, its verdict beside the fields, edited and taken back as well."""

import json
from typing import Any

import pytest

from hub.staff.desk import actions, joined
from hub.uploads.desk import UNIVERSITY, Desk, desk_of
from hub.web.town import Town
from laelia.connectors.files.kinds import KINDS
from laelia.hub import assertions
from laelia.lib.browser import Browser, Page

JOB = {
    "affiliation-section": "employment", "role-title": "Lecturer", "start-date": "2021-02",
    "disambiguated-organization-identifier": UNIVERSITY, "visibility": "public",
}  # fmt: skip


@pytest.fixture
def desk(town: Town) -> Desk:
    return desk_of(town)


@pytest.fixture
def editor(desk: Desk, town: Town) -> Browser:
    return joined(town, "editor@library.example", "editor")


def start(town: Town, editor: Browser, what: str = "Affiliations", email: str = "Ada@uni.example") -> Page:
    [one] = [one for one in town.rows("person") if one.email == email]
    return editor.open(town.at(f"/library/staff/people/{one.id}")).link("Assert something").link(what)


def ledger(town: Town) -> list[Any]:
    return [one for one in town.rows("assertion") if one.connector == "files"]


def test_filed_edited_and_taken_back(desk: Desk, town: Town, editor: Browser):
    page = start(town, editor).form("assert").fill(JOB).submit()
    assert "Filed." in page.text
    desk.work()
    [row] = ledger(town)
    assert (row.origin, row.state, row.section) == ("form", "in-record", "employments")
    before = desk.codes("employments")
    assert list(before) == ["Lecturer"]
    form = editor.open(page.url).link("Edit").form("assert")
    assert {name: form.value(name) for name in JOB} == JOB
    assert form.value("org-city") == "Dunedin"
    form.fill({"role-title": "Professor", "end-date": "2024"}).submit()
    desk.work()
    assert desk.codes("employments") == {"Professor": before["Lecturer"]}
    assert len(ledger(town)) == 1
    page = editor.open(page.url).form(containing="Take back").submit()
    assert "Taken back." in page.text
    desk.work()
    assert desk.standing("employments") == []
    assert [one for one in actions(town) if one.startswith("assertion")] == [
        "assertion-filed", "assertion-filed", "assertion-withdrawn",
    ]  # fmt: skip
    assert "form" not in editor.open(town.at("/library/staff/files")).text.partition("Hand in")[0]


def test_what_is_wrong_stands_beside_its_field(desk: Desk, town: Town, editor: Browser):
    page = start(town, editor).form("assert").fill({**JOB, "start-date": "soon", "role-title": "X"}).submit()
    assert page.status == 422
    [error] = page.all("//*[@id='start-date-error']")
    assert "soon” is no date" in error.text_content()
    assert page.form("assert").value("role-title") == "X"
    page = start(town, editor, "Works").form("assert").fill(title="A title").submit()
    for column in ("type", "external-id-value"):
        assert page.all(f"//*[@id='{column}-error']"), column
    assert (ledger(town), town.rows("upload"), town.rows("upload_row")) == ([], [], [])


def test_what_holds_more_is_said(desk: Desk, town: Town, editor: Browser):
    ids = [
        {"external-id-type": "doi", "external-id-value": f"10.5072/{n}", "external-id-relationship": "self"}
        for n in (1, 2)
    ]
    work = {
        "invitees": [{"identifier": "W1", "email": "ada@uni.example"}], "type": "data-set",
        "title": {"title": {"value": "Silt"}}, "external-ids": {"external-id": ids},
    }  # fmt: skip
    desk.upload("works.json", json.dumps([work]), "works")
    page = start(town, editor)
    page = editor.open(page.url.rpartition("/")[0]).link("Edit")
    assert "more identifiers than the form has room for" in page.text
    assert page.form("assert").value("title") == "Silt"


def test_for_someone_who_has_not_come_it_waits(desk: Desk, town: Town, editor: Browser):
    desk.person("bela@uni.example", None)
    page = start(town, editor, "Keywords", "bela@uni.example")
    page = page.form("assert").fill(keyword="rivers").submit()
    assert "waits until this person gives permission" in page.text
    assert [one.outcome for one in town.rows("upload_row")] == ["waiting"]
    desk.becomes("bela@uni.example", town.ada.orcid)
    with town.hub.db.writing() as tx:
        assertions.wake(tx, town.clock.now(), town.library, town.ada.orcid)
    desk.work()
    assert desk.standing("keywords") == ["rivers"]
    assert [one.origin for one in ledger(town)] == ["form"]


def test_every_kind_has_its_form(desk: Desk, town: Town, editor: Browser):
    page = start(town, editor)
    for kind in KINDS:
        found = editor.open(f"{page.url.rpartition('/')[0]}/{kind}")
        assert found.form("assert").fields, kind
        assert not [name for name in found.form("assert").fields if "orcid" in name]
    assert editor.open(f"{page.url.rpartition('/')[0]}/poems").status == 404
    assert editor.open(f"{page.url}?item=99").status == 404
    viewer = joined(town, "viewer@library.example", "viewer", browser=town.browser())
    assert viewer.open(page.url).status == 403
