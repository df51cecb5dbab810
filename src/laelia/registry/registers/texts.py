"""Names that others gave, as they are kept and as they are found."""

import re
import unicodedata

_JOINERS = "\u200c\u200d"  # some scripts can't spell a word without them
# Marks that a letter falls apart into, and the letters that don't fall apart by themselves.
_MARKS = [code for code in range(0x300, 0xFFFF) if unicodedata.combining(chr(code))]
_STROKES = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
_PLAIN = dict.fromkeys(_MARKS) | str.maketrans(_STROKES)
_words = re.compile(r"[^\W_]+").findall
WORD = 60
"""As much of a word as counts: an index has no room for endless ones."""


def visible(text: str) -> str:
    """The text without control and format characters, which nobody sees."""
    return "".join(c for c in text if c in _JOINERS or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


def one_line(text: str) -> str:
    """The text on one line, with single spaces and nothing that nobody sees."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(visible(" ".join(text.split())).split())


def words(text: str) -> list[str]:
    """The words by which a name is found: without case, accents and strokes."""
    if text.isascii():
        plain = text.lower()
    else:
        apart = unicodedata.normalize("NFKD", text).casefold()
        plain = apart.translate(_PLAIN)
    return [word[:WORD] for word in _words(plain)]
