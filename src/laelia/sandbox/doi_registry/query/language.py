"""The part of Elasticsearch's query-string syntax that clients of DataCite use, as a tree.

Terms, "phrases", field:value, field:(a OR b), ranges [a TO b] {a TO b} and >= > <= <, * and ?, AND OR NOT
with && || ! + -, parentheses, backslash escapes. Side by side means AND, as at DataCite. AND binds tighter
than OR (Lucene's classic parser is stranger; put parentheses). Boosts (^2) and slop or fuzziness (~2) are
read and have no effect. A slash is an ordinary character.
"""

import re
from dataclasses import dataclass


class BadQuery(ValueError):
    """The query can't be read; the text says where."""


@dataclass(frozen=True)
class Term:
    """`quoted` makes it a phrase; in `text` unquoted `*` and `?` are wildcards, written \\x00 and \\x01."""

    field: str | None
    text: str
    quoted: bool


@dataclass(frozen=True)
class Range:
    """A bound of None is open."""

    field: str
    low: str | None
    high: str | None
    includes_low: bool
    includes_high: bool


@dataclass(frozen=True)
class Not:
    part: "Query"


@dataclass(frozen=True)
class And:
    parts: tuple["Query", ...]


@dataclass(frozen=True)
class Or:
    parts: tuple["Query", ...]


Query = Term | Range | Not | And | Or
ANY, ONE = "\x00", "\x01"

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
    | (?P<and>AND(?=[\s()]|$)|&&) | (?P<or>OR(?=[\s()]|$)|\|\|) | (?P<not>NOT(?=[\s(]|$)|!)
    | (?P<open>\() | (?P<close>\)(?:\^[\d.]+)?)
    | (?P<range>[\[{]\s*(?P<low>"(?:\\.|[^"\\])*"|[^\s\]}]+)\s+TO\s+
        (?P<high>"(?:\\.|[^"\\])*"|[^\s\]}]+)\s*[\]}])
    | (?P<phrase>"(?:\\.|[^"\\])*"(?:[~^][\d.]*)*)
    | (?P<compare>>=|<=|>|<)
    | (?P<field>(?:\\.|[\w.@-])+(?:\.\\?\*)?:)
    | (?P<word>(?:\\.|[^\s()\[\]{}"\\])+)
    """,
    re.VERBOSE | re.DOTALL,
)
_DEPTH = 50
_LENGTH = 8000


def parse(text: str) -> Query | None:
    """The tree of a query, None when it is blank; raises BadQuery."""
    if len(text) > _LENGTH:
        raise BadQuery(f"The query is longer than {_LENGTH} characters")
    tokens = _tokens(text)
    if not tokens:
        return None
    parser = _Parser(tokens)
    tree = parser.either(None, 0)
    if parser.kind() is not None:
        raise BadQuery(f"Cannot parse query: unexpected {parser.shown()}")
    return tree


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    low: str = ""
    high: str = ""


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadQuery(f"Cannot parse query: unexpected {text[at]!r} at character {at + 1}")
        kind = next(k for k in _KINDS if match[k] is not None)
        if kind in ("word", "field") and text[at] in "+-":
            # A sign stands before a term: it is read alone, and the term after it anew.
            found.append(_Token("not" if text[at] == "-" else "must", text[at]))
            at += 1
            continue
        if kind != "space":
            found.append(_Token(kind, match[kind], match["low"] or "", match["high"] or ""))
        at = match.end()
    return found


_KINDS = (
    "space", "and", "or", "not", "open", "close", "range", "phrase", "compare", "field", "word",
)  # fmt: skip


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.at = tokens, 0

    def kind(self) -> str | None:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else None

    def shown(self) -> str:
        return repr(self.tokens[self.at].text) if self.at < len(self.tokens) else "end"

    def next(self) -> _Token:
        if self.at >= len(self.tokens):
            raise BadQuery("Cannot parse query: it ends too early")
        self.at += 1
        return self.tokens[self.at - 1]

    def either(self, field: str | None, depth: int) -> Query:
        if depth > _DEPTH:
            raise BadQuery("Cannot parse query: too deep")
        parts = [self.both(field, depth)]
        while self.kind() == "or":
            self.next()
            parts.append(self.both(field, depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def both(self, field: str | None, depth: int) -> Query:
        parts = [self.single(field, depth)]
        while self.kind() not in (None, "or", "close"):
            if self.kind() == "and":
                self.next()
            parts.append(self.single(field, depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def single(self, field: str | None, depth: int) -> Query:
        if depth > _DEPTH:
            raise BadQuery("Cannot parse query: too deep")
        token = self.next()
        if token.kind == "must":
            return self.single(field, depth + 1)
        if token.kind == "not":
            return Not(self.single(field, depth + 1))
        if token.kind == "open":
            tree = self.either(field, depth + 1)
            if self.kind() != "close":
                raise BadQuery(f"Cannot parse query: expected ')' instead of {self.shown()}")
            self.next()
            return tree
        if token.kind == "field":
            if self.kind() == "field":
                raise BadQuery(f"Cannot parse query: a colon after {token.text} must be escaped or quoted")
            name = _unescape(token.text[:-1]).replace(ANY, "*")
            return self.single(name, depth + 1)
        return self.value(field, token)

    def value(self, field: str | None, token: _Token) -> Query:
        if token.kind == "phrase":
            text = token.text[1 : token.text.rindex('"')]
            return Term(field, re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL), True)
        if token.kind == "word":
            return Term(field, _unescape(re.sub(r"(?<!\\)[~^][\d.]*$", "", token.text) or token.text), False)
        if token.kind in ("range", "compare") and field is None:
            raise BadQuery(f"Cannot parse query: {token.text} needs a field before it")
        if token.kind == "range":
            assert field is not None
            bounds = (_bound(token.low), _bound(token.high))
            return Range(field, *bounds, token.text[0] == "[", token.text[-1] == "]")
        if token.kind == "compare":
            assert field is not None
            bound = _bound(self.next().text)
            if token.text[0] == ">":
                return Range(field, bound, None, token.text == ">=", True)
            return Range(field, None, bound, True, token.text == "<=")
        raise BadQuery(f"Cannot parse query: unexpected {token.text!r}")


def _bound(text: str) -> str | None:
    text = text.strip('"')
    return None if text == "*" else re.sub(r"\\(.)", r"\1", text)


def _unescape(text: str) -> str:
    """Backslashes removed; wildcards that stood without one become ANY and ONE."""
    out, plain = [], iter(text)
    for c in plain:
        out.append(next(plain, "\\") if c == "\\" else {"*": ANY, "?": ONE}.get(c, c))
    return "".join(out)
