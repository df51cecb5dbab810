"""Publications as CSL JSON: of a resolver of DOIs, by content negotiation, and of a service that answers for
PubMed's ids as NCBI's citation exporter does."""

from typing import Any
from urllib.parse import quote, urljoin

import msgspec

from laelia.client.peer import Peer
from laelia.lib.http import Response

CSL = "application/vnd.citationstyles.csl+json"
MOST = 4 * 1024 * 1024
"""Bytes of one answer: that of a paper with five thousand authors has fewer than one million."""
HOPS = 3
"""A resolver sends on to the agency that knows the DOI, and that perhaps to another address."""
_UNKNOWN = (400, 404, 410, 422)


class Unusable(Exception):
    """An answer that is none: a status that says nothing, a page instead of data, redirects without end."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(f"{status}: {why}")
        self.status = status


def by_doi(peer: Peer, doi: str) -> dict[str, Any] | None:
    """What is known of a DOI; None where nobody knows it.

    A redirect is followed to a public address only, whatever the resolver itself may be.
    """
    url = f"{peer.base.rstrip('/')}/{quote(doi, safe='/')}"
    answer = _get(peer, url, trusted=peer.trusted)
    for _ in range(HOPS):
        if answer.status not in (301, 302, 303, 307, 308):
            break
        url = urljoin(url, answer.headers.get("location", ""))
        answer = _get(peer, url, trusted=False)
    return _item(answer)


def by_pubmed(peer: Peer, kind: str, number: str) -> dict[str, Any] | None:
    """What is known of an id of PubMed (`kind` "pubmed") or of PubMed Central ("pmc", its digits)."""
    url = f"{peer.base.rstrip('/')}/{kind}/?format=csl&id={quote(number, safe='')}"
    return _item(_get(peer, url, trusted=peer.trusted))


def _get(peer: Peer, url: str, *, trusted: bool) -> Response:
    peer.reads += 1
    return peer.http.get(url, headers={"Accept": CSL}, trusted=trusted, max_answer=MOST)


def _item(answer: Response) -> dict[str, Any] | None:
    """The item, or the first of a list."""
    if answer.status in _UNKNOWN:
        return None
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.status != 200 or not (kind.endswith("json") or not kind):
        raise Unusable(answer.status, f"an answer of type {kind or 'none'}")
    try:
        found = msgspec.json.decode(answer.body)
    except msgspec.DecodeError as error:
        raise Unusable(answer.status, str(error)) from None
    if isinstance(found, list):
        found = found[0] if found else None
    if found is not None and not isinstance(found, dict):
        raise Unusable(answer.status, "no object")
    return found or None
