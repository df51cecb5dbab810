"""The syntax of Lucene's and Solr's standard parser, read by luqum.

Words without AND or OR between them are alternatives, those with + have to be there, those with - or NOT must
not, as Solr reads them.
"""

import re
from collections.abc import Callable
from decimal import InvalidOperation
from typing import Any

from luqum import tree
from luqum.exceptions import IllegalCharacterError, ParseError
from luqum.thread import parse
from tantivy import Occur, Query, Schema

from laelia.registry.search.asking import bounds
from laelia.registry.search.asking.terms import Clauses
from laelia.registry.search.asking.wrong import Unasked
from laelia.registry.search.fields import CATCH_ALL, Field, field

Anywhere = Callable[[Clauses, tree.Item], Query | None]
"""Makes a query of a word, phrase or pattern that names no field."""
_SIGNS = re.compile(r'"(?:\\.|[^"\\])*"|\\.|&&|\|\||!(?=[\w("+*-])', re.DOTALL)
# Behind ~ and ^ stands a number or nothing; quoted text, expressions and escaped signs are passed over.
_NUMBERS = re.compile(
    r'"(?:\\.|[^"\\])*"|\\.|/(?:\\.|[^/\\])*/|([~^])(?!(?:\d+\.?\d*|\.\d+)?(?:[\s()\[\]{}^~]|$))', re.DOTALL
)
_SAID = {"&&": " AND ", "||": " OR ", "!": " NOT "}
_SIGN = {tree.Not: Occur.MustNot, tree.Prohibit: Occur.MustNot, tree.Plus: Occur.Must}


def lucene(
    text: str, schema: Schema, now: int, *, clauses: Clauses | None = None, anywhere: Anywhere | None = None,
    at_least: Callable[[int], int] | None = None,
) -> Query:  # fmt: skip
    """The query that a text means. `anywhere` says where words without a field are looked for, the catch-all
    by default; `at_least` how many of the alternatives on the first level have to be found, of how many."""
    text = text.strip()
    bounds.check(text)
    if text in ("", "*", "*:*"):
        return Query.all_query()
    reading = _Reading(clauses or Clauses(schema, now), anywhere, at_least)
    try:
        found = reading.read(_parsed(text), None, first=True)
    except RecursionError:
        raise Unasked("This query is too deep.") from None
    return found if found is not None else Query.empty_query()


def _parsed(text: str) -> tree.Item:
    for wrong in _NUMBERS.finditer(text):
        if wrong[1]:
            bounds.number("", f"What stands after {wrong[1]}", wrong.start() + 1)
    usual = _SIGNS.sub(lambda sign: _SAID.get(sign.group(), sign.group()), text)
    try:
        parsed: tree.Item = parse(usual)
    except IllegalCharacterError as error:
        place = re.search(r"position (\d+)", str(error))
        raise Unasked("A sign can't stand here.", int(place.group(1)) + 1 if place else None) from None
    except ParseError as error:
        place = re.search(r"position (\d+)", str(error))
        if place is None:
            raise Unasked(
                "The query ends too early: a parenthesis or a word is missing.", len(text)
            ) from None
        raise Unasked("The query can't be read from here.", int(place.group(1)) + 1) from None
    except (ValueError, InvalidOperation):
        raise Unasked("What stands after ~ or ^ is no number that fits.") from None
    return parsed


class _Reading:
    def __init__(
        self, clauses: Clauses, anywhere: Anywhere | None, at_least: Callable[[int], int] | None
    ) -> None:
        self.clauses, self.anywhere, self.at_least = clauses, anywhere, at_least

    def read(self, node: tree.Item, at: Field | None, *, first: bool = False) -> Query | None:
        """None for what asks for nothing, as a word of signs alone."""
        if isinstance(node, (tree.Group, tree.FieldGroup)):
            return self.read(node.expr, at)
        if isinstance(node, tree.Boost):
            inner = self.read(node.expr, at)
            weight = bounds.number(node.force, "What stands after ^", _place(node.expr))
            return Query.boost_query(inner, weight) if inner is not None else None
        if isinstance(node, tree.SearchField):
            return self._in_field(node)
        if isinstance(node, tree.BaseOperation):
            return self._several(node, at, first)
        if type(node) in _SIGN:
            return self._several_of([node], at, Occur.Should)
        return self._one(node, at)

    def _in_field(self, node: tree.SearchField) -> Query | None:
        name = node.name.replace("\\", "")
        if name == "*" and isinstance(node.expr, tree.Word) and node.expr.value == "*":
            return Query.all_query()
        at = field(name)
        if at is None:
            raise Unasked(f"There is no field {name[:60]}.", _place(node))
        if isinstance(node.expr, tree.SearchField):  # a second colon belongs to the value
            node = tree.SearchField(name, tree.Word(_text(node.expr)))
        return self.read(node.expr, at)

    def _several(self, node: tree.BaseOperation, at: Field | None, first: bool) -> Query | None:
        must = isinstance(node, tree.AndOperation)
        loose = first and not must and not isinstance(node, tree.OrOperation)
        occur = Occur.Must if must else Occur.Should
        return self._several_of(node.children, at, occur, self.at_least if loose else None)

    def _several_of(
        self, nodes: Any, at: Field | None, occur: Occur, at_least: Callable[[int], int] | None = None
    ) -> Query | None:
        made: list[tuple[Occur, Query]] = []
        for each in nodes:
            how = _SIGN.get(type(each), occur)
            inner = self.read(each.a if type(each) in _SIGN else each, at)
            if inner is not None:
                made.append((how, inner))
        if not made:
            return None
        alternatives = sum(how is Occur.Should for how, _ in made)
        if all(how is Occur.MustNot for how, _ in made):
            made.append((Occur.Must, Query.all_query()))
        least = at_least(alternatives) if at_least is not None and alternatives else None
        return Query.boolean_query(made, least or None)

    def _one(self, node: tree.Item, at: Field | None) -> Query | None:
        if at is None and isinstance(node, tree.Word) and node.value == "*":
            return Query.all_query()
        if at is None and self.anywhere is not None:
            return self.anywhere(self.clauses, node)
        return one(self.clauses, node, at or _everything())


def one(clauses: Clauses, node: tree.Item, at: Field) -> Query | None:
    """A word, phrase, pattern or range in one field."""
    place = _place(node)
    if isinstance(node, tree.Word):
        return clauses.word(at, node.value, place)
    if isinstance(node, tree.Phrase):
        return clauses.phrase(at, _unquoted(node), place=place)
    if isinstance(node, tree.Proximity):
        return clauses.phrase(at, _unquoted(node.term), int(_degree(node)), place)
    if isinstance(node, tree.Fuzzy):
        return clauses.similar(at, node.term.value, _degree(node), place)
    if isinstance(node, tree.Regex):
        return clauses.expression(at, node.value[1:-1], place)
    if isinstance(node, tree.Range):
        low, high = (_text(end) for end in (node.low, node.high))
        return clauses.range(
            at, low, high, include_low=node.include_low, include_high=node.include_high, place=place
        )
    if isinstance(node, (tree.From, tree.To)):
        value = _text(node.a)
        ends = (value, "*") if isinstance(node, tree.From) else ("*", value)
        both = {"include_low": node.include, "include_high": node.include}
        return clauses.range(at, *ends, **both, place=place)
    raise Unasked("This is not supported.", place)


def _degree(node: tree.Proximity | tree.Fuzzy) -> float:
    return bounds.number(node.degree, "What stands after ~", _place(node))


def _everything() -> Field:
    found = field(CATCH_ALL)
    assert found is not None
    return found


def _unquoted(node: tree.Phrase) -> str:
    return re.sub(r"\\(.)", r"\1", str(node.value)[1:-1])


def _text(node: tree.Item) -> str:
    return str(node).strip()


def _place(node: tree.Item) -> int | None:
    return node.pos + 1 if node.pos is not None else None
