"""BibTeX becomes the works it should be; no text, however odd, breaks the mapping or takes long."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import size
from connectors.test_csl import ids
from connectors.test_datacite import written
from laelia.codec import json as codec
from laelia.codec import validate
from laelia.connectors import bibtex
from laelia.connectors.bibtex_types import TYPES, work_type
from laelia.connectors.item import Setting, Unusable
from laelia.model.language import V3_0
from laelia.model.rules import check_own
from laelia.model.vocabularies import WORK_TYPE
from laelia.model.work import Work

BIBTEX = str.split(
    """article book booklet conference inbook incollection inproceedings manual mastersthesis misc phdthesis
    proceedings techreport unpublished"""
)


def one(text: str) -> Work:
    (found,) = bibtex.references(text, Setting())
    assert isinstance(found.made, Work), found
    assert_addable(found.made)
    return found.made


def assert_addable(work: Work) -> None:
    assert list(validate.problems(work, V3_0)) == []
    check_own(work)
    assert codec.decode(Work, codec.encode(work, V3_0), V3_0) == work


def test_every_type_has_a_work_type() -> None:
    assert set(BIBTEX) <= set(TYPES)
    assert set(TYPES.values()) <= set(WORK_TYPE.terms)
    assert work_type("no-such-type") == "other"


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ("@article{a, title={T}}", "journal-article"),
        ("@book{a, title={T}, editor={Ed Itor}}", "edited-book"),
        ("@book{a, title={T}, editor={Ed Itor}, author={A B}}", "book"),
        ("@misc{a, title={T}, eprint={2101.00001}, archiveprefix={arXiv}}", "preprint"),
        ("@misc{a, title={T}, type={Poster}}", "conference-poster"),
        ("@techreport{a, title={T}, type={Working paper}}", "working-paper"),
        ("@techreport{a, title={T}, type={Dataset}}", "report"),
        ("@article{a, title={T}, entrysubtype={newspaper}}", "newspaper-article"),
        ("@Dataset{a, title={T}}", "data-set"),
        ("@quilt{a, title={T}}", "other"),
    ],
)
def test_types(entry: str, kind: str) -> None:
    assert one(entry).type == kind


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ("year={2020}, month=mar", "2020-03"),
        ("year=2020, month={March}, day={4}", "2020-03-04"),
        ("year={2020}, month={3}", "2020-03"),
        ("year={in press, 2020}", "2020"),
        ("date={2020-03-04}", "2020-03-04"),
        ("year={2020}, month=feb, day={30}", "2020-02"),
        ("year={1789}", None),
        ("year={soon}", None),
    ],
)
def test_dates(fields: str, date: str | None) -> None:
    assert written(one(f"@article{{a, title={{T}}, {fields}}}")) == date


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ("doi={https://doi.org/10.5555/A}", [("doi", "10.5555/a", "self")]),
        ("url={https://doi.org/10.5555/a}", [("doi", "10.5555/a", "self")]),
        (r"url={\url{https://example.org/a_b}}", [("uri", "https://example.org/a_b", "self")]),
        ("doi={10.5555/a}, url={https://example.org/}", [("doi", "10.5555/a", "self")]),
        ("eprint={2101.00001}, archiveprefix={arXiv}", [("arxiv", "arXiv:2101.00001", "self")]),
        ("eprint={2101.00001}, primaryclass={cs.DL}", [("arxiv", "arXiv:2101.00001", "self")]),
        ("eprint={22368089}, eprinttype={pubmed}", [("pmid", "22368089", "self")]),
        ("eprint={2101.00001}", []),
        ("pmid={1234}, pmcid={PMC3531190}", [("pmid", "1234", "self"), ("pmc", "PMC3531190", "self")]),
        ("issn={1234-5679}", [("issn", "1234-5679", "part-of")]),
        ("url={https://arxiv.org/pdf/2101.00001.pdf}", [("arxiv", "arXiv:2101.00001", "self")]),
        ("url={https://hdl.handle.net/1234/56}", [("handle", "1234/56", "self")]),
        ("doi={none}, url={not a link}", []),
    ],
)  # fmt: skip
def test_identifiers(fields: str, found: list[tuple[str, str, str]]) -> None:
    assert ids(one(f"@article{{a, title={{T}}, {fields}}}")) == found


def test_an_isbn_is_that_of_the_book() -> None:
    assert ids(one("@book{a, title={T}, isbn={978-3-16-148410-0}}")) == [("isbn", "9783161484100", "self")]
    assert ids(one("@incollection{a, title={T}, isbn={978-3-16-148410-0}}")) == [
        ("isbn", "9783161484100", "part-of")
    ]


def test_names_languages_and_places() -> None:
    work = one(
        r"@inproceedings{a, title={{\"U}ber $\alpha$-{B}ienen}, booktitle={Proc.\ of Bees}, langid={ngerman},"
        r"author={van Beethoven, Ludwig and {The Bee Group} and Jos{\'e} Garc{\'i}a and others},"
        r"editor={E D}}"
    )
    assert work.title is not None
    assert work.title.title == "Über α-Bienen"
    assert work.journal_title == "Proc. of Bees"
    assert work.language_code == "de"
    names = [name.credit_name for name in work.contributors]
    assert names == ["Ludwig van Beethoven", "The Bee Group", "José García"]


def test_crossref_and_strings() -> None:
    proceedings, paper, cited = (
        found.made
        for found in bibtex.references(
            "@string{bp = {Bee Press}}\n"
            "@proceedings{p, title={Proc.}, year=2021, publisher=bp, isbn={9783161484100}, doi={10.5555/p}}\n"
            "@inproceedings{a, title={T}, crossref={P}, month=may}\n"
            "@book{b, title={B}, publisher=bp, crossref={b}}",
            Setting(),
        )
    )
    assert isinstance(proceedings, Work)
    assert isinstance(paper, Work)
    assert isinstance(cited, Work)
    assert (paper.journal_title, written(paper)) == ("Proc.", "2021-05")
    assert ids(paper) == [("isbn", "9783161484100", "part-of")]
    assert cited.journal_title == "Bee Press"
    assert cited.citation is not None
    assert "publisher = {Bee Press}" in (cited.citation.value or "")


def test_a_bad_entry_costs_no_other() -> None:
    found = bibtex.references(
        "@a{1, title={x}}\n@b{2, title={open\n@c{3, title={y}}\n@d{4}\nprose @ here", Setting()
    )
    assert [(one.line, getattr(one.made, "reason", "work")) for one in found] == [
        (1, "work"), (2, "unreadable"), (3, "work"), (4, "no-title"),
    ]  # fmt: skip


def test_what_takes_long_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bibtex, "MOST_LATEX", 100)
    monkeypatch.setattr(bibtex, "MOST_LATEX_OF_ABSTRACTS", 60)
    entry = "@misc{a, title={T}, note={{%s}}, abstract={{B}ees 5\\%% %s}}\n"
    found = bibtex.references(entry % ("n" * 40, "x" * 40) * 3, Setting())
    made = [one.made for one in found]
    assert isinstance(made[0], Work)
    assert made[0].short_description == f"Bees 5% {'x' * 40}"
    assert isinstance(made[1], Work)
    assert made[1].short_description is None
    assert made[2] == Unusable("too-much")
    (many,) = bibtex.references("@" * (bibtex.MOST + 1), Setting())
    assert many.made == Unusable("too-much")


FIELD = st.sampled_from(
    str.split(
        """title author editor year month date doi isbn issn url eprint archiveprefix pmid pmcid abstract
        language journal booktitle publisher crossref type howpublished subtitle note"""
    )
)
VALUE = st.text(max_size=20) | st.text(r"\{}$&%#_^~-`'<>,!?@= aé1", max_size=30) | st.sampled_from(
    ["10.5555/x", "2020", "9783161484100", "https://example.org/", "http://[", "k", "\x00", "A B and C, D"]
)  # fmt: skip
ENTRY = st.builds(
    lambda kind, fields: f"@{kind}{{k, " + ", ".join(f"{n} = {{{v}}}" for n, v in fields) + "}\n",
    st.sampled_from([*TYPES, "quilt"]),
    st.lists(st.tuples(FIELD, VALUE), max_size=6),
)


@pytest.mark.soak
@settings(max_examples=size(300, 5000), deadline=None)
@given(st.lists(ENTRY | VALUE, max_size=4))
def test_no_text_breaks_the_mapping(parts: list[str]) -> None:
    text = "".join(parts)
    try:
        text.encode()
    except UnicodeEncodeError:
        return  # no file and no form can hold it
    for found in bibtex.references(text, Setting()):
        if isinstance(found.made, Work):
            assert_addable(found.made)
