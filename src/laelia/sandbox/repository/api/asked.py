"""What a list of items was asked for: paging in Figshare's two styles, order and filters."""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from laelia.sandbox.repository.articles import newest
from laelia.sandbox.repository.figshare import Item
from laelia.sandbox.repository.kinds import TYPE_BY_ID
from laelia.sandbox.repository.problems import BadRequest, Invalid
from laelia.sandbox.repository.search import condition, has
from laelia.sandbox.repository.tables import article, version

# An order that would need counters this repository does not keep falls back to the date of publication.
ORDERS = {
    "published_date": (version.c.published, "published"),
    "created_date": (article.c.created, "created"),
    "modified_date": (version.c.modified, "modified"),
} | dict.fromkeys(("views", "shares", "downloads", "cites"), (version.c.published, "published"))
DEEPEST = 9000  # rows; beyond it the cursor of the header X-Cursor goes on


@dataclass(frozen=True)
class Page:
    offset: int
    limit: int
    after: tuple[int, int] | None = None  # order value and id of the last row seen


def page(asked: dict[str, Any], cursor: str | None = None) -> Page:
    """`page` and `page_size`, or `limit` and `offset`; both styles at once are refused (422)."""
    numbered = {"page", "page_size"} & set(asked)
    if numbered and {"limit", "offset"} & set(asked):
        raise Invalid({"page": "Use page and page_size, or limit and offset, not both."})
    after = _uncursor(cursor) if cursor else None
    if after and "offset" in asked:
        raise Invalid({"offset": "A cursor and an offset exclude each other."})
    if numbered:
        size = _number(asked, "page_size", 10, 1, 1000)
        offset = (_number(asked, "page", 1, 1, 5000) - 1) * size
    else:
        size, offset = _number(asked, "limit", 10, 1, 1000), _number(asked, "offset", 0, 0, 5000)
    if offset + size > DEEPEST and not after:
        raise Invalid({"page": f"Rows beyond {DEEPEST} are reached with the header X-Cursor."})
    return Page(0 if after else offset, size, after)


def listing(
    asked: dict[str, Any], where: Page, default_order: str, institution: int = 0
) -> tuple[sa.Select[Any], str]:
    """The query for a list of public items, and the attribute of an item it is ordered by."""
    name = asked.get("order", default_order)
    if name not in ORDERS:
        raise BadRequest(f"{name!r} is not an order; there are {', '.join(ORDERS)}.")
    direction = asked.get("order_direction", "desc")
    if direction not in ("asc", "desc"):
        raise BadRequest(f"{direction!r} is not a direction; there are asc and desc.")
    (column, attribute), down = ORDERS[name], direction == "desc"
    wanted = _filtered(newest(), asked, institution)
    if where.after:
        last = sa.tuple_(column, article.c.id)
        bound = sa.tuple_(sa.literal(where.after[0]), sa.literal(where.after[1]))
        wanted = wanted.where(last < bound if down else last > bound)
    order = (column.desc(), article.c.id.desc()) if down else (column.asc(), article.c.id.asc())
    return wanted.order_by(*order).offset(where.offset).limit(where.limit), attribute


def cursor(last: Item, attribute: str) -> str:
    """What X-Cursor says: the place after the last row. (Figshare's is a UUID; clients don't read it.)"""
    place = f"{getattr(last, attribute)}.{last.id}"
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _filtered(wanted: sa.Select[Any], asked: dict[str, Any], institution: int) -> sa.Select[Any]:
    for name, column in (("published_since", version.c.published), ("modified_since", version.c.modified)):
        if asked.get(name):
            wanted = wanted.where(column >= _day(name, str(asked[name])))
    if asked.get("item_type") is not None:
        number = _number(asked, "item_type", 0, 0, 1000)
        if number not in TYPE_BY_ID:
            raise BadRequest(f"There is no item type {number}; see /v2/item_types.")
        wanted = wanted.where(has("item_type", TYPE_BY_ID[number].name))
    if asked.get("doi"):
        # Figshare shows the DOI of the version, callers often know the base DOI: both find the item.
        wanted = wanted.where(has("doi", re.sub(r"\.v\d+$", "", str(asked["doi"]).lower())))
    if asked.get("group") is not None:
        wanted = wanted.where(has("group", str(_number(asked, "group", 0, 0, 10**15))))
    if asked.get("institution") is not None:
        mine = _number(asked, "institution", 0, 0, 10**15) == institution
        wanted = wanted if mine else wanted.where(sa.false())
    for name in ("resource_doi", "handle", "project_id"):
        if asked.get(name):
            wanted = wanted.where(sa.false())  # nothing here belongs to any of these
    if asked.get("search_for"):
        wanted = wanted.where(condition(str(asked["search_for"])))
    return wanted


def _number(asked: dict[str, Any], name: str, default: int, least: int, most: int) -> int:
    try:
        value = int(asked.get(name, default))
    except (TypeError, ValueError):
        raise Invalid({name: "A whole number was expected."}) from None
    if not least <= value <= most:
        raise Invalid({name: f"It must lie between {least} and {most}."})
    return value


def _day(name: str, text: str) -> int:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise Invalid({name: "A date like 2026-11-20 was expected."}) from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def _uncursor(text: str) -> tuple[int, int]:
    try:
        by, _, article_id = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition(".")
        return int(by), int(article_id)
    except (ValueError, binascii.Error):
        raise Invalid({"X-Cursor": "This is not a cursor of this repository."}) from None


def json_object(body: bytes) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(body or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise BadRequest(f"The body is not JSON: {wrong}.") from wrong
    if not isinstance(found, dict):
        raise BadRequest("The body must be a JSON object.")
    return found
