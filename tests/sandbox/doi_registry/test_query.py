"""The query language: how it is read, and what it finds."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laelia.sandbox.doi_registry.query import dates
from laelia.sandbox.doi_registry.query.language import ANY, And, BadQuery, Not, Or, Range, Term, parse

A, B = Term(None, "a", False), Term(None, "b", False)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", None),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a && b", And((A, B))),
        ("a OR b", Or((A, B))),
        ("a b OR a", Or((And((A, B)), A))),
        ("a -b", And((A, Not(B)))),
        ("a NOT b", And((A, Not(B)))),
        ("+a +b", And((A, B))),
        ("a^2", A),
        ("(a)", A),
        ('"a b"~2', Term(None, "a b", True)),
        ("f:a", Term("f", "a", False)),
        ("f:(a OR b)", Or((Term("f", "a", False), Term("f", "b", False)))),
        ("-f:a", Not(Term("f", "a", False))),
        ("f:a*", Term("f", f"a{ANY}", False)),
        (r"f:a\*", Term("f", "a*", False)),
        (r"f:https\:\/\/x\-y", Term("f", "https://x-y", False)),
        ("10.5072/a-b", Term(None, "10.5072/a-b", False)),
        ("f:[a TO b]", Range("f", "a", "b", True, True)),
        ("f:{a TO *]", Range("f", "a", None, False, True)),
        ("f:>=a", Range("f", "a", None, True, True)),
        ("f:<a", Range("f", None, "a", True, False)),
    ],
)
def test_reading(text: str, tree: Any) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    "text", ["(a", "a)", "f:", "f:(", '"a', "[a TO b]", "f:g:a", "a AND", "(" * 99, "f:[a b]"]
)
def test_what_cannot_be_read_says_so(text: str) -> None:
    with pytest.raises(BadQuery):
        parse(text)


@given(st.text(alphabet='ab:()[]{}"\\/*?+-!&|<>=^~ \tTO.1é', max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(BadQuery):
        parse(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1970", 0, 365 * 86_400_000 - 1),
        ("1970-02", 31 * 86_400_000, 59 * 86_400_000 - 1),
        ("1970-01-02", 86_400_000, 2 * 86_400_000 - 1),
        ("1970-01-01T01", 3_600_000, 2 * 3_600_000 - 1),
        ("1970-01-01T00:01Z", 60_000, 119_999),
        ("1970-01-01T00:00:01+00:00", 1000, 1999),
        ("1970-01-01T01:00:00.001+01:00", 1, 1),
        ("now-1d", 86_400_000, 86_400_000),
        ("1700000000000", 1_700_000_000_000, 1_700_000_000_000),
    ],
)
def test_dates_take_in_what_they_leave_open(text: str, first: int, last: int) -> None:
    assert dates.interval(text, 2 * 86_400_000) == (first, last)


@given(st.integers(min_value=0, max_value=4_000_000_000_000))
def test_a_time_is_read_as_it_is_written(ms: int) -> None:
    assert dates.interval(dates.iso(ms) or "", 0) == (ms, ms)


ID = "https://orcid.org/0009-0011-0000-0000"


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("orchids", True),
        ("ORCHIDS counts", True),
        ("orchid", False),
        ("orchid*", True),
        ('"counts of orchids"', True),
        ('"orchids of counts"', False),
        ("-orchids", False),
        ("zebra OR orchids", True),
        ("zebra AND orchids", False),
        ("titles.title:counts", True),
        ("titles.title:ekelund", False),
        ("creators.name:Ekelund", True),
        (f'creators.nameIdentifiers.nameIdentifier:"{ID}"', True),
        (f'creators.name_identifiers.name_identifier:("0009-0011-0000-0000" OR "{ID}")', True),
        (f'creators_and_contributors.nameIdentifiers.nameIdentifier:"{ID}"', True),
        (f'contributors.nameIdentifiers.nameIdentifier:"{ID}"', False),
        ("creators.nameIdentifiers.nameIdentifier:*0009-0011-0000-0000", True),
        ('creators.nameIdentifiers.nameIdentifier:"0009-0011-0000-0000"', False),
        ("types.resourceTypeGeneral:Dataset", True),
        ("types.resourceTypeGeneral:dataset", False),
        ("publicationYear:2026", True),
        ("publicationYear:[2020 TO 2025]", False),
        ("publicationYear:>=2026", True),
        ("client_id:demo.repo AND prefix:10.5072", True),
        ("client_id:other.repo", False),
        ("state:findable", True),
        ("doi:10.5072/good", True),
        ("10.5072/good", True),
        ("publisher:demo", True),
        ("_exists_:titles", True),
        ("_exists_:contributors", False),
        ("titles.*:orchids", True),
        ("updated:[2025-12-31 TO 2026-01-01]", True),
        ("updated:[2026-01-02 TO *]", False),
        ("updated:{* TO 2026-01-01}", False),
        ("updated:[now-1h TO now]", True),
        ("nosuchfield:x", False),
        ("url:*repository.test*", True),
        ("*", True),
        ("!!!", None),
        ("updated:[yesterday TO *]", None),
    ],
)
def test_finding(registry: Any, query: str, finds: bool | None) -> None:
    registry.publish("10.5072/good")
    if finds is None:
        answer = registry.get("/dois", params={"query": query})
        assert answer.status == 400
        assert isinstance(answer.json()["errors"]["title"], str)
    else:
        assert registry.found(query) == (["10.5072/good"] if finds else [])


def test_accents_do_not_matter(registry: Any) -> None:
    registry.publish("10.5072/good", creators=[{"name": "Grošelj, Blaž"}])
    assert registry.found("groselj") == ["10.5072/good"]
    assert registry.found("Grošelj blaž") == ["10.5072/good"]


def test_percent_signs_are_just_characters_and_zeros_are_none(registry: Any) -> None:
    registry.publish("10.5072/good", titles=[{"title": "100% sure \x00 of it"}])
    assert registry.found("sure") == ["10.5072/good"]
    for query in ("doi:10.5072%", "%", "_ood"):
        assert registry.get("/dois", params={"query": query}).status == 200
        assert registry.found("doi:10.5072%") == []
    for query in ("\x00", "a\x00b", 'url:"\x00"'):
        assert registry.get("/dois", params={"query": query}).status == 400
