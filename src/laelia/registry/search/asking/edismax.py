"""The forgiving parser that pages of searches use (Solr's edismax): words in several fields at once, each
with its weight, and phrases that lift whoever has them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from luqum import tree
from tantivy import Occur, Query, Schema

from laelia.registry.registers.texts import words
from laelia.registry.search.asking import bounds
from laelia.registry.search.asking.lucene import lucene, one
from laelia.registry.search.asking.terms import Clauses
from laelia.registry.search.asking.wrong import Unasked
from laelia.registry.search.fields import CATCH_ALL, Field
from laelia.registry.search.fields import field as known

Weights = tuple[tuple[Field, float], ...]
WORDS = 20
"""Plain words that count where a text can't be read as a query."""
_MM = re.compile(r"(-?)(\d{1,4})(%?)")
_ABOVE = re.compile(r"\d{1,4}")


@dataclass(frozen=True, kw_only=True)
class Edismax:
    """`fields` (qf) and `phrases` (pf) with their weights, `least` (mm) of how many words have to be found,
    `lifts` (bq) further queries that lift whom they fit, `tie` what the other fields count beside the
    best."""

    fields: Weights = ()
    phrases: Weights = ()
    least: str = ""
    lifts: tuple[str, ...] = field(default=())
    tie: float = 0.0


def edismax(text: str, how: Edismax, schema: Schema, now: int) -> Query:
    """What can't be read as a query is looked for as plain words."""
    clauses = Clauses(schema, now)
    fields = how.fields or weights(CATCH_ALL)

    def anywhere(clauses: Clauses, node: tree.Item) -> Query | None:
        found = [
            Query.boost_query(query, weight)
            for at, weight in fields
            if (query := one(clauses, node, at)) is not None
        ]
        return Query.disjunction_max_query(found, how.tie) if found else None

    least = at_least(how.least)
    try:
        main = lucene(text, schema, now, clauses=clauses, anywhere=anywhere, at_least=least)
    except Unasked:
        clauses = Clauses(schema, now)  # what was counted until then is not asked for
        main = Query.empty_query()
        if plain := " ".join(words(text)[:WORDS]):
            main = lucene(plain, schema, now, clauses=clauses, anywhere=anywhere, at_least=least)
    beside = [(Occur.Should, query) for query in _lifts(clauses, text, how, schema, now)]
    return Query.boolean_query([(Occur.Must, main), *beside]) if beside else main


def _lifts(clauses: Clauses, text: str, how: Edismax, schema: Schema, now: int) -> list[Query]:
    plain = " ".join(words(text))
    found = [
        Query.boost_query(query, weight)
        for at, weight in how.phrases
        if " " in plain and (query := clauses.phrase(at, plain)) is not None
    ]
    return [*found, *(lucene(each, schema, now, clauses=clauses) for each in how.lifts)]


def weights(text: str) -> Weights:
    """`family-name^10 given-names`, as qf and pf write fields."""
    found = []
    if len(text.split()) > bounds.FIELDS:
        raise Unasked(f"Words are looked for in {bounds.FIELDS} fields at most.")
    for part in text.split():
        name, sign, weight = part.partition("^")
        at = known(name)
        if at is None or at.kind == "date":
            raise Unasked(f"There is no field {name[:60]} for words.")
        found.append((at, bounds.number(weight, f"The weight of {name}") if sign else 1.0))
    return tuple(found)


def at_least(text: str) -> Callable[[int], int] | None:
    """How many of some alternatives have to be found, as mm says it: `2`, `-1`, `75%`, `-25%`, or `2<-25%
    9<-3`, which means all up to two, all but a quarter up to nine, and all but three beyond."""
    if not text.strip():
        return None
    plain, *steps = [text] if "<" not in text else ["100%", *text.split()]
    told = [(0, _share(plain))]
    for step in steps:
        above, _sign, share = step.partition("<")
        if not _ABOVE.fullmatch(above):
            raise Unasked(f"{text[:40]} does not say how many words have to be found.")
        told.append((int(above), _share(share)))
    return lambda number: max(
        1, min(number, next(share for above, share in reversed(told) if number > above)(number))
    )


def _share(text: str) -> Callable[[int], int]:
    found = _MM.fullmatch(text.strip())
    if found is None:
        raise Unasked(f"{text[:40]} does not say how many words have to be found.")
    but, number, percent = bool(found[1]), int(found[2]), bool(found[3])

    def share(of: int) -> int:
        part = of * number // 100 if percent else number
        return of - part if but else part

    return share
