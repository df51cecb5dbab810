"""Searching a registry for people: Lucene's syntax with ORCID's fields (docs/guides/search.md)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import msgspec

from laelia.client.orcid.answers import Unavailable, refusal
from laelia.client.orcid.api import MEDIA, Api
from laelia.codec.found import Person
from laelia.lib.http import Response

PAGE = 200
"""As many as every version tells of in one answer."""


@dataclass(frozen=True)
class Found:
    """`total` counts all that fit; `people` are those that were told of, the best first. Of a plain search
    they have nothing but their iDs."""

    total: int
    people: list[Person]


def search(api: Api, query: str, start: int = 0, rows: int = PAGE, **more: str) -> Found:
    """iDs of people, in every version."""
    told = _ask(api, "/search", query, start, rows, more)
    results = [_part(one, "orcid-identifier", dict) for one in told.get("result") or []]
    return Found(_total(told), [Person(orcid=str(one.get("path", ""))) for one in results])


def expanded(api: Api, query: str, start: int = 0, rows: int = PAGE, **more: str) -> Found:
    """The same with names, addresses and organisations, since 3.0. `current_institutions` holds the
    organisations of all affiliations: the answer does not tell current from past ones."""
    told = _ask(api, "/expanded-search", query, start, rows, more)
    return Found(_total(told), [_person(one) for one in told.get("expanded-result") or []])


def everybody(api: Api, query: str, **more: str) -> Iterator[Person]:
    """All who fit, page by page, in the order of their iDs unless `sort` says another; without a token a
    registry tells of the first ten thousand only (SearchTooFar)."""
    start, more = 0, {"sort": "orcid asc", **more}
    while True:
        page = search(api, query, start, PAGE, **more)
        yield from page.people
        start += len(page.people)
        if not page.people or start >= page.total:
            return


def table(api: Api, query: str, start: int = 0, rows: int = PAGE, **more: str) -> bytes:
    """The same as CSV, as the registry sends it; `fl` names the columns."""
    return _get(api, "/csv-search", "text/csv", query, start, rows, more).body


def _ask(
    api: Api, path: str, query: str, start: int, rows: int, more: Mapping[str, str]
) -> Mapping[str, Any]:
    answer = _get(api, path, MEDIA["json"], query, start, rows, more)
    try:
        return msgspec.json.decode(answer.body, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise Unavailable(answer.status, None, True, f"and no results: {error}") from error


def _get(
    api: Api, path: str, accept: str, query: str, start: int, rows: int, more: Mapping[str, str]
) -> Response:
    asked = urlencode({"q": query, "start": start, "rows": rows, **more})
    headers = {"Accept": accept} | ({} if api.token is None else {"Authorization": f"Bearer {api.token}"})
    answer = api.peer.read(f"/v{api.version}{path}?{asked}", headers)
    if answer.status != 200:
        raise refusal(answer)
    return answer


def _total(told: Mapping[str, Any]) -> int:
    number = told.get("num-found")
    return number if isinstance(number, int) else 0


def _person(one: Any) -> Person:
    return Person(
        orcid=_part(one, "orcid-id", str), given_names=one.get("given-names"),
        family_names=one.get("family-names"), credit_name=one.get("credit-name"),
        other_names=one.get("other-name") or [], emails=one.get("email") or [],
        current_institutions=one.get("institution-name") or [],
    )  # fmt: skip


def _part(one: Any, name: str, kind: type) -> Any:
    found = one.get(name) if isinstance(one, dict) else None
    if not isinstance(found, kind):
        raise Unavailable(200, None, True, f"and no results: {name} is missing")
    return found
