"""A hub, as an organisation's program sees it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec
from msgspec import UNSET, UnsetType

from laelia.client.hub import shapes
from laelia.client.hub.calls import Calls
from laelia.codec import json
from laelia.lib.http import Http
from laelia.model.common import Item
from laelia.model.language import V3_0

Said = str | None | UnsetType
SCOPES = ("read", "write")


class Hub:
    """`address` is that of the organisation's pages, such as https://hub.example.org/garden. The token is
    got, kept and renewed by itself. patience: seconds for which a call that came too fast is made again."""

    def __init__(
        self, address: str, client_id: str, client_secret: str, *, scopes: tuple[str, ...] = SCOPES,
        http: Http | None = None, patience: float = 60.0,
    ) -> None:  # fmt: skip
        self.calls = Calls(
            address, client_id, client_secret, scopes=scopes, http=http or Http(), patience=patience
        )

    # ---- people

    def people(
        self, *, state: str | None = None, unit: str | None = None, modified_since: datetime | None = None
    ) -> Iterator[shapes.Person]:
        """All of them, page by page."""
        query = {"state": state, "unit": unit, "modified_since": _time(modified_since), "limit": 1000}
        page = self.calls.make("GET", "/people", shapes.People, query=query)
        yield from page.people
        while page.next is not None:
            page = self.calls.make("GET", "/people", shapes.People, query={**query, "cursor": page.next})
            yield from page.people

    def person(self, local_id: str) -> shapes.Person:
        return self.calls.make("GET", _path("people", local_id), shapes.Person)

    def put_person(
        self, local_id: str, *, email: Said = UNSET, given_names: Said = UNSET, family_names: Said = UNSET,
        unit: Said = UNSET, hint: Said = UNSET,
    ) -> shapes.Person:  # fmt: skip
        """Make or change a person. What is left out stays, None takes it away; an iD can't be stated."""
        said = shapes.PersonSaid(
            email=email, given_names=given_names, family_names=family_names, unit=unit, hint=hint
        )
        return self.calls.make(
            "PUT", _path("people", local_id), shapes.Person, body=msgspec.json.encode(said)
        )

    def invite(self, local_id: str) -> shapes.Person:
        """Have her mailed a personal link."""
        return self.calls.make("POST", _path("people", local_id, "invite"), shapes.Person, body=b"")

    # ---- connecting

    def connect(
        self, local_id: str, return_url: str, *, expires_in: int = 600, scopes: list[str] | None = None
    ) -> shapes.ConnectSession:
        """A session for her: send her browser to its `url`, and ask `session` what came of it."""
        wanted = shapes.SessionWanted(
            local_id=local_id, return_url=return_url, expires_in=expires_in, scopes=scopes
        )
        body = msgspec.json.encode(wanted)
        return self.calls.make("POST", "/connect-sessions", shapes.ConnectSession, body=body)

    def session(self, session_id: str) -> shapes.ConnectSession:
        return self.calls.make("GET", _path("connect-sessions", session_id), shapes.ConnectSession)

    def cancel(self, session_id: str) -> shapes.ConnectSession:
        return self.calls.make("DELETE", _path("connect-sessions", session_id), shapes.ConnectSession)

    # ---- assertions

    def put(self, local_id: str, section: str, key: str, item: Item | dict[str, Any]) -> shapes.Assertion:
        """Assert an item, or change the one of this key: an object of laelia.model, or ORCID 3.0 JSON."""
        path = _path("people", local_id, "assertions", section, key)
        return self.calls.make("PUT", path, shapes.Assertion, body=_body(item))

    def assertion(self, local_id: str, section: str, key: str) -> shapes.Assertion:
        """How far it is, with the item and the registry's last answers."""
        path = _path("people", local_id, "assertions", section, key)
        return self.calls.make("GET", path, shapes.Assertion)

    def withdraw(self, local_id: str, section: str, key: str) -> shapes.Assertion:
        path = _path("people", local_id, "assertions", section, key)
        return self.calls.make("DELETE", path, shapes.Assertion)

    def assertions(
        self, local_id: str | None = None, *, state: str | None = None,
        modified_since: datetime | None = None,
    ) -> Iterator[shapes.Assertion]:  # fmt: skip
        """What programs asserted, of a person or of everybody, page by page and without the items."""
        path = "/assertions" if local_id is None else _path("people", local_id, "assertions")
        query = {"state": state, "modified_since": _time(modified_since), "limit": 1000}
        page = self.calls.make("GET", path, shapes.Assertions, query=query)
        yield from page.assertions
        while page.next is not None:
            page = self.calls.make("GET", path, shapes.Assertions, query={**query, "cursor": page.next})
            yield from page.assertions

    def put_all(self, lines: Iterable[shapes.BulkItem]) -> Iterator[shapes.Result]:
        """Assert and withdraw many, a thousand in a call; a verdict for each, in their order. `line` and
        `gone` make the lines."""
        some: list[shapes.BulkItem] = []
        for one in lines:
            some.append(one)
            if len(some) == shapes.MOST:
                yield from self._put_some(some)
                some = []
        if some:
            yield from self._put_some(some)

    def _put_some(self, some: list[shapes.BulkItem]) -> list[shapes.Result]:
        body = msgspec.json.encode(shapes.Bulk(assertions=some))
        return self.calls.make("PUT", "/assertions", shapes.Results, body=body).results

    # ---- what stands on records

    def record(self, local_id: str) -> shapes.Record:
        """What stands on her record, whoever put it there, as it was last read."""
        return self.calls.make("GET", _path("people", local_id, "record"), shapes.Record)

    def records(self, since: str | None = None) -> Iterator[shapes.Records]:
        """What changed on records since a cursor, some items at a time. Keep the `cursor` of each that was
        worked through, and begin with it next time."""
        while True:
            query = {"since": since, "limit": 1000}
            page = self.calls.make("GET", "/records", shapes.Records, query=query)
            yield page
            since = page.cursor
            if not page.more:
                return

    def status(self) -> shapes.Status:
        return self.calls.make("GET", "/status", shapes.Status)


def line(local_id: str, section: str, key: str, item: Item | dict[str, Any]) -> shapes.BulkItem:
    """For `put_all`: an item to assert or change."""
    return shapes.BulkItem(local_id=local_id, section=section, key=key, item=msgspec.Raw(_body(item)))


def gone(local_id: str, section: str, key: str) -> shapes.BulkItem:
    """For `put_all`: an item to withdraw."""
    return shapes.BulkItem(local_id=local_id, section=section, key=key, withdraw=True)


def _body(item: Item | dict[str, Any]) -> bytes:
    return json.encode(item, V3_0) if isinstance(item, Item) else msgspec.json.encode(item)


def _path(*parts: str) -> str:
    return "".join(f"/{quote(part, safe='')}" for part in parts)


def _time(when: datetime | None) -> str | None:
    return when.isoformat() if when is not None else None
