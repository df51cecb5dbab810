"""What is said of a cell and of a row, in words; and that templates and tables come from one declaration."""

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from laelia.connectors.files.columns import folded
from laelia.connectors.files.kinds import KINDS
from laelia.connectors.files.read import read
from laelia.connectors.files.recognise import recognise
from laelia.connectors.files.register import Candidate, Question
from laelia.connectors.files.rows import Judged, asked, judged
from laelia.connectors.files.sheet import Row
from laelia.connectors.files.words import SENTENCES
from laelia.connectors.files.write import template

GOOD = {
    "email": "m.tane@uni.example",
    "affiliation-section": "employment",
    "role-title": "Lecturer",
    "start-date": "2021-02",
    "org-name": "Example University",
    "org-city": "Dunedin",
    "org-country": "NZ",
    "disambiguated-organization-identifier": "https://ror.org/01abcde99",
}
BREMEN = Candidate("University of Bremen", "ROR", "https://ror.org/04ers2y35", "Bremen", None, "DE")
TRINITY = [
    Candidate("Trinity College", "ROR", "https://ror.org/02tyrky19", "Dublin", None, "IE"),
    Candidate("Trinity College", "ROR", "https://ror.org/00rzspn62", "Hartford", None, "US"),
]


def one(
    kind: str = "affiliations", answers: dict[Question, list[Candidate] | None] | None = None, **cells: str
) -> Judged:
    told = {name.replace("_", "-"): cell for name, cell in cells.items()}
    values = (GOOD | told) if kind == "affiliations" else told
    reading = recognise(list(values), kind)
    row = asked(reading, list(values), Row(2, list(values.values())))
    return judged(reading, row, answers or {})


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"start_date": "02/03/2021"}, "start-date", "02/03/2021"),
        ({"start_date": "2021-02-30"}, "start-date", "calendar"),
        ({"start_date": "1021"}, "start-date", "1900"),
        ({"end_date": "2019"}, "end-date", "later than"),
        ({"org_country": "Middle-earth"}, "org-country", "two letters"),
        ({"affiliation_section": "hobby"}, "affiliation-section", "employment, education"),
        ({"affiliation_section": ""}, "affiliation-section", "empty"),
        ({"email": "m.tane"}, "email", "e-mail"),
        ({"email": ""}, "email", "nobody"),
        ({"orcid": "0000-0002-1825-0098"}, "orcid", "0000-0002-1825-0098"),
        ({"url": "javascript:alert(1)"}, "url", "https://"),
        ({"visibility": "secret"}, "visibility", "private"),
        ({"put_code": "twelve"}, "put-code", "number"),
        ({"delete": "maybe"}, "delete", "neither"),
        ({"delete": "yes"}, "id", "key"),
        ({"disambiguated_organization_identifier": "5228"}, "disambiguated-organization-identifier", "Whose"),
        ({"disambiguation_source": "ISNI"}, "disambiguation-source", "ROR, RINGGOLD"),
        ({"disambiguation_source": "GRID"}, "disambiguated-organization-identifier", "GRID"),
        ({"external_id_type": "doi", "delete": "no"}, "external-id-value", "belong together"),
        ({"role_title": "x" * 4001}, "role-title", "4000"),
        ({"org_city": ""}, "org-city", "city"),
    ],
)
def test_what_is_wrong_is_said_of_its_column(cells: dict[str, str], column: str, words: str) -> None:
    found = one(**cells)
    assert [said.column for said in found.said] == [column], [str(said) for said in found.said]
    assert words in str(found.said[0])
    assert found.item is None


def test_the_type_of_an_identifier_has_to_be_known() -> None:
    cells = {"email": "a@b.example", "title": "Silt", "type": "data-set", "external_id_type": "cow"}
    [said] = one("works", external_id_value="1", **cells).said
    assert (said.column, "cow" in said.sentence) == ("external-id-value", True)


def test_half_an_identifier_is_left_out_of_a_file_of_the_affiliation_manager() -> None:
    found = one(external_id_type="doi")
    assert (found.said, [note.code for note in found.notes]) == ((), ["half"])


def test_a_good_row_has_nothing_said_of_it() -> None:
    found = one()
    assert (found.said, found.notes, found.section) == ((), (), "employments")
    assert found.item is not None


@pytest.mark.parametrize(
    "text", ["2021", "2021-02", "2021-2", "2021-02-28", "2021/02/28", "28.02.2021", "2021-02-28T00:00:00"]
)
def test_dates_as_people_write_them(text: str) -> None:
    assert one(start_date=text).said == ()


def test_an_organisation_is_found_by_its_name() -> None:
    asked_for = {"org_name": "University of Bremen", "org_city": "", "org_country": "",
                 "disambiguated_organization_identifier": ""}  # fmt: skip
    question = Question("name", "University of Bremen")
    found = one(answers={question: [BREMEN]}, **asked_for)
    assert found.said == ()
    assert [note.code for note in found.notes] == ["org-found"]
    [none] = one(answers={question: []}, **asked_for).said
    assert "No organisation" in none.sentence
    [away] = one(answers={question: None}, **asked_for).said
    assert "can't be asked" in away.sentence
    # In another country it is another organisation.
    [elsewhere] = one(answers={question: [BREMEN]}, **asked_for | {"org_country": "US"}).said
    assert "(US)" in elsewhere.sentence
    assert BREMEN.id in elsewhere.sentence


def test_an_ambiguous_name_is_told_with_its_candidates() -> None:
    cells = {"org_name": "Trinity College", "org_city": "", "org_country": "",
             "disambiguated_organization_identifier": ""}  # fmt: skip
    answers: dict[Question, list[Candidate] | None] = {Question("name", "Trinity College"): TRINITY}
    [said] = one(answers=answers, **cells).said
    assert all(each.id in said.sentence for each in TRINITY)
    found = one(answers=answers, **cells | {"org_country": "Ireland"})
    assert (found.said, found.notes[0].values["id"]) == ((), TRINITY[0].id)


def test_a_membership_does_without_an_identifier() -> None:
    cells = {"affiliation_section": "membership", "disambiguated_organization_identifier": ""}
    found = one(answers={Question("name", "Example University"): []}, **cells)
    assert (found.said, [note.code for note in found.notes]) == ((), ["org-none"])


def test_an_identifier_is_brought_into_its_form() -> None:
    for text in ("01abcde99", "ror.org/01abcde99", "https://ror.org/01ABCDE99/"):
        assert one(disambiguated_organization_identifier=text).identity == one().identity


def test_without_a_key_an_item_is_known_by_what_it_is() -> None:
    assert one(end_date="2024").identity == one().identity
    assert one(role_title="Dean").identity != one().identity
    work = {"email": "a@b.example", "title": "Silt", "type": "data-set", "external_id_type": "doi"}
    first = one("works", external_id_value="10.5072/SILT", **work)
    assert first.identity == one("works", external_id_value="https://doi.org/10.5072/silt", **work).identity
    assert first.said == ()


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_recognised_as_its_kind(kind: str) -> None:
    for form in ("csv", "tsv", "xlsx"):
        found = read(f"x.{form}", template(kind, form))
        reading = recognise(found.headers)
        assert (reading.kind, list(found.rows)) == (kind, [])
        assert all(name == header for name, header in reading.columns.items())


def test_a_workbook_template_explains_its_columns(tmp_path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(template("works", "xlsx"))
    told = {row[0].value: row[2].value for row in openpyxl.load_workbook(path)["Help"].iter_rows(min_row=2)}
    assert set(told) <= {column.name for column in KINDS["works"].columns}
    assert all(told.values())


def test_no_two_columns_of_a_kind_have_one_name_and_a_header_means_one_column() -> None:
    for kind in KINDS.values():
        every = [name for column in kind.columns for name in (column.name, *column.aliases)]
        assert len(every) == len(set(every)), kind.name
        assert all(folded(name) == name or name == "grant_number" for name in every), kind.name


@given(st.data())
def test_whatever_stands_in_a_row_has_a_verdict(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(KINDS)))
    columns = KINDS[kind].columns
    words = "yes 2021 NZ doi 10.5072/x self a@b.example https://x.example employment other url 1 null"
    cell = st.one_of(st.text(max_size=12), st.sampled_from(["", *words.split()]))
    cells = data.draw(st.lists(cell, min_size=len(columns), max_size=len(columns)))
    headers = [column.name for column in columns]
    reading = recognise(headers, kind)
    found = judged(reading, asked(reading, headers, Row(2, cells)), {})
    assert (found.item is None) == bool(found.said or found.delete)
    assert all(said.code in SENTENCES and said.sentence for said in (*found.said, *found.notes))
