"""BibTeX written: every work comes back with its title and year, and its own citation before all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codec.strategies import entities_of
from codec.test_round_trip import QUICK
from laelia.codec.citation import bibtex, citing, latex
from laelia.codec.citation.bibtex_reader import Entry, read
from laelia.model.common import ExternalId, PublicationDate
from laelia.model.language import V3_0
from laelia.model.vocabularies import WORK_TYPE
from laelia.model.work import Citation, Contributor, ContributorAttributes, Work, WorkTitle

WORKS = entities_of(Work, V3_0)


def work(title: str = "On bees", put_code: int = 17, **values: object) -> Work:
    return Work(title=WorkTitle(title=title), type="journal-article", put_code=put_code, **values)  # type: ignore[arg-type]


def brought(text: str, **values: object) -> Work:
    """A work with a BibTeX citation."""
    return work(citation=Citation(type="bibtex", value=text), **values)


def one(text: str) -> Entry:
    found = read(text)
    assert not found.refused
    (entry,) = found.entries
    return entry


class TestWritten:
    @QUICK
    @given(WORKS)
    def test_any_work_comes_back(self, made: Work) -> None:
        made.citation = None
        entry = one(bibtex.entry(made, "Lovelace, Ada"))
        assert entry.text("title") == latex.one_line(citing.title(made))
        assert entry.date == citing.date(made)[:2]
        assert entry.kind == citing.TYPES[made.type or ""][1]

    @QUICK
    @given(st.lists(WORKS, max_size=4), st.sampled_from(["", "Lovelace, Ada", "{", "and"]))
    def test_any_works_make_one_file(self, works: list[Work], owner: str) -> None:
        found = read(bibtex.bibliography(works, owner))
        assert not found.refused
        assert len(found.entries) == len(works) == len({entry.key.lower() for entry in found.entries})

    @QUICK
    @given(st.text(alphabet='@{}=,"#\\ \n%ab1', max_size=80))
    def test_any_citation_makes_an_entry(self, text: str) -> None:
        for citation in (
            text,
            f"@article{{k, title={{x}}, note={{{text}}}}}",
            f"@article{{k, title={text}}}",
        ):
            assert one(bibtex.entry(brought(citation))).text("title")

    def test_a_work_in_full(self) -> None:
        made = Work(
            put_code=4,
            title=WorkTitle(title="On bees & 100% wasps", subtitle="A {new} view"),
            type="book-chapter",
            journal_title="Insects",
            publication_date=PublicationDate(year="2020", month="05", day="17"),
            external_ids=[
                ExternalId(type="doi", value="https://doi.org/10.5555/A_b", relationship="self"),
                ExternalId(type="isbn", value="978-3-642-22940-4", relationship="part-of"),
            ],
            contributors=[
                Contributor(credit_name="Hopper, Grace"),
                Contributor(credit_name="Bees and Sons"),
                Contributor(credit_name="Karen Spärck Jones"),
                Contributor(
                    credit_name="Noether, Emmy", attributes=ContributorAttributes(role="editor")
                ),
            ],
        )  # fmt: skip
        assert bibtex.entry(made) == (
            "@incollection{Hopper2020-4,\n"
            "  author = {Hopper, Grace and {Bees and Sons} and Karen Spärck Jones},\n"
            "  editor = {Noether, Emmy},\n"
            "  title = {On bees \\& 100\\% wasps: A {\\textbraceleft}new{\\textbraceright} view},\n"
            "  booktitle = {Insects},\n"
            "  year = {2020},\n"
            "  month = may,\n"
            "  isbn = {9783642229404},\n"
            "  doi = {10.5555/a_b},\n"
            "  url = {https://doi.org/10.5555/a_b}\n"
            "}\n"
        )

    @pytest.mark.parametrize(
        ("names", "author"),
        [
            (["Ada Lovelace"], "Ada Lovelace"),
            (["Lovelace, Ada"], "Lovelace, Ada"),
            (["Smith and Jones"], "{Smith and Jones}"),
            (["A, B, C"], "{A, B, C}"),
            (["others"], "{others}"),
            (["O'Brien, {X}", "%"], "O'Brien, {\\textbraceleft}X{\\textbraceright} and \\%"),
            ([], "Lovelace, Ada"),
        ],
    )
    def test_names(self, names: list[str], author: str) -> None:
        made = work(contributors=[Contributor(credit_name=name) for name in names])
        assert one(bibtex.entry(made, "Lovelace, Ada")).fields["author"] == author


class TestBrought:
    """The citation a work brought along is its entry."""

    OWN = (
        '@Article{bee:20, title = {The {DNA} of \\emph{Apis}}, year = 2019, month = jun, journal = "J. Bees"}'
    )

    def test_it_stays_as_it_was(self) -> None:
        assert bibtex.entry(brought(self.OWN)) == (
            "@article{bee:20,\n  title = {The {DNA} of \\emph{Apis}},\n  year = {2019},\n  month = jun,\n"
            "  journal = {J. Bees}\n}\n"
        )

    def test_a_key_that_is_taken_gives_way(self) -> None:
        works = [brought(self.OWN, put_code=1), brought(self.OWN.replace("bee:20", "BEE:20"), put_code=2)]
        keys = [entry.key for entry in read(bibtex.bibliography(works, "Lovelace, Ada")).entries]
        assert keys == ["bee:20", "Lovelace-2"]

    @pytest.mark.parametrize("key", ["", "a b", "a%b", "a\\b", "é", "#"])
    def test_a_key_that_is_none_gives_way(self, key: str) -> None:
        made = brought(f"@book{{{key}, title={{x}}}}")
        assert one(bibtex.entry(made, "Lovelace, Ada")).key == "Lovelace-17"

    @pytest.mark.parametrize(
        ("field", "kept"),
        [
            (r"note = {\input{/etc/passwd}}", None),
            (r"note = {see \input{x} \emph{there}}", "see there"),
            (r"note = {a \{ b}", r"a {\textbraceleft} b"),
            (r"note = {50% of $5}", r"50\% of \$5"),
            ("note = {a\nb @book{x, title={y}}}", "a b @book{x, title={y}}"),
            (r"url = {\url{http://x.example/a_b%20}}", "http://x.example/a_b%20"),
            ("crossref = {other}", None),
            ("no te = {x}", None),
            ("note = undefined", None),
            ('month = "10~" # jan', "jan"),
        ],
    )
    def test_what_could_do_harm_is_told_as_text(self, field: str, kept: str | None) -> None:
        name = field.partition(" ")[0]
        assert one(bibtex.entry(brought(f"@book{{k, title={{x}}, {field}}}"))).fields.get(name) == kept

    @pytest.mark.parametrize(
        "citation",
        [
            "Lovelace A. On bees. J Bees 2020;1:1-2.",
            "",
            "@article{k, title={never closed",
            "@article{k, year={2020}}",
            "@string{a = {b}}",
            "@comment{x}",
            "@article{k, title={a\n@article{l, title={x}}}}",
            "@article{k, title={x}, note={" + "x" * bibtex.LONGEST + "}}",
        ],
        ids=["text", "empty", "open", "no title", "string", "comment", "nested", "too long"],
    )
    def test_what_is_none_is_made(self, citation: str) -> None:
        entry = one(bibtex.entry(brought(citation), "Lovelace, Ada"))
        assert (entry.key, entry.text("title")) == ("Lovelace-17", "On bees")

    def test_no_file_is_kept_busy_by_its_citations(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bibtex, "ALL_TOGETHER", 2 * len(self.OWN))
        works = [brought(self.OWN.replace("20", str(n)), put_code=n) for n in range(3)]
        keys = [entry.key for entry in read(bibtex.bibliography(works)).entries]
        assert keys == ["bee:0", "bee:1", "work-2"]

    def test_only_a_citation_that_says_it_is_bibtex_is_read(self) -> None:
        made = work(citation=Citation(type="formatted-apa", value=self.OWN))
        assert one(bibtex.entry(made)).text("title") == "On bees"


def test_every_type_is_known_to_both() -> None:
    assert list(citing.TYPES) == sorted(WORK_TYPE.terms)
    assert {kind for _, kind in citing.TYPES.values()} <= set(bibtex._CONTAINER)
