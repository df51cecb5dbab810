"""A parsed query as a condition on the table `doi`."""

import re
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from laelia.sandbox.doi_registry.metadata.attributes import snake
from laelia.sandbox.doi_registry.query import dates
from laelia.sandbox.doi_registry.query.language import ANY, ONE, And, BadQuery, Not, Or, Query, Range, Term
from laelia.sandbox.doi_registry.query.terms import fold
from laelia.sandbox.doi_registry.tables import doi, term

Condition = ColumnElement[bool]

# Names of DataCite's index → ours. Every name is looked up in snake case, so that camel case works too.
_ALIASES = {
    "creator_names": "creators.name",
    "contributor_names": "contributors.name",
    "publisher": "publisher.name",
    "publisher_obj.name": "publisher.name",
    "version_info": "version",
    "resource_type_id": "types.resource_type_general",
    "identifiers.identifier": "alternate_identifiers.alternate_identifier",
    "identifiers.identifier_type": "alternate_identifiers.alternate_identifier_type",
}
_COLUMNS: dict[str, sa.Column[str]] = {
    "doi": doi.c.doi,
    "id": doi.c.doi,
    "uid": doi.c.doi,
    "prefix": doi.c.prefix,
    "state": doi.c.state,
    "aasm_state": doi.c.state,
    "client_id": doi.c.client_id,
    "client.id": doi.c.client_id,
    "client.uid": doi.c.client_id,
    "client.symbol": doi.c.client_id,
    "provider_id": doi.c.provider_id,
    "provider.id": doi.c.provider_id,
    "provider.uid": doi.c.provider_id,
    "provider.symbol": doi.c.provider_id,
    "url": doi.c.url,
    "schema_version": doi.c.schema_version,
    "source": doi.c.source,
    "published": doi.c.published,
}
_LOWER = {"doi", "client_id", "provider_id", "state", "prefix"}
_TIMES = {name: doi.c[name] for name in ("created", "updated", "registered")}
# Searched word by word; all other fields hold identifiers and codes and are compared whole.
_WORDS = re.compile(
    r"(^|\.)(title|name|given_name|family_name|description|subject|award_title|funder_name|rights|"
    r"resource_type|geo_location_place|date_information|edition)$"
)
# What a term without a field looks at.
_DEFAULT = (
    "uid", "titles.title", "creators.name", "creators.name_identifiers.name_identifier", "publisher.name",
    "descriptions.description", "subjects.subject", "types.resource_type_general", "types.resource_type",
    "related_identifiers.related_identifier", "contributors.name", "funding_references.funder_name",
    "container.title",
)  # fmt: skip


def condition(query: Query, now: int) -> Condition:
    """The rows a query matches. Fields nobody knows match nothing, as in Elasticsearch; raises BadQuery."""
    match query:
        case And(parts):
            return sa.and_(*(condition(part, now) for part in parts))
        case Or(parts):
            return sa.or_(*(condition(part, now) for part in parts))
        case Not(part):
            return sa.not_(condition(part, now))
        case Range():
            return _range(query, now)
        case Term():
            return _term(query, now)


def _path(field: str) -> str:
    name = ".".join(snake(part) for part in field.split("."))
    name = re.sub(r"\.(keyword|raw)$", "", name)
    return _ALIASES.get(name, name)


def _both(name: str) -> tuple[str, ...]:
    """The pseudo field that looks at creators and contributors alike, else the field itself."""
    rest = name.removeprefix("creators_and_contributors.")
    return (f"creators.{rest}", f"contributors.{rest}") if rest != name else (name,)


def _term(query: Term, now: int) -> Condition:
    text = query.text.replace("\x00", "") if query.quoted else query.text
    if query.field is None:
        return sa.true() if text == ANY else _within(_DEFAULT, _words(text))
    name = _path(query.field)
    if name == "_exists_" or text == ANY:
        return _exists(_path(text) if name == "_exists_" else name)
    if name in _TIMES:
        column, (first, last) = _TIMES[name], _interval(text, now)
        return column.between(first, last)
    if name in ("publication_year", "publicationYear"):
        return doi.c.publication_year == _number(text)
    if name in _COLUMNS:
        column_ = _COLUMNS[name]
        return _equal(column_, text.lower() if column_.name in _LOWER else text)
    paths = _both(name)
    if _WORDS.search(name) or name.endswith(".*"):
        return _within(paths, _words(text))
    return _within(paths, _equal(term.c.exact, text))


def _exists(name: str) -> Condition:
    column = _TIMES.get(name) if name in _TIMES else _COLUMNS.get(name)
    if name == "publication_year":
        column = doi.c.publication_year
    if column is not None:
        return column.is_not(None)
    return _matching(
        sa.or_(
            *(
                sa.or_(term.c.field == n, term.c.field.startswith(f"{n}.", autoescape=True))
                for n in _both(name)
            )
        )
    )


def _within(paths: tuple[str, ...], found: Condition) -> Condition:
    exact = [path for path in paths if not path.endswith(".*")]
    below = [path.removesuffix("*") for path in paths if path.endswith(".*")]
    fields = [term.c.field.in_(exact)] if exact else []
    return _matching(
        sa.and_(sa.or_(*fields, *(term.c.field.startswith(path, autoescape=True) for path in below)), found)
    )


def _matching(of_term: Condition) -> Condition:
    return doi.c.id.in_(sa.select(term.c.doi_id).where(of_term))


def _equal(column: ColumnElement[str], text: str) -> Condition:
    if ANY not in text and ONE not in text:
        return column == text
    return sa.func.lower(column).like(_pattern(text.lower()), escape="\\")


def _pattern(text: str) -> str:
    escaped = re.sub(r"([\\%_])", r"\\\1", text)
    return escaped.replace(ANY, "%").replace(ONE, "_")


def _words(text: str) -> Condition:
    """All words of the text side by side. A wildcard stands within a word."""
    if ANY not in text and ONE not in text:
        folded = fold(text)
        # A text of nothing but punctuation finds nothing rather than everything.
        return sa.false() if not folded.strip() else term.c.folded.like(f"%{_pattern(folded)}%", escape="\\")
    pieces = re.split(f"([{ANY}{ONE}])", text)
    joined = "".join(p if p in (ANY, ONE) else _inner(p) for p in pieces)
    return term.c.folded.like(f"% {_pattern(joined)} %", escape="\\")


def _inner(piece: str) -> str:
    return fold(piece).strip()


def _range(query: Range, now: int) -> Condition:
    name = _path(query.field)
    if name in _TIMES:
        return _between(_TIMES[name], query, lambda text: _interval(text, now))
    if name == "publication_year":
        return _between(doi.c.publication_year, query, lambda text: (_number(text), _number(text)))
    if name in _COLUMNS:
        return _text_range(_COLUMNS[name], query)
    return _within(_both(name), _text_range(term.c.exact, query))


def _between(column: sa.Column[int], query: Range, read: Callable[[str], tuple[int, int]]) -> Condition:
    """Bounds less precise than the column are rounded outwards when included, inwards when not."""
    conditions: list[Condition] = [column.is_not(None)]
    if query.low is not None:
        first, last = read(query.low)
        conditions.append(column >= first if query.includes_low else column > last)
    if query.high is not None:
        first, last = read(query.high)
        conditions.append(column <= last if query.includes_high else column < first)
    return sa.and_(*conditions)


def _text_range(column: ColumnElement[str], query: Range) -> Condition:
    conditions: list[Condition] = [column.is_not(None)]
    if query.low is not None:
        conditions.append(column >= query.low if query.includes_low else column > query.low)
    if query.high is not None:
        upto = column <= query.high if query.includes_high else column < query.high
        # A year as the upper bound of dates takes in the days of that year.
        within = column.startswith(query.high, autoescape=True)
        conditions.append(sa.or_(upto, within) if query.includes_high else sa.and_(upto, sa.not_(within)))
    return sa.and_(*conditions)


def _interval(text: str, now: int) -> tuple[int, int]:
    try:
        return dates.interval(text, now)
    except ValueError as problem:
        raise BadQuery(str(problem)) from problem


def _number(text: str) -> int:
    if not re.fullmatch(r"-?\d{1,9}", text):
        raise BadQuery(f"Cannot parse query: {text.replace(ANY, '*')!r} is not a number")
    return int(text)
