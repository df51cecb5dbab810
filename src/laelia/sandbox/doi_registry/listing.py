"""GET /dois: which rows, in which order, page by page or by cursor."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Row

from laelia.sandbox.doi_registry.accounts import Account
from laelia.sandbox.doi_registry.metadata import values
from laelia.sandbox.doi_registry.metadata.vocabularies import NAMESPACE, RESOURCE_TYPES
from laelia.sandbox.doi_registry.problems import bad_query, problem
from laelia.sandbox.doi_registry.query.compile import condition
from laelia.sandbox.doi_registry.query.language import BadQuery, parse
from laelia.sandbox.doi_registry.tables import doi, term

Condition = ColumnElement[bool]
STATES = ("draft", "registered", "findable")
MOST = 1000
DEEPEST = 10_000
_SORTS = {
    "created": doi.c.created,
    "updated": doi.c.updated,
    "published": doi.c.published,
    "name": doi.c.doi,
}
# Filters DataCite has and this registry has not: refused, since an answer without the filter would be wrong.
_UNKNOWN_FILTERS = (
    "consortium-id", "resource-type", "affiliation-id", "funder-id", "funded-by", "affiliation-country",
    "include-funder-child-organizations", "re3data-id", "opendoar-id", "certificate", "client-type",
    "license",
    "subject", "field-of-science", "source", "has-person", "has-affiliation", "has-organization",
    "has-funder",
    "has-citations", "has-references", "has-parts", "has-part-of", "has-versions", "has-version-of",
    "has-views", "has-downloads", "random", "sample", "sample-group", "page[scroll]",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """One page of an answer; `next` holds the parameters that lead on, None on the last page."""

    rows: "list[Row[Any]]"
    total: int
    pages: int
    number: int
    next: dict[str, str] | None


def page(tx: Connection, now: int, account: Account | None, parameters: Mapping[str, str]) -> Page:
    """The page that the parameters of a request ask for."""
    for name in _UNKNOWN_FILTERS:
        if parameters.get(name):
            raise problem(400, f"The parameter {name} is not offered by this stand-in.")
    wanted = sa.and_(_visible(account, parameters), *_filters(parameters), _query(parameters, now))
    total = tx.execute(sa.select(sa.func.count()).select_from(doi).where(wanted)).scalar_one()
    size = _number(parameters, "page[size]", 25, 0, MOST)
    if "page[cursor]" in parameters:
        return _by_cursor(tx, wanted, parameters, size, total)
    return _by_number(tx, wanted, parameters, size, total)


def _visible(account: Account | None, parameters: Mapping[str, str]) -> Condition:
    """Everyone sees findable DOIs, a repository its own in any state."""
    findable: Condition = doi.c.state == "findable"
    states = [s for s in parameters.get("state", "").split(",") if s]
    if unknown := set(states) - set(STATES):
        raise problem(400, f"The state {sorted(unknown)[0]!r} is unknown: {', '.join(STATES)}")
    if account is None:
        return findable
    loaded = sa.and_(doi.c.client_id.is_(None), doi.c.prefix.in_(sorted(account.prefixes)))
    seen = sa.or_(findable, doi.c.client_id == account.id, loaded)
    return sa.and_(seen, doi.c.state.in_(states)) if states else seen


def _filters(parameters: Mapping[str, str]) -> list[Condition]:
    conditions: list[Condition] = []
    for name, column in (
        ("client-id", doi.c.client_id),
        ("provider-id", doi.c.provider_id),
        ("prefix", doi.c.prefix),
    ):
        if parameters.get(name):
            conditions.append(column.in_([part.strip().lower() for part in parameters[name].split(",")]))
    if parameters.get("ids"):
        conditions.append(doi.c.doi.in_([values.bare_doi(part) for part in parameters["ids"].split(",")]))
    if parameters.get("user-id"):
        uri = values.orcid_uri(parameters["user-id"]) or parameters["user-id"]
        conditions.append(_has("creators.name_identifiers.name_identifier", [uri]))
    if parameters.get("resource-type-id"):
        kinds = {re.sub(r"(?<!^)(?=[A-Z])", "-", kind).lower(): kind for kind in RESOURCE_TYPES}
        asked = [kinds.get(part, part) for part in parameters["resource-type-id"].split(",")]
        conditions.append(_has("types.resource_type_general", asked))
    if parameters.get("schema-version"):
        version = NAMESPACE.removesuffix("4") + parameters["schema-version"]
        conditions.append(doi.c.schema_version.startswith(version, autoescape=True))
    for name in ("created", "registered", "published"):
        if parameters.get(name):
            conditions.append(_years(name, parameters[name]))
    return conditions


def _has(field: str, wanted: list[str]) -> Condition:
    return doi.c.id.in_(sa.select(term.c.doi_id).where(term.c.field == field, term.c.exact.in_(wanted)))


def _years(name: str, text: str) -> Condition:
    """`2020` or `2020,2024`: the first and the last year."""
    first, _, last = text.partition(",")
    try:
        tree = parse(f"{name}:[{int(first)} TO {int(last or first)}]")
        assert tree is not None
        return condition(tree, 0)
    except (ValueError, BadQuery) as wrong:
        raise problem(400, f"{name} should be one year or two: {text!r}") from wrong


def _query(parameters: Mapping[str, str], now: int) -> Condition:
    try:
        tree = parse(parameters.get("query", ""))
        return sa.true() if tree is None else condition(tree, now)
    except BadQuery as wrong:
        raise bad_query(str(wrong)) from wrong


def _number(parameters: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """A page parameter, brought within its limits as DataCite does rather than refused."""
    text = parameters.get(name, "")
    return min(max(int(text), least), most) if re.fullmatch(r"\d{1,9}", text) else default


def _by_number(
    tx: Connection, wanted: Condition, parameters: Mapping[str, str], size: int, total: int
) -> Page:
    """Page × size goes no further than 10,000 rows, as at DataCite; beyond that there is the cursor."""
    furthest = DEEPEST // size if size else 1
    number = _number(parameters, "page[number]", 1, 1, furthest)
    column, descending = _sort(parameters, "-updated")
    order = [column.desc(), doi.c.doi.desc()] if descending else [column.asc(), doi.c.doi.asc()]
    rows = _rows(tx, sa.select(doi).where(wanted).order_by(*order).limit(size).offset((number - 1) * size))
    pages = min(-(-total // size), furthest) if size else 0
    return Page(rows, total, pages, number, {"page[number]": str(number + 1)} if number < pages else None)


def _by_cursor(
    tx: Connection, wanted: Condition, parameters: Mapping[str, str], size: int, total: int
) -> Page:
    """From a position in the order (created, DOI), or (updated, DOI) when `sort=updated` asks for it.

    DataCite always walks by `created`. Walking by `updated` is what makes a follower exact: a row that
    changes under way moves to the end instead of slipping through, since each new `updated` is the greatest.
    """
    size = size or 25
    column, descending = _sort(parameters, "created")
    if column is doi.c.published:  # may be null, and nothing comes after null
        column, descending = doi.c.created, False
    position = _position(parameters["page[cursor]"], column)
    if position is not None:
        here, there = sa.tuple_(column, doi.c.doi), sa.tuple_(*map(sa.literal, position))
        wanted = sa.and_(wanted, here < there if descending else here > there)
    order = [column.desc(), doi.c.doi.desc()] if descending else [column.asc(), doi.c.doi.asc()]
    rows = _rows(tx, sa.select(doi).where(wanted).order_by(*order).limit(size + 1))
    on = None
    if len(rows) > size:
        rows = rows[:size]
        on = {"page[cursor]": _cursor(getattr(rows[-1], column.name), rows[-1].doi)}
    return Page(rows, total, -(-total // size), 1, on)


def _rows(tx: Connection, statement: sa.Select[Any]) -> "list[Row[Any]]":
    return list(tx.execute(statement))


def _sort(parameters: Mapping[str, str], default: str) -> tuple[sa.Column[Any], bool]:
    """Column and direction. Orders by what a sandbox doesn't count (views …) fall to the default."""
    text = parameters.get("sort") or default
    if text.lstrip("-") not in _SORTS:
        text = default
    column: sa.Column[Any] = _SORTS[text.lstrip("-")]
    return column, text.startswith("-")


def _cursor(value: object, name: str) -> str:
    return base64.urlsafe_b64encode(f"{value},{name}".encode()).decode().rstrip("=")


def _position(text: str, column: sa.Column[Any]) -> tuple[Any, str] | None:
    if text in ("", "1"):
        return None
    try:
        value, comma, name = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition(",")
        if not comma or "\x00" in value + name:
            raise ValueError(text)
        return (value if column is doi.c.doi else _moment(value)), name
    except (binascii.Error, UnicodeDecodeError, ValueError) as wrong:
        raise problem(400, "The page[cursor] is not one this registry gave: begin again with 1.") from wrong


def _moment(text: str) -> int:
    if not re.fullmatch(r"-?\d{1,15}", text):
        raise ValueError(text)
    return int(text)
