"""The short way of a kept answer: from the request's own words to its bytes, past the framework.

Only a GET without token, query or body goes here, and only when the very same question (host, scheme, path,
Accept) has been answered the long way before. One SELECT then tells whether that answer still is true; if
not, or if anything is unusual, the request takes the long way. What the client gets is the same either way,
byte for byte.
"""

import itertools
import secrets
import threading
import time
from collections.abc import Iterable
from typing import Any

from laelia.lib.clock import Clock
from laelia.lib.database import Database
from laelia.lib.log import Lines
from laelia.lib.web.wsgi import HEAD, Environ, StartResponse, Wsgi
from laelia.registry.api.cache import Cache, Key, unchanged
from laelia.registry.api.limits import Limits

KEPT = "laelia.kept"
MOST = 200_000

_SQL = (
    "select r.revision, (select c.value from counter c where c.name = 'names') from record r"
    " where r.orcid = {} and r.state = 'active' and r.claimed"
)
Question = tuple[str, str, str, str]
Headers = tuple[tuple[str, str], ...]


class Probe:
    """Asks for a record's revision on a connection of each thread's own, outside any transaction: what was
    committed before the question is seen by it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = _SQL.format("?" if database.dialect == "sqlite" else "%s")
        self._here = threading.local()

    def __call__(self, orcid: str) -> tuple[int, int] | None:
        cursor = getattr(self._here, "cursor", None)
        if cursor is None:
            cursor = self._here.cursor = self._database.probe().cursor()
        try:
            row = cursor.execute(self._sql, (orcid,)).fetchone()
        except Exception:
            self._here.cursor = None
            raise
        return None if row is None else (row[0], row[1] or 0)


class Front:
    """The WSGI callable before the framework's."""

    def __init__(
        self,
        app: Wsgi,
        database: Database,
        cache: Cache,
        limits: Limits,
        lines: Lines,
        clock: Clock,
        turns: Iterable[int] = (),
    ) -> None:
        """`turns`: moments at which kept headers stop being true, because a version of the API ends."""
        self._app, self._cache, self._limits, self._lines = app, cache, limits, lines
        self._clock, self._turns = clock, tuple(sorted(turns))
        self._revision = Probe(database)
        # Tuples of text only: the garbage collector leaves them alone. Few sets of headers exist, and are
        # shared.
        self._known: dict[Question, tuple[Key, Headers, str]] = {}
        self._headers: dict[Headers, Headers] = {}
        self._numbers = itertools.count()
        self._run = secrets.token_hex(4)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or not _plain(environ):
            return self._app(environ, start_response)
        if self._turns and (now := self._clock.now()) >= self._turns[0]:
            self._turns = tuple(turn for turn in self._turns if turn > now)
            self._known.clear()
        question = (
            environ.get("HTTP_HOST", ""),
            environ["wsgi.url_scheme"],
            environ["PATH_INFO"],
            environ.get("HTTP_ACCEPT", ""),
        )
        known = self._known.get(question)
        if known is not None:
            answer = self._kept(known, environ, start_response)
            if answer is not None:
                return answer
        return self._long_way(question, environ, start_response)

    def _kept(
        self, known: tuple[Key, Headers, str], environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes] | None:
        started = time.perf_counter()
        key, headers, route = known
        try:
            now = self._revision(key[0])
        except Exception:  # the database is away: the long way says so properly
            return None
        entry = self._cache.get(key, now) if now is not None else None
        if entry is None or not self._limits.allows(environ):
            return None
        number = f"{self._run}{next(self._numbers):08x}"
        same = "HTTP_IF_NONE_MATCH" in environ and unchanged(environ["HTTP_IF_NONE_MATCH"], entry[2])
        sent = [*headers, ("ETag", entry[2]), ("X-Request-Id", number)]
        if same:
            start_response("304 Not Modified", sent)
        else:
            start_response("200 OK", [*sent, ("Content-Length", str(len(entry[3])))])
        self._lines.access(
            message="request",
            method="HEAD" if HEAD in environ else "GET",
            route=route,
            status=304 if same else 200,
            ms=round((time.perf_counter() - started) * 1000, 2),
            request_id=number,
            client=None,
        )
        return [] if same else [entry[3]]

    def _long_way(
        self, question: Question, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        seen: list[Any] = []

        def remember(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            seen[:] = [status, headers]
            return start_response(status, headers, *rest)

        body = self._app(environ, remember)
        kept = environ.get(KEPT)
        if kept is not None and seen and seen[0].startswith("200"):
            own = ("etag", "x-request-id", "content-length")
            if len(self._known) >= MOST:
                self._known.clear()
            headers = tuple((name, value) for name, value in seen[1] if name.lower() not in own)
            shared = self._headers.setdefault(headers, headers)
            self._known[question] = (kept[0], shared, kept[1])
        return body


def _plain(environ: Environ) -> bool:
    return (
        "HTTP_AUTHORIZATION" not in environ
        and not environ.get("QUERY_STRING")
        and not environ.get("CONTENT_TYPE")
        and "HTTP_TRANSFER_ENCODING" not in environ
    )
