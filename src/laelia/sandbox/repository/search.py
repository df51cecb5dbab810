"""The search of public items: Figshare's small language, answered from the table of terms.

`:title: nectar AND (:tag: orchid OR NOT :author: "Ada Byron")`; words without a field are looked for in
title, description, keywords, authors and categories. `:orcid:`, `:doi:` and
`:licence:` match whole values only.
"""

import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, and_, exists, not_, or_

from laelia.sandbox.repository.draft import Body
from laelia.sandbox.repository.kinds import CATEGORY_BY_ID, LICENCE_BY_VALUE, TYPE_BY_ID
from laelia.sandbox.repository.problems import BadRequest
from laelia.sandbox.repository.tables import article, term

EXACT = frozenset({"orcid", "doi", "licence", "item_type", "group"})
ANYWHERE = ("title", "description", "tag", "author", "category")
FIELDS = EXACT | set(ANYWHERE) | {"extension", "references", "search_term"}
_TOKEN = re.compile(r'\s*(?:([()])|\b(AND|OR|NOT)\b|:(\w+):|"([^"]*)"|([^\s()"]+))')
_DEEPEST = 20


def index(tx: Connection, article_id: int, body: Body, doi: str) -> None:
    """Replace an item's terms by those of what is public now."""
    tx.execute(sa.delete(term).where(term.c.article_id == article_id))
    draft = body.draft
    values: dict[str, list[str]] = {
        "title": [draft.title],
        "description": [draft.description],
        "tag": draft.tags,
        "category": [CATEGORY_BY_ID[one].title for one in draft.categories],
        "author": [one.full_name for one in body.authors],
        "orcid": [one.orcid for one in body.authors if one.orcid],
        "item_type": [TYPE_BY_ID[draft.type].name],
        "licence": [LICENCE_BY_VALUE[draft.licence].name],
        "doi": [doi],
        "extension": [one.name.rpartition(".")[2] for one in body.files if "." in one.name],
        "references": draft.references,
        "group": [str(draft.group_id)] if draft.group_id else [],
    }
    rows = [
        {"article_id": article_id, "field": field, "position": position, "value": value.lower()}
        for field, found in values.items()
        for position, value in enumerate(found)
    ]
    tx.execute(sa.insert(term), rows)


def condition(query: str) -> ColumnElement[bool]:
    """The SQL condition on `article` for a query; a query that can't be read is a BadRequest."""
    tokens = _tokens(query)
    if not tokens:
        return sa.true()
    found, rest = _either(tokens, 0)
    if rest:
        raise BadRequest(f"The search ends unexpectedly at {rest[0].text!r}.")
    return found


def has(field: str, value: str) -> ColumnElement[bool]:
    """Whether an item has this value in a field."""
    if field == "search_term":
        return _anywhere(value)
    if field not in FIELDS:
        raise BadRequest(f"{field!r} is not a search field; there are {', '.join(sorted(FIELDS))}.")
    lowered = value.lower()
    same = term.c.value == lowered if field in EXACT else term.c.value.contains(lowered, autoescape=True)
    return exists().where(term.c.article_id == article.c.id, term.c.field == field, same)


@dataclass(frozen=True)
class _Token:
    kind: str  # "(" ")" AND OR NOT field word
    text: str


def _tokens(query: str) -> list[_Token]:
    found = []
    for match in _TOKEN.finditer(query):
        bracket, operator, field, quoted, word = match.groups()
        if bracket or operator:
            found.append(_Token(bracket or operator, bracket or operator))
        elif field:
            found.append(_Token("field", field))
        else:
            found.append(_Token("word", quoted if quoted is not None else word))
    return found


def _either(tokens: list[_Token], depth: int) -> tuple[ColumnElement[bool], list[_Token]]:
    left, rest = _both(tokens, depth)
    while rest and rest[0].kind == "OR":
        right, rest = _both(rest[1:], depth)
        left = or_(left, right)
    return left, rest


def _both(tokens: list[_Token], depth: int) -> tuple[ColumnElement[bool], list[_Token]]:
    left, rest = _one(tokens, depth)
    while rest and rest[0].kind not in ("OR", ")"):
        right, rest = _one(rest[1:] if rest[0].kind == "AND" else rest, depth)
        left = and_(left, right)
    return left, rest


def _one(tokens: list[_Token], depth: int) -> tuple[ColumnElement[bool], list[_Token]]:
    if not tokens or depth > _DEEPEST:
        raise BadRequest("The search ends where a word was expected, or is nested too deep.")
    first, rest = tokens[0], tokens[1:]
    if first.kind == "NOT":
        found, rest = _one(rest, depth + 1)
        return not_(found), rest
    if first.kind == "(":
        found, rest = _either(rest, depth + 1)
        if not rest or rest[0].kind != ")":
            raise BadRequest("A bracket of the search is not closed.")
        return found, rest[1:]
    field = first.text if first.kind == "field" else None
    words = rest if field else tokens
    taken = []
    while words and words[0].kind == "word":
        taken.append(words[0].text)
        words = words[1:]
    if not taken:
        raise BadRequest(f"A word was expected at {first.text!r} of the search.")
    if field:
        return has(field, " ".join(taken)), words
    return and_(*(_anywhere(word) for word in taken)), words


def _anywhere(word: str) -> ColumnElement[bool]:
    found = term.c.value.contains(word.lower(), autoescape=True)
    return exists().where(term.c.article_id == article.c.id, term.c.field.in_(ANYWHERE), found)
