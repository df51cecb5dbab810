"""DataCite's REST API (JSON:API), as far as the hub reads it: lists by cursor, search, and single DOIs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from laelia.client.document import Document
from laelia.client.peer import Peer, Unavailable, wait_asked
from laelia.model.identifiers import normalise_orcid

PAGE_SIZE = 100
IDS_AT_ONCE = 50
"""A URL of fifty DOIs stays under the 8 KB that servers take."""
SEARCH_SIZE, DEEPEST = 25, 10_000
"""Results of a search on a page, and how many the API shows of one at all."""
SERVICE = "DataCite's REST API"
FORMS = (
    "",
    "https://orcid.org/",
    "http://orcid.org/",
    "https://www.orcid.org/",
    "http://www.orcid.org/",
    "orcid.org/",
)
"""How iDs are written: JSON that was deposited is stored as it came (datacite#2172)."""
_FROM_START = {"page[cursor]": "1", "page[size]": str(PAGE_SIZE)}


class Doi(Document):
    """`id` is the DOI in lower case."""

    @property
    def updated(self) -> str:
        value = self.attributes.get("updated")
        return value if isinstance(value, str) else ""


@dataclass(frozen=True)
class Page:
    """`next` is the address of the page that follows; None on the last."""

    dois: list[Doi]
    total: int
    next: str | None


def changed_since(peer: Peer, moment: str, *, at: str | None = None) -> Page:
    """Findable DOIs updated at `moment` or later, in no sure order; `at` continues at a page's `next`."""
    query = f"updated:[{moment} TO *]"
    return _page(peer, at or _list(query=query, sort="updated", **_FROM_START))


def carrying(peer: Peer, orcid: str, contributors: bool = False) -> Iterator[Page]:
    """Findable DOIs that name the iD as a creator's, or a contributor's as well. Stored iDs come bare, with
    http and with https, and the API's own filter knows one form only, so all are asked for."""
    yield from _all(peer, _list(query=_naming(orcid, contributors), **_FROM_START))


def held(peer: Peer, *, prefix: str | None = None, account: str | None = None) -> Iterator[Page]:
    """Findable DOIs of a prefix, of a repository's account (`MEMBER.REPO`) or of a member (`MEMBER`)."""
    asked = {"prefix": prefix, "provider-id" if account and "." not in account else "client-id": account}
    given = {name: value.lower() for name, value in asked.items() if value}
    yield from _all(peer, _list(**given, **_FROM_START))


def count_carrying(peer: Peer, orcid: str, contributors: bool = False) -> int:
    return _page(peer, _list(query=_naming(orcid, contributors), **{"page[size]": "0"})).total


def _naming(orcid: str, contributors: bool) -> str:
    forms = " OR ".join(f'"{form}{orcid}"' for form in FORMS)
    people = "creators_and_contributors" if contributors else "creators"
    return f"{people}.nameIdentifiers.nameIdentifier:({forms})"


def search(peer: Peer, words: str, *, page: int = 1, size: int = SEARCH_SIZE) -> Page:
    """The best matches for what a person typed; an iD, in whatever form, finds what names it in any role, an
    address what has it as landing page."""
    if orcid := normalise_orcid(words):
        query = _naming(orcid, True)
    elif words.startswith(("https://", "http://")):
        query = f"url:{_escaped(words)}"
    else:
        query = _escaped(words)
    params = {"page[number]": str(page), "page[size]": str(size), "sort": "relevance"}
    return _page(peer, _list(query=query, **params))


def get(peer: Peer, doi: str) -> Doi | None:
    """One DOI, or None if it is unknown or not findable."""
    found = _answer(peer, f"/dois/{quote(doi, safe='/')}?affiliation=true&publisher=true")
    return _doi(found.get("data")) if found is not None else None


def findable(peer: Peer, dois: Iterable[str]) -> dict[str, Doi]:
    """Which of these DOIs are findable now, by their lower-case names."""
    wanted = sorted({doi.lower() for doi in dois})
    found: dict[str, Doi] = {}
    for start in range(0, len(wanted), IDS_AT_ONCE):
        some = wanted[start : start + IDS_AT_ONCE]
        params = {"ids": ",".join(some), "page[size]": str(len(some))}
        found.update({doi.id: doi for doi in _page(peer, _list(**params)).dois if doi.id in some})
    return found


def _list(**params: str) -> str:
    return "/dois?" + urlencode(
        {**params, "affiliation": "true", "publisher": "true", "disable-facets": "true"}
    )


def _escaped(words: str) -> str:
    """Plain words for a Lucene query: what would be syntax is taken literally."""
    return "".join(f"\\{c}" if c in '+-!(){}[]^"~*?:\\/&|<>=' else c for c in words[:500])


def _all(peer: Peer, path: str) -> Iterator[Page]:
    at: str | None = path
    while at is not None:
        page = _page(peer, at)
        yield page
        at = page.next


def _page(peer: Peer, path: str) -> Page:
    found = _answer(peer, path) or {}
    data, meta, links = found.get("data"), found.get("meta"), found.get("links")
    dois = [doi for item in (data if isinstance(data, list) else []) if (doi := _doi(item))]
    total = meta.get("total") if isinstance(meta, dict) else None
    following = links.get("next") if isinstance(links, dict) else None
    # A list that ends with an address of the next page but no items would be asked for ever.
    after = _own_address(peer, following) if isinstance(following, str) and dois else None
    return Page(dois, total if isinstance(total, int) else len(dois), after)


def _own_address(peer: Peer, address: str) -> str:
    """Only path and query of a `next` address count: behind a proxy its host may be one we can't reach, and
    it must not lead a trusted call elsewhere."""
    path = address.split("://", 1)[-1]
    return "/dois" + path[path.index("?") :] if "?" in path else "/dois"


def _doi(item: object) -> Doi | None:
    if not isinstance(item, dict) or not isinstance(attributes := item.get("attributes"), dict):
        return None
    name = attributes.get("doi") or item.get("id")
    return Doi(name.lower(), attributes) if isinstance(name, str) else None


def _answer(peer: Peer, path: str) -> dict[str, Any] | None:
    answer = peer.read(path, {"Accept": "application/vnd.api+json"})
    if answer.status == 404:
        return None
    if answer.status != 200:
        raise Unavailable(SERVICE, answer.status, wait_asked(answer))
    try:
        found = msgspec.json.decode(answer.body)
    except msgspec.DecodeError:
        raise Unavailable(SERVICE, answer.status) from None
    if not isinstance(found, dict):
        raise Unavailable(SERVICE, answer.status)
    return found
