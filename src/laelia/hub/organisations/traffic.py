"""Which kinds of calls went to a registry, how often, and what it answered: kept as counts, so that before an
organisation goes to production it can be told what was tried. No token, body, query or iD is kept."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, select, update

from laelia.hub import tables
from laelia.hub.organisations.environments import Environment
from laelia.hub.settings import Hub
from laelia.lib.database import insert_ignore
from laelia.lib.http import MAX_ANSWER, Http, HttpError, Response

_ID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dXx]")
_CODES = re.compile(r"/\d+(?:,\d+)+(?=/|$)")
_CODE = re.compile(r"/\d+(?=/|$)")
_ERROR = re.compile(rb'"error-?code"\s*:\s*"?(\d+)|<[^>]*error-code>(\d+)|"error"\s*:\s*"([a-z_]{1,40})"')
_KEY = ("method", "host", "path", "media", "status", "code")


@dataclass(frozen=True, kw_only=True, order=True)
class Kind:
    """A kind of call. `status` 0 is none, `code` the error code of the answer, or why there is no answer."""

    method: str
    host: str
    path: str
    media: str
    status: int
    code: str


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A kind of call with how often it was made, and when first and last."""

    kind: Kind
    count: int
    first: int
    last: int


@contextmanager
def noted(hub: Hub, place: Environment) -> Iterator[Http]:
    """The hub's client for calls to the registry of a place. What was called is written down when it is left,
    in a transaction of its own: leave it outside of any other."""
    client = _Noting(hub.http, place)
    try:
        yield client
    finally:
        if client.counts:
            with hub.db.writing() as tx:
                _write(tx, hub.clock.now(), place.id, client.counts)


def seen(tx: Connection, environment_id: int) -> list[Seen]:
    """All kinds of calls, by host and path."""
    c = tables.traffic.c
    order = (c.host, c.path, c.method, c.status, c.code, c.media)
    rows = tx.execute(select(tables.traffic).where(c.environment_id == environment_id).order_by(*order))
    return [
        Seen(
            kind=Kind(**{name: getattr(row, name) for name in _KEY}), count=row._mapping["count"],
            first=row.first, last=row.last,
        )
        for row in rows
    ]  # fmt: skip


class _Noting(Http):
    """Another's client, that counts what is asked by it."""

    def __init__(self, client: Http, place: Environment) -> None:
        self._asked, self._place = client, place
        self.counts: Counter[Kind] = Counter()

    def request(
        self, method: str, url: str, *, trusted: bool = False, max_answer: int = MAX_ANSWER, **parts: Any
    ) -> Response:
        try:
            answer = self._asked.request(method, url, trusted=trusted, max_answer=max_answer, **parts)
        except HttpError as none:
            self._note(method, url, parts, 0, none.kind)
            raise
        self._note(method, url, parts, answer.status, _error(answer))
        return answer

    def close(self) -> None:
        """It is another's to close."""

    def _note(self, method: str, url: str, parts: dict[str, Any], status: int, code: str) -> None:
        headers = {name.lower(): value for name, value in (parts.get("headers") or {}).items()}
        media = "form" if "data" in parts else headers.get("content-type") or headers.get("accept") or ""
        host, path = _where(self._place, url)
        kind = Kind(
            method=method, host=host, path=path, media=media.partition(";")[0][:60], status=status, code=code
        )
        self.counts[kind] += 1


def _where(place: Environment, url: str) -> tuple[str, str]:
    """Which of the registry's addresses it is, and its path without what names people and items."""
    host, base = "other", ""
    if url.startswith((place.token_url, place.revoke_url)):
        host = "oauth"
    else:
        for name, address in (("api", place.api_url), ("pub", place.pub_url), ("site", place.site_url)):
            if url.startswith(f"{address}/"):
                host, base = name, urlsplit(address).path
                break
    path = urlsplit(url).path.removeprefix(base)
    path = _CODES.sub("/{put-codes}", _ID.sub("{orcid}", path))
    return host, _CODE.sub("/{put-code}", path)[:500]


def _error(answer: Response) -> str:
    if answer.status < 400:
        return ""
    found = _ERROR.search(answer.body[:20_000])
    return next(part for part in found.groups() if part is not None).decode() if found else ""


def _write(tx: Connection, now: int, environment_id: int, counts: Counter[Kind]) -> None:
    t = tables.traffic.c
    for kind, count in sorted(counts.items()):
        key = {"environment_id": environment_id} | {name: getattr(kind, name) for name in _KEY}
        same = update(tables.traffic).where(*(t[name] == value for name, value in key.items()))
        more = same.values(count=t["count"] + count, last=now)
        fresh = {**key, "count": count, "first": now, "last": now}
        if not tx.execute(more).rowcount and not insert_ignore(tx, tables.traffic, fresh):
            tx.execute(more)
