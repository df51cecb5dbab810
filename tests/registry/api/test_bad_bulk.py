"""Several works at once, good and bad; how many there may be; and writes that fail half-way."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from lxml import etree

from laelia.lib import faults
from laelia.lib.http import Response
from registry.api import documents
from registry.api.documents import JSON, XML, identifiers
from registry.api.matrix import EVERY, Matrix, said
from registry.api.people import NS, VERSIONS, Api, external_id, told, work

BULK = b'<bulk:bulk xmlns:bulk="http://www.orcid.org/ns/bulk">%b</bulk:bulk>'


@dataclass
class Sender:
    """A client that adds works to a record of nobody else's."""

    matrix: Matrix
    orcid: str
    token: str

    def post(self, version: str, body: bytes, form: str, path: str = "works") -> Response:
        full = f"/v{version}/{self.orcid}/{path}"
        return self.matrix.api.ask("POST", full, self.token, body=body, kind=form, accept=form)

    def listed(self) -> int:
        return self.matrix.api.ask("GET", f"/v3.0/{self.orcid}/works", self.token).text.count('"put-code":')

    def works(self) -> int:
        """The record's own counter."""
        [row] = [row for row in self.matrix.place.rows("record") if row.orcid == self.orcid]
        return int(row.works)


@pytest.fixture
def sender(matrix: Matrix) -> Sender:
    orcid = matrix.api.new_record(default_visibility="limited")
    return Sender(matrix, orcid, matrix.api.token(matrix.clients["library"], orcid, *EVERY))


def kept(matrix: Matrix) -> dict[str, int]:
    return {name: len(matrix.place.rows(name)) for name in ("item", "external_id", "change", "group_id")}


def a_work(
    key: int, version: str, form: str, ids: documents.Tree | None = None, **attributes: object
) -> bytes:
    return documents.document(
        "work", documents.item("work", key, version=version, ids=ids), version, form, **attributes
    )


def bulk(form: str, members: list[bytes]) -> bytes:
    if form == XML:
        return BULK % b"".join(members)
    return b'{"bulk":[' + b",".join(b'{"work":' + one + b"}" for one in members) + b"]}"


def results(answer: Response, form: str) -> list[str]:
    """What became of each: `work`, or the error's status and code."""
    if form == XML:
        return [_of_element(one) for one in etree.fromstring(answer.body)]
    found = [one.get("error") for one in answer.json()["bulk"]]
    return ["work" if one is None else f"{one['response-code']} {one['error-code']}" for one in found]


def _of_element(one: etree._Element) -> str:
    told = [one.findtext(NS % ("error", name)) for name in ("response-code", "error-code")]
    return " ".join(text for text in told if text) or "work"


def mixed(version: str, form: str) -> Iterator[tuple[str, bytes, str]]:
    """What, its bytes, and what becomes of it. Before 3.0 a breach of the schema is told with 9001."""
    later = version == "3.0"
    shape = "400 9001" if not later else "400 9047" if form == JSON else "400 9012"
    good = a_work(1, version, form)
    unknown_id, no_doi = identifiers(("shoe-size", "1", "self")), identifiers(("doi", "no doi", "self"))
    part = identifiers(("isbn", "1", "part-of"))
    yield "good", good, "work"
    yield "the same again", good, "409 9021"
    yield "blank title", good.replace(b"first 1", b"  "), shape
    yield "long title", good.replace(b"first 1", b"x" * 1001), shape
    yield (
        "unknown type",
        good.replace(_type(version, form), b"poem"),
        "400 9051" if later and form == XML else shape,
    )
    yield "a put-code", a_work(2, version, form, put_code=7), "400 9024"
    yield "no identifier", a_work(3, version, form, ids=[]), "400 9023"
    yield "unknown identifier", a_work(4, version, form, ids=unknown_id), "400 9023"
    yield "none of its own", a_work(5, version, form, ids=part), "400 9023" if later else "work"
    yield "not recognised", a_work(6, version, form, ids=no_doi), "work"
    if form == JSON:
        yield "NUL", good.replace(b"first 1", b"a\\u0000b"), shape
        yield "unknown key", good[:-1] + b',"colour":1}', shape
        yield "no object", b"[]", shape
        yield "null", b"null", shape
        yield "a huge put-code", good[:-1] + b',"put-code":' + b"9" * 31 + b"}", shape
    else:
        yield "unknown element", good.replace(b"</work:title>", b"</work:title><work:colour/>"), shape
        yield "stray text", good.replace(b"</work:title>", b"</work:title>bees"), shape
        yield "huge put-code", good.replace(b" xmlns:", b' put-code="%b" xmlns:' % (b"9" * 31), 1), shape
    yield "good to the end", a_work(7, version, form), "work"


def _type(version: str, form: str) -> bytes:
    return b"JOURNAL_ARTICLE" if version != "3.0" and form == JSON else b"journal-article"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("form", [JSON, XML], ids=["json", "xml"])
def test_each_work_gets_its_own_answer_and_the_good_ones_stay(
    sender: Sender, version: str, form: str
) -> None:
    before, rows = kept(sender.matrix), list(mixed(version, form))
    answer = sender.post(version, bulk(form, [body for _, body, _ in rows]), form)
    assert answer.status == 200, answer.text
    got = list(zip([what for what, _, _ in rows], results(answer, form), strict=True))
    assert got == [(what, expected) for what, _, expected in rows]
    good = sum(expected == "work" for _, _, expected in rows)
    after = kept(sender.matrix)
    assert {name: after[name] - before[name] for name in after} == {
        "item": good, "external_id": good, "change": good, "group_id": 0,
    }  # fmt: skip
    assert sender.listed() == sender.works() == good


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("form", [JSON, XML], ids=["json", "xml"])
def test_a_hundred_and_one_works_are_too_many(sender: Sender, version: str, form: str) -> None:
    before = kept(sender.matrix)
    for body in (
        a_work(1, version, form),
        b"{}" if form == JSON else b'<work:work xmlns:work="http://www.orcid.org/ns/work"/>',
    ):
        assert said(sender.post(version, bulk(form, [body] * 101), form)) == "400 9006"
    assert kept(sender.matrix) == before
    assert results(sender.post(version, bulk(form, [a_work(1, version, form)] * 100), form), form) == [
        "work",
        *["409 9021"] * 99,
    ]


NO_BULKS = {
    "400 9001": (b"", b"{", b'{"bulk":[', b"NaN", b'{"bulk":[{"work":"\xff"}]}', b"[" * 100_000),
    "400 9047": (
        *(b"null", b"[]", b"1", b'{"works":[]}', b'{"bulk":[],"x":1}'),
        *(b'{"bulk":%b}' % one for one in (b"0", b'""', b"false", b"{}", b"[null]", b"[[]]", b"[{}]")),
        *(b'{"bulk":[%b]}' % one for one in (b'{"funding":{}}', b'{"error":{}}', b'{"work":{},"error":{}}')),
    ),
}
NO_XML_BULKS = {
    "400 9001": (b"", b"<bulk", b"<a/>", b"<!DOCTYPE a>" + BULK % b"", BULK % b"&a;", BULK % b"\x00"),
    "400 9012": (BULK % b"bees", BULK % b"<bees/>", BULK % b'<e:error xmlns:e="http://www.orcid.org/ns/error"/>',
                 BULK % b'<f:funding xmlns:f="http://www.orcid.org/ns/funding"/>'),
}  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("form", "table"), [(JSON, NO_BULKS), (XML, NO_XML_BULKS)], ids=["json", "xml"])
def test_what_is_no_bulk(
    sender: Sender, version: str, form: str, table: dict[str, tuple[bytes, ...]]
) -> None:
    before = kept(sender.matrix)
    for expected, bodies in table.items():
        for body in bodies:
            assert said(sender.post(version, body, form)) == expected, body[:80]
    nothing = (b"{}", b'{"bulk":null}', b'{"bulk":[]}') if form == JSON else (BULK % b"",)
    for body in nothing:
        assert results(sender.post(version, body, form), form) == []
    assert kept(sender.matrix) == before


def test_the_ten_thousand_and_first_work(sender: Sender) -> None:
    api = sender.matrix.api
    api.set_record(sender.orcid, works=9_999)
    before = kept(sender.matrix)
    two = bulk(JSON, [a_work(1, "3.0", JSON), a_work(2, "3.0", JSON)])
    assert said(sender.post("3.0", two, JSON)) == "409 9048"
    # Room is looked for first, then the size of the bulk.
    assert said(sender.post("3.0", bulk(JSON, [b"{}"] * 101), JSON)) == "409 9048"
    assert kept(sender.matrix) == before
    last = sender.post("3.0", a_work(1, "3.0", JSON), JSON, "work")
    assert last.status == 201
    assert sender.works() == 10_000
    for version in VERSIONS:
        for form in (JSON, XML):
            assert said(sender.post(version, a_work(2, version, form), form, "work")) == "409 9048"
            assert said(sender.post(version, bulk(form, [a_work(2, version, form)]), form)) == "409 9048"
    assert sender.listed() == 1
    other = documents.document("funding", documents.item("funding", 1), "3.0", JSON)
    assert sender.post("3.0", other, JSON, "funding").status == 201  # the limit is of works
    gone = api.ask("DELETE", last.headers["location"].removeprefix(sender.matrix.place.site), sender.token)
    assert gone.status == 204
    assert sender.post("3.0", a_work(2, "3.0", JSON), JSON, "work").status == 201


@pytest.mark.parametrize("point", ["registry.work.added", "registry.works.added", "registry.work.replaced"])
def test_what_fails_half_way_leaves_nothing(api: Api, point: str) -> None:
    number = api.add(work("10.5555/stays"))
    everything = api.place.everything()
    faults.arm(point, "raise")
    try:
        answer = {
            "registry.work.added": lambda: api.post(work()),
            "registry.works.added": lambda: api.post(
                {"bulk": [{"work": work()}, {"work": work()}]}, path="/works"
            ),
            "registry.work.replaced": lambda: api.put(number, work(title="New", **{"put-code": number})),
        }[point]()
    finally:
        faults.disarm()
    assert told(answer) == (500, 9008)
    assert "Fault" not in answer.text
    assert "Traceback" not in answer.text
    assert api.place.everything() == everything


def test_a_review_that_is_refused_makes_no_group(sender: Sender) -> None:
    """The group of an ISSN is made when a review names it first."""
    tree = documents.item("peer-review", 1)
    first = documents.document("peer-review", tree, "3.0", JSON)
    assert sender.post("3.0", first, JSON, "peer-review").status == 201
    before = kept(sender.matrix)
    again = first.replace(documents.GROUP.encode(), b"issn:1741-4857")
    assert said(sender.post("3.0", again, JSON, "peer-review")) == "409 9021"
    wrong = again.replace(b"10.5555", b"10.5556").replace(b"1741-4857", b"1741-4858")
    assert said(sender.post("3.0", wrong, JSON, "peer-review")) == "400 9053"
    nobody = again.replace(b"10.5555", b"10.5556").replace(b"041nas322", b"000000000")
    assert said(sender.post("3.0", nobody, JSON, "peer-review")) == "400 9045"
    assert kept(sender.matrix) == before


def test_many_identifiers_are_kept_whole(sender: Sender) -> None:
    ids = [external_id(f"10.5555/{i}") for i in range(500)]
    body: Any = work(**{"external-ids": {"external-id": ids}})
    before = kept(sender.matrix)
    assert sender.post("3.0", orjson.dumps(body), JSON, "work").status == 201
    after = kept(sender.matrix)
    assert after["external_id"] - before["external_id"] == 500
    assert said(sender.post("3.0", orjson.dumps(work("10.5555/499")), JSON, "work")) == "409 9021"
