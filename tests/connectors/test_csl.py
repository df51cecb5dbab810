"""CSL JSON becomes the works it should be, and no item, however odd, breaks the mapping."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codec.strategies import entities_of
from conftest import size
from connectors.test_datacite import assert_sendable, written
from laelia.codec import validate
from laelia.codec.citation import csl as writer
from laelia.connectors import csl
from laelia.connectors.csl_types import OF_AGENCIES, STANDARD, work_type
from laelia.connectors.item import Setting, Unusable
from laelia.model.language import V3_0
from laelia.model.rules import check
from laelia.model.vocabularies import WORK_TYPE
from laelia.model.work import Work

MINIMAL = {"type": "article-journal", "title": "A title", "DOI": "10.5555/X"}
CSL_TYPES = str.split(
    """
    article article-journal article-magazine article-newspaper bill book broadcast chapter classic
    collection dataset document entry entry-dictionary entry-encyclopedia event figure graphic
    hearing interview legal_case legislation manuscript map motion_picture musical_score pamphlet
    paper-conference patent performance periodical personal_communication post post-weblog
    regulation report review review-book software song speech standard thesis treaty webpage
    """
)


def made(setting: Setting | None = None, **variables: Any) -> Work:
    work = csl.work({**MINIMAL, **variables}, setting or Setting())
    assert isinstance(work, Work)
    assert_sendable(work)
    return work


def ids(work: Work) -> list[tuple[str | None, str | None, str | None]]:
    return [(one.type, one.value, one.relationship) for one in work.external_ids]


def test_every_type_has_a_work_type() -> None:
    assert set(STANDARD) == set(CSL_TYPES)
    assert {*STANDARD.values(), *OF_AGENCIES.values()} <= set(WORK_TYPE.terms)
    assert work_type("no such type") == work_type(7) == "other"
    assert work_type("Journal-Article") == "journal-article"


@pytest.mark.parametrize(
    ("told", "date"),
    [
        ({"date-parts": [[2020, 5, 17]]}, "2020-05-17"),
        ({"date-parts": [["2020", "5"]]}, "2020-05"),
        ({"date-parts": [[2020, 5], [2021]]}, "2020-05"),
        ({"date-parts": [[2020, 2, 30]]}, "2020-02"),
        ({"date-parts": [[2020, 22]]}, "2020"),
        ({"date-parts": [[2020]], "season": 1}, "2020"),
        ({"date-parts": [[None]], "raw": "2020-05-17"}, "2020-05-17"),
        ({"date-parts": [], "literal": "Spring 2020"}, "2020"),
        ({"raw": "17 May 2020"}, "2020"),
        ("2020-05", "2020-05"),
        ({"date-parts": [[1820]]}, None),
        ({"date-parts": [[True, {}]]}, None),
        (2020, "2020"),
        (None, None),
    ],
)
def test_dates(told: object, date: str | None) -> None:
    assert written(made(issued=told)) == date


def test_the_next_best_date() -> None:
    assert written(made(issued={"date-parts": [[None]]}, published={"date-parts": [[2020, 1]]})) == "2020-01"


def test_names_and_roles() -> None:
    work = made(
        author=[
            {"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"},
            {"family": "King", "given": "Martin", "suffix": "Jr."},
            {"literal": "The Bee Group"},
            {"name": "Agency"},
            {},
            "no name",
        ],
        editor=[{"family": "Noether"}],
    )
    said = [(one.credit_name, one.attributes and one.attributes.role) for one in work.contributors]
    assert said == [
        ("Ludwig van Beethoven", "author"),
        ("Martin King Jr.", "author"),
        ("The Bee Group", "author"),
        ("Agency", "author"),
        ("Noether", "editor"),
    ]
    sequence = [one.attributes and one.attributes.sequence for one in work.contributors]
    assert sequence == ["first", *["additional"] * 4]
    chapter = made(type="chapter", author=[{"family": "A"}], editor=[{"family": "B"}])
    assert [one.credit_name for one in chapter.contributors] == ["A"]


def test_only_an_id_of_its_owner_goes_along() -> None:
    who = [{"family": "A", "ORCID": "http://orcid.org/0000-0002-1825-0097"}]
    assert made(author=who).contributors[0].orcid is None
    hers = made(Setting(authenticated=frozenset({"0000-0002-1825-0097"})), author=who).contributors[0].orcid
    assert hers is not None
    assert hers.path == "0000-0002-1825-0097"


def test_identifiers_and_how_they_relate() -> None:
    article = made(
        ISSN="1234-5679 2434-561X", PMID=22368089, PMCID="PMC3531190", URL="https://doi.org/10.5555/x"
    )
    assert ids(article) == [
        ("doi", "10.5555/x", "self"),
        ("pmid", "22368089", "self"),
        ("pmc", "PMC3531190", "self"),
        ("issn", "1234-5679", "part-of"),
        ("issn", "2434-561X", "part-of"),
    ]
    assert ids(made(type="chapter", ISBN=["978-3-16-148410-0"]))[1] == ("isbn", "9783161484100", "part-of")
    assert ids(made(type="book", ISBN="9783161484100, 3-16-148410-X"))[1:] == [
        ("isbn", "9783161484100", "self"),
        ("isbn", "316148410X", "self"),
    ]
    web = made(DOI=None, URL="https://example.org/a")
    assert (ids(web), web.url) == ([("uri", "https://example.org/a", "self")], "https://example.org/a")
    preprint = made(relation={"is-preprint-of": [{"id-type": "doi", "id": "10.5555/Y"}]})
    assert ids(preprint)[1] == ("doi", "10.5555/y", "version-of")


def test_what_it_appeared_in_and_what_it_says() -> None:
    work = made(
        **{"container-title": ["J. of <i>Bees</i>"], "publisher": "P"},
        abstract="<jats:p>One &amp; <b>two</b></jats:p>" + " three" * 2000,
        language="de-DE",
        title=["First", "Second"],
        subtitle=["Sub"],
    )
    assert work.title is not None
    assert (work.title.title, work.title.subtitle) == ("First", "Sub")
    assert work.journal_title == "J. of Bees"
    assert work.short_description is not None
    assert work.short_description.startswith("One & two three")
    assert len(work.short_description) <= 5000
    assert work.language_code == "de"
    assert made(type="book", publisher="P").journal_title == "P"


@pytest.mark.parametrize(
    ("item", "why"),
    [
        ([], "unreadable"),
        ("x", "unreadable"),
        (None, "unreadable"),
        ({}, "no-title"),
        ({"title": "<i> </i>", "DOI": "10.5555/x"}, "no-title"),
        ({"title": "x"}, "no-identifier"),
        ({"title": "x", "DOI": "none", "URL": "javascript:alert(1)"}, "no-identifier"),
        ({"title": "x", "type": "chapter", "ISBN": "9783161484100"}, "no-identifier"),
    ],
)
def test_one_clear_problem(item: object, why: str) -> None:
    assert csl.work(item, Setting()) == Unusable(why)  # type: ignore[arg-type]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=6,
)
WORDS = st.sampled_from(
    str.split(
        """10.5555/x PMC123456 1234-5679 9783161484100 https://example.org/ 2020-05-01 <i>x</i> &#0; en
        http://[ https://doi.org/10.5555/%00x \ud800 0000-0002-1825-0097 book chapter"""
    )
)
DATE = st.dictionaries(
    st.sampled_from(["date-parts", "raw", "literal", "season"]),
    st.lists(st.lists(st.integers(0, 2200) | VALUES, max_size=4), max_size=2) | WORDS | VALUES,
    max_size=3,
)
NAME = st.dictionaries(st.sampled_from(["family", "given", "literal", "ORCID", "suffix"]), WORDS | VALUES)
ITEM = st.dictionaries(
    st.sampled_from(
        str.split(
            """type title DOI PMID PMCID ISBN ISSN URL abstract language container-title publisher issued
            author editor translator relation subtitle published"""
        )
    ),
    WORDS | VALUES | DATE | st.lists(NAME | WORDS, max_size=3),
)


@pytest.mark.soak
@settings(max_examples=size(300, 5000), deadline=None)
@given(ITEM | VALUES)
def test_no_item_breaks_the_mapping(item: Any) -> None:
    documents = [item]
    if isinstance(item, dict):
        documents += [{**item, **MINIMAL}, {**item, "type": "chapter", "title": "T"}]
    for document in documents:
        work = csl.work(document, Setting(authenticated=frozenset({"0000-0002-1825-0097"})))
        if isinstance(work, Work):
            assert list(validate.problems(work, V3_0)) == []
            check(work, V3_0)
            assert_sendable(work)
        else:
            assert isinstance(work, Unusable)


@settings(max_examples=size(100, 2000), deadline=None)
@given(entities_of(Work, V3_0))
def test_our_own_items_come_back(work: Work) -> None:
    """What this registry hands out as CSL JSON names the same work when it is read."""
    work.citation = None
    item = writer.item(work)
    again = csl.work(item, Setting())
    if isinstance(again, Work) and "DOI" in item:
        assert ("doi", item["DOI"], "self") in ids(again) or not item["DOI"].isprintable()
