"""Text ⇄ LaTeX, as it stands in BibTeX fields. Only what means something to TeX is escaped: files are UTF-8,
and BibTeX engines read that.
"""

import re
from functools import cache

from pylatexenc import latex2text  # type: ignore[import-untyped]  # it brings no types
from pylatexenc.latexencode import get_builtin_uni2latex_dict  # type: ignore[import-untyped]

LONGEST = 20_000
"""Characters of one value that are turned into text; pylatexenc takes a second for each 70,000."""

_ESCAPED = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        **{mark: f"\\{mark}" for mark in "$&%#_"},
    }
)
# TeX's ligatures make one character of two.
_LIGATURES = re.compile(r"(?<=-)-|(?<=`)`|(?<=')'|(?<=<)<|(?<=>)>|(?<=,),|(?<=[?!])`")
_MEANS_SOMETHING = re.compile(r"[\\{}$~&%]|--|``|''|<<|>>|[?!]`")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_BARE = re.compile(r"(?<!\\)([%&])")
_DOLLAR = re.compile(r"(?<!\\)\$")
_BRACE = re.compile(r"[{}]")
_UNESCAPED_BRACE = re.compile(r"(?<!\\)[{}]")
_NOT_VERBATIM = re.compile(r"[\\{}\"\s\x00-\x1f\x7f]")
_LINK = re.compile(r"\\href\s*\{[^{}]*\}\s*(?=\{)")
_URL = re.compile(r"\\(?:url|path)\s*\{(.*)\}", re.DOTALL)

_FORMATTING = (
    "emph", "text", "textit", "textbf", "textrm", "textsc", "textsf", "textsl", "texttt", "textup",
    "textsuperscript", "textsubscript", "mathrm", "mathbf", "mathit", "mathcal", "mathbb", "mathsf",
    "mathfrak", "ensuremath", "mbox", "it", "bf", "em", "rm", "sc", "sl", "tt", "url", "href", "aa", "AA",
    "i", "j", "le", "ge", "to", "ldots", "dots", "cos", "sin", "tan", "log", "ln", "exp", "max", "min",
    "sup", "inf", "lim", "frac", "hat", "bar", "vec", "tilde", "prime", "TeX", "LaTeX", "BibTeX",
    "textbraceleft", "textbraceright", "textasciicircum", "textasciitilde", "textbackslash",
)  # fmt: skip


def escape(text: str) -> str:
    """A text as the value of a field, on one line. It holds no brace that is not part of a pair."""
    return _LIGATURES.sub(lambda found: "{}" + found[0], one_line(text).translate(_ESCAPED))


def verbatim(text: str) -> str:
    """An address or a DOI as the value of a field: such are not read as LaTeX, so only what would end the
    value is hidden, the way addresses hide it."""
    return _NOT_VERBATIM.sub(
        lambda found: f"%{ord(found[0]):02X}" if ord(found[0]) < 128 else "", text.strip()
    )


def one_line(text: str) -> str:
    return " ".join(_CONTROL.sub("", text).split())


def plain(value: str) -> str:
    """The text that a value stands for, on one line: accents and symbols as characters, commands left out.

    Never fails: what can't be read, or is longer than `LONGEST`, comes back as it is. A bare % or & is
    itself, as whoever typed it meant, and no comment or column.
    """
    if len(value) > LONGEST or not _MEANS_SOMETHING.search(value):
        return one_line(value)
    try:
        reader = latex2text.LatexNodes2Text(latex_context=_context(), math_mode="text")
        said = _BARE.sub(r"\\\1", _LINK.sub("", value))
        return one_line(reader.latex_to_text(said if _pairs(said) else _DOLLAR.sub(r"\$", said)))
    except Exception:  # of many kinds: pylatexenc's own, RecursionError, IndexError
        return one_line(value)


def address(value: str) -> str:
    """The address in a value that is not read as LaTeX, with or without `\\url` around it."""
    found = _URL.search(value)
    return one_line(found[1] if found else value).replace("\\", "")


def harmless(value: str) -> bool:
    """Whether a foreign value may stand in a file of ours as it is: its braces match, whether a reader counts
    those behind a backslash, as BibTeX does, or not, and it uses letters, symbols and simple formatting only,
    nothing that reads files or redefines."""
    known = _known()
    return (
        _balanced(_BRACE.findall(value))
        and _balanced(_UNESCAPED_BRACE.findall(value))
        and not value.endswith("\\")
        and "^^" not in value
        and _pairs(value)
        and not _BARE.search(value)
        and not _CONTROL.search(value)
        and all(name in known for name in _COMMAND.findall(value))
    )


def _balanced(braces: list[str]) -> bool:
    depth = 0
    for brace in braces:
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _pairs(value: str) -> bool:
    """Whether every formula that begins also ends; a single dollar is money."""
    return len(_DOLLAR.findall(value)) % 2 == 0


@cache
def _known() -> frozenset[str]:
    """The commands that stand for a character, and those that format."""
    made = get_builtin_uni2latex_dict().values()
    return frozenset(name for latex in made for name in _COMMAND.findall(latex)).union(_FORMATTING)


@cache
def _context() -> object:
    """What pylatexenc knows, without commands that keep something for a later text or bring in a file."""
    context = latex2text.get_default_latex_context_db()
    said = {
        "textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^", "url": "%s", "mbox": "%s",
        "TeX": "TeX", "LaTeX": "LaTeX", "BibTeX": "BibTeX",
        **dict.fromkeys(("title", "author", "date"), "%s"),
        **dict.fromkeys(("maketitle", "today", "input", "include", "includegraphics"), ""),
    }  # fmt: skip
    macros = [latex2text.MacroTextSpec(name, simplify_repl=text) for name, text in said.items()]
    context.add_context_category("laelia", prepend=True, macros=macros)
    return context
