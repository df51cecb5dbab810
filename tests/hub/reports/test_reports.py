"""Reports as pages and as files: the same numbers everywhere, nothing spoilt, nothing shown to whom it is not
for."""

import csv
import io
import json
import pathlib
from datetime import datetime
from typing import Any

import lxml.etree
import openpyxl
import pytest

from hub.reports.office import EVIL, Office, office_of
from hub.web.town import Town
from laelia.hub.organisations import members
from laelia.lib.browser import Browser
from laelia.lib.clock import DAY
from laelia.lib.http import Response


@pytest.fixture
def office(town: Town) -> Office:
    return office_of(town)


def fetched(office: Office, who: Browser, path: str) -> Response:
    cookie = "; ".join(f"{name}={value}" for name, value in who.cookies("hub.test").items())
    address = office.town.at(f"/library/staff/reports/{path}")
    answer = office.town.everyone.get(address, headers={"Cookie": cookie})
    assert answer.status == 200, answer.text
    return answer


def rows(office: Office, who: Browser, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = fetched(office, who, path).json()["rows"]
    return found


def test_people_as_a_sheet_with_zeros_dates_and_what_looks_like_a_formula(office: Office):
    town, who = office.town, office.staff()
    answer = fetched(office, who, "people/xlsx")
    assert 'filename="library-sandbox-people.xlsx"' in answer.headers["content-disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.body)).active
    heads = [cell.value for cell in sheet[1]]
    cells = dict(zip(heads, sheet[2], strict=True))
    assert cells["Local id"].value == "007"
    assert (cells["Family names"].value, cells["Family names"].data_type) == (EVIL, "s")
    assert cells["iD, proven by signing in"].value == f"{town.registry}/{town.ada.orcid}"
    assert (cells["Unit"].value, cells["Code of the unit"].value) == ("Physics", "PHY")
    assert isinstance(cells["Connected"].value, datetime)
    assert cells["Connected"].value == datetime.fromtimestamp(town.clock.now() // 1000).replace(tzinfo=None)
    assert cells["Permission"].value == "/activities/update /read-limited"
    bo = dict(zip(heads, (cell.value for cell in sheet[3]), strict=True))
    assert (bo["Local id"], bo["State"], bo["iD, proven by signing in"]) == ("0042", "denied", None)
    everything = " ".join(str(cell.value) for row in sheet.rows for cell in row)
    assert "orcid.org" not in everything  # it is another registry's iD
    table = list(csv.DictReader(io.StringIO(fetched(office, who, "people/csv").body.decode("utf-8-sig"))))
    assert (table[0]["local-id"], table[0]["family-names"]) == ("007", f"'{EVIL}")
    assert table[0]["invited"].endswith("Z")
    page = who.open(town.at("/library/staff/reports/people"))
    assert "cy@library.example" in page.text
    assert f"{town.registry}/{town.ada.orcid}" in page.text


def test_months_tell_what_happened_and_plots_tell_the_same(office: Office):
    town = office.town
    town.clock.advance(12 * DAY)
    who = office.staff()
    [september, october] = rows(office, who, "months/json")
    assert september == {
        "month": "2026-09", "invited": 3, "connected": 1, "denied": 1, "ended": 0, "added": 2, "removed": 0,
        "connected-at-end": 1, "items-at-end": 2,
    }  # fmt: skip
    assert (october["invited"], october["connected-at-end"], october["items-at-end"]) == (0, 1, 2)
    page = who.open(town.at("/library/staff/reports/months"))
    assert "style=" not in page.html
    drawings = page.all("//*[local-name()='svg'][contains(@class, 'plot')]")
    assert len(drawings) == 3
    said = [bars(one) for one in drawings]
    assert said[0]["2026-09, Invited"] == 3
    assert said[0]["2026-09, Said no"] == 1
    assert said[0]["2026-10, Invited"] == 0
    assert said[1] == {"2026-09, Connected": 1, "2026-10, Connected": 1}
    assert said[2] == {"2026-09, Items": 2, "2026-10, Items": 2}
    for one in drawings:  # each says what it is to whom can't see it
        for part in str(one.get("aria-labelledby")).split():
            assert one.xpath(f".//*[@id='{part}']")[0].text


def bars(drawing: Any) -> dict[str, int]:
    """What the titles of a plot's bars and points say, each drawn as high as it says."""
    found, heights = {}, set()
    whole = lxml.etree.fromstring(lxml.etree.tostring(drawing))
    for one in whole.xpath(".//*[local-name()='rect' or local-name()='circle'][*[local-name()='title']]"):
        label, _, value = one.xpath("string(*)").rpartition(": ")
        found[label] = int(value)
        if one.get("height"):
            heights.add((int(value), float(one.get("height"))))
    for value, height in heights:
        assert abs(height * max(v for v, _ in heights) - value * max(h for _, h in heights)) < 1
    return found


def test_a_unit_counts_with_those_below_it(office: Office):
    who = office.staff()
    found = {row["unit-code"]: row for row in rows(office, who, "unit-months/json")}
    assert {code: (row["invited"], row["connected"], row["added"]) for code, row in found.items()} == {
        None: (1, 0, 0), "PHY": (1, 1, 2), "ART": (1, 0, 0),
    }  # fmt: skip
    [science] = rows(office, who, "months/json?unit=SCI")
    assert (science["invited"], science["denied"], science["items-at-end"]) == (1, 0, 2)
    assert [row["local-id"] for row in rows(office, who, "people/json?unit=SCI")] == ["007"]
    units = {
        row["unit"]: (row["people"], row["connected"], row["in-record"])
        for row in rows(office, who, "units/json")
    }
    assert units == {"Arts": (1, 0, 0), "Science": (0, 0, 0), "Science › Physics": (1, 1, 2), None: (1, 0, 0)}
    page = who.open(office.town.at("/library/staff/reports/months")).form("narrow").fill(unit="ART").submit()
    assert page.all("//select[@id='unit']/option[@selected]")[0].get("value") == "ART"


def test_runs_refusals_and_what_was_given_up(office: Office):
    office.refused()
    office.gave_up("TypeError: <b>not a number</b>")
    who = office.staff()
    runs = rows(office, who, "runs/json")
    assert runs[0]["orcid"] == f"{office.town.registry}/{office.town.ada.orcid}"
    assert {row["kind"] for row in runs} == {"push"}
    [refusal] = rows(office, who, "refusals/json")
    assert (refusal["status"], refusal["items"], refusal["people"]) == (400, 1, 1)
    assert refusal["run"] == runs[0]["run"]
    assert "no-such-type" in refusal["answer"]
    page = who.open(office.town.at("/library/staff/reports/refusals"))
    assert str(refusal["code"]) in page.text
    page = who.open(office.town.at("/library/staff/reports/dead-letters"))
    assert "TypeError: <b>not a number</b>" in page.text
    states = {row["state"]: row["items"] for row in rows(office, who, "items/json")}
    assert states == {"in-record": 2, "refused": 1}


def test_a_lead_sees_counts_of_its_members_and_never_who_they_are(office: Office):
    town = office.town
    owner = office.staff("owner")
    assert owner.open(town.at("/library/staff/reports/members")).status == 404
    with town.hub.db.writing() as tx:
        members.make_lead(tx, "library", True)
    page = owner.open(town.at("/library/staff/members"))
    page.form("onboard").fill(name="Garden University", contact="it@garden.example").submit()
    [found] = rows(office, owner, "members/json")
    assert (found["member"], found["client"], found["people"]) == ("Garden University", "missing", 0)
    for text in (page.html, str(found)):
        assert town.ada.orcid not in text
    viewer = office.staff("viewer")
    assert viewer.open(town.at("/library/staff/reports/members")).status == 404
    assert "Members of the consortium" not in viewer.open(town.at("/library/staff/reports")).text


def test_reports_are_for_staff_and_for_their_own_environment(office: Office):
    town = office.town
    assert town.browser(town.ada).open(town.at("/library/staff/reports/people/json")).status == 403
    assert office.staff().open(town.at("/datacite/staff/reports/people/json")).status == 403
    assert office.staff("editor").open(town.at("/library/staff/reports/people/pdf")).status == 404


def test_every_report_has_a_page_and_files(office: Office):
    who = office.staff()
    page = who.open(office.town.at("/library/staff/reports"))
    names = [one.get("href").rpartition("/")[2] for one in page.all("//h2/a")]
    assert len(names) == 8
    for name in names:
        assert who.open(office.town.at(f"/library/staff/reports/{name}")).status == 200
        for form in ("xlsx", "csv", "json"):
            assert fetched(office, who, f"{name}/{form}").body


def test_the_same_by_command(office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path):
    run = office.command(monkeypatch)
    found = json.loads(run("report", "people", "library", "--format", "json").stdout)["rows"]
    assert [row["local-id"] for row in found] == ["007", "0042", None]
    to = tmp_path / "people.xlsx"
    assert run("report", "people", "library", "--format", "xlsx", "--to", str(to)).exit_code == 0
    assert openpyxl.load_workbook(to).active["A2"].value == "007"
    assert "2026-09" in run("report", "months", "library").stdout
    for words, said in (
        (("report", "nothing", "library"), "There is no report"),
        (("report", "people", "nobody"), "There is no organisation"),
        (("report", "people", "library", "--format", "xlsx"), "--to FILE"),
        (("report", "people", "library", "--unit", "X"), "There is no unit"),
    ):
        done = run(*words)
        assert (done.exit_code, said in done.output) == (1, True), done.output
