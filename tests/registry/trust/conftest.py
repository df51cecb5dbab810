"""A registry that the tests of a module share, on both databases: each makes its own people and clients."""

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from laelia.lib.browser import Browser
from laelia.lib.http import Response
from registry.place import Member, Person, Place

_numbers = itertools.count()


class Town(Place):
    """A registry with what these tests do again and again."""

    def __init__(self, *given: Any) -> None:
        self.browsers: dict[str, Browser] = {}
        super().__init__(*given)

    def browser(self, who: Person | None = None) -> Browser:
        """One browser for each person, since signing in takes a while on purpose."""
        if who is None:
            return super().browser()
        if who.orcid not in self.browsers:
            self.browsers[who.orcid] = super().browser(who)
        return self.browsers[who.orcid]

    def later(self, ms: int) -> None:
        """Let time pass, in which everybody is signed out."""
        self.clock.advance(ms)
        self.browsers.clear()

    def somebody(self, given: str = "Maria", family: str = "Merian") -> Person:
        return self.person(given, family, f"maria{next(_numbers)}@example.org")

    def api(
        self, token: str, method: str, who: Person, path: str = "/works", body: object = None
    ) -> Response:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.orcid+json"}
        content = None
        if body is not None:
            headers["Content-Type"] = "application/vnd.orcid+json"
            content = json.dumps(body).encode()
        url = self.at(f"/v3.0/{who.orcid}{path}")
        return self.http.request(method, url, headers=headers, content=content)

    def add(self, token: str, who: Person, path: str = "/work", body: object = None) -> str:
        """Add an item and return its path."""
        answer = self.api(token, "POST", who, path, body or work())
        assert answer.status in (200, 201), answer.text
        return f"{path}/{answer.headers['location'].rpartition('/')[2]}" if answer.status == 201 else path

    def revoke_all(self, who: Person, client: Member) -> Any:
        page = self.browser(who).open(self.at("/account/trusted"))
        return page.form(f"/account/trusted/{client.id}/revoke").submit()

    def take_back(self, who: Person, client: Member, saying: str) -> Any:
        """Take back the one thing whose sentence contains these words, by its form on the page."""
        page = self.browser(who).open(self.at("/account/trusted"))
        forms = [
            form for form in page.forms() if form.element.get("action").endswith(f"{client.id}/take-back")
        ]
        return next(form for form in forms if saying in form.text).submit()

    def of(self, table: str, who: Person) -> list[Any]:
        return [row for row in self.rows(table) if row.orcid == who.orcid]


def work(title: str = "Nectar volume") -> dict[str, Any]:
    own = {"external-id-type": "doi", "external-id-value": f"10.5072/{next(_numbers)}"}
    return {
        "title": {"title": {"value": title}},
        "type": "data-set",
        "external-ids": {"external-id": [{**own, "external-id-relationship": "self"}]},
    }


@pytest.fixture(scope="module")
def town(module_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    made = Town(module_database("laelia.registry.migrations"), tmp_path_factory.mktemp("var"))
    yield made
    made.close()


@pytest.fixture
def ada(town: Town) -> Person:
    """Somebody new for each test."""
    return town.somebody("Ada", "Lovelace")


@pytest.fixture
def member(town: Town) -> Member:
    """A client that this test alone knows."""
    return town.member(name=f"Member {next(_numbers)}")


__all__ = ["Town", "work"]
