"""Whatever is sent: a documented answer, and nothing half-stored. Every table is asked on both databases."""

import copy
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from laelia.lib.http import Response
from registry.api import documents
from registry.api.bad_bodies import (
    HUGE,
    JSON_BODIES,
    TEXT,
    XML_BODIES,
    Change,
    Table,
    before,
    with_attribute,
    with_key,
    with_text,
)
from registry.api.documents import JSON, XML
from registry.api.matrix import EVERY, SECTIONS, Matrix, Section, number_of, said
from registry.api.people import VERSIONS, code, external_id, work

PLACES = [
    (name, version)
    for name, versions in {
        "works": VERSIONS,
        "keywords": ("2.0",),
        "other-names": ("3.0",),
        "educations": ("2.1",),
        "employments": ("3.0",),
        "services": ("3.0",),
        "fundings": ("2.0", "3.0"),
        "peer-reviews": ("2.1", "3.0"),
        "research-resources": ("3.0",),
        "researcher-urls": ("3.0",),
    }.items()
    for version in versions
]


@dataclass
class Sender:
    """A client that may do everything, and one item of a section that it has added."""

    matrix: Matrix
    section: Section
    version: str
    token: str
    number: int

    def document(self, form: str, **attributes: object) -> bytes:
        tree = documents.item(self.section.noun, 29, version=self.version)
        return documents.document(self.section.noun, tree, self.version, form, **attributes)

    def send(self, method: str, body: bytes, kind: str | None, **options: Any) -> Response:
        path = f"/{self.section.item}" + (f"/{self.number}" if method == "PUT" else "")
        return self.ask(method, path, body=body, kind=kind, **options)

    def ask(self, method: str, path: str, **options: Any) -> Response:
        api = self.matrix.api
        return api.ask(method, f"/v{self.version}/{api.ada}{path}", self.token, **options)


@pytest.fixture
def sender(matrix: Matrix, name: str, version: str) -> Iterator[Sender]:
    section = SECTIONS[name]
    token = matrix.api.token(matrix.clients["library"], matrix.api.ada, *EVERY)
    number = matrix.add(section, "writer", matrix.new())
    yield Sender(matrix, section, version, token, number)
    assert matrix.ask("writer", "DELETE", f"/{section.item}/{number}", "3.0", JSON, section).status == 204


def kept(matrix: Matrix) -> dict[str, int]:
    """How many rows there are of whatever a write makes."""
    return {name: len(matrix.place.rows(name)) for name in ("item", "external_id", "change", "group_id")}


@pytest.mark.parametrize(("name", "version"), PLACES)
@pytest.mark.parametrize(("form", "table"), [(JSON, JSON_BODIES), (XML, XML_BODIES)], ids=["json", "xml"])
def test_what_is_no_item(sender: Sender, form: str, table: Table) -> None:
    before, wrong = kept(sender.matrix), []
    for method, number in (("POST", None), ("PUT", sender.number)):
        body = sender.document(form, put_code=number)
        assert TEXT in body
        for expected, changes in table.items():
            for what, change in changes.items():
                answer = sender.send(method, change(body), form, accept=form)
                if said(answer) != expected:
                    wrong.append(f"{method} {what}: {said(answer)} instead of {expected}")
                assert "root:" not in answer.text
                assert len(answer.body) < 20_000
    assert not wrong, "\n".join(wrong)
    assert kept(sender.matrix) == before


@pytest.mark.parametrize(("name", "version"), [(name, "3.0") for name in SECTIONS])
def test_a_value_of_the_wrong_kind_anywhere(sender: Sender) -> None:
    """Each value of the document by another: refused by its shape or by a rule, or taken whole."""
    document = orjson.loads(sender.document(JSON))
    before, refused = kept(sender.matrix), 0
    for place in every_place(document):
        for other in (True, [[]], {"bees": 1}, 10**19, "\u0000", None):
            answer = sender.send("POST", orjson.dumps(replaced(document, place, other)), JSON)
            if answer.status == 201:
                assert sender.ask("DELETE", f"/{sender.section.item}/{number_of(answer)}").status == 204
                continue
            assert answer.status == 400, (place, other, answer.text)
            assert code(answer) in SHAPES | RULES, (place, other, answer.text)
            refused += 1
    assert refused > 5 * len(list(every_place(document))) - 5
    after = kept(sender.matrix)
    assert after == {**before, "change": after["change"]}


SHAPES = {9001, 9047}
RULES = {9020, 9022, 9023, 9024, 9037, 9045, 9046, 9049, 9060, 9061, 9062}


def every_place(document: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value in a JSON document."""
    inside = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in inside:
        yield (*place, key)
        if isinstance(value, dict | list):
            yield from every_place(value, (*place, key))


def replaced(document: Any, place: tuple[Any, ...], other: object) -> Any:
    made = copy.deepcopy(document)
    at = made
    for key in place[:-1]:
        at = at[key]
    # orjson writes no such number.
    at[place[-1]] = orjson.Fragment(str(other)) if isinstance(other, int) and other > 2**63 else other
    return made


# What is odd, and means something: the answer is 201, and the text is read back.
ODD_XML: dict[str, tuple[Change, str]] = {
    "a byte order mark": (before(b"\xef\xbb\xbf"), "first"),
    "UTF-16": (lambda body: body.decode().encode("utf-16"), "first"),
    "Latin 1": (before(b'<?xml version="1.0" encoding="ISO-8859-1"?>', b"f\xfcrst"), "fürst"),
    "a processing instruction": (
        before(b'<?xml-stylesheet href="http://127.0.0.1:9/"?>', b"fi<?a b?>rst"),
        "first",
    ),
    "a comment": (with_text(b"fi<!-- bees -->rst"), "first"),
    "a CDATA section": (with_text(b"<![CDATA[<b>&]]>"), "<b>&"),
    "a character by its number": (with_text(b"&#x1F41D;"), "\N{HONEYBEE}"),
    "a display-index that is none": (with_attribute(b'display-index="' + HUGE + b'"'), "first"),
}
ODD_JSON: dict[str, tuple[Change, str]] = {
    "a byte order mark": (before(b"\xef\xbb\xbf"), "first"),
    "a key that stands twice": (
        lambda body: b'{"put-code":5,' + with_key("put-code", b"null")(body)[1:],
        "first",
    ),
    "a surrogate pair": (with_text(b"\\ud83d\\udc1d"), "\N{HONEYBEE}"),
    "white space around": (lambda body: b"\n" + body + b" ", "first"),
    "a delete character": (with_text(b"fir\x7fst"), "fir\x7fst"),
}


@pytest.mark.parametrize(
    ("name", "version"), [("works", "2.0"), ("fundings", "3.0"), ("research-resources", "3.0")]
)
@pytest.mark.parametrize(("form", "odd"), [(JSON, ODD_JSON), (XML, ODD_XML)], ids=["json", "xml"])
def test_what_is_odd_and_right(sender: Sender, form: str, odd: dict[str, tuple[Change, str]]) -> None:
    for what, (change, text) in odd.items():
        answer = sender.send("POST", change(sender.document(form)), form)
        assert answer.status == 201, (what, answer.text)
        path = f"/{sender.section.item}/{number_of(answer)}"
        assert f'"value":"{text} 29"' in sender.ask("GET", path).text, what
        assert sender.ask("DELETE", path).status == 204


KINDS = (
    "text/plain text/xml text/csv application/ld+json application/x-www-form-urlencoded */* application json "
    "multipart/form-data;boundary=a application/json,application/xml application/octet-stream"
)


@pytest.mark.parametrize(("name", "version"), [("works", "2.1"), ("keywords", "3.0")])
def test_kinds_and_packings_of_bodies(sender: Sender) -> None:
    before = kept(sender.matrix)
    for form in (JSON, XML):
        body = sender.document(form)
        for kind in KINDS.split():
            assert said(sender.send("POST", body, kind)) == "415 9001", kind
        for packing in ("gzip", "deflate", "br", "identity, gzip"):
            packed = {"Content-Encoding": packing}
            for sent in (body, gzip.compress(body)):
                assert said(sender.send("POST", sent, form, headers=packed)) == "415 9001", packing
        assert said(sender.send("POST", body + b" " * 11_000_000, form)) == "413 9001"
    assert kept(sender.matrix) == before


LONG = 40_000
HOSTILE = {
    "doi": (
        "10.1" * LONG,
        "10.1/" + "&amp;" * LONG,
        "&" + "amp;" * LONG,
        "10./" * LONG,
        "10.1/" + "a" * LONG,
    ),
    "arxiv": ("a-" * LONG, "arxiv:" * LONG, "1801.0000" * LONG),
    "isbn": ("1-" * LONG, "1" * LONG, " 1" * LONG),
    "issn": ("1234-" * LONG, "1234 " * LONG),
    "pmid": ("pmid:" + " " * LONG, "pmid:" * LONG, "1" * LONG + "a"),
    "pmc": ("pmc" + "-" * LONG, "pmc" * LONG),
    "bibcode": ("bibcode:" + " " * LONG, "1974" * LONG),
    "rrid": ("SCR_00" * LONG,),
    "uri": ("http:" * LONG,),
    "handle": ("\u0130" * LONG,),
}


@pytest.mark.parametrize(("name", "version"), [("works", "3.0")])
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_long_value_takes_no_long_time(sender: Sender, kind: str) -> None:
    """What takes time in proportion to the square of its length is not answered at all here."""
    for value in HOSTILE[kind]:
        body = orjson.dumps(work(**{"external-ids": {"external-id": [external_id(value, kind)]}}))
        answer = sender.send("POST", body, JSON)
        assert answer.status == 201, answer.text[:300]
        path = f"/work/{number_of(answer)}"
        assert sender.ask("GET", path).json()["external-ids"]["external-id"][0]["external-id-value"] == value
        assert sender.ask("DELETE", path).status == 204


NUMBERS = {
    "404 9001": ("%00", "1%00"),  # no name in any path holds a zero character
    "404 9016": ("0", "-1", "9" * 31, "9223372036854775807", "9223372036854775808", "00099999"),
    "400 9034": (
        "x",
        "1.0",
        "1e3",
        "+1",
        "0x1",
        "1_0",
        "%20",
        "%D9%A1",
        "%EF%BC%91",
        "%FF",
        "1;2",
    ),
}


@pytest.mark.parametrize(("name", "version"), [("works", "2.0"), ("keywords", "3.0"), ("services", "3.0")])
def test_numbers_in_paths(sender: Sender) -> None:
    before = kept(sender.matrix)
    for expected, numbers in NUMBERS.items():
        for number in numbers:
            path = f"/{sender.section.item}/{number}"
            for method in ("GET", "DELETE", "PUT"):
                body = sender.document(JSON, put_code=1) if method == "PUT" else None
                got = said(sender.ask(method, path, body=body, kind=JSON))
                mismatch = "400 9019" if method == "PUT" and expected == "404 9016" else expected
                # A number that is none anywhere is told before the body is looked at.
                assert got in (mismatch, expected), (method, number)
    assert kept(sender.matrix) == before
