"""What can happen to calls, and to the process that makes them."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from laelia.lib.database import Database
from laelia.lib.http import Headers, Http, HttpError, Response

_REFUSED = {"429": (429, [("Retry-After", "7")]), "503": (503, []), "500": (500, [])}


class Killed(BaseException):
    """The process is gone: nothing that stands behind the point is done, not even what tidies up."""


class Weather(Http):
    """`ahead`: what becomes of the next calls to the API."""

    def __init__(self, apps: dict[str, Any]) -> None:
        super().__init__(apps=apps)
        self.ahead: list[str] = []
        self.met: Counter[str] = Counter()

    def request(self, method: str, url: str, **parts: Any) -> Response:
        happens = self.ahead.pop(0) if self.ahead and "/v3.0/" in url else ""
        self.met["calls"] += "/v3.0/" in url
        if happens:
            self.met[happens] += 1
        if happens in _REFUSED:
            status, headers = _REFUSED[happens]
            return Response(status, Headers(headers), b"")
        if happens == "never-arrived":
            raise HttpError("timeout", "no answer in time", sent=True)
        answer = super().request(method, url, **parts)
        if happens == "answer-lost":
            raise HttpError("timeout", "no answer in time", sent=True)
        return answer


class Doors:
    """A database that a killed process can't reach any more."""

    def __init__(self, db: Database) -> None:
        self._db, self.dead, self.dialect = db, False, db.dialect

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        self._alive()
        with self._db.reading() as tx:
            yield tx

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        self._alive()
        with self._db.writing() as tx:
            yield tx

    def _alive(self) -> None:
        if self.dead:
            raise Killed
