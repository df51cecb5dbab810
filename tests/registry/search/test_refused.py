"""Queries that can't be asked, and those that are meant to hurt."""

import subprocess
import sys

import pytest

from laelia.registry.record import people
from registry.place import Place
from registry.search.asking import get, ids

__all__ = ["ids"]

WRONG = {
    "a AND": "at character",
    "(a": "at character 2",
    "a )": "at character 3",
    "nofield:x": "There is no field nofield. (at character 1)",
    "family-name:[a TO b]": "Ranges are for dates",
    "profile-submission-date:[soon TO *]": "soon is no date",
    "a" * 10_001: "10,000 characters",
    "(" * 40 + "a" + ")" * 40: "30 deep",
    " ".join(f"w{n}" for n in range(600)): "500 words",
    " ".join(f"w{n}*" for n in range(20)): "At most 10 words",
    "*a": "needs 3 letters",
    "*aaa *bbb *ccc": "At most 2 words",
    "family-name:/.*/": "two plain letters",
    "family-name:/ab(/": "no regular expression",
    'a "b': "can't",
    "family-name:/ab|.*/": "can't hold |",
    "doi:/ab(c|d)/": "can't hold |",
    "family-name:/ab*.*/": "two plain letters",
    "family-name:/ab{0}.*/": "two plain letters",
    "family-name:*---": None,
    "---*a": "needs 3 letters",
    "ab-*c": "needs 3 letters",
    "*-?": "needs 3 letters",
    '"' + "word " * 600 + '"': "500 words",
    "family-name:(" + " ".join(["a-b-c-d-e-f"] * 90) + ")": "500 words",
    "a^nan": "after ^ is a number from 0 to 1,000,000. (at character 2)",
    "a^-1": "after ^ is a number",
    "a^1e9": "after ^ is a number",
    "a^inf": "after ^ is a number",
    "a^" + "9" * 50: "after ^ is a number",
    "a^" + "9" * 5000: "after ^ is a number",
    "a^1.2.3": "after ^ is a number",
    "a~nan": "after ~ is a number",
    "a~-1": "after ~ is a number",
    "a~" + "9" * 500: "after ~ is a number",
    '"a b"~-1': "after ~ is a number",
    '"a b"~1.5': "after ~",
    '"a b"~' + "9" * 20: "after ~ is a number",
    '"a b"~' + "9" * 5000: "after ~",
}
NUMBERS = [
    ("qf", "family-name^nan"), ("qf", "family-name^-1"), ("qf", "family-name^inf"),
    ("qf", "family-name^1e300"), ("qf", "family-name^"), ("qf", " ".join(["family-name"] * 51)),
    ("pf", "family-name^x"), ("tie", "nan"),
    ("tie", "2"), ("tie", "-1"), ("mm", "9" * 5000), ("mm", "9" * 5000 + "<1"), ("mm", "--1"),
    ("sort", "score asc"),
]  # fmt: skip


@pytest.mark.parametrize("query", WRONG, ids=lambda query: query[:20])
def test_what_cannot_be_asked_says_why_and_where(town: Place, ids: dict[str, str], query: str) -> None:
    answer = get(town, "/v3.0/search", "application/json", q=query)
    why = WRONG[query]
    if why is None:  # nothing is asked for
        assert (answer.status, answer.json()["num-found"]) == (200, 0)
        return
    assert answer.status == 400, answer.body
    assert answer.json()["error-code"] == 9012
    assert why in answer.json()["developer-message"]


@pytest.mark.parametrize(("name", "text"), NUMBERS, ids=lambda text: text[:20])
def test_numbers_of_edismax_that_are_none_are_refused(
    town: Place, ids: dict[str, str], name: str, text: str
) -> None:
    asked = {"defType": "edismax", "qf": "family-name", name: text}
    answer = get(town, "/v3.0/search", "application/json", q="garcia otago", **asked)
    assert (answer.status, answer.json()["error-code"]) == (400, 9012), answer.body


def test_what_fits_too_many_words_is_refused_and_harms_no_index(place: Place) -> None:
    with place.service.db.writing() as tx:
        many = " ".join(f"q{number}" for number in range(17_000))
        people.set_biography(tx, place.clock.now(), place.ada.orcid, many, "public")
    place.service.search.work()
    for query in ("biography:q*-q*", "biography:q*-q* OR ada"):
        answer = get(place, "/v3.0/search", "application/json", q=query)
        assert (answer.status, answer.json()["error-code"]) == (400, 9012), answer.body
        assert "too many words" in answer.json()["developer-message"]
    assert place.service.search.shelf.wanted() is None
    answer = get(place, "/v3.0/search", "application/json", q="biography:q7* AND *")
    assert answer.json()["num-found"] == 1


HOSTILE = [
    "{!edismax " + "a='b' " * 60,
    "{!edismax " + 'a="b"' * 60,
    "{!edismax" + " " * 5000,
    "{!a" + "a=" * 3000,
]


def test_local_parameters_that_can_be_read_in_many_ways_are_read_in_one() -> None:
    """In a process of its own, which is ended: an expression that tries all ways would not end in years."""
    code = f"from laelia.registry.search.asked import _local\nfor q in {HOSTILE!r}: _local({{'q': q}})"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


@pytest.mark.parametrize(
    "query",
    [
        "family-name:x\x1fdoi-self",
        'exact:"email"', "has:email", "shown:a", "digest:a", "order:1", "names:ana",
        "\x00", "a\\", "\\", "~", "^", "a^^2", "a^x", "a~9", "\ud800".encode("utf-8", "replace").decode(),
        "🐝", "a:b:c:d", "AND", "OR", "NOT", "[", "{", "TO", "a TO b", "-" * 500, "+" * 500, "!" * 50,
        "family-name:" + "?" * 300, "(((((((((a)))))))))", "a" * 3000, "profile-submission-date:99999-99-99",
        "profile-submission-date:NOW+999999YEARS", "profile-submission-date:NOW/FORTNIGHT", "{!edismax}",
        "{!edismax qf=nofield}a", "{!func}sum(1,2)", "{!lucene v=ana}", '{!edismax qf="family-name" mm=x}a b',
    ],
)  # fmt: skip
def test_hostile_queries_are_answered(town: Place, ids: dict[str, str], query: str) -> None:
    """With people or with a reason, and never with a fault; fields of ours that hold several are nobody's."""
    answer = get(town, "/v3.0/search", "application/json", q=query, rows=10)
    assert answer.status in (200, 400), answer.body
    if answer.status == 400:
        assert answer.json()["error-code"] in (9001, 9012)


def test_while_there_is_no_index(place: Place) -> None:
    answer = get(place, "/v3.0/search", "application/json", q="a")
    assert (answer.status, answer.json()["error-code"]) == (503, 9008)
    page = place.browser().open(place.at("/search?q=ada"))
    assert page.status == 503
    assert "a moment" in page.text
