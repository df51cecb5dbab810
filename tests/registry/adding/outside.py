"""The neighbours of a registry that adds works: a real DOI registry in this process, and a resolver and a
PubMed that answer as they are told to."""

import json
import pathlib
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from laelia.lib.http import Http
from laelia.sandbox.doi_registry import accounts
from laelia.sandbox.doi_registry import app as doi_app
from laelia.sandbox.doi_registry.settings import Settings as DoiSettings
from registry.place import Person, Place

DOI, RESOLVER, PUBMED = "https://doi.test", "https://resolver.test", "https://pubmed.test/lit"
CSL = "application/vnd.citationstyles.csl+json"
LOGIN = ("demo.repo", "seeds in a dish")

Answer = tuple[str, dict[str, str], Iterable[bytes]]


class Stand:
    """A service that answers what it was told, by path and query; 404 to all else. `asked` is what came."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str]] = []

    def tells(self, path: str, item: object, kind: str = CSL) -> None:
        self.answers[path] = ("200 OK", {"Content-Type": kind}, [json.dumps(item).encode()])

    def does(self, path: str, status: str, headers: dict[str, str], body: Iterable[bytes] = (b"",)) -> None:
        self.answers[path] = (status, headers, body)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"].encode("latin-1").decode()
        query = parse_qs(environ.get("QUERY_STRING", ""))
        path += f"?{query['id'][0]}" if "id" in query else ""
        self.asked.append((path, environ.get("HTTP_ACCEPT", "")))
        status, headers, body = self.answers.get(
            path, ("404 Not Found", {"Content-Type": "text/html"}, [b"no"])
        )
        start_response(status, list(headers.items()))
        return body


class Outside:
    """`place` is the registry; `close` ends everything."""

    def __init__(self, new_database: Callable[..., str], folder: pathlib.Path, **settings: Any) -> None:
        self.resolver, self.pubmed = Stand(), Stand()
        self.doi = doi_app.build(
            DoiSettings(database=new_database("laelia.sandbox.doi_registry.migrations"), public_url=DOI)
        )
        with self.doi.db.writing() as tx:
            accounts.add(
                tx, self.doi.clock.now(), self.doi.passwords, name=LOGIN[0], password=LOGIN[1], title="Demo",
                prefixes=["10.5072"],
            )  # fmt: skip
        apps = {DOI: self.doi.wsgi, RESOLVER: self.resolver, "https://pubmed.test": self.pubmed}
        given = {"datacite_url": DOI, "doi_resolver": RESOLVER, "pubmed_url": PUBMED, **settings}
        self.place = Place(
            new_database("laelia.registry.migrations"), folder / "registry", outside=apps, **given
        )
        self._http = Http(apps={DOI: self.doi.wsgi})

    def reset(self) -> None:
        for stand in (self.resolver, self.pubmed):
            stand.answers.clear()
            stand.asked.clear()

    def close(self) -> None:
        self.place.close()
        self.doi.close()

    def publish(self, suffix: str, title: str, **more: Any) -> str:
        """A findable DOI at the DOI registry."""
        attributes = {
            "doi": f"10.5072/{suffix}", "event": "publish", "url": f"https://repository.test/{suffix}",
            "creators": [{"name": "Adder, Zoe", "givenName": "Zoe", "familyName": "Adder"}],
            "titles": [{"title": title}], "publisher": "Demo", "publicationYear": 2026,
            "types": {"resourceTypeGeneral": "Dataset"}, "schemaVersion": "http://datacite.org/schema/kernel-4",
            **more,
        }  # fmt: skip
        body = {"data": {"type": "dois", "attributes": attributes}}
        answer = self._http.post(f"{DOI}/dois", json=body, auth=LOGIN)
        assert answer.status == 201, answer.text
        return f"10.5072/{suffix}"

    def works(self, who: Person) -> list[dict[str, Any]]:
        """What the Public API tells of a person's works: a summary for each."""
        url = self.place.at(f"/v3.0/{who.orcid}/works")
        found = self.place.http.get(url, headers={"Accept": "application/json"}, max_answer=32 << 20).json()
        return [one for group in found["group"] for one in group["work-summary"]]

    def rows(self, who: Person) -> int:
        """How many works stand on a record, whoever sees them."""
        return sum(row.orcid == who.orcid and row.section == "works" for row in self.place.rows("item"))


def slow(seconds: float) -> Iterable[bytes]:
    time.sleep(seconds)
    yield b"{}"
