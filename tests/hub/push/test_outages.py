"""A registry that is away, busy or silent for a time: the hub asks rarely while it lasts, then brings each
item to where it belongs, once. The registry is a real one, with the fault in front of it."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from hub.push.test_with_registry import standing, states, want
from hub.web.town import Town
from laelia.hub import assertions, tables
from laelia.hub.push import push
from laelia.lib.clock import HOUR, MINUTE
from laelia.lib.http import Headers, HttpError, Response

Send = Callable[[], Response]
Fault = Callable[[Send], Response]
NEEDED = 3
"""One DELETE, one PUT and one POST of two works."""


def refused(send: Send) -> Response:
    raise HttpError("unreachable", "connection refused")


def no_answer(send: Send) -> Response:
    raise HttpError("timeout", "no answer in time", sent=True)


def no_answer_but_done(send: Send) -> Response:
    send()
    raise HttpError("timeout", "no answer in time", sent=True)


def bad_gateway_but_done(send: Send) -> Response:
    send()
    return Response(502, Headers([("content-type", "text/html")]), b"<h1>Bad gateway</h1>")


def says(status: int, retry_after: int | None = None) -> Fault:
    named = [("Retry-After", str(retry_after))] if retry_after is not None else []
    return lambda send: Response(status, Headers(named), b"")


class Outage:
    """Every call to the registry, or every one that writes, meets the fault until it is over."""

    def __init__(self, town: Town, fault: Fault, writes_only: bool) -> None:
        self.fault: Fault | None = fault
        self.calls: list[str] = []
        self._writes_only, self._registry = writes_only, town.registry
        self._request = town.hub.http.request

    def request(self, method: str, url: str, **parts: Any) -> Response:
        def send() -> Response:
            return self._request(method, url, **parts)

        if not url.startswith(self._registry):
            return send()
        self.calls.append(method)
        if self.fault is None or (self._writes_only and method == "GET"):
            return send()
        return self.fault(send)

    @property
    def writes(self) -> int:
        return len(self.calls) - self.calls.count("GET")


@pytest.fixture
def changed(town: Town) -> Town:
    """Ada's record has two works; one has a new title, one is to go, two more are to come."""
    town.connected(town.ada)
    want(town, 1, "Old title")
    want(town, 2, "To be taken off")
    push(town.hub, town.datacite, town.ada.orcid)
    want(town, 1, "New title")
    want(town, 3, "Third")
    want(town, 4, "Fourth")
    now = town.clock.now()
    with town.hub.db.writing() as tx:
        for row in assertions.rows(tx, town.datacite, town.ada.orcid):
            if row.key == "doi:10.5072/n2":
                assertions.withdraw(tx, now, town.datacite, row.id, "hidden")
        assertions.wake(tx, now, town.datacite, town.ada.orcid)
        # These DOIs stand at no DOI registry: the daily look there would take them all back.
        tx.execute(sa.delete(tables.job).where(tables.job.c.kind == "verify"))
    return town


def work_until(town: Town, end: int) -> None:
    """Let the hub work whenever something falls due; at the end the clock stands at `end`."""
    job = tables.job.c
    while True:
        town.work()
        with town.hub.db.reading() as tx:
            due = tx.execute(
                sa.select(sa.func.min(job.due)).where(job.kind == "push", job.dead.is_(None))
            ).scalar()
        if due is None or due > end:
            break
        town.clock.advance(max(due - town.clock.now(), 1))
    town.clock.advance(max(end - town.clock.now(), 0))


@pytest.mark.parametrize(
    ("fault", "writes_only", "minutes", "most"),
    [
        pytest.param(refused, False, 600, 20, id="refused-all-night"),
        pytest.param(no_answer, False, 600, 20, id="silent-all-night"),
        pytest.param(says(503), False, 600, 20, id="busy-all-night"),
        pytest.param(says(503, 120), False, 60, 31, id="busy-and-says-how-long"),
        pytest.param(says(429, 30), True, 10, 42, id="too-many-and-says-how-long"),
        pytest.param(says(429), True, 60, 14, id="too-many"),
        pytest.param(refused, True, 60, 24, id="writes-refused"),
        pytest.param(no_answer, True, 10, 12, id="silent-to-writes"),
        pytest.param(no_answer_but_done, True, 10, 12, id="done-but-silent"),
        pytest.param(bad_gateway_but_done, True, 10, 12, id="done-behind-a-bad-gateway"),
    ],
)
def test_an_outage_costs_few_calls_and_nothing_else(
    changed: Town, monkeypatch: pytest.MonkeyPatch, fault: Fault, writes_only: bool, minutes: int, most: int
) -> None:
    town = changed
    before = standing(town)
    outage = Outage(town, fault, writes_only)
    monkeypatch.setattr(town.hub.http, "request", outage.request)
    work_until(town, town.clock.now() + minutes * MINUTE)
    assert 0 < len(outage.calls) <= most, outage.calls
    outage.fault = None
    outage.calls.clear()
    work_until(town, town.clock.now() + HOUR)
    assert outage.writes <= NEEDED
    assert len(outage.calls) <= 2 * NEEDED
    after = standing(town)
    assert {doi: title for doi, (_, title) in after.items()} == {
        "10.5072/n1": "New title", "10.5072/n3": "Third", "10.5072/n4": "Fourth",
    }  # fmt: skip
    assert after["10.5072/n1"][0] == before["10.5072/n1"][0]
    assert sorted(states(town)) == ["in-record", "in-record", "in-record", "withdrawn"]
    with town.hub.db.reading() as tx:
        unended = sa.select(tables.attempt.c.id).where(tables.attempt.c.finished.is_(None))
        assert tx.execute(unended).all() == []


def test_what_the_registry_asks_for_is_kept_to_but_not_for_ever(
    changed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = changed
    outage = Outage(town, says(503, 10**9), writes_only=False)
    monkeypatch.setattr(town.hub.http, "request", outage.request)
    work_until(town, town.clock.now() + 23 * HOUR)
    assert outage.calls == ["GET"]
    outage.fault = None
    work_until(town, town.clock.now() + 2 * HOUR)
    assert sorted(states(town)) == ["in-record", "in-record", "in-record", "withdrawn"]
