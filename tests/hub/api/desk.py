"""A program of the library: its client, and a hold on every answer to what OpenAPI says of it."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema_rs
import orjson

from hub.staff.desk import BY
from hub.web.town import Town
from laelia.client import hub
from laelia.hub.organisations import programs
from laelia.lib.browser import Browser, Page
from laelia.lib.http import Http, Response

HR = "https://hr.test"
BACK = f"{HR}/orcid"
BASE = "/library/api/v1"


class HrSite:
    """The local system: it notes how browsers come back to it."""

    def __init__(self) -> None:
        self.answers: list[dict[str, list[str]]] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        self.answers.append(parse_qs(environ["QUERY_STRING"]))
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [b"<!doctype html><title>HR</title><h1>Back at HR</h1>"]


class Described:
    """What the hub says of its own API."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        paths = sorted(document["paths"].items(), key=lambda pair: pair[0].count("{"))
        self._paths = [(re.compile(_pattern(path)), item) for path, item in paths]
        self.seen: set[tuple[str, str]] = set()

    def hold(self, method: str, url: str, answer: Response) -> None:
        path = urlsplit(url).path.partition("/api/v1")[2]
        found = [item for pattern, item in self._paths if pattern.fullmatch(path) and method.lower() in item]
        if not found:
            assert answer.status in (404, 405), (method, path, answer.status)
            return
        operation = found[0][method.lower()]
        self.seen.add((operation["operationId"], str(answer.status)))
        said = operation["responses"].get(str(answer.status))
        assert said is not None, f"{method} {path}: {answer.status} is not named: {answer.text}"
        if answer.status == 304:
            return
        [(kind, form)] = said["content"].items()
        assert answer.headers["content-type"].partition(";")[0] == kind
        root = {**form["schema"], "components": self.document["components"]}
        validator = jsonschema_rs.Draft202012Validator(root)
        errors = [
            f"{e.instance_path}: {e.message[:300]}" for e in validator.iter_errors(orjson.loads(answer.body))
        ]
        assert errors == [], (method, path, errors)


def _pattern(path: str) -> str:
    return re.sub(r"{(\w+)}", lambda m: ".+" if m[1] == "key" else "[^/]+", path)


class HeldHttp(Http):
    """Answers of the API that are not as described fail the test."""

    def __init__(self, described: Described, **parts: Any) -> None:
        super().__init__(**parts)
        self.described = described

    def request(self, method: str, url: str, **parts: Any) -> Response:
        answer = super().request(method, url, **parts)
        if "/api/v1/" in url and not url.endswith("/openapi.json"):
            self.described.hold(method, url, answer)
        return answer


class Desk:
    """The library's HR system at the hub. `raw` calls as `hub` does, and gives the answer itself."""

    def __init__(self, town: Town, site: HrSite) -> None:
        self.town, self.site = town, site
        answer = town.everyone.get(town.at(f"{BASE}/openapi.json"))
        assert answer.status == 200
        self.described = Described(answer.json())
        self.http = HeldHttp(self.described, apps={town.site: town.hub.wsgi})
        self.program, self.secret = self.add()
        self.hub = self.client(self.program.client_id, self.secret)

    def add(self, **values: Any) -> tuple[programs.Program, str]:
        given = {"name": "HR", "return_urls": [BACK], **values}
        with self.town.hub.db.writing() as tx:
            return programs.add(tx, self.town.clock.now(), BY, self.town.library, **given)

    def client(self, client_id: str, secret: str, **more: Any) -> hub.Hub:
        return hub.Hub(self.town.at("/library"), client_id, secret, http=self.http, patience=0, **more)

    def token(self, secret: str | None = None, client_id: str | None = None, **form: str) -> Response:
        who = (client_id or self.program.client_id, secret or self.secret)
        data = {"grant_type": "client_credentials", **form}
        return self.town.everyone.post(self.town.at("/library/api/token"), data=data, auth=who)

    def raw(
        self, method: str, path: str, body: Any = None, token: str | None = None, **headers: str
    ) -> Response:
        bearer = token if token is not None else self.token().json()["access_token"]
        sent = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, bytes) or body is None else orjson.dumps(body)
        return self.http.request(method, self.town.at(BASE + path), content=content, headers=sent)

    def come(self, browser: Browser, url: str) -> Page:
        """By the address of a session to the registry, and back after a yes."""
        page = browser.open(url)
        if "Authorise" in page.text:
            page = page.form(containing="Authorise").fill(until_revoked=True).submit("Authorise access")
        return page

    def connected(self, local_id: str = "HR-7") -> Browser:
        """Ada is known by this local id, and came by a session."""
        self.hub.put_person(local_id, email="ada@library.example")
        browser = self.town.browser(self.town.ada)
        page = self.come(browser, self.hub.connect(local_id, BACK).url or "")
        assert page.url.startswith(BACK), page.text
        self.town.work()
        return browser


def refused(answer: Response, kind: str) -> dict[str, Any]:
    """The body of a refusal of this kind."""
    body: dict[str, Any] = answer.json()
    assert body["type"].endswith(f"/library/api#{kind}"), body
    assert body["status"] == answer.status
    return body
