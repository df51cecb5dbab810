"""One line of the table of operations: from it come the route and what is said of it."""

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, TypeVar

import msgspec
import orjson

from laelia.client.hub.shapes import Sent
from laelia.hub.api.access import ROOT, ProgramMay
from laelia.hub.api.problems import ApiProblem
from laelia.hub.organisations import Clash
from laelia.lib.web.core import JSON, Call, Reply, Route

BASE = f"{ROOT}/v1"
LIMIT, MOST = 100, 1000
T = TypeVar("T", bound=Sent)
# How programs might call an iD in a body that has no place for one.
_IDS = frozenset({"orcid", "orcid_id", "orcid_uri", "orcidid"})
_ZERO = rb"\u0000"
"""How JSON writes the character that PostgreSQL takes in no text."""


@dataclass(frozen=True)
class Query:
    name: str
    about: str
    schema: Mapping[str, Any]


CURSOR = Query("cursor", "The `next` of the answer before.", {"type": "string"})
SIZE = Query(
    "limit",
    f"How many at most; up to {MOST}.",
    {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
)
SINCE = Query("modified_since", "Changed then or later.", {"type": "string", "format": "date-time"})


@dataclass(frozen=True, kw_only=True)
class Operation:
    """`takes` and `gives` are shapes of client/hub/shapes.py; `item` in `takes` is an item of ORCID 3.0.
    `statuses`: good answer → when. `kinds`: lines of problems.py beside those that may come anywhere."""

    method: str
    path: str
    scope: str
    handle: Callable[[Call], Reply]
    summary: str
    about: str = ""
    takes: type[Sent] | str | None = None
    gives: Any = None
    statuses: Mapping[int, str]
    kinds: tuple[str, ...] = ()
    query: tuple[Query, ...] = ()
    conditional: bool = False

    @property
    def name(self) -> str:
        """operationId."""
        words = re.findall(r"[a-z_]+", re.sub(r":\w+", "", self.path))
        return "_".join([self.method.lower(), *words])

    @property
    def shown(self) -> str:
        """The path as OpenAPI writes it."""
        return re.sub(r"{(\w+):\w+}", r"{\1}", self.path)

    @property
    def route(self) -> Route:
        may = ProgramMay(self.scope)
        return Route(self.method, f"{BASE}{self.path}", _guarded(self.handle), may, session=False)


def _guarded(handle: Callable[[Call], Reply]) -> Callable[[Call], Reply]:
    """What the hub's own functions refuse is a problem like any other."""

    def guarded(call: Call) -> Reply:
        try:
            return handle(call)
        except Clash as clash:
            raise ApiProblem("clash", str(clash)) from None

    return guarded


def sent(call: Call, kind: type[T]) -> T:
    """The body as this shape; ApiProblem names what is wrong in it."""
    document = parsed(call)
    if stated := _stated(document):
        raise ApiProblem("orcid", place=stated)
    try:
        return msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        said, _, at = str(error).partition(" - at ")
        raise ApiProblem("invalid", f"{said}.", place=_pointer(at)) from None


def parsed(call: Call) -> Any:
    """The JSON of the body, of whatever shape; ApiProblem where it is none, or holds what no database can."""
    body = call.body().removeprefix(BOM_UTF8)  # RFC 8259 §8.1: it may be passed over
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ApiProblem("not-json", f"The body is not JSON: {error}.") from None
    if _ZERO in body and (place := _zero(document)) is not None:
        raise ApiProblem(
            "invalid", "A zero character was sent, which no text here can hold.", place=place or None
        )
    return document


def answer(call: Call, told: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """A JSON answer with its ETag; 304 where the program knows it."""
    body = msgspec.json.encode(told)
    found = {"Cache-Control": "private, no-cache", "ETag": etag(body), **(headers or {})}
    if call.method == "GET" and found["ETag"] in _tags(call, "If-None-Match"):
        return Reply(304, b"", found, JSON)
    return Reply(status, body, found, JSON)


def etag(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()[:32]}"'


def check_unchanged(call: Call, told: Any | None) -> None:
    """If-Match and If-None-Match of a call that writes, against what it would have read (RFC 9110 §13)."""
    now = etag(msgspec.json.encode(told)) if told is not None else None
    wanted, unwanted = _tags(call, "If-Match"), _tags(call, "If-None-Match")
    if wanted and (now is None or (now not in wanted and "*" not in wanted)):
        raise ApiProblem("changed")
    if unwanted and now is not None and (now in unwanted or "*" in unwanted):
        raise ApiProblem("changed", "It is there already.")


def _tags(call: Call, name: str) -> list[str]:
    given = call.req.get_header(name) or ""
    return [one.strip().removeprefix("W/") for one in given.split(",") if one.strip()]


def size(call: Call) -> int:
    """`limit`: how many a page holds."""
    given = call.arg("limit", str(LIMIT))
    if not given.isdecimal() or len(given) > len(str(MOST)) or not 1 <= int(given) <= MOST:
        raise ApiProblem("invalid", f"limit is a number from 1 to {MOST}.", place="limit")
    return int(given)


def since(call: Call) -> int | None:
    """`modified_since` in milliseconds."""
    given = call.arg("modified_since")
    if not given:
        return None
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        raise ApiProblem("invalid", "modified_since is a time of ISO 8601.", place="modified_since") from None
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1000)


def instant(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def maybe(ms: int | None) -> datetime | None:
    return None if ms is None else instant(ms)


def _stated(document: Any) -> str | None:
    """Where a body states an iD, itself or in the members of its lists; items are their model's business."""
    if not isinstance(document, dict):
        return None
    inner = ((f"/{key}/{n}", one) for key, value in document.items() if isinstance(value, list)
             for n, one in enumerate(value) if isinstance(one, dict))  # fmt: skip
    for at, one in (("", document), *inner):
        for key in one:
            if key.lower().replace("-", "_") in _IDS:
                return f"{at}/{key}"
    return None


def _zero(document: Any) -> str | None:
    """Where in it there is one, in a value or in a name."""
    left = [("", document)]
    while left:
        at, one = left.pop()
        if isinstance(one, str) and "\0" in one:
            return at
        if isinstance(one, list):
            left += ((f"{at}/{n}", inner) for n, inner in enumerate(one))
        elif isinstance(one, dict):
            if any("\0" in name for name in one):
                return at
            left += ((f"{at}/{name}", inner) for name, inner in one.items())
    return None


def _pointer(at: str) -> str | None:
    """`$.a[0].b` as a JSON pointer."""
    path = at.strip("`").removeprefix("$")
    return re.sub(r"\[(\d+)\]", r"/\1", path).replace(".", "/") or None
