"""Files as people's programs write them, and as nobody's should be: what is read, said, and refused."""

import contextlib
import csv
import datetime
import io
import json
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from laelia.connectors.files import sheet as limits
from laelia.connectors.files import workbook as book_limits
from laelia.connectors.files.read import read
from laelia.connectors.files.sheet import Refused
from laelia.connectors.files.write import written

TABLE = 'email,role-title\r\nmère@uni.example,"Lecturer, senior"\r\nb@uni.example,"a\nb"\r\n'


def rows(data: bytes, name: str = "x.csv") -> list[list[str]]:
    found = read(name, data)
    return [found.headers, *(row.cells for row in found.rows)]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TABLE.encode(), "UTF-8"),
        (TABLE.encode("utf-8-sig"), "UTF-8"),
        (b"\xff\xfe" + TABLE.encode("utf-16-le"), "UTF-16"),
        (b"\xfe\xff" + TABLE.encode("utf-16-be"), "UTF-16"),
        (TABLE.encode("utf-16-le"), "UTF-16"),
        (TABLE.encode("utf-16-be"), "UTF-16"),
        (TABLE.encode("cp1252"), "Windows-1252"),
    ],
)
def test_an_encoding_is_found_and_a_guess_is_said(data: bytes, encoding: str) -> None:
    found = read("x.csv", data)
    assert found.encoding == encoding
    assert bool(found.notes) == (encoding == "Windows-1252")
    assert [(row.number, row.cells) for row in found.rows] == [
        (2, ["mère@uni.example", "Lecturer, senior"]),
        (3, ["b@uni.example", "a\nb"]),
    ]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_delimiter_is_found(mark: str) -> None:
    text = f'email{mark}"a, b; c"{mark}d\nx@y.example{mark}1{mark}2\n'
    assert rows(text.encode())[1] == ["x@y.example", "1", "2"]
    assert read("x.csv", text.encode()).delimiter == mark
    assert rows(f"sep={mark}\n{text}".encode())[1] == ["x@y.example", "1", "2"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_do(end: str) -> None:
    text = end.join(["email,x", "", "a@b.example,1", " , ", "c@d.example,2"])
    found = read("x.csv", text.encode())
    assert [(row.number, row.cells[1]) for row in found.rows] == [(3, "1"), (5, "2")]


def test_cells_beyond_the_headers_are_noticed() -> None:
    found = list(read("x.csv", b"email,x\na@b.example,1,2\nc@d.example\n").rows)
    assert [(row.extra, row.cells) for row in found] == [
        (True, ["a@b.example", "1"]),
        (False, ["c@d.example", ""]),
    ]


def workbook(*cells: list[object], shape: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for line in cells:
        book.active.append(line)
    for place, how in (shape or {}).items():
        book.active[place].number_format = how
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_harms_no_dates_and_no_leading_zeros() -> None:
    day = datetime.datetime(2021, 2, 28)
    data = workbook(
        ["text", "number", "shown", "day", "month", "year", "typed", "yes", "none"],
        ["007", 7, 7, day, day, day, "2019-03", True, None],
        ["1E5", 5228.0, 12345, datetime.date(1999, 12, 31), day, 2021, 2.5, False, "x"],
        shape={
            "C2": "00000",
            "D2": "dd/mm/yyyy",
            "E2": "mmm yyyy",
            "F2": "yyyy",
            "E3": '[$-409]"d"\\ mmmm\\ yyyy',
        },
    )
    assert rows(data, "x.xlsx")[1:] == [
        ["007", "7", "00007", "2021-02-28", "2021-02", "2021", "2019-03", "true", ""],
        ["1E5", "5228", "12345", "1999-12-31", "2021-02", "2021", "2.5", "false", "x"],
    ]


def test_a_workbook_is_read_from_its_first_sheet_with_cells() -> None:
    book = openpyxl.Workbook()
    book.create_sheet("People").append(["email"])
    book["People"].append(["a@b.example"])
    out = io.BytesIO()
    book.save(out)
    found = read("x.xlsx", out.getvalue())
    assert [row.cells for row in found.rows] == [["a@b.example"]]
    assert any("People" in str(note) for note in found.notes)


def test_a_formula_is_not_calculated_and_that_is_said() -> None:
    found = read("x.xlsx", workbook(["a", "b"], ["=1+1", "x"]))
    assert [row.cells for row in found.rows] == [["", "x"]]
    assert any("formulas" in str(note) for note in found.notes)


def test_json_is_read_as_rows() -> None:
    data = [
        {"email": "a@b.example", "n": 7},
        {"email": "c@d.example", "external-id": [{"type": "doi", "value": "x"}]},
    ]
    for document in (data, {"records": data}, {"rows": data, "kind": "works"}):
        assert rows(json.dumps(document).encode(), "x.json") == [
            ["email", "n", "external-id-type", "external-id-value"],
            ["a@b.example", "7", "", ""],
            ["c@d.example", "", "doi", "x"],
        ]


def changed(data: bytes, part: str, change: bytes, instead: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            content = old.read(one)
            new.writestr(one.filename, content.replace(change, instead) if one.filename == part else content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
PLAIN = workbook(["email"], ["a@b.example"])
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet'


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed, packed.open(SHEET, "w") as part:
        for _ in range(450):
            part.write(b"\0" * 1024 * 1024)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("x.csv", b"", "empty"),
        ("x.csv", b"\xef\xbb\xbf \n", "empty"),
        ("x.csv", b" , \n1,2\n", "no-header"),
        ("x.csv", b"a,b,a\n1,2,3\n", "same-column"),
        ("x.csv", b"a\n\x81\x8d\n", "encoding"),
        ("x.csv", b"a\0\0\0\0\n", "encoding"),
        ("x.csv", b"," * 10_000_000, "too-many-columns"),
        ("x.csv", b"a,b\n" + b"," * 10_000_000, "too-many-columns"),
        ("x.csv", b"a,b\n" + b'"\n",' * 2_000_000, "too-many-columns"),
        ("x.csv", b",".join(b"c%d" % n for n in range(201)), "too-many-columns"),
        ("x.csv", b'a,b\n"' + b"x" * 31_000 + b'",1', "too-long"),
        ("x.csv", b'a,b\n"' + b"x" * 200_000 + b'",1', "too-long"),
        ("x.csv", b"a\n" * (limits.MOST_ROWS + 2), "too-many-rows"),
        ("x.csv", b"x" * (limits.MOST_BYTES + 1), "too-large"),
        ("x.pdf", b"%PDF-1.7 ...", "format"),
        ("x.html", b"<html><table>", "format"),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old-excel"),
        ("x.json", b"{", "broken"),
        ("x.json", b"[" * 100_000, "broken"),
        ("x.json", b'{"a": 1}', "no-list"),
        ("x.json", b"[]", "empty"),
        ("x.json", b"[1]", "no-object"),
        ("x.json", json.dumps([{f"c{n}": 1 for n in range(500)}]).encode(), "too-many-columns"),
        ("x.xlsx", b"PK\x03\x04 no zip", "broken"),
        ("x.xlsx", bomb(), "unpacked"),
        ("x.xlsx", changed(PLAIN, SHEET, b"<worksheet", ENTITY), "entities"),
        ("x.xlsx", changed(PLAIN, SHEET, b"</sheetData>", b"<row"), "broken"),
        ("x.xlsx", changed(PLAIN, "xl/workbook.xml", b"</sheets>", b"<"), "broken"),
        ("x.xlsx", workbook([]), "no-sheet"),
        ("x.xlsx", workbook([f"c{n}" for n in range(300)]), "too-many-columns"),
        ("x.xlsx", changed(PLAIN, SHEET, b'r="2"', b'r="5000"'), "gap"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_refused_with_a_sentence(name: str, data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        list(read(name, data).rows)
    assert refused.value.code == code
    assert str(refused.value)


def test_the_rows_of_a_workbook_that_claims_a_million_are_those_that_are_there() -> None:
    data = changed(PLAIN, SHEET, b'<dimension ref="A1:A2"', b'<dimension ref="A1:XFD1048576"')
    assert rows(data, "x.xlsx") == [["email"], ["a@b.example"]]


CELL = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff"), max_size=20
).map(str.strip)


@given(
    st.integers(1, 5).flatmap(
        lambda width: st.lists(
            st.lists(CELL, min_size=width, max_size=width).filter(any), min_size=1, max_size=8
        )
    ),
    st.sampled_from(["csv", "tsv", "xlsx", "json"]),
)
def test_what_is_written_is_read_again_as_it_was(table: list[list[str]], form: str) -> None:
    headers = [f"column {n}" for n in range(len(table[0]))]
    data = written(form, headers, ((cells, None) for cells in table))
    # An apostrophe that guards a formula, and one that someone typed before one, can't be told apart.
    want = [[cell[1:] if form != "xlsx" and cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell
             for cell in line] for line in table]  # fmt: skip
    if form == "json":
        want = table
    assert rows(data, f"x.{form}") == [headers, *want]


@given(st.binary(max_size=400), st.sampled_from(["x.csv", "x.json", "x.xlsx", "x.tsv", "x"]))
def test_whatever_is_handed_in_is_read_or_refused(data: bytes, name: str) -> None:
    for mark in (b"", b"PK\x03\x04", b"[", b"email,x\n"):
        with contextlib.suppress(Refused):
            list(read(name, mark + data).rows)


@given(
    st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=6),
    st.sampled_from([",", ";", "\t"]),
)
def test_the_reader_agrees_with_pythons_own(table: list[list[str]], mark: str) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=mark)
    writer.writerow(["first", "second"])
    writer.writerows(table)
    found = [row.cells for row in read("x.csv", text.getvalue().encode()).rows]
    bare = [[c[1:] if c[:1] == "'" and c[1:2] in tuple("=+-@") else c for c in line] for line in table]
    assert found == [line for line in bare if any(line)]


def test_limits_are_what_the_guide_says() -> None:
    assert (limits.MOST_ROWS, limits.MOST_COLUMNS, limits.MOST_BYTES) == (200_000, 200, 50 * 1024 * 1024)
    assert book_limits.MOST_UNPACKED == 400 * 1024 * 1024
