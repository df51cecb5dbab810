"""Single clauses: a word, a phrase, a pattern, a range in one field."""

import re
from collections.abc import Callable

from tantivy import FieldType, Query, Schema

from laelia.registry.registers.texts import words
from laelia.registry.search.asking import dates
from laelia.registry.search.asking.bounds import Spent
from laelia.registry.search.asking.wrong import Unasked
from laelia.registry.search.fields import CATCH_ALL, EXACT, HAS, Field

ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_PIECES = re.compile(r"\\.|[*?]|[^\\*?]+", re.DOTALL)
_BEGUN = re.compile(r"\w\w(?![?*{])")
_WILD, _ANY = ".", ".*"
SIMILAR = 2
"""Letters in which a similar word may differ at most."""
LEAST = 3
"""Letters of a word for which similar ones are looked for: every short word is similar to every other."""


class Clauses:
    """Makes clauses of one query and counts them."""

    def __init__(self, schema: Schema, now: int) -> None:
        self.schema = schema
        self.now = now
        self.spent = Spent()

    def word(self, at: Field, text: str, place: int | None = None) -> Query | None:
        """None where nothing of the text counts as a word: nothing is asked for then."""
        if at.kind == "date":
            return self.dates(at, text, text, place=place)
        if any(one.group() in ("*", "?") for one in _PIECES.finditer(text)):
            return self.pattern(at, text, place)
        return self.phrase(at, ESCAPED.sub(r"\1", text), place=place)

    def phrase(self, at: Field, text: str, slop: int = 0, place: int | None = None) -> Query | None:
        """The words one after the other, with as many others between them as `slop` says."""
        if at.kind == "date":
            return self.dates(at, text, text, place=place)
        terms = at.terms(text)
        if not terms:
            return None
        self.spent.clause(len(terms))
        if len(terms) == 1:
            return Query.term_query(self.schema, at.place, terms[0])
        return Query.phrase_query(self.schema, at.place, list(terms), slop)

    def has(self, at: Field) -> Query:
        """Whoever has anything in this field; in that of everything, everybody."""
        self.spent.clause()
        if at.name == CATCH_ALL:
            return Query.all_query()
        return Query.term_query(self.schema, HAS, at.name)

    def pattern(self, at: Field, text: str, place: int | None = None) -> Query | None:
        """A word with `*` for any letters and `?` for one."""
        pieces = _PIECES.findall(text)
        if set(pieces) == {"*"}:
            return self.has(at)
        if at.kind == "exact":
            self.spent.clause()
            return self._regex(
                at, self._judged("".join(_literal(one, str.casefold) for one in pieces), place)
            )
        parts = "".join(_literal(piece, _one_word) for piece in pieces).split()
        # `garcia-*` is told apart where signs are: of a star alone at an end nothing is asked.
        for end in (0, -1):
            while parts and parts[end] == _ANY:
                parts.pop(end)
        if not any(_WILD in part for part in parts):
            return self.phrase(at, " ".join(parts), place=place)
        self.spent.clause(len(parts))
        judged = [self._judged(part, place) if _WILD in part else part for part in parts]
        if len(judged) > 1:
            prefix = re.escape(at.prefix)
            return Query.regex_phrase_query(self.schema, at.place, [prefix + part for part in judged])
        return self._regex(at, judged[0])

    def _judged(self, expression: str, place: int | None) -> str:
        """Counted by what is looked for, whatever signs it was written with."""
        self.spent.pattern(place)
        if expression.startswith(_WILD):
            self.spent.open(sum(letter.isalnum() for letter in expression), place)
        return expression

    def expression(self, at: Field, text: str, place: int | None = None) -> Query:
        """A regular expression for a whole word, without the slashes."""
        self.spent.clause()
        if not _BEGUN.match(text):
            raise Unasked("An expression has to begin with two plain letters.", place)
        if "|" in ESCAPED.sub("", text):  # whose other side would begin with anything
            raise Unasked("An expression can't hold |; write [ab], or several with OR between them.", place)
        self.spent.pattern(place)
        return self._regex(at, text.lower(), place)

    def similar(self, at: Field, text: str, how: float, place: int | None = None) -> Query | None:
        """Words that differ from this in one or two letters. A number below one is the share that has to be
        the same, as older clients write it."""
        terms = at.terms(ESCAPED.sub(r"\1", text)) if at.kind != "date" else []
        if len(terms) != 1:
            return self.word(at, text, place)
        [term] = terms
        letters = len(term) - len(at.prefix)
        distance = int(how) if how >= 1 else round((1 - how) * letters)
        if letters < LEAST or distance < 1:
            return self.word(at, text, place)
        self.spent.clause()
        self.spent.pattern(place)
        return Query.fuzzy_term_query(self.schema, at.place, term, min(distance, SIMILAR))

    def range(
        self, at: Field, low: str, high: str, *, include_low: bool = True, include_high: bool = True,
        place: int | None = None,
    ) -> Query:  # fmt: skip
        """From one value to another, `*` for no end."""
        if at.kind != "date" and low == high == "*":
            return self.has(at)
        if at.kind != "date":
            raise Unasked(f"Ranges are for dates; {at.name} is text.", place)
        return self.dates(at, low, high, include_low=include_low, include_high=include_high, place=place)

    def dates(
        self, at: Field, low: str, high: str, *, include_low: bool = True, include_high: bool = True,
        place: int | None = None,
    ) -> Query:  # fmt: skip
        if low == high == "*":
            return self.has(at)
        self.spent.clause()
        low, high = low.strip('"'), high.strip('"')
        first = None if low == "*" else dates.span(low, self.now, place)[0 if include_low else 1]
        after = None if high == "*" else dates.span(high, self.now, place)[1 if include_high else 0]
        return Query.range_query(self.schema, at.place, FieldType.Integer, first, after, True, after is None)

    def _regex(self, at: Field, expression: str, place: int | None = None) -> Query:
        if at.place == EXACT or at.prefix:
            expression = re.escape(at.prefix) + expression
        try:
            return Query.regex_query(self.schema, at.place, expression)
        except ValueError:
            raise Unasked(f"{expression[:60]} is no regular expression that is known here.", place) from None


def _one_word(text: str) -> str:
    """A piece of a word as words are kept; several where it has signs between letters."""
    plain = " ".join(words(text))
    before = " " if text[:1] and not words(text[:1]) else ""
    after = " " if text[-1:] and not words(text[-1:]) else ""
    return before + plain + after


def _literal(piece: str, fold: Callable[[str], str]) -> str:
    if piece == "*":
        return _ANY
    if piece == "?":
        return _WILD
    text = piece[1:] if piece.startswith("\\") else piece
    return " ".join(re.escape(part) for part in fold(text).split(" "))
