"""A registry, somebody who wants to be called, and what they heard."""

import pathlib
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from laelia.lib.http import Response
from registry.api.people import JSON, Api, work
from registry.place import Place

RECEIVER = "https://receiver.test"
HOOK = f"{RECEIVER}/changed?of=ada&by=me"


class Receiver:
    """Takes callbacks: answers with the next of `answers`, and with 204 when there are none left."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, bytes]] = []
        self.answers: list[int] = []
        self.meanwhile: Callable[[], Any] | None = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        address = environ["PATH_INFO"] + "?" * bool(environ["QUERY_STRING"]) + environ["QUERY_STRING"]
        self.heard.append((environ["REQUEST_METHOD"], address, environ["wsgi.input"].read()))
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        status = self.answers.pop(0) if self.answers else 204
        start_response(f"{status} Said", [("Location", f"{RECEIVER}/elsewhere")] if status == 302 else [])
        return []


class Town(Api):
    """The people of the API's tests, with tokens for webhooks."""

    def __init__(self, place: Place, receiver: Receiver) -> None:
        super().__init__(place)
        self.receiver = receiver
        self.hooker = self.token(self.member_client.id, None, "/webhook")
        self.other_hooker = self.token(self.other_client.id, None, "/webhook")

    def hook(
        self, method: str = "PUT", uri: str = HOOK, who: str | None = None, orcid: str | None = None,
        accept: str | None = JSON,
    ) -> Response:  # fmt: skip
        path = f"/{orcid or self.ada}/webhook/{quote(uri, safe='')}"
        return self.ask(method, path, self.hooker if who is None else who, accept=accept)

    def change(self) -> None:
        self.add(work())

    def work(self) -> list[tuple[str, str, bytes]]:
        """Let the registry do what is due; returns what the receiver heard of it."""
        self.place.service.work()
        heard, self.receiver.heard = self.receiver.heard, []
        return heard

    def row(self) -> Any:
        return next(iter(self.place.rows("webhook")), None)


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def town(new_database: Callable[..., str], tmp_path: pathlib.Path, receiver: Receiver) -> Iterator[Town]:
    place = Place(new_database("laelia.registry.migrations"), tmp_path / "var", outside={RECEIVER: receiver})
    yield Town(place, receiver)
    place.close()
