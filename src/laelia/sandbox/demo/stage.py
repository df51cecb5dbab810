"""What the steps of the story play on: her browser, the public APIs, the memory, and patience."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from laelia.lib.browser import Browser, Page
from laelia.lib.http import Http, Response
from laelia.sandbox.demo.memory import Memory
from laelia.sandbox.demo.services import DOI, HUB, REGISTRY, REPOSITORY, Neighbourhood

PATIENCE_SECONDS = 30
JSON = "application/vnd.orcid+json"
XML = "application/vnd.orcid+xml"


T = TypeVar("T")


class StepFailed(Exception):
    """A step did not end as the story says; the text tells what was expected and what was seen."""


class Stage:
    """One researcher at one browser, with all four services signed in to side by side."""

    def __init__(self, place: Neighbourhood, memory: Memory) -> None:
        self.place, self.memory = place, memory
        self.http = Http()
        self.browser = Browser(self.http)
        self.registry, self.hub = place.url(REGISTRY), place.url(HUB)
        self.doi, self.repository = place.url(DOI), place.url(REPOSITORY)

    @property
    def orcid(self) -> str:
        return str(self.memory["orcid"])

    def get(self, url: str, accept: str = JSON) -> Response:
        """One anonymous call of a public API."""
        return self.http.get(url, headers={"Accept": accept}, trusted=True)

    def works(self) -> list[dict[str, Any]]:
        """Every work summary that anyone may see on her record."""
        answer = self.get(f"{self.registry}/v3.0/{self.orcid}/works")
        expect(answer.status == 200, f"her works can be read by anyone (200), got {answer.status}")
        return [work for group in answer.json()["group"] for work in group["work-summary"]]

    def work(self, doi: str) -> dict[str, Any] | None:
        """The one summary with that DOI; two of them would be a duplicate, which fails the step."""
        found = [work for work in self.works() if doi in self_dois(work)]
        expect(len(found) <= 1, f"{doi} stands once on the record, found {len(found)} times")
        return found[0] if found else None

    def arrives(self, doi: str, title: str | None = None) -> dict[str, Any]:
        """Waits until a DOI is on her record, with that title where one is given."""

        def there() -> dict[str, Any] | None:
            work = self.work(doi)
            return work if work and title in (None, title_of(work)) else None

        return until(there, f"{doi} on the record" + (f" with the title {title!r}" if title else ""))

    def press(self, page: Page, form: str, button: str | None = None, /, **fields: Any) -> Page:
        """Fills a form of the page and submits it; a page that is no success fails the step."""
        after = page.form(form).fill(**fields).submit(button)
        expect(after.status < 400, f"{after.url} accepts the form, got {after.status}: {after.text[:300]}")
        return after

    def at_hub(self, path: str) -> Page:
        """A page of hers at DataCite's hub; she signs in with her iD where she is not."""
        page = self.browser.open(f"{self.hub}/datacite/{path}")
        if page.status == 403:
            self.sign_in()
            page = self.browser.open(f"{self.hub}/datacite/signin")
            if "asks for your permission" in page.text:
                page.form(containing="Authorise access").submit("Authorise access")
            page = self.browser.open(f"{self.hub}/datacite/{path}")
        expect(page.status == 200, f"{page.url} is shown, got {page.status}: {page.text[:200]}")
        return page

    def sign_in(self) -> None:
        """Signs her in at the registry where she is not."""
        page = self.browser.open(f"{self.registry}/my-record")
        if "/signin" in page.url:
            page = self.press(page, "/signin", name=self.orcid, password=self.memory["password"])
        expect(
            page.url.endswith("/my-record"),
            f"signing in leads to her record, got {page.url}: {page.text[:200]}",
        )


def expect(fact: object, said: str) -> None:
    if not fact:
        raise StepFailed(f"expected: {said}")


def until(look: Callable[[], T | None], what: str, seconds: float = PATIENCE_SECONDS) -> T:
    """The first true answer of `look`; StepFailed when patience ends."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise StepFailed(f"waited {seconds:.0f} seconds for {what}, in vain")
        time.sleep(0.1)


def self_dois(work: dict[str, Any]) -> set[str]:
    ids = (work["external-ids"] or {}).get("external-id") or []
    return {
        one["external-id-value"].lower()
        for one in ids
        if one["external-id-type"] == "doi" and one["external-id-relationship"] == "self"
    }


def title_of(work: dict[str, Any]) -> str:
    return str(work["title"]["title"]["value"])


def source_of(work: dict[str, Any]) -> str:
    return str(work["source"]["source-name"]["value"])
