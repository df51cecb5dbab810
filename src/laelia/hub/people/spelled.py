"""What is said of someone, found in texts however it is spelled: in other case, or with its characters
escaped as addresses (percent), JSON and XML escape them, which leave ASCII letters and digits alone."""

import re
import unicodedata
from collections.abc import Iterable
from html.entities import codepoint2name

from sqlalchemy import ColumnElement, Text, and_, false, or_, true, type_coerce

from laelia.model.identifiers import normalise_orcid

ERASED = "[erased]"
"""What stands where a word of hers stood."""

# An escape before it ends no word, though its last characters are letters or digits.
_ESCAPED = r"(?<=%[0-9a-f]{2})|(?<=\\[nrt])|(?<=\\u[0-9a-f]{4})"
_QUOTE = r"(?:\\*[\"']|&quot;|&apos;|&#0*3[49];|%22|%27)"


class Words:
    """`anywhere` are words that are meant wherever they stand whole, like addresses and iDs; `alone` those
    that are meant only where nothing else stands, or in quotation marks: “17” is in many texts."""

    def __init__(self, anywhere: Iterable[str], alone: Iterable[str] = ()) -> None:
        long, short = [one for one in anywhere if one], [one for one in alone if one]
        self._runs = [_runs(one) for one in long]
        self._short_runs = [_runs(one) for one in short]
        self._long = [re.compile(_bounded(one), re.IGNORECASE) for one in long]
        self._quoted = [re.compile(f"({_QUOTE}){_pattern(one)}(?={_QUOTE})", re.IGNORECASE) for one in short]
        self._alone = [re.compile(rf"\s*{_pattern(one)}\s*", re.IGNORECASE) for one in short]

    def found(self, text: str) -> bool:
        """Whether one of them stands anywhere in it; those that have to stand alone are not looked for."""
        return any(one.search(text) for one in self._long)

    def is_one(self, text: str) -> bool:
        """Whether it is one of those that stand alone, and nothing else."""
        return any(one.fullmatch(text) for one in self._alone)

    def without(self, text: str) -> str:
        if self.is_one(text):
            return ERASED
        for one in self._long:
            text = one.sub(ERASED, text)
        for one in self._quoted:
            text = one.sub(rf"\g<1>{ERASED}", text)
        return text

    def perhaps(self, column: ColumnElement[str], *, alone: bool = False) -> ColumnElement[bool]:
        """Rows in which one may stand, for the database to choose by; `alone`: also one that stands alone."""
        words = [*self._runs, *(self._short_runs if alone else ())]
        text = type_coerce(column, Text)
        return or_(false(), *(and_(true(), *(text.icontains(run) for run in runs)) for runs in words))

    def __bool__(self) -> bool:
        return bool(self._long or self._alone)


def _runs(word: str) -> list[str]:
    """What stands in the word however it is spelled. All of it: one part alone, like the 0000 of an iD, would
    choose nearly every row. Composed, since an accent that stands apart leaves its letter behind."""
    return list(dict.fromkeys(re.findall("[0-9A-Za-z]+", unicodedata.normalize("NFC", word))))


def _bounded(word: str) -> str:
    """The whole word: ann@x.org does not stand in joann@x.org, nor in ann@x.org.uk."""
    if normalise_orcid(word) == word:
        parts = "-?".join(map(re.escape, word.split("-")))
        return rf"(?:{_ESCAPED}|(?<![\w-])){parts}(?![\w-])"
    return rf"(?:{_ESCAPED}|(?<![\w.+-])){_pattern(word)}(?![\w-]|\.\w)"


def _pattern(word: str) -> str:
    """Composed or not: é is one character, or two."""
    forms = dict.fromkeys(unicodedata.normalize(form, word) for form in ("NFC", "NFD"))
    return "(?:" + "|".join("".join(map(_char, one)) for one in forms) + ")"


def _char(char: str) -> str:
    if char.isascii() and char.isalnum():
        return char
    if char.isspace():
        return r"(?:\s|\+|%20|%C2%A0|&nbsp;|&#0*160;|\\+u00a0)+"
    ways = [re.escape(char)]
    for one in dict.fromkeys((char, char.lower(), char.upper())):
        ways.append("".join(f"%{byte:02x}" for byte in one.encode()))
        units = one.encode("utf-16-be")
        ways.append("".join(rf"\\+u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2)))
        for code in map(ord, one):
            ways += [f"&#0*{code};", f"&#x0*{code:x};"] if len(one) == 1 else []
            ways += [f"&{codepoint2name[code]};"] if code in codepoint2name and len(one) == 1 else []
    return "(?:" + "|".join(ways) + ")"
