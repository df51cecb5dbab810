"""How much one query may ask for, so that none holds a worker for long."""

import math
from dataclasses import dataclass

from laelia.registry.search.asking.wrong import Unasked

LENGTH = 10_000
"""Characters of a query."""
DEPTH = 30
"""Parentheses within each other."""
CLAUSES = 500
"""Words, phrases and ranges, over all fields in which each is looked for."""
PATTERNS = 10
"""Words with * or ?, similar words (~) and expressions: each looks through many words of the index."""
LEADING = 2
"""Words that begin with * or ?: they look through all."""
LETTERS = 3
"""Plain letters that such a word has at least."""
FIELDS = 50
"""Fields in which each word of a query is looked for (qf, pf)."""
NUMBER = 1_000_000
"""The largest after ~ and ^."""


@dataclass
class Spent:
    """What a query has asked for so far."""

    clauses: int = 0
    patterns: int = 0
    leading: int = 0

    def clause(self, words: int = 1) -> None:
        self.clauses += words
        if self.clauses > CLAUSES:
            raise Unasked(f"A query may look for at most {CLAUSES} words and phrases.")

    def pattern(self, place: int | None) -> None:
        self.patterns += 1
        if self.patterns > PATTERNS:
            raise Unasked(f"At most {PATTERNS} words may hold * or ?, or ask for similar ones.", place)

    def open(self, letters: int, place: int | None) -> None:
        """A pattern without a beginning."""
        self.leading += 1
        if self.leading > LEADING:
            raise Unasked(f"At most {LEADING} words may begin with * or ?.", place)
        if letters < LETTERS:
            raise Unasked(f"A word that begins with * or ? needs {LETTERS} letters.", place)


def number(text: object, name: str, place: int | None = None, most: int = NUMBER) -> float:
    """What a number says that may be from 0 to `most`; `name` is what it stands for."""
    try:
        found = float(str(text))
    except ValueError:
        found = math.nan
    if not 0 <= found <= most:
        raise Unasked(f"{name} is a number from 0 to {most:,}.", place)
    return found


def check(text: str) -> None:
    """Refuse what is too long or too deep before anything reads it."""
    if len(text) > LENGTH:
        raise Unasked(f"A query may have {LENGTH:,} characters.")
    depth = 0
    for place, letter in enumerate(text, 1):
        depth += (letter == "(") - (letter == ")")
        if depth > DEPTH:
            raise Unasked(f"Parentheses may stand {DEPTH} deep.", place)
