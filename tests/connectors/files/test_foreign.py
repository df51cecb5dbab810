"""The files of two other hubs, by their headers as those hubs write them: recognised unchanged, every
column."""

import json
import pathlib

import pytest

from laelia.connectors.files.read import read
from laelia.connectors.files.recognise import Reading, recognise
from laelia.connectors.files.register import Candidate, Question
from laelia.connectors.files.rows import Judged, Own, asked, judged
from laelia.model.affiliation import Employment
from laelia.model.work import Work

MANAGER = (
    "email,affiliation-section,department-name,role-title,start-date,end-date,org-name,org-country,org-city,"
    "org-region,disambiguated-organization-identifier,disambiguation-source,url,id"
)
HEADERS = pathlib.Path(__file__).with_name("nz_headers.txt").read_text()
NZ = dict(line.split(": ", 1) for line in HEADERS.splitlines())


def test_the_affiliation_managers_headers() -> None:
    for header in (MANAGER, f"{MANAGER},external-id,external-id-type,external-id-url"):
        found = recognise(header.split(","))
        assert (found.kind, found.maker) == ("affiliations", "affiliation-manager")
        assert sorted(found.columns.values()) == sorted(header.split(","))
        assert found.columns["external-id-value" if "external-id," in header else "id"] in (
            "external-id",
            "id",
        )


@pytest.mark.parametrize("kind", NZ)
def test_the_nz_hubs_headers(kind: str) -> None:
    for mark in (",", "\t"):
        found = read("x.csv", f"{NZ[kind].replace(',', mark)}\n".encode())
        reading = recognise(found.headers)
        assert (reading.kind, reading.maker) == (kind, "nz-hub")
        assert sorted(reading.columns.values()) == sorted(NZ[kind].split(","))


def test_an_nz_header_identifier_is_the_key_and_not_the_external_id() -> None:
    found = recognise(["Identifier", "External Id Type", "External Id Value", "Email", "Title", "Type"])
    assert (found.columns["id"], found.columns["external-id-value"]) == ("Identifier", "External Id Value")


def all_judged(name: str, text: str, answers: dict[Question, list[Candidate]] | None = None) -> list[Judged]:
    found = read(name, text.encode())
    rows = list(found.rows)
    whole = any(row.document is not None for row in rows)
    reading: Reading = recognise(found.headers, found.task, whole=whole)
    own = Own("Example University", "https://ror.org/01abcde99")
    return [judged(reading, asked(reading, found.headers, row, own), answers or {}) for row in rows]


def test_a_file_of_the_affiliation_manager() -> None:
    employed, member, gone = all_judged(
        "affiliations.csv",
        f"""{MANAGER}
m.tane@uni.example,EMPLOYMENT,Geology,Lecturer,2021-02,,Uni,NZ,Dunedin,,01abcde99,ror,uni.example/geology,
j.cole@uni.example,invited_position,,Fellow,2020,2024-12-31,Academy,NZ,Wellington,,5228,RINGGOLD,,
,,,,,,,,,,,,,665f0c2e9b1d
""",
    )
    assert (employed.section, employed.said, employed.who.email) == ("employments", (), "m.tane@uni.example")
    item = employed.item
    assert isinstance(item, Employment)
    assert item.organisation is not None
    assert item.organisation.disambiguated is not None
    assert item.organisation.disambiguated.identifier == "https://ror.org/01abcde99"
    assert (item.url, item.start_date.month if item.start_date else "") == (
        "https://uni.example/geology",
        "02",
    )
    assert (member.section, member.said) == ("invited-positions", ())
    assert (gone.delete, gone.key, gone.said) == (True, "665f0c2e9b1d", ())


def test_a_file_of_the_nz_hub_leaves_its_own_organisation_out() -> None:
    own = Candidate("Example University", "ROR", "https://ror.org/01abcde99", "Dunedin", None, "NZ")
    text = """\
Email\tAffiliation Type\tOrganisation\tCity\tCountry\tRole\tStart Date\tPut-Code\tDelete Record\tIs Active
m.tane@uni.example\tstaff\t\t\t\tLecturer\t2021-02\t\t\ty
j.cole@uni.example\tstudent\t\t\t\tPhD\t2018\t\tno\t
a.roy@uni.example\t\t\t\t\t\t\t40123\tyes\tyes
"""
    staff, student, gone = all_judged("nz.tsv", text, {Question("id", own.id): [own]})
    assert (staff.section, student.section, staff.said, student.said) == ("employments", "educations", (), ())
    assert isinstance(staff.item, Employment)
    assert staff.item.organisation is not None
    assert staff.item.organisation.address is not None
    assert staff.item.organisation.address.city == "Dunedin"
    assert [note.code for note in staff.notes] == ["org-own"]
    assert (gone.delete, gone.put_code) == (True, 40123)


def test_json_of_the_nz_hub() -> None:
    flat = {
        "filename": "a.json",
        "task-type": "AFFILIATION",
        "records": [
            {
                "email": "m.tane@uni.example",
                "affiliation-type": "employment",
                "organisation": "Example University",
                "city": "Dunedin",
                "country": "NZ",
                "role": "Lecturer",
                "start-date": "2021-02",
                "disambiguated-id": "https://ror.org/01abcde99",
                "disambiguation-source": "ROR",
                "put-code": None,
                "external-id": [{"type": "grant_number", "value": "G1", "relationship": "self"}],
            }
        ],
    }  # fmt: skip
    [one] = all_judged("a.json", json.dumps(flat))
    assert (one.section, one.said) == ("employments", ())
    assert isinstance(one.item, Employment)
    assert [each.value for each in one.item.external_ids] == ["G1"]


def test_json_of_the_nz_hub_with_whole_items() -> None:
    doi = {
        "external-id-type": "doi",
        "external-id-value": "10.5072/silt.23",
        "external-id-relationship": "SELF",
        "external-id-url": {"value": "https://doi.org/10.5072/silt.23"},
    }
    item = {
        "invitees": [
            {"identifier": "W-31", "email": "m.tane@uni.example", "put-code": None, "visibility": "PUBLIC"},
            {"email": "j.cole@uni.example", "ORCID-iD": "0000-0002-1825-0097"},
        ],
        "title": {"title": {"value": "River silt grain sizes 2023"}},
        "type": "DATA_SET",
        "publication-date": {"year": {"value": "2023"}, "month": {"value": "06"}, "day": {"value": "14"}},
        "external-ids": {"external-id": [doi]},
    }  # fmt: skip
    mere, jo = all_judged("w.json", json.dumps([item]))
    assert (mere.section, mere.key, mere.said, mere.who.email) == ("works", "W-31", (), "m.tane@uni.example")
    assert isinstance(mere.item, Work)
    assert (mere.item.type, mere.item.visibility) == ("data-set", "public")
    assert mere.item.external_ids[0].relationship == "self"
    assert (jo.who.orcid, jo.said, jo.key) == ("0000-0002-1825-0097", (), None)
    assert jo.identity is not None, "what has no key is known by what it is"
    [wrong] = all_judged(
        "w.json", json.dumps([{**item, "type": "POEM", "invitees": [{"email": "a@b.example"}]}])
    )
    assert "poem" in str(wrong.said[0]).lower()
