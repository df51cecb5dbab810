"""The repository and its neighbours in one process: the DOI registry for real, the registry as routes.

The registry's own sign-in pages are proven in its own tests; here only its side of the code grant matters.
"""

import json
import pathlib
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode

from laelia.lib.browser import Browser, Page
from laelia.lib.clock import StoppedClock
from laelia.lib.http import Http
from laelia.sandbox.doi_registry import accounts
from laelia.sandbox.doi_registry.app import build as build_doi_registry
from laelia.sandbox.doi_registry.settings import Settings as DoiSettings
from laelia.sandbox.repository.app import build
from laelia.sandbox.repository.settings import Settings

ADA = ("0009-8000-0000-0012", "Ada Author")
BOB = ("0009-8000-0000-0020", "Bob Builder")


class Registry:
    """Its side of the code grant: `who` is signed in there and says yes, unless `says` is an error."""

    def __init__(self) -> None:
        self.who, self.says = ADA, ""
        self.asked: dict[str, str] = {}
        self.codes: dict[str, tuple[str, str]] = {}
        self.revoked: list[str] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        path = environ["PATH_INFO"]
        if path == "/oauth/authorize":
            self.asked = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
            back: dict[str, str] = {"state": self.asked["state"]}
            if self.says:
                back["error"] = self.says
            else:
                back["code"] = f"code-{len(self.codes)}"
                self.codes[back["code"]] = self.who
            start("302 Found", [("Location", f"{self.asked['redirect_uri']}?{urlencode(back)}")])
            return [b""]
        form = parse_qs(environ["wsgi.input"].read().decode())
        if path == "/oauth/revoke":
            self.revoked.append(form["token"][0])
            start("200 OK", [])
            return [b""]
        who = self.codes.pop(form.get("code", [""])[0], None)
        start("200 OK" if who else "400 Bad Request", [("Content-Type", "application/json")])
        if who is None:
            return [b'{"error":"invalid_grant"}']
        granted = {"access_token": f"at-{who[0]}", "token_type": "bearer", "scope": "/authenticate"}
        return [json.dumps(granted | {"orcid": who[0], "name": who[1], "expires_in": 3599}).encode()]


class DoiRegistry:
    """The DOI registry behind a switch, with a count of what was sent to it."""

    def __init__(self, app: Any) -> None:
        self.app, self.down, self.calls = app, False, 0

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        self.calls += 1
        if self.down:
            start("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"down"]
        return self.app(environ, start)


class World:
    def __init__(self, new_database: Callable[..., str], folder: pathlib.Path, **settings: Any) -> None:
        self.clock = StoppedClock()
        doi_database = new_database("laelia.sandbox.doi_registry.migrations")
        self.doi_service = build_doi_registry(
            DoiSettings(database=doi_database, public_url="https://doi.test", var=folder / "doi"),
            clock=self.clock,
        )
        with self.doi_service.db.writing() as tx:
            account = {"name": "demo.repository", "password": "pw", "title": "Demo", "prefixes": ["10.5072"]}
            accounts.add(tx, self.clock.now(), self.doi_service.passwords, **account)
        self.registry, self.doi = Registry(), DoiRegistry(self.doi_service.wsgi)
        self.apps: dict[str, Any] = {"https://registry.test": self.registry, "https://doi.test": self.doi}
        values: dict[str, Any] = {
            "database": new_database("laelia.sandbox.repository.migrations"),
            "public_url": "https://repository.test",
            "registry_site": "https://registry.test",
            "client_id": "APP-1",
            "client_secret": "secret",
            "doi_url": "https://doi.test",
            "doi_resolver": "https://doi.test",
            "doi_password": "pw",
            "var": folder / "repository",
        }
        self.repository = build(
            Settings(**{**values, **settings}),
            http=Http(apps=self.apps),
            clock=self.clock,
        )
        self.apps["https://repository.test"] = self.repository.wsgi
        self.http = Http(apps=self.apps)

    def sign_in(self, who: tuple[str, str] = ADA) -> Browser:
        self.registry.who = who
        browser = Browser(self.http)
        assert browser.open("https://repository.test/signin").status == 200
        return browser

    def token(self, who: tuple[str, str] = ADA) -> str:
        page = self.sign_in(who).open("https://repository.test/account")
        made = page.form("new-token").fill(name="tests").submit()
        return str(made.all("//*[@id='made-token']")[0].text_content().strip())

    def api(self, token: str | None = None) -> "Api":
        return Api(self.http, token)

    def registered(self, doi: str) -> dict[str, Any] | None:
        """What the DOI registry tells anybody about a DOI."""
        answer = self.http.get(f"https://doi.test/dois/{doi}", trusted=True)
        return answer.json()["data"]["attributes"] if answer.status == 200 else None

    def close(self) -> None:
        self.repository.close()
        self.doi_service.close()


class Api:
    def __init__(self, http: Http, token: str | None) -> None:
        self._http, self._token = http, token

    def __call__(self, method: str, path: str, body: Any = None, **parts: Any) -> Any:
        headers = parts.pop("headers", {})
        if self._token:
            headers["Authorization"] = f"token {self._token}"
        if not path.startswith("https://"):
            path = f"https://repository.test{path}"
        return self._http.request(method, path, json=body, headers=headers, trusted=True, **parts)


WHOLE = {
    "title": "Nectar volume of Laelia anceps",
    "description": "Measured at three altitudes.",
    "defined_type": "dataset",
    "license": 1,
    "categories": [24031],
    "tags": ["orchids", "nectar"],
}


def fill_new(browser: Browser, **more: Any) -> Page:
    """The form of a new item, filled in as the demo does, and published."""
    form = browser.open("https://repository.test/items/new").form("new-item")
    values = {
        "title": WHOLE["title"],
        "description": WHOLE["description"],
        "category": "24031",
        "keywords": "orchids, nectar",
    }
    form.fill(**(values | more))
    form.fill(file=("nectar.csv", b"altitude,volume\n1200,3.1\n", "text/csv"))
    return form.submit("Publish")
