"""BibTeX written and read: every work comes back with its title and year, and no text is too bad to read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codec.strategies import entities_of
from codec.test_round_trip import QUICK
from laelia.codec import bibtex, bibtex_reader, citing, latex
from laelia.codec.bibtex_reader import Entry, Name, read
from laelia.model.common import ExternalId, PublicationDate
from laelia.model.language import V3_0
from laelia.model.vocabularies import WORK_TYPE
from laelia.model.work import Citation, Contributor, ContributorAttributes, Work, WorkTitle

WORKS = entities_of(Work, V3_0)
PLENTY = 30_000


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


class TestText:
    @pytest.mark.parametrize(
        ("written", "text"),
        [
            (r"On {B}ees \& {\'E}cole M{\"u}ller \ss", "On Bees & École Müller ß"),
            (r"{\v{S}}\'{\i}\o\L ukasz \c{c} \k{a}", "ŠíøŁukasz ç ą"),
            (r"\emph{Apis} \textbf{mellifera} {\it and} H$_2$O", "Apis mellifera and H_2O"),
            (r"$\alpha$-Bees and 100% & more", "α-Bees and 100% & more"),
            ("Bees for $5", "Bees for $5"),
            (r"a~b  c" "\n\td", "a b c d"),
            (r"1--2 --- ``so''", "1–2 — “so”"),
            (r"see \href{http://x.example}{here} and \url{http://y.example/a_b}",
             "see here and http://y.example/a_b"),
            (r"\input{/etc/passwd}\include{x}\today{}left", "left"),
            (r"\title{Kept}\author{nowhere}", "Keptnowhere"),
            (r"\maketitle", ""),
            (r"\unknown{argument} stays", "argument stays"),
            (r"{\LaTeX} and \BibTeX", "LaTeX and BibTeX"),
            (r"\textbf{" * 5000, r"\textbf{" * 5000),
            (r"\'{e}" * 10_000, r"\'{e}" * 10_000),
        ],
        ids=str.split(
            "accents more formats math money space dashes links files kept title unknown logos deep long"
        ),
    )  # fmt: skip
    def test_latex_becomes_text(self, written: str, text: str) -> None:
        assert latex.plain(written) == text

    @QUICK
    @given(st.text(st.characters(exclude_categories=["Cs"])) | st.text(r"\{}$&%#_^~-`'<>,!? a", max_size=60))
    def test_any_text_comes_back(self, text: str) -> None:
        value = latex.escape(text)
        assert latex.plain(value) == latex.one_line(text)
        assert latex.harmless(value)

    @pytest.mark.parametrize(
        ("value", "harmless"),
        [
            (r"{DNA} of \emph{bees}, $\beta$ \& \'{e}", True),
            (r"\textsc{x} \url{http://x}", True),
            (r"\input{x}", False),
            (r"\write18{rm}", False),
            (r"\catcode`\%=12", False),
            (r"\def\x{}", False),
            (r"\csname input\endcsname", False),
            ("^^5cinput", False),
            ("100% gone", False),
            ("a } b { c", False),
            (r"a \{ b", False),
            (r"a \{ b }", False),
            (r"a \{ b \}", True),
            ("a\\", False),
            ("a $ b", False),
            ("a\x07b", False),
        ],
    )
    def test_only_what_can_do_nothing_is_passed_on(self, value: str, harmless: bool) -> None:
        assert latex.harmless(value) is harmless


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


class TestRead:
    def test_a_file_with_everything(self) -> None:
        found = read(
            "A line of no entry\n"
            '@string{jacm = "J. ACM"}\n'
            '@Article{a, Title = {One}, journal = JACM, month = "10~" # mar, year = {in press (2021)}}\n'
            "@article(a, title = {Two}, title = {Ignored}, date = {2020-05-03})\n"
            "@preamble{x}\n"
            "@article{b, title = {never closed\n"
            "@misc{c, title = first # second, year = 1999, month = {12}, day = 24}\n"
        )
        assert [(entry.kind, entry.key, entry.line) for entry in found.entries] == [
            ("article", "a", 3),
            ("article", "a", 4),
            ("misc", "c", 7),
        ]
        assert [entry.text("title") for entry in found.entries] == ["One", "Two", ""]
        assert [entry.date for entry in found.entries] == [(2021, 3), (2020, 5, 3), (1999, 12, 24)]
        assert found.entries[0].text("booktitle", "journal") == "J. ACM"
        assert [refused.line for refused in found.refused] == [6]
        assert "@misc" in found.refused[0].reason

    def test_names_have_four_parts(self) -> None:
        written = (
            "{\\'E}cole, X",
            "Ludwig van Beethoven",
            "{Bees and Sons}",
            "Doe, Jr., Jane",
            "Plato",
            "others",
        )
        assert one(f"@book{{k, author = {{{' and '.join(written)}}}}}").people("author") == [
            Name("École", "X"),
            Name("Beethoven", "Ludwig", von="van"),
            Name("Bees and Sons", group=True),
            Name("Doe", "Jane", suffix="Jr."),
            Name("Plato"),
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "@article{k, title=" + "{" * PLENTY,
            "@article{k, title=" + "{" * PLENTY + "}" * PLENTY + "}",
            "}" * PLENTY,
            "@" * PLENTY,
            "\n@a{" * (PLENTY // 4),
            "@a(" * (PLENTY // 3),
            "@string{a = a # a}\n@article{k, title = a}",
            "@string{a = b}\n@string{b = a}\n@article{k, title = a # b}",
            "".join(f"@string{{a{n + 1} = a{n} # a{n}}}\n" for n in range(64)) + "@article{k, title = a64}",
            "@article{k, title = " + " # ".join(['"x"'] * (PLENTY // 6)) + "}",
            "@article{k, " + "a={x}," * (PLENTY // 6) + "}",
            "@article{k, title={x}}\n" * (PLENTY // 24),
            "@article{k, author={" + " and ".join(["Doe, Jane"] * (PLENTY // 14)) + "}}",
            "@article{k, author={" + "and " * (PLENTY // 4) + "}}",
            "@article{k, title={" + "\\" * PLENTY + "}}",
            "@article{k, title={" + r"\begin{a}" * 2000 + "}}",
            "@article{k, title={" + "$" * 2001 + "}}",
            "@article{k, title={a\0b}}",
            "\ufeff@article{k, title={x}}",
            '@article{k, title="a"b"c"}',
            "@article{k, title={\\char\"110000 \\u \\' \\}}",
            (" " * 1000 + "@") * (PLENTY // 1000),
            "\r\n" * PLENTY,
        ],
        ids=lambda text: text[:24].encode("unicode_escape").decode(),
    )
    def test_no_text_is_too_bad(self, text: str) -> None:
        for entry in read(text).entries:
            entry.text("title")
            entry.people("author")
            assert entry.date == ()
        assert one(bibtex.entry(brought(text, title="Made"))).text("title")

    def test_too_many_marks_are_not_looked_at(self) -> None:
        found = read("@" * (bibtex_reader.MOST + 1))
        assert (found.entries, len(found.refused)) == ([], 1)


def test_every_type_is_known_to_both() -> None:
    assert list(citing.TYPES) == sorted(WORK_TYPE.terms)
    assert {kind for _, kind in citing.TYPES.values()} <= set(bibtex._CONTAINER)
