"""What changed at DataCite since last time, from a position that the hub keeps for us."""

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from laelia.client.datacite import Page, changed_since
from laelia.client.peer import Peer, Unavailable
from laelia.connectors.source import DAY, Batch, milliseconds

LAG = 30_000
"""DataCite's index shows a change some seconds late and not in order: while changes are this fresh the last
of them are read again. Filing a document twice does nothing."""


class _Position(msgspec.Struct, omit_defaults=True):
    """`since` and `latest` in milliseconds by DataCite's clock; the rest is set amid a long list."""

    since: int
    latest: int = 0
    next: str | None = None
    started: int = 0


def changes(peer: Peer, position: str | None, now: int) -> Iterator[Batch]:
    """Batches until there is nothing newer. Without a position it begins a day back: what is older is found
    when Auto-Update is turned on."""
    here = msgspec.json.decode(position, type=_Position) if position else _Position(since=now - DAY)
    here.started = here.started or now
    while True:
        page = _page(peer, here)
        here.latest = max([here.latest, *(milliseconds(doi.updated) for doi in page.dois)])
        here.next = page.next
        if page.next is None:
            yield Batch(page.dois, _encode(_Position(since=_resume(here, now))))
            return
        yield Batch(page.dois, _encode(here))


def _page(peer: Peer, here: _Position) -> Page:
    try:
        return changed_since(peer, _iso(here.since), at=here.next)
    except Unavailable as refused:
        if here.next is None or refused.status not in (400, 422):
            raise
        return changed_since(peer, _iso(here.since))  # the cursor is no longer known: from the start again


def _resume(here: _Position, now: int) -> int:
    """The last change seen, but none later than the start: the list is not in the order of changes, so one
    that happened while it was read may have been missed."""
    if not here.latest:
        return here.since
    fresh = now - here.latest < 2 * LAG
    return max(here.since, min(here.latest, here.started) - (LAG if fresh else 0))


def _encode(position: _Position) -> str:
    return msgspec.json.encode(position).decode()


def _iso(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
