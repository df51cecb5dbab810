"""A hub between a real registry and a real DOI registry, all in this process, and what people do at it.

DataCite and a library are two organisations there, DataCite with a second environment. Ada and the stranger
own records at the registry.
"""

import contextlib
import pathlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from laelia.hub import app, organisations, people, tables
from laelia.hub.organisations import standing
from laelia.hub.settings import Settings
from laelia.lib.browser import Browser, Page
from laelia.lib.http import Http, HttpError
from laelia.sandbox.doi_registry import accounts
from laelia.sandbox.doi_registry import app as doi_app
from laelia.sandbox.doi_registry.settings import Settings as DoiSettings
from registry.place import SITE as REGISTRY
from registry.place import Member, Person, Place

HUB = "https://hub.test"
DOI = "https://doi.test"
REPOSITORY: dict[str, Any] = {
    "name": "demo.repo",
    "password": "seeds in a dish",
    "title": "Demo",
    "prefixes": ["10.5072"],
}


class Town:
    """`close` ends it. `work` lets the hub do what is due."""

    def __init__(
        self, new_database: Callable[..., str], folder: pathlib.Path, *, registry: str = REGISTRY,
        doi: str = DOI, site: str = HUB, secure_cookies: bool = True, apps: Mapping[str, Any] | None = None,
        webhooks: bool = False,
    ) -> None:  # fmt: skip
        self.registry, self.site = registry, site
        self.place = Place(
            new_database("laelia.registry.migrations"),
            folder / "registry",
            registry,
            outside={site: self._hub},
            secure_cookies=secure_cookies,
        )
        self.clock = self.place.clock
        self.doi_url = doi
        apps = {**(apps or {}), registry: self.place.service.wsgi}
        self.doi = doi_app.build(
            DoiSettings(database=new_database("laelia.sandbox.doi_registry.migrations"), public_url=doi),
            clock=self.clock,
        )
        apps[doi] = self.doi.wsgi
        self.http = Http(apps=apps)
        settings = Settings(
            database=new_database("laelia.hub.migrations"), public_url=site, var=folder / "hub", sandbox=True,
            datacite_url=doi, doi_url=doi, secure_cookies=secure_cookies, calls_per_second=0,
            figshare_url="https://repository.test/v2", figshare_calls_per_minute=0,
            webhooks=webhooks,
            datacite_calls_per_minute=0,
        )  # fmt: skip
        self.hub = app.build(settings, http=self.http, clock=self.clock)
        self.everyone = Http(apps={**apps, site: self.hub.wsgi})
        self.ada, self.stranger = self.place.ada, self.place.stranger
        self._account()
        self.datacite = self.add("datacite", "DataCite")
        self.production = self.add("datacite", "DataCite", "production")
        self.library = self.add("library", "Example Library")

    def _hub(self, environ: Any, start_response: Any) -> Any:
        """The hub as the registry reaches it, which was there first."""
        return self.hub.wsgi(environ, start_response)

    def close(self) -> None:
        self.hub.close()
        self.doi.close()
        self.place.close()

    @contextlib.contextmanager
    def unanswered(self, part: str) -> Iterator[None]:
        """Meanwhile the hub gets no answer from addresses with this part, and knows not what came of it."""
        request = self.hub.http.request

        def silent(method: str, url: str, **rest: Any) -> Any:
            if part in url:
                raise HttpError("timeout", "no answer in time", sent=True)
            return request(method, url, **rest)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self.hub.http, "request", silent)
            yield

    def work(self) -> int:
        return self.hub.work()

    # ---- who is there

    def add(self, slug: str, name: str, environment: str = "sandbox") -> int:
        handle = slug if environment == "sandbox" else f"{slug}@{environment}"
        client = self.place.member(
            name=name,
            redirect_uris=[f"{self.site}/{handle}/callback"],
            start_url=f"{self.site}/{handle}/connect",
        )
        with self.hub.db.writing() as tx:
            organisations.add_organisation(
                tx, self.clock.now(), slug=slug, name=name, about=f"{name} knows DOIs."
            )
            made = organisations.add_environment(
                tx, self.clock.now(), self.hub.keys, organisation=slug, name=environment, client_id=client.id,
                client_secret=client.secret, site_url=self.registry, api_url=self.registry,
                pub_url=self.registry,
            )  # fmt: skip
            standing.start(tx, self.clock.now(), made, ("datacite",))
        return made

    def client(self, environment_id: int) -> Member:
        with self.hub.db.reading() as tx:
            found = organisations.environment(tx, environment_id, self.hub.keys)
        return Member(found.client_id, found.client_secret)

    def _account(self) -> None:
        with self.doi.db.writing() as tx:
            accounts.add(tx, self.clock.now(), self.doi.passwords, **REPOSITORY)

    # ---- what stands at the DOI registry

    def publish(self, suffix: str, title: str, *creators: Person | str, **more: Any) -> str:
        """A findable DOI; `more` are attributes of DataCite's API."""
        doi = f"10.5072/{suffix}"
        named = [_creator(each) for each in creators]
        attributes = {
            "doi": doi, "event": "publish", "url": f"https://repository.test/{suffix}", "creators": named,
            "titles": [{"title": title}], "publisher": "Demo", "publicationYear": 2026,
            "types": {"resourceTypeGeneral": "Dataset"}, "schemaVersion": "http://datacite.org/schema/kernel-4",
        }  # fmt: skip
        body = {"data": {"type": "dois", "attributes": attributes | more}}
        login = (REPOSITORY["name"], REPOSITORY["password"])
        answer = self.everyone.post(f"{self.doi_url}/dois", json=body, auth=login)
        assert answer.status == 201, answer.text
        return doi

    # ---- people at the hub

    def browser(self, who: Person | None = None) -> Browser:
        """A browser, signed in at the registry (not at the hub) when a person is named."""
        browser = Browser(self.everyone)
        if who is not None:
            self.place.sign_in(browser, who)
        return browser

    def connect(self, browser: Browser, until_revoked: bool = True, handle: str = "datacite") -> Page:
        form = browser.open(self.at(f"/{handle}/connect")).form(containing="Authorise")
        return form.fill(until_revoked=until_revoked).submit("Authorise access")

    def connected(self, who: Person, until_revoked: bool = True, handle: str = "datacite") -> Browser:
        browser = self.browser(who)
        page = self.connect(browser, until_revoked, handle)
        assert page.url.startswith(self.at(f"/{handle}/settings")), page.url
        return browser

    def at(self, path: str) -> str:
        return self.site + path

    # ---- what is stored, and what stands on records

    def rows(self, table: str) -> list[sa.Row[Any]]:
        with self.hub.db.reading() as tx:
            return list(tx.execute(sa.select(tables.metadata.tables[table])))

    def permission(self, who: Person, environment_id: int | None = None) -> people.Permission | None:
        environment_id = self.datacite if environment_id is None else environment_id
        with self.hub.db.reading() as tx:
            return people.permission(tx, environment_id, who.orcid, self.hub.keys, self.clock.now())

    def works(self, who: Person) -> list[Mapping[str, Any]]:
        """The works everyone may see on her record: title and source of each."""
        answer = self.everyone.get(
            f"{self.registry}/v3.0/{who.orcid}/works", headers={"Accept": "application/json"}
        )
        assert answer.status == 200, answer.text
        summaries = [one for group in answer.json()["group"] for one in group["work-summary"]]
        return [
            {"title": one["title"]["title"]["value"], "source": one["source"]["source-name"]["value"]}
            for one in summaries
        ]


def _creator(who: Person | str) -> dict[str, Any]:
    if isinstance(who, str):
        return {"name": who, "nameType": "Personal"}
    identifier = {
        "nameIdentifier": f"https://orcid.org/{who.orcid}",
        "nameIdentifierScheme": "ORCID",
        "schemeUri": "https://orcid.org",
    }
    return {"name": who.name, "nameType": "Personal", "nameIdentifiers": [identifier]}


def query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
