"""Whatever is sent: the problem of the catalogue, with its place; never a crash, never a followed entity."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laelia.codec import json, xml
from laelia.model.language import V2_0, V2_1, V3_0, Version
from laelia.model.other import Error
from laelia.model.problems import (
    IllegalValue,
    InvalidJson,
    MalformedJson,
    MalformedXml,
    Problem,
    SchemaViolation,
)
from laelia.model.work import Work, WorkBulk

NAMES = 'xmlns:work="http://www.orcid.org/ns/work" xmlns:common="http://www.orcid.org/ns/common"'
TITLE = "<work:title><common:title>A</common:title></work:title>"
TYPE = "<work:type>data-set</work:type>"


def a_work(inside: str, attributes: str = "") -> bytes:
    return f"<work:work {NAMES}{attributes}>{inside}</work:work>".encode()


def refused(data: bytes, version: Version = V3_0) -> Problem:
    with pytest.raises(Problem) as told:
        xml.decode(Work, data, version)
    return told.value


def test_what_is_right_passes() -> None:
    work = xml.decode(Work, a_work(TITLE + TYPE), V3_0)
    assert (work.title and work.title.title, work.type) == ("A", "data-set")


@pytest.mark.parametrize(
    ("text", "taken"), [(r"a\u0000b", False), (r"a\\u0000b", True), (r"\\\u0000", False)]
)
def test_json_with_a_zero_character_is_refused_since_no_text_can_hold_it(text: str, taken: bool) -> None:
    data = b'{"title": {"title": {"value": "%s"}}, "type": "data-set"}' % text.encode()
    if taken:
        json.decode(Work, data, V3_0)
        return
    with pytest.raises(InvalidJson, match="which no XML"):
        json.decode(Work, data, V3_0)


VIOLATIONS = {
    "unknown element": (TITLE + TYPE + "<work:colour/>", "work:colour"),
    "foreign element": (TITLE + TYPE + '<x:a xmlns:x="urn:x"/>', "{urn:x}a"),
    "wrong order": (TYPE + TITLE, "wrong place"),
    "twice": (TITLE + TITLE + TYPE, "wrong place, or twice"),
    "missing title": (TYPE, "/title"),
    "missing type": (TITLE, "/type"),
    "blank title": ("<work:title><common:title> </common:title></work:title>" + TYPE, "blank"),
    "long title": (f"<work:title><common:title>{'a' * 1001}</common:title></work:title>{TYPE}", "1001"),
    "element in text": ("<work:title><common:title><b/></common:title></work:title>" + TYPE, "inside"),
    "attribute on text": (
        '<work:title><common:title a="1">A</common:title></work:title>' + TYPE,
        "attribute a",
    ),
    "stray text": (TITLE + "stray" + TYPE, "stray"),
    "bad year": (
        f"{TITLE}{TYPE}<common:publication-date><common:year>1</common:year></common:publication-date>",
        "1900",
    ),
    "bad sequence": (
        f"{TITLE}{TYPE}<work:contributors><work:contributor><work:contributor-attributes>"
        "<work:contributor-sequence>last</work:contributor-sequence></work:contributor-attributes>"
        "</work:contributor></work:contributors>",
        "work:contributor[0]/work:contributor-attributes/work:contributor-sequence",
    ),
}


@pytest.mark.parametrize(("inside", "said"), VIOLATIONS.values(), ids=VIOLATIONS)
def test_xml_against_the_schema(inside: str, said: str) -> None:
    problem = refused(a_work(inside))
    assert type(problem) is SchemaViolation
    assert problem.code == 9012
    assert said in problem.developer_message


def test_attributes_are_held_to_the_schema() -> None:
    assert "colour" in refused(a_work(TITLE + TYPE, ' colour="red"')).developer_message
    for number in ("x", "1_000", "9" * 5000, "", "٣"):
        assert refused(a_work(TITLE + TYPE, f' put-code="{number}"')).code == 9012
    xsi = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b"'
    assert xml.decode(Work, a_work(TITLE + TYPE, xsi), V3_0).type == "data-set"


def test_a_term_that_is_none() -> None:
    novel = a_work(TITLE + "<work:type>novel</work:type>")
    problem = refused(novel)
    assert type(problem) is IllegalValue
    assert (problem.code, problem.status) == (9051, 400)
    assert "novel" in problem.developer_message
    assert "data-set" in problem.developer_message
    assert refused(novel, V2_1).code == 9012
    assert refused(a_work(TITLE + "<work:type>preprint</work:type>"), V2_0).code == 9012


def test_other_registries_are_read_leniently() -> None:
    data = a_work(TYPE + TITLE + "<work:colour/>", ' colour="red"')
    work = xml.decode(Work, data, V3_0, strict=False)
    assert work.title is not None
    assert work.type == "data-set"
    assert json.decode(Work, b'{"type":"novel","colour":1}', V3_0, strict=False).type == "novel"


MALFORMED = {
    "nothing": b"",
    "text": b"hello",
    "not closed": b"<work:work>",
    "wrong root": b'<work:works xmlns:work="http://www.orcid.org/ns/work"/>',
    "other namespace": b'<work xmlns="urn:x"/>',
    "DTD": b'<!DOCTYPE a><work:work xmlns:work="http://www.orcid.org/ns/work"/>',
    "external entity": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "DTD in UTF-16": '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"),
    "undeclared entity": a_work("<work:title><common:title>&nbsp;</common:title></work:title>"),
    "unknown encoding": b'<?xml version="1.0" encoding="x-none"?><a/>',
    "depth": b"<a>" * 100_000,
    "nul": b"<a>\x00</a>",
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_document(data: bytes) -> None:
    problem = refused(data)
    assert type(problem) is MalformedXml
    assert (problem.code, problem.status) == (9001, 400)
    assert "passwd" not in problem.developer_message


def test_a_billion_laughs_cost_nothing() -> None:
    levels = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    data = f'<!DOCTYPE a [<!ENTITY l0 "ha">{levels}]><a>&l11;</a>'
    start = time.perf_counter()
    for bomb in (data.encode(), data.encode("utf-16")):
        assert refused(bomb).code == 9001
    assert time.perf_counter() - start < 1


JSON = {
    "unknown key": (b'{"title":{"title":{"value":"A"}},"type":"data-set","colour":1}', "colour"),
    "unknown key inside": (b'{"title":{"name":{"value":"A"}},"type":"data-set"}', "/title"),
    "list": (b"[]", "a list"),
    "text": (b'"x"', "text"),
    "root wrapper": (b'{"work":{}}', "work"),
    "no title": (b'{"type":"data-set"}', "/title"),
    "constant in 3.0": (b'{"title":{"title":{"value":"A"}},"type":"DATA_SET"}', "DATA_SET"),
    "object for text": (b'{"title":{"title":{"value":{}}},"type":"data-set"}', "/title/title"),
    "time out of range": (b'{"created-date":{"value":99999999999999999}}', "/created-date"),
    "text for a number": (b'{"put-code":"x"}', "/put-code"),
    "a number beyond all": (b'{"put-code":1000000000000000000}', "/put-code"),
    "underscores": (b'{"put-code":"1_000"}', "/put-code"),
    "deep place": (
        b'{"contributors":{"contributor":[{},{"contributor-attributes":{"contributor-sequence":"last"}}]}}',
        "/contributors/contributor[1]/contributor-attributes/contributor-sequence",
    ),
}


@pytest.mark.parametrize(("data", "said"), JSON.values(), ids=JSON)
def test_json_that_does_not_fit(data: bytes, said: str) -> None:
    with pytest.raises(InvalidJson) as told:
        json.decode(Work, data, V3_0)
    assert told.value.code == 9047
    assert said in told.value.developer_message


@pytest.mark.parametrize("data", [b"", b"{", b"nonsense", b"\xff", b"[" * 100_000, b'{"a":1}x'])
def test_what_is_no_json(data: bytes) -> None:
    with pytest.raises(MalformedJson) as told:
        json.decode(Work, data, V3_0)
    assert told.value.code == 9001


def test_what_orcids_mapper_forgives() -> None:
    """A bare text for {"value"}, one member for a list, a number for text, text for a number."""
    data = b"""{"put-code":"12","title":{"title":"A"},"type":"data-set",
        "created-date":{"value":"2020-01-02T03:04:05Z"},
        "publication-date":{"year":2015},"external-ids":{"external-id":{"external-id-type":"doi",
        "external-id-value":"10.1/x","external-id-normalized":{"value":"y","transient":true}}}}"""
    work = json.decode(Work, data, V3_0)
    assert (work.put_code, work.created_date) == (12, 1_577_934_245_000)
    assert work.publication_date is not None
    assert work.publication_date.year == "2015"
    assert [x.value for x in work.external_ids] == ["10.1/x"]


def test_what_fails_in_a_bulk_stands_as_an_error_in_its_place() -> None:
    data = b"""{"bulk":[{"work":{"title":{"title":{"value":"A"}},"type":"%b"}},{"work":{"colour":1}}]}"""
    for version, kind, code in ((V3_0, b"data-set", 9047), (V2_1, b"DATA_SET", 9001)):
        first, second = json.decode(WorkBulk, data % kind, version).bulk
        assert isinstance(first, Work)
        assert isinstance(second, Error)
        assert (second.error_code, second.response_code) == (code, 400)
        assert "/bulk[1]/work" in (second.developer_message or "")
    for version, code in ((V3_0, 9012), (V2_0, 9001)):
        members = f"<work:work>{TITLE}{TYPE}</work:work><work:work>{TYPE}</work:work>"
        bulk = f'<bulk:bulk xmlns:bulk="http://www.orcid.org/ns/bulk" {NAMES}>{members}</bulk:bulk>'
        first, second = xml.decode(WorkBulk, bulk.encode(), version).bulk
        assert isinstance(first, Work)
        assert isinstance(second, Error)
        assert second.error_code == code


def test_a_term_that_is_none_in_a_bulk() -> None:
    member = f"<work:work>{TITLE}<work:type>novel</work:type></work:work>"
    bulk = f'<bulk:bulk xmlns:bulk="http://www.orcid.org/ns/bulk" {NAMES}>{member}</bulk:bulk>'.encode()
    codes = {
        v: [m.error_code for m in xml.decode(WorkBulk, bulk, v).bulk if isinstance(m, Error)]
        for v in (V2_1, V3_0)
    }
    assert codes == {V2_1: [9001], V3_0: [9051]}


def test_a_bulk_of_something_else_is_refused_whole() -> None:
    for data in (b"[]", b'{"bulk":[{"funding":{}}]}', b'{"bulk":[{}]}', b'{"works":[]}'):
        with pytest.raises(InvalidJson):
            json.decode(WorkBulk, data, V3_0)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_problem_or_a_work(data: bytes) -> None:
    for decode in (json.decode, xml.decode):
        for version in (V2_0, V3_0):
            with contextlib.suppress(Problem):
                decode(Work, data, version)


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["title", "value", "type", "external-ids", "external-id", "url", "put-code", "citation"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(_ANY)
def test_any_json_is_a_problem_or_a_work(document: object) -> None:
    for strict in (True, False):
        try:
            work = json.from_document(Work, document, V3_0, strict=strict)
        except Problem:
            continue
        json.encode(work, V2_0)
        xml.encode(work, V2_0)
