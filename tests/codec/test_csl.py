"""CSL JSON of a work: valid for every work, with all its authors, and what its citation says before all."""

from typing import Any

import jsonschema_rs
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codec.strategies import entities_of
from codec.test_round_trip import QUICK
from laelia.codec.citation import citing, csl
from laelia.model.common import ExternalId, PublicationDate
from laelia.model.language import V3_0
from laelia.model.person import Name
from laelia.model.work import Citation, Contributor, ContributorAttributes, Work, WorkTitle

TYPES = """
    article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection
    dataset document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview
    legal_case legislation manuscript map motion_picture musical_score pamphlet paper-conference patent
    performance periodical personal_communication post post-weblog regulation report review review-book
    software song speech standard thesis treaty webpage
"""
NAME = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": {"type": "string", "minLength": 1},
    "propertyNames": {"enum": ["family", "given", "non-dropping-particle", "suffix", "literal"]},
    "anyOf": [{"required": ["family"]}, {"required": ["literal"]}],
}
NAMES = {"type": "array", "minItems": 1, "items": NAME}
PART = {"type": "integer", "minimum": 0, "maximum": 2100}
TEXTS = """
    id title container-title collection-title publisher publisher-place volume edition issue number page
    chapter-number abstract note language DOI ISBN ISSN PMID PMCID URL
"""
ITEM = {
    "type": "object",
    "required": ["id", "type"],
    "properties": {
        "type": {"enum": TYPES.split()},
        **{name: {"type": "string", "minLength": 1} for name in TEXTS.split()},
        **dict.fromkeys(("author", "editor", "translator"), NAMES),
        "issued": {
            "type": "object",
            "required": ["date-parts"],
            "properties": {
                "date-parts": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": 1,
                    "items": {"type": "array", "minItems": 1, "maxItems": 3, "items": PART},
                }
            },
        },
    },
    "additionalProperties": False,
}
"""An item as CSL 1.0.2 describes it, of the variables that are used here."""
VALID = jsonschema_rs.validator_for(ITEM)


def made(**values: Any) -> dict[str, Any]:
    given = {"title": WorkTitle(title="On bees"), "type": "journal-article", "put_code": 17, **values}
    owner = given.pop("owner", "")
    item: dict[str, Any] = orjson.loads(csl.encode(Work(**given), owner))
    VALID.validate(item)
    return item


def ids(*told: str) -> list[ExternalId]:
    parts = [[*one.split("|"), "self"][:3] for one in told]
    return [ExternalId(type=kind, value=value, relationship=how) for kind, value, how in parts]


def cited(bibtex: str, **values: Any) -> dict[str, Any]:
    return made(citation=Citation(type="bibtex", value=bibtex), **values)


@QUICK
@given(entities_of(Work, V3_0), st.text(max_size=20))
def test_any_work_is_a_valid_item(work: Work, owner: str) -> None:
    item = orjson.loads(csl.encode(work, " ".join(owner.split())))
    VALID.validate(item)


@QUICK
@given(entities_of(Work, V3_0), st.text(alphabet='@{}=,"#\\ \n%ab1$~', max_size=60))
def test_any_citation_makes_a_valid_item(work: Work, text: str) -> None:
    for kind, value in (("article", text), ("misc", "x"), ("book", f"{{{text}}}")):
        names = "author={" + text + " and x, y}, year={" + text + "2020}"
        work.citation = Citation(type="bibtex", value=f"@{kind}{{k, title={{{value}}}, {names}}}")
        VALID.validate(orjson.loads(csl.encode(work)))


ORCIDS = {
    "book": "book", "book-chapter": "chapter", "book-review": "review-book",
    "conference-abstract": "paper-conference", "conference-paper": "paper-conference",
    "conference-poster": "paper-conference", "data-set": "dataset", "dictionary-entry": "entry-dictionary",
    "dissertation-thesis": "thesis", "encyclopedia-entry": "entry-encyclopedia",
    "journal-article": "article-journal", "magazine-article": "article-magazine",
    "newsletter-article": "article-newspaper", "newspaper-article": "article-newspaper",
    "online-resource": "webpage", "website": "webpage", "report": "report", "working-paper": "article",
}  # fmt: skip
OURS = {
    "preprint": "article",
    "software": "software",
    "other": "document",
    "conference-presentation": "speech",
}


@pytest.mark.parametrize(("kind", "csl_type"), [*ORCIDS.items(), *OURS.items()])
def test_types(kind: str, csl_type: str) -> None:
    """The first are ORCID's (orcid-api §1.9)."""
    assert made(type=kind)["type"] == csl_type


def test_a_work_in_full() -> None:
    assert made(
        title=WorkTitle(title="On  bees", subtitle="A view"),
        journal_title="Insects",
        publication_date=PublicationDate(year="2020", month="05"),
        external_ids=ids("doi|https://doi.org/10.5555/ABC", "issn|1388-6150|part-of", "pmid|PMID: 21054200"),
        contributors=[
            Contributor(credit_name="Hopper, Grace"),
            Contributor(credit_name="Noether, Emmy", attributes=ContributorAttributes(role="editor")),
            Contributor(credit_name="Karen Spärck Jones", attributes=ContributorAttributes(role="author")),
            Contributor(credit_name="Hopper, Grace", attributes=ContributorAttributes(role="author")),
        ],
        language_code="zh_CN",
    ) == {
        "id": "Hopper2020-17",
        "type": "article-journal",
        "title": "On bees: A view",
        "author": [{"family": "Hopper", "given": "Grace"}, {"literal": "Karen Spärck Jones"}],
        "editor": [{"family": "Noether", "given": "Emmy"}],
        "container-title": "Insects",
        "issued": {"date-parts": [[2020, 5]]},
        "DOI": "10.5555/abc",
        "ISSN": "1388-6150",
        "PMID": "21054200",
        "URL": "https://doi.org/10.5555/abc",
        "language": "zh-CN",
    }


@pytest.mark.parametrize(
    ("told", "work_url", "url"),
    [
        (("doi|10.5555/a", "uri|https://x.example/1"), None, "https://x.example/1"),
        (("handle|123/4", "doi|10.5555/a"), "https://y.example", "https://doi.org/10.5555/a"),
        (("handle|123/4",), "https://y.example", "http://hdl.handle.net/123/4"),
        (("isbn|9783642229404",), "https://y.example", "https://y.example"),
        (("doi|10.5555/a|part-of",), None, None),
        (("uri|javascript:alert(1)",), "javascript:alert(2)", None),
    ],
)
def test_where_it_is_found(told: tuple[str, ...], work_url: str | None, url: str | None) -> None:
    assert made(external_ids=ids(*told), url=work_url).get("URL") == url


@pytest.mark.parametrize(
    ("kind", "variable"),
    [("journal-article", "container-title"), ("book-chapter", "container-title"), ("book", "publisher"),
     ("dissertation-thesis", "publisher"), ("report", "publisher"), ("data-set", "container-title")],
)  # fmt: skip
def test_what_stands_in_nothing_larger_has_a_publisher(kind: str, variable: str) -> None:
    assert made(type=kind, journal_title="Bee House")[variable] == "Bee House"


def test_all_authors_are_named_however_many() -> None:
    many = [Contributor(credit_name=f"Author, N{n}") for n in range(300)]
    assert len(made(contributors=many)["author"]) == 300
    names = " and ".join(one.credit_name or "" for one in many)
    assert len(cited(f"@article{{k, title={{x}}, author={{{names}}}}}")["author"]) == 300


@pytest.mark.parametrize(
    ("name", "author"),
    [
        (None, None),
        (Name(given_names="Ada", family_name="Lovelace"), {"family": "Lovelace", "given": "Ada"}),
        (Name(given_names="Ada", credit_name="Countess Ada"), {"literal": "Countess Ada"}),
        (Name(given_names="Plato"), {"literal": "Plato"}),
    ],
)
def test_a_work_that_names_nobody_is_its_owners(name: Name | None, author: dict[str, str] | None) -> None:
    assert made(owner=citing.cited_name(name)).get("author") == ([author] if author else None)
    named = made(owner=citing.cited_name(name), contributors=[Contributor(credit_name="X, Y")])
    assert named["author"] == [{"family": "X", "given": "Y"}]


class TestCitation:
    """What a BibTeX citation says comes before what is known otherwise, which fills the gaps."""

    def test_in_full(self) -> None:
        item = cited(
            r"""@InProceedings{ hop:20,
              title = {{DNA} of \emph{Bees} \& M{\"u}cken}, booktitle = {Proc. Bees}, series = {LNB},
              author = {Hopper, Grace and Ludwig van der Berg and {Bees and Sons} and others},
              editor = {Noether, Jr., Emmy}, year = 2019, pages = {1--3}, volume = 4, number = {2},
              publisher = {Hive}, address = {Bern}, doi = {https://doi.org/10.5555/X}, note = "so",
            }""",
            external_ids=ids("doi|10.5555/other", "uri|https://x.example/1"),
            publication_date=PublicationDate(year="2018", month="05"),
            journal_title="Known otherwise",
        )
        assert item == {
            "id": "hop:20",
            "type": "paper-conference",
            "title": "DNA of Bees & Mücken",
            "container-title": "Proc. Bees",
            "collection-title": "LNB",
            "author": [
                {"family": "Hopper", "given": "Grace"},
                {"family": "Berg", "given": "Ludwig", "non-dropping-particle": "van der"},
                {"literal": "Bees and Sons"},
            ],
            "editor": [{"family": "Noether", "given": "Emmy", "suffix": "Jr."}],
            "issued": {"date-parts": [[2019]]},
            "page": "1-3",
            "volume": "4",
            "number": "2",
            "publisher": "Hive",
            "publisher-place": "Bern",
            "DOI": "10.5555/x",
            "URL": "https://x.example/1",
            "note": "so",
        }

    def test_the_same_date_is_taken_where_it_is_finer(self) -> None:
        known = PublicationDate(year="2019", month="05", day="17")
        assert cited("@book{k, title={x}, year=2019}", publication_date=known)["issued"] == {
            "date-parts": [[2019, 5, 17]]
        }
        assert cited("@book{k, title={x}, year=2018}", publication_date=known)["issued"] == {
            "date-parts": [[2018]]
        }

    def test_a_type_that_says_nothing_leaves_the_works_own(self) -> None:
        assert cited("@misc{k, title={x}, number=1}", type="software")["type"] == "software"
        assert cited("@article{k, title={x}, number=1}", type="software")["issue"] == "1"

    @pytest.mark.parametrize(
        "text", ["Not BibTeX at all", "@article{k, title={open", "@article{k, year=2020}"]
    )
    def test_what_can_not_be_read_is_left(self, text: str) -> None:
        assert cited(text) == made()
