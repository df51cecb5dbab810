"""The calls of a program to a hub: its token, its patience, and refusals as exceptions."""

import threading
import time
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec

from laelia.client import oauth
from laelia.client.hub.shapes import Problem
from laelia.client.peer import MAX_ANSWER, NO_JSON, Unavailable, wait_asked
from laelia.lib.http import Http, Response

T = TypeVar("T")
EARLY = 30.0
"""Seconds before its end in which a token is renewed."""


class Refused(Exception):
    """The hub refused a call: `problem` says why, `problem.place` where in what was sent."""

    def __init__(self, problem: Problem) -> None:
        where = f" ({problem.place})" if problem.place else ""
        super().__init__(f"{problem.status} {problem.title}: {problem.detail}{where}")
        self.problem = problem

    @property
    def kind(self) -> str:
        """The last part of its type, such as `no-person`."""
        return self.problem.type.rpartition("#")[2]


class Calls:
    """One program at one organisation's address, for many threads."""

    def __init__(
        self, address: str, client_id: str, client_secret: str, *, scopes: tuple[str, ...], http: Http,
        patience: float,
    ) -> None:  # fmt: skip
        self.base = f"{address.rstrip('/')}/api"
        self._who, self._scopes, self._http, self._patience = (
            (client_id, client_secret),
            scopes,
            http,
            patience,
        )
        self._token, self._until = "", 0.0
        self._lock = threading.Lock()

    def make(
        self, method: str, path: str, kind: type[T], *, body: bytes | None = None,
        query: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None,
    ) -> T:  # fmt: skip
        """The answer as this shape; Refused, Unavailable or HttpError otherwise."""
        return decoded(self.send(method, path, body=body, query=query, headers=headers), kind)

    def send(
        self, method: str, path: str, *, body: bytes | None = None, query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:  # fmt: skip
        """The answer itself, if it is a good one or 304. A token that the hub no longer takes is renewed
        once, and a call that came too fast is made again when the hub says."""
        told = {name: str(value) for name, value in (query or {}).items() if value is not None}
        url = f"{self.base}/v1{path}" + (f"?{urlencode(told)}" if told else "")
        renewed, until = False, time.monotonic() + self._patience
        while True:
            token = self._bearer()
            sent = {"Authorization": f"Bearer {token}", "Accept": "application/json", **(headers or {})}
            if body is not None:
                sent["Content-Type"] = "application/json"
            answer = self._http.request(
                method, url, content=body, headers=sent, trusted=True, max_answer=MAX_ANSWER
            )
            if answer.status < 300 or answer.status == 304:
                return answer
            pause = wait_asked(answer)
            if answer.status == 401 and not renewed:
                renewed = True
                self._forget(token)
            elif answer.status == 429 and pause is not None and time.monotonic() + pause <= until:
                time.sleep(pause)
            else:
                raise refusal(answer)

    def _bearer(self) -> str:
        with self._lock:
            if time.monotonic() >= self._until:
                name, secret = self._who
                given = oauth.client_credentials(
                    self._http, f"{self.base}/token", client_id=name, client_secret=secret,
                    scopes=self._scopes, trusted=True,
                )  # fmt: skip
                self._token = given.access_token
                self._until = time.monotonic() + max(0.0, (given.expires_in or 0) - EARLY)
            return self._token

    def _forget(self, token: str) -> None:
        with self._lock:
            if self._token == token:
                self._until = 0.0


def decoded(answer: Response, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except msgspec.DecodeError:
        raise Unavailable("The hub", answer.status, said=NO_JSON) from None


def refusal(answer: Response) -> Refused | Unavailable:
    """What an answer that is not a good one means."""
    try:
        return Refused(msgspec.json.decode(answer.body, type=Problem))
    except msgspec.DecodeError:
        return Unavailable("The hub", answer.status, wait_asked(answer))
