"""What is at Figshare for the hub: what changed, what carries an iD, what is still there."""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice

import msgspec

from laelia.client import figshare as client
from laelia.client.document import Document
from laelia.client.figshare import LARGE_PAGE, ORCIDS_AT_ONCE, Within
from laelia.connectors import figshare
from laelia.connectors.source import DAY, Batch, Hits, Source, milliseconds

LAG = 60_000
"""A search shows a change some time after it was made: so much of what was read is looked at again."""
FOUND = 10
"""Hits of a search that are shown: each costs a call, at one call a second."""
NARROWS = ("group", "institution")


class _Position(msgspec.Struct):
    """The last change that was filed, in milliseconds by Figshare's clock."""

    latest: int


def changes(source: Source, position: str | None, now: int, following: Collection[str]) -> Iterator[Batch]:
    """What changed since the position: in the part of Figshare that the organisation chose, or else of the
    people who follow it. Everything that changes at Figshare can't be read at one call a second."""
    latest = msgspec.json.decode(position, type=_Position).latest if position else now - DAY
    seen = latest
    for orcids in [()] if within(source).narrow else _portions(following):
        for page in _newer(source, latest - LAG, orcids):
            seen = max([seen, *(_modified(document) for document in page)])
            yield Batch(page, _encode(latest))
    # What changed while this was read may have been missed, so its time must not count as read.
    yield Batch([], _encode(max(latest, min(seen, now))))


def carrying(source: Source, orcid: str) -> Iterator[list[Document]]:
    for page in client.newest(source.peer, orcids=[orcid], within=within(source)):
        yield [whole for one in page if (whole := client.get(source.peer, one.id)) is not None]


def count(source: Source, orcid: str) -> int:
    """No list tells how long it is, so it is read; a page may hold a thousand."""
    pages = client.newest(source.peer, orcids=[orcid], within=within(source), size=LARGE_PAGE)
    return sum(len(page) for page in pages)


def search(source: Source, words: str, page: int = 1) -> Hits:
    pages = client.newest(source.peer, words=words, within=within(source), size=FOUND)
    found = [
        whole
        for one in next(islice(pages, page - 1, None), [])
        if (whole := client.get(source.peer, one.id)) is not None
    ]
    return Hits(found, len(found))


def get(source: Source, key: str) -> Document | None:
    """By the number that the DOI ends with, where it is Figshare's own; else the DOI is looked up."""
    kind, _, name = key.partition(":")
    number = name if kind == "number" else name.rpartition(".")[2].rpartition("/")[2]
    found = client.get(source.peer, number)
    if found is not None and figshare.key(found.attributes) == key:
        return found
    if kind != "doi":
        return None
    for listed in client.by_doi(source.peer, name):
        found = client.get(source.peer, listed.id)
        if found is not None and figshare.key(found.attributes) == key:
            return found
    return None


def present(source: Source, keys: Iterable[str]) -> dict[str, Document]:
    return {key: found for key in keys if (found := get(source, key)) is not None}


def listed(source: Source, following: Collection[str]) -> set[str]:
    """What the lists show of these people: one call for twenty of them, or for a thousand items."""
    found = set[str]()
    for orcids in _portions(following):
        for page in client.newest(source.peer, orcids=orcids, within=within(source), size=LARGE_PAGE):
            found.update(figshare.key(one.attributes) for one in page)
    return found


def within(source: Source) -> Within:
    numbers = {name: int(value) for name, value in source.narrowed.items() if name in NARROWS}
    return Within(group=numbers.get("group"), institution=numbers.get("institution"), token=source.token)


def _newer(source: Source, after: int, orcids: Iterable[str]) -> Iterator[list[Document]]:
    """Items changed after a moment. Lists tell no time of change but are in its order, the last change first:
    the first item that is older ends them. The filter by day only keeps the list short."""
    day = datetime.fromtimestamp((after - DAY) / 1000, UTC).strftime("%Y-%m-%d")
    for page in client.newest(source.peer, orcids=orcids, since=day, within=within(source)):
        found: list[Document] = []
        for listed in page:
            whole = client.get(source.peer, listed.id)
            if whole is not None and _modified(whole) < after:
                yield found
                return
            found += [whole] if whole is not None else []
        yield found


def _portions(following: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(following)
    for start in range(0, len(ordered), ORCIDS_AT_ONCE):
        yield ordered[start : start + ORCIDS_AT_ONCE]


def _modified(document: Document) -> int:
    return milliseconds(document.attributes.get("modified_date"))


def _encode(latest: int) -> str:
    return msgspec.json.encode(_Position(latest)).decode()
