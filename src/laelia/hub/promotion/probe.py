"""The environment's own pages, asked for in this process as by a stranger's browser: where people come in,
what goes to the registry, and what happens at a no. Nothing but a spent `state` is left of it."""

from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import lxml.html

from laelia.hub.organisations import Environment
from laelia.hub.settings import Hub
from laelia.lib.http import Http, Response
from laelia.lib.web.pages import Pages
from laelia.lib.web.wsgi import Wsgi

SAMPLE = "0000-0002-1825-0097"
"""The iD that ORCID's own examples show."""


class Served(Hub, Protocol):
    """A hub with its pages."""

    @property
    def wsgi(self) -> Wsgi: ...
    @property
    def pages(self) -> Pages: ...


@dataclass(frozen=True)
class Probe:
    """`pages` by path; `asked` are the parameters with which the registry is asked, empty where nobody can
    connect yet; `denied` is the page after a no, `again` and `forged` the answers to the same callback once
    more and to one with a state of no browser; `shown` is how an iD is shown."""

    pages: dict[str, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    asked_at: str = ""
    denied: str = ""
    again: int = 0
    forged: int = 0
    shown: str = ""

    def all(self, xpath: str) -> list[tuple[str, Any]]:
        """What an XPath finds on the pages, each with the page's path."""
        return [(path, one) for path, page in self.pages.items() if page for one in found(page, xpath)]


def found(page: str, xpath: str) -> Any:
    """What an XPath gives on a page."""
    whole: Any = lxml.html.fromstring(page)
    return whole.xpath(xpath)


def probe(hub: Served, place: Environment) -> Probe:
    """Call it with no transaction open."""
    visitor = _Visitor(hub)
    paths = (f"/{place.handle}/", f"/{place.handle}/staff/signin")
    pages = {path: visitor.get(path).text for path in paths}
    shown = hub.pages.render("shown-id.html", place=place, orcid=SAMPLE)
    out = visitor.get(f"/{place.handle}/connect")
    address = urlsplit(out.headers.get("location", ""))
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    if "state" not in asked:
        return Probe(pages, shown=shown)
    back = f"/{place.handle}/callback?error=access_denied&state="
    denied = visitor.get(back + asked["state"])
    again, forged = visitor.get(back + asked["state"]), visitor.get(f"{back}forged")
    pages[f"/{place.handle}/callback"] = denied.text
    return Probe(
        pages, asked, f"{address.scheme}://{address.netloc}{address.path}", denied.text, again.status,
        forged.status, shown,
    )  # fmt: skip


class _Visitor:
    """A browser with cookies that goes nowhere but to this hub."""

    def __init__(self, hub: Served) -> None:
        self._origin = hub.settings.public_url.rstrip("/")
        self._http = Http(apps={self._origin: hub.wsgi})
        self._jar: dict[str, str] = {}

    def get(self, path: str) -> Response:
        cookie = "; ".join(f"{name}={value}" for name, value in self._jar.items())
        headers = {"Accept": "text/html", "Accept-Language": "en", **({"Cookie": cookie} if cookie else {})}
        answer = self._http.get(self._origin + path, headers=headers, trusted=True)
        for line in answer.headers.all("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self._jar[name] = value
        return answer
