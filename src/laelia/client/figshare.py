"""Figshare's API v2, as far as a harvester needs it: public items by iD, group, institution or words, those
of one account by its token, and single items in full. Lists name no authors; only an item's own answer does.

It asks for no more than one call a second: the caller sets `peer.pace` (`RATE`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from laelia.client.document import Document
from laelia.client.peer import NO_JSON, Peer, Unavailable, wait_asked
from laelia.lib.http import Response

SERVICE = "Figshare's API"
RATE = 1.0
"""Calls a second, as its documentation asks; it may throttle or block who makes more."""
PAGE_SIZE = 100
LARGE_PAGE = 1000
ORCIDS_AT_ONCE = 20
"""A search names so many iDs, so that it stays of a length that search engines take."""


@dataclass(frozen=True)
class Within:
    """What lists are narrowed to. With a token they are the account's own; nothing is all that is public."""

    group: int | None = None
    institution: int | None = None
    token: str | None = None

    @property
    def narrow(self) -> bool:
        return self.group is not None or self.institution is not None or self.token is not None


EVERYTHING = Within()


def newest(
    peer: Peer, *, orcids: Iterable[str] = (), words: str | None = None, since: str | None = None,
    within: Within = EVERYTHING, size: int = PAGE_SIZE,
) -> Iterator[list[Document]]:  # fmt: skip
    """Pages of items in the form of lists, those changed last first.

    orcids  only items with an author of one of these (at most `ORCIDS_AT_ONCE`)
    words   only items that contain these
    since   a day, YYYY-MM-DD: only items changed on it or later, and some of the day before
    """
    asked: dict[str, Any] = {"order": "modified_date", "order_direction": "desc"}
    for name, value in (("group", within.group), ("institution", within.institution)):
        if value is not None:
            asked[name] = value
    if since is not None:
        asked["modified_since"] = since
    search = [_carried(orcids), _plain(words)]
    if terms := [term for term in search if term]:
        asked["search_for"] = " AND ".join(terms)
    path = "/account/articles/search" if within.token else "/articles/search"
    yield from _pages(peer, path, asked, within.token, size)


def get(peer: Peer, number: str) -> Document | None:
    """One public item in full, or None if there is none of that number."""
    if not number.isascii() or not number.isdigit():
        return None
    found = _json(peer.read(f"/articles/{number}", _headers(None)))
    return _document(found) if isinstance(found, dict) else None


def by_doi(peer: Peer, doi: str, within: Within = EVERYTHING) -> list[Document]:
    """Items in the form of lists that have this DOI, of their own or of one of their versions."""
    pages = _pages(peer, "/articles/search", {"doi": doi}, None, PAGE_SIZE)
    return next(pages, [])


def account(peer: Peer, token: str) -> Mapping[str, Any]:
    """Whose token this is: it proves that the token is good. Figshare tells no iD here."""
    found = _json(peer.read("/account", _headers(token)))
    if not isinstance(found, dict):
        raise Unavailable(SERVICE, 404)
    return found


def _carried(orcids: Iterable[str]) -> str:
    """iDs come from people, so their form was checked; a word of the search language is none of them."""
    terms = [f":orcid: {orcid}" for orcid in orcids]
    return f"({' OR '.join(terms)})" if len(terms) > 1 else "".join(terms)


def _plain(words: str | None) -> str:
    """Plain words for the search language: what would be syntax is left out, operators become words."""
    spaced = "".join(c if c.isalnum() or c in "-_." else " " for c in (words or "")[:500])
    return " AND ".join(f'"{word}"' for word in spaced.split()[:20])


def _pages(
    peer: Peer, path: str, asked: dict[str, Any], token: str | None, size: int
) -> Iterator[list[Document]]:
    """By the cursor of the header X-Cursor where the service sends one, since pages end at 9,000 rows; else
    by number. A page shorter than asked for is the last: no answer tells how many there are."""
    number, cursor, seen = 1, None, set[str]()
    while True:
        if cursor:
            body, headers = {**asked, "limit": size}, _headers(token) | {"X-Cursor": cursor}
        else:
            body, headers = {**asked, "page": number, "page_size": size}, _headers(token)
        answer = peer.read(path, headers, msgspec.json.encode(body))
        found = _json(answer)
        if not isinstance(found, list):
            raise Unavailable(SERVICE, answer.status, said=NO_JSON)
        page = [document for one in found if (document := _document(one)) and document.id not in seen]
        yield page
        seen.update(document.id for document in page)
        if len(found) < size or not page:  # a page of nothing but what was seen would go on for ever
            return
        number, cursor = number + 1, answer.headers.get("x-cursor")


def _document(item: object) -> Document | None:
    if not isinstance(item, dict) or isinstance(number := item.get("id"), bool):
        return None
    return Document(str(number), item) if isinstance(number, int) and number > 0 else None


def _headers(token: str | None) -> dict[str, str]:
    known = {"Accept": "application/json", "Content-Type": "application/json"}
    return {**known, "Authorization": f"token {token}"} if token else known


def _json(answer: Response) -> object:
    """What was answered; None for 404. Every other refusal is Unavailable, with the service's own words."""
    if answer.status == 404:
        return None
    if answer.status != 200:
        raise Unavailable(SERVICE, answer.status, wait_asked(answer), _said(answer))
    try:
        return msgspec.json.decode(answer.body)
    except msgspec.DecodeError:
        raise Unavailable(SERVICE, answer.status, said=NO_JSON) from None


def _said(answer: Response) -> str | None:
    """Its errors come with `code`, `errcode` or with neither; the message is the same in all of them."""
    try:
        found = msgspec.json.decode(answer.body)
    except msgspec.DecodeError:
        return None
    said = found.get("message") if isinstance(found, dict) else None
    return said[:300] if isinstance(said, str) and said else None
