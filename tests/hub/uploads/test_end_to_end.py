"""A file from the desk of a librarian to the record and back: rows, verdicts, ledger, plan, push, results."""

from textwrap import dedent

import pytest
import sqlalchemy as sa

from hub.staff.desk import BY
from hub.uploads.desk import Desk, desk_of
from hub.web.town import Town
from laelia.hub import erasing, tables, uploads
from laelia.hub.plan import Action
from laelia.hub.uploads import filing, single, verdicts
from laelia.lib import faults
from laelia.lib.clock import HOUR

AFFILIATIONS = """\
id,email,affiliation-section,role-title,department-name,start-date,org-name,org-city,org-country,ROR
HR-1,ada@uni.example,employment,Lecturer,Geology,2021-02,Example University,Dunedin,NZ,https://ror.org/01abcde99
HR-2,ada@uni.example,membership,Fellow,,2020,Example Academy,Wellington,NZ,https://ror.org/03yrm5c26
HR-3,nobody@uni.example,employment,Reader,Geology,2021-02,Example University,Dunedin,NZ,https://ror.org/01abcde99
HR-4,ada@uni.example,employment,Dean,Geology,2021-13,Example University,Dunedin,NZ,https://ror.org/01abcde99
"""


@pytest.fixture
def desk(town: Town) -> Desk:
    return desk_of(town)


def test_a_file_of_affiliations_comes_to_stand_on_the_record(desk: Desk) -> None:
    one = desk.upload("hr.csv", AFFILIATIONS)
    assert (one.state, one.counts) == ("filed", {"ok": 2, "wrong": 2})
    assert {(a.kind, a.section) for a in desk.plan()} == {("add", "employments"), ("add", "memberships")}
    desk.work()
    assert desk.standing("employments") == ["Lecturer"]
    assert desk.standing("memberships") == ["Fellow"]
    rows = desk.results(one.id)
    assert [(row["id"], row["state"]) for row in rows] == [
        ("HR-1", "in-record"), ("HR-2", "in-record"), ("HR-3", "wrong"), ("HR-4", "wrong"),
    ]  # fmt: skip
    assert rows[0]["put-code"] == str(desk.codes("employments")["Lecturer"])
    assert "no such person" in rows[2]["answer"]
    assert "not a day of the calendar" in rows[3]["answer"]

    # Sent again unchanged there is nothing to do.
    again = desk.upload("hr.csv", AFFILIATIONS)
    assert again.outcomes == {"same": 2}
    assert [action.kind for action in desk.plan()] == ["keep", "keep"]
    before = desk.calls()
    desk.work()
    assert desk.calls() == before

    # A row that says something else changes the item it made, by its key.
    code = desk.codes("employments")["Lecturer"]
    changed = desk.upload("hr.csv", AFFILIATIONS.replace("Lecturer", "Professor"))
    assert changed.outcomes == {"same": 1, "changed": 1}
    assert desk.plan()[0] == Action(kind="update", key="file:HR-1", put_code=code, section="employments")
    desk.work()
    assert desk.codes("employments") == {"Professor": code}

    # A row that is missing from a file deletes nothing; a mark with the key does.
    head, first, *_ = AFFILIATIONS.splitlines()
    assert desk.upload("hr.csv", f"{head}\n{first}\n".replace("Lecturer", "Professor")).outcomes == {
        "same": 1
    }
    desk.work()
    assert desk.standing("memberships") == ["Fellow"]
    gone = desk.upload("hr.csv", "id,affiliation-section,email,delete\nHR-1,,,yes\n")
    assert gone.outcomes == {"withdrawn": 1}
    desk.work()
    assert desk.standing("employments") == []
    assert desk.standing("memberships") == ["Fellow"]
    assert desk.results(gone.id)[0]["state"] == "withdrawn"


def test_rows_that_are_wrong_come_back_to_be_mended(desk: Desk) -> None:
    one = desk.upload("hr.csv", AFFILIATIONS)
    wrong = desk.wrong(one.id)
    assert [row["id"] for row in wrong] == ["HR-3", "HR-4"]
    assert wrong[1]["wrong-in"] == "start-date"
    assert "2021-13" in wrong[1]["what-is-wrong"]
    mended = desk.wrong_file(one.id).decode("utf-8-sig").replace("2021-13", "2021-12")
    mended = mended.replace("nobody@", "ada@")
    two = desk.upload("mended.csv", mended)
    assert two.counts == {"ok": 2}
    desk.work()
    assert sorted(desk.standing("employments")) == ["Dean", "Lecturer", "Reader"]


PLACE = "Example University,Dunedin,NZ,https://ror.org/01abcde99"
SECTIONS = {
    "works": """
        email,title,type,publication-date,external-id-type,external-id-value
        ada@uni.example,Silt,data-set,2023-06-14,doi,10.5072/silt.23""",
    "fundings": f"""
        email,title,type,amount,currency,start-date,external-id-type,external-id-value,{{org}}
        ada@uni.example,Rivers,grant,120000,NZD,2022,grant_number,MF-22-7,{PLACE}""".replace(
        "{org}", "org-name,org-city,org-country,disambiguated-organization-identifier"
    ),
    "peer-reviews": f"""
        email,review-group-id,review-completion-date,external-id-type,external-id-value,{{org}}
        ada@uni.example,issn:0028-0836,2024,source-work-id,R-77,{PLACE}""".replace(
        "{org}", "convening-org-name,convening-org-city,convening-org-country,convening-org-id"
    ),
    "research-resources": f"""
        email,proposal-title,proposal-external-id-type,proposal-external-id-value,{{proposal}},{{resource}}
        ada@uni.example,Dating silt,proposal-id,P-1,{PLACE},Laser,equipment,other-id,I,{PLACE}""".replace(
        "{proposal}", "proposal-host-name,proposal-host-city,proposal-host-country,proposal-host-id"
    ).replace(
        "{resource}",
        "resource-name,resource-type,resource-external-id-type,resource-external-id-value,resource-host-name,"
        "resource-host-city,resource-host-country,resource-host-id",
    ),
    "other-names": """
        email,other-name
        ada@uni.example,A. L. Byron""",
    "keywords": """
        email,keyword
        ada@uni.example,sedimentology""",
    "researcher-urls": """
        email,url,url-name
        ada@uni.example,https://uni.example/ada,Staff page""",
    "external-identifiers": """
        email,external-id-type,external-id-value,external-id-url
        ada@uni.example,Campus ID,ada-l,https://uni.example/people/ada-l""",
}
SECTIONS = {name: dedent(rows).lstrip() + "\n" for name, rows in SECTIONS.items()}


@pytest.mark.parametrize("section", SECTIONS)
def test_every_kind_of_file(desk: Desk, section: str) -> None:
    one = desk.upload("rows.csv", SECTIONS[section])
    assert (one.reading.kind, one.counts, one.outcomes) == (section, {"ok": 1}, {"added": 1})
    desk.work()
    [row] = desk.results(one.id)
    assert row["state"] == "in-record", row
    assert list(desk.codes(section).values()) == [int(row["put-code"])]
    assert desk.upload("rows.csv", SECTIONS[section]).outcomes == {"same": 1}
    key = row["key"]
    head = SECTIONS[section].splitlines()[0]
    delete = f"{head},id,delete\n{',' * head.count(',')},{key},yes\n"
    assert desk.upload("rows.csv", delete).outcomes == {"withdrawn": 1}
    desk.work()
    assert desk.codes(section) == {}


def test_who_has_not_connected_yet_gets_hers_when_she_does(desk: Desk, town: Town) -> None:
    desk.person("bela@uni.example", orcid=None)
    rows = AFFILIATIONS.replace("nobody@", "bela@")
    assert desk.upload("hr.csv", rows).outcomes == {"added": 2, "waiting": 1}
    assert desk.upload("hr.csv", rows.replace("Reader", "Provost")).outcomes == {"same": 2, "waiting": 1}
    town.connected(town.stranger, handle="library")
    desk.becomes("bela@uni.example", town.stranger.orcid)
    desk.work()
    assert desk.standing("employments", town.stranger) == ["Provost"]


def test_a_killed_run_goes_on_where_it_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "BATCH", 7)
    monkeypatch.setattr(filing, "BATCH", 7)
    head = "id,email,keyword\n"
    data = head + "".join(f"K{n},ada@uni.example,word {n}\n" for n in range(40))
    number = uploads.store(desk.hub, desk.place, "k.csv", data.encode())
    for point in ("hub.upload.judged", "hub.upload.filed"):
        for _ in range(3):
            faults.arm(point, "raise")
            with pytest.raises(faults.Fault):
                uploads.go_on(desk.hub, desk.place, number)
        assert uploads.go_on(desk.hub, desk.place, number)
        if point == "hub.upload.judged":
            with desk.hub.db.writing() as tx:
                uploads.confirm(tx, desk.hub.clock.now(), desk.place, number)
    one = desk.get(number)
    assert (one.state, one.counts, one.outcomes) == ("filed", {"ok": 40}, {"added": 40})
    with desk.hub.db.reading() as tx:
        count = tx.execute(sa.select(sa.func.count()).select_from(tables.assertion)).scalar_one()
    assert count == 40


def test_of_someone_erased_nothing_is_judged_any_more(desk: Desk, town: Town) -> None:
    desk.person("bela@uni.example", None)
    text = "id,email,keyword\nK1,bela@uni.example,silt\nK2,nobody@uni.example,mud\nK3,Ada@uni.example,clay\n"
    judged = desk.upload("a.csv", text, "keywords", file=False).id
    stored = uploads.store(desk.hub, desk.place, "b.csv", text.encode(), kind="keywords")
    for email in ("bela@uni.example", "nobody@uni.example"):
        if email.startswith("nobody"):
            desk.person(email, None)
        [one] = [row for row in town.rows("person") if row.email == email]
        erasing.erase(desk.hub, desk.place, one.id, BY)
    assert desk.wrong(judged) == []
    assert uploads.check(desk.hub, desk.place, stored)
    assert desk.wrong(stored) == []
    one = desk.get(stored)
    assert (one.counts["erased"], one.good, one.done, one.rows) == (2, 1, 3, 3)


def test_a_form_that_was_begun_is_forgotten_in_time(desk: Desk, town: Town) -> None:
    # As far as a process came that was killed while the row was judged.
    single._store(desk.hub, desk.place, "keywords", {"local-id": "p1", "keyword": "silt"}, "x")
    file = desk.upload("kept.csv", "id,local-id,keyword\nK1,p1,mud\n", "keywords", file=False).id
    assert len(town.rows("upload")) == 2
    town.clock.advance(2 * HOUR)
    town.work()
    assert [one.id for one in town.rows("upload")] == [file]
