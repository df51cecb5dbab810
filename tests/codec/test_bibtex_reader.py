"""LaTeX and BibTeX read: no text is too bad, and what is read is what was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codec.test_round_trip import QUICK
from laelia.codec.citation import bibtex, bibtex_reader, latex
from laelia.codec.citation.bibtex_reader import Entry, Name, read
from laelia.model.work import Citation, Work, WorkTitle

PLENTY = 30_000


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
        made = Work(title=WorkTitle(title="Made"), citation=Citation(type="bibtex", value=text))
        assert one(bibtex.entry(made)).text("title")

    def test_too_many_marks_are_not_looked_at(self) -> None:
        found = read("@" * (bibtex_reader.MOST + 1))
        assert (found.entries, len(found.refused)) == ([], 1)
