"""People by file, through the pages and by command, and the page of one of them."""

import io
import json
import pathlib
from contextlib import nullcontext
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from hub.staff.desk import actions, joined, letters
from hub.web.town import Town
from laelia.hub.commands import commands, common
from laelia.hub.people import roster
from laelia.lib.browser import Browser, Page

HINT = "0000-0002-1825-0097"
FILE = f"""local-id,email,given-names,family-names,unit,orcid
0017,Ada@uni.example,Ada,Lovelace,SCI,https://orcid.org/{HINT}
0018,bela@uni.example,Béla,Bartók,Science,0000-0002-1825-0098
0019,,Carol,Cole,Law,
,nobody,No,Body,,
,,Un,Known,,
0017,Ada@uni.example,Ada,Lovelace,SCI,https://orcid.org/{HINT}
0018,other@uni.example,Béla,Bartók,,
"""


def desk(town: Town) -> Browser:
    editor = joined(town, "editor@library.example", "editor")
    page = editor.open(town.at("/library/staff/units"))
    page.form(containing="Name").fill(name="Science", code="SCI").submit()
    return editor


def hand_in(town: Town, editor: Browser, data: str | bytes, name: str = "people.csv") -> Page:
    page = editor.open(town.at("/library/staff/people")).link("Add people from a file")
    raw = data.encode() if isinstance(data, str) else data
    page = page.form("people-file").fill(file=(name, raw, "text/plain")).submit()
    town.work()
    return editor.open(page.url)


def known(town: Town) -> dict[str, Any]:
    return {one.local_id or one.email: one for one in town.rows("person")}


def test_rows_are_judged_before_anybody_is_stored(town: Town):
    editor = desk(town)
    page = hand_in(town, editor, FILE)
    assert town.rows("person") == []
    assert "Take over 3 good rows" in page.text
    for words in ("nobody” is no e-mail address", "The row names nobody", "Row 3 has the same key"):
        assert words in page.text, words
    notes = editor.open(page.url + "?verdict=note").text
    for words in (
        "0000-0002-1825-0098” is no iD", "no letter can be written", "no unit with the code or name “Law”",
    ):  # fmt: skip
        assert words in notes, words
    assert "The same as row 2" in editor.open(page.url + "?verdict=duplicate").text
    mend = page.link("Fetch the wrong rows").text
    assert "Body" in mend
    assert "Lovelace" not in mend


def test_good_rows_are_taken_over_and_asked(town: Town):
    editor = desk(town)
    page = hand_in(town, editor, FILE)
    page.form("confirm").fill(invite=True, units=True).submit()
    town.work()
    people = known(town)
    assert sorted(people) == ["0017", "0018", "0019"]
    ada = people["0017"]
    assert (ada.email, ada.given_names, ada.orcid, ada.orcid_hint) == ("ada@uni.example", "Ada", None, HINT)
    assert people["0018"].orcid_hint is None
    assert people["0018"].unit_id == ada.unit_id
    assert {one.id: one.name for one in town.rows("unit")}[people["0019"].unit_id] == "Law"
    assert sorted(one.recipient for one in town.rows("outbox") if "uni.example" in one.recipient) == [
        "ada@uni.example", "bela@uni.example",
    ]  # fmt: skip
    assert (people["0017"].invited, people["0019"].invited) == (town.clock.now(), None)
    assert actions(town)[-2:] == ["unit-added", "people-imported"]
    shown = editor.open(town.at("/library/staff/people?state=known"))
    assert "Carol Cole" in shown.text
    assert "Ada" not in shown.text


def test_sent_again_it_changes_and_who_is_missing_stays(town: Town):
    editor = desk(town)
    hand_in(town, editor, FILE).form("confirm").submit()
    town.work()
    before = known(town)
    again = "Staff ID\tMail\tSurname\n0017\tada@new.example\t\n0020\tdora@uni.example\tDay\n"
    page = hand_in(town, editor, again, "again.tsv")
    assert "Staff ID" in page.text
    page.form("confirm").fill(invite=True).submit()
    town.work()
    after = known(town)
    assert sorted(after) == ["0017", "0018", "0019", "0020"]
    assert (after["0017"].id, after["0017"].email) == (before["0017"].id, "ada@new.example")
    assert (after["0017"].family_names, after["0018"]) == ("Lovelace", before["0018"])
    page = editor.open(page.url)
    assert "1 changed" in page.text
    assert "1 new" in page.text
    assert len(letters(town, "ada@new.example")) == 1  # nobody had written to her


def test_an_address_that_is_taken_is_said(town: Town):
    editor = desk(town)
    hand_in(town, editor, "local-id,email\n1,one@uni.example\n").form("confirm").submit()
    town.work()
    page = hand_in(town, editor, "local-id,email\n2,one@uni.example\n2,two@uni.example\n3,two@uni.example\n")
    assert "address of somebody else" in page.text
    page.form("confirm").submit()
    town.work()
    page = editor.open(page.url)
    assert sorted(known(town)) == ["1", "2"]
    assert "somebody else" in editor.open(page.url + "?verdict=wrong").text


def test_one_person_twice_by_other_names_is_said_before_anything_is_stored(town: Town):
    editor = desk(town)
    hand_in(town, editor, "local-id,email\n1,one@uni.example\n").form("confirm").submit()
    town.work()
    page = hand_in(
        town, editor,
        "local-id,email,given-names\n1,,Una\n,one@uni.example,Ona\n7,seven@uni.example,S\n"
        ",Seven@uni.example,T\n8,seven@uni.example,U\n",
    )  # fmt: skip
    wrong = editor.open(page.url + "?verdict=wrong").text
    assert wrong.count("is about the same person, or has the same address") == 3
    page.form("confirm").submit()
    town.work()
    assert sorted(known(town)) == ["1", "7"]
    assert known(town)["1"].given_names == "Una"


def test_people_come_in_the_order_of_the_file(town: Town):
    editor = desk(town)
    hand_in(town, editor, "local-id,email\n5,five@uni.example\n").form("confirm").submit()
    town.work()
    again = "local-id,email\n5,new@uni.example\n6,five@uni.example\n4,four@uni.example\n"
    page = hand_in(town, editor, again)
    assert "somebody else" in page.text, "whose address it is when the row is judged"
    with town.hub.db.writing() as tx:
        told = [
            roster.Entry(local_id="5", email="new@uni.example"),
            roster.Entry(local_id="6", email="five@uni.example"),
            roster.Entry(local_id="4", email="new@uni.example"),
        ]
        done = roster.put_all(tx, town.clock.now(), town.library, told)
    assert [one.outcome for one in done] == ["changed", "added", "clash"]
    page.form("confirm").submit()
    town.work()
    assert [one.local_id for one in sorted(town.rows("person"), key=lambda one: one.id)] == ["5", "6", "4"]


def test_a_template_and_a_workbook(town: Town):
    editor = desk(town)
    answer = editor.open(town.at("/library/staff/files/template/people/xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(answer.response.body))
    assert [cell.value for cell in book.worksheets[0][1]] == [
        "local-id", "email", "given-names", "family-names", "unit", "orcid",
    ]  # fmt: skip
    book.worksheets[0].append(["007", "bond@uni.example", "James", "Bond", "SCI", ""])
    out = io.BytesIO()
    book.save(out)
    hand_in(town, editor, out.getvalue(), "people.xlsx").form("confirm").submit()
    town.work()
    assert known(town)["007"].email == "bond@uni.example"


def test_only_editors_hand_in(town: Town):
    viewer = joined(town, "viewer@library.example", "viewer")
    assert viewer.open(town.at("/library/staff/people/import")).status == 403
    assert "people/import" not in viewer.open(town.at("/library/staff/people")).html


def test_the_page_of_a_person(town: Town):
    editor = desk(town)
    hand_in(town, editor, FILE).form("confirm").fill(invite=True).submit()
    town.work()
    page = editor.open(town.at("/library/staff/people")).link("Ada Lovelace")
    for words in (
        "Not known yet",
        "not confirmed",
        HINT,
        "There is no permission",
        "First asked",
        "Invitation",
    ):
        assert words in page.text, words
    assert not [form for form in page.forms() if any("orcid" in name for name in form.fields)]
    wrong = page.form("said-form").fill(email="bela@uni.example").submit()
    assert (wrong.status, "Somebody else here has this" in wrong.text) == (422, True)
    page = wrong.form("said-form").fill(email="ada@new.example", local_id="17", unit="").submit()
    assert "Saved." in page.text
    ada = known(town)["17"]
    assert (ada.email, ada.unit_id, ada.given_names) == ("ada@new.example", None, "Ada")
    assert editor.open(town.at("/library/staff/people/999")).status == 404
    viewer = joined(town, "viewer@library.example", "viewer", browser=town.browser())
    page = viewer.open(town.at(f"/library/staff/people/{ada.id}"))
    assert "ada@new.example" in page.text
    assert "said-form" not in page.html


def test_a_person_who_connected(town: Town):
    town.connected(town.ada, handle="library")
    [ada] = town.rows("person")
    page = joined(town, "viewer@library.example", "viewer").open(town.at(f"/library/staff/people/{ada.id}"))
    assert f"{town.registry}/{town.ada.orcid}" in page.text
    assert "Vouched for by the registry" in page.text
    assert "read what they show to everyone" in page.text
    assert f"/library/staff/items/{town.ada.orcid}" in page.html


def test_by_command(town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path):
    monkeypatch.setattr(common, "opened", lambda: nullcontext(town.hub))
    file = tmp_path / "people.csv"
    file.write_text(FILE)
    run = ["people", "import", "library", str(file)]
    tried = CliRunner().invoke(commands, [*run, "--dry-run", "--json"])
    assert (tried.exit_code, json.loads(tried.stdout)["note"]) == (1, 3)
    assert (town.rows("person"), town.rows("upload")) == ([], [])
    done = CliRunner().invoke(commands, [*run, "--units", "--invite", "--json"])
    told = json.loads(done.stdout)
    assert (done.exit_code, told["added"], told["state"]) == (1, 3, "filed")
    assert len(letters(town, "ada@uni.example")) == 1
    assert actions(town)[-1] == "people-imported"


def test_a_local_id_with_what_nobody_sees_means_who_is_known(town: Town):
    editor = desk(town)
    hand_in(town, editor, FILE)
    page = hand_in(town, editor, "local-id,email\n00\u200b17,ada@uni.example\n")
    page.form(containing="Take over").submit()
    town.work()
    assert [one.local_id for one in town.rows("person")] == ["0017"]
