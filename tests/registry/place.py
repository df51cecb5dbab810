"""A registry in this process with the same few people, and what clients and browsers do at it.

`ada` owns the record that is asked about, `stranger` owns another. Clients are made by `member` and `public`.
"""

import dataclasses
import functools
import pathlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import sqlalchemy as sa

from laelia.lib.browser import Browser, Page
from laelia.lib.clock import StoppedClock
from laelia.lib.http import Http, Response
from laelia.lib.secret import Passwords, add_key
from laelia.registry import app, tables
from laelia.registry.account import credentials
from laelia.registry.grants import clients
from laelia.registry.record import people
from laelia.registry.settings import Settings

SITE = "https://registry.test"
BACK = "https://client.test/back"
START = 1_790_000_000_000
# RFC 7636 appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
PASSWORD = "orchid & 7 bees"

Values = Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Person:
    orcid: str
    name: str
    email: str
    password: str = PASSWORD


@dataclasses.dataclass(frozen=True)
class Member:
    id: str
    secret: str


@functools.cache
def _hash_of_all() -> str:
    """Hashing is slow on purpose, and starts a process: once is enough."""
    passwords = Passwords()
    try:
        return passwords.hash(PASSWORD)
    finally:
        passwords.close()


def client_site(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Where browsers are sent back to: a page that says nothing."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"client"]


class Place:
    """One registry; `close` ends it. `outside` is whom it may call: apps by their origin."""

    def __init__(
        self,
        database: str,
        var: pathlib.Path,
        site: str = SITE,
        outside: Mapping[str, Any] | None = None,
        start: int = START,
        **settings: Any,
    ) -> None:
        self.site = site
        self.clock = StoppedClock(start)
        # Here every request has a thread of its own.
        given = {"public_url": site, "sandbox": True, "var": var, "threads": 33, **settings}
        self.settings = Settings(database=database, **given)
        if not self.settings.sandbox:
            add_key(var / "keys")
        self.calling = Http(apps=outside)
        self.service = app.build(self.settings, http=self.calling, clock=self.clock)
        self.http = Http(apps={site: self.service.wsgi, "https://client.test": client_site})
        self._hash = _hash_of_all()
        self.ada = self.person("Ada", "Lovelace", "ada@example.org")
        self.stranger = self.person("Sophie", "Stranger", "sophie@example.org")

    def close(self) -> None:
        self.service.close()
        self.calling.close()

    # ---- who is there

    def person(self, given: str, family: str, email: str, visibility: str = "public") -> Person:
        with self.service.db.writing() as tx:
            orcid = people.create_record(
                tx, self.clock.now(), given=given, family=family, email=email, default_visibility=visibility
            )
            credentials.set_password(tx, self.clock.now(), orcid, self._hash)
        return Person(orcid, f"{given} {family}", email)

    def member(self, name: str = "Example Member", kind: str = "premium", **values: Any) -> Member:
        given = {"redirect_uris": [BACK], **values}
        with self.service.db.writing() as tx:
            return Member(*clients.add(tx, self.clock.now(), name=name, kind=kind, **given))

    def public(self) -> Member:
        return self.member(name="Example Reader", kind="public")

    def set_client(self, client: Member, **values: Any) -> None:
        with self.service.db.writing() as tx:
            clients.change(tx, client.id, **values)

    # ---- browsers

    def at(self, path: str) -> str:
        return self.site + path

    def browser(self, who: Person | None = None) -> Browser:
        browser = Browser(self.http)
        if who is not None:
            self.sign_in(browser, who)
        return browser

    def set_state(self, who: Person, state: str) -> None:
        with self.service.db.writing() as tx:
            people.set_state(tx, self.clock.now(), who.orcid, state, primary=None)

    def elsewhere(self, address: str) -> Browser:
        """A browser at another network address."""

        def app_from_there(environ: dict[str, Any], start_response: Any) -> Any:
            return self.service.wsgi({**environ, "REMOTE_ADDR": address}, start_response)

        return Browser(Http(apps={self.site: app_from_there}))

    def sign_in(self, browser: Browser, who: Person) -> Page:
        page = browser.open(self.at("/signin"))
        return page.form("/signin").fill(name=who.orcid, password=who.password).submit()

    def sign_out(self, browser: Browser) -> Page:
        return browser.open(self.at("/")).form("/signout").submit()

    # ---- asking for permission

    def authorize_url(self, client: Member, **changed: Any) -> str:
        query: dict[str, Any] = {
            "client_id": client.id,
            "response_type": "code",
            "scope": "/read-limited /activities/update",
            "redirect_uri": BACK,
            **changed,
        }
        kept = {name: value for name, value in query.items() if value is not None}
        return self.at("/oauth/authorize?" + urlencode(kept, doseq=True))

    def ask(self, who: Person, client: Member, **changed: Any) -> Page:
        return self.browser(who).open(self.authorize_url(client, **changed))

    def allow_raw(self, who: Person, client: Member, until_revoked: bool = False, **changed: Any) -> str:
        form = self.ask(who, client, **changed).form(containing="Authorise")
        return form.fill(until_revoked=until_revoked).submit("Authorise access").url

    def allow(
        self, who: Person, client: Member, until_revoked: bool = False, **changed: Any
    ) -> dict[str, str]:
        return answer(self.allow_raw(who, client, until_revoked, **changed))

    def deny(self, who: Person, client: Member, **changed: Any) -> dict[str, str]:
        return answer(self.ask(who, client, **changed).form(containing="Deny").submit("Deny").url)

    def sent_back(self, who: Person, client: Member, **changed: Any) -> dict[str, str]:
        """The answer of a request that is answered without asking."""
        return answer(self.ask(who, client, **changed).url)

    # ---- what clients do

    def post_token(self, form: Values, headers: Mapping[str, str] | None = None) -> Response:
        body = urlencode({name: value for name, value in form.items() if value is not None}, doseq=True)
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        return self.http.post(
            self.at("/oauth/token"), content=body.encode(), headers={**kind, **(headers or {})}
        )

    def _as(self, client: Member, form: Values) -> Response:
        return self.post_token({"client_id": client.id, "client_secret": client.secret, **form})

    def redeem(self, client: Member, code: str, **changed: Any) -> Response:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, **changed}
        return self._as(client, form)

    def refresh(self, client: Member, refresh_token: str, **changed: Any) -> Response:
        return self._as(client, {"grant_type": "refresh_token", "refresh_token": refresh_token, **changed})

    def credentials(self, client: Member, scope: str) -> Response:
        return self._as(client, {"grant_type": "client_credentials", "scope": scope})

    def revoke(self, client: Member, token: str) -> Response:
        form = {"token": token, "client_id": client.id, "client_secret": client.secret}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.http.post(self.at("/oauth/revoke"), content=urlencode(form).encode(), headers=headers)

    def token(
        self, who: Person, client: Member, until_revoked: bool = True, **changed: Any
    ) -> dict[str, Any]:
        body: dict[str, Any] = self.redeem(
            client, self.allow(who, client, until_revoked, **changed)["code"]
        ).json()
        return body

    def status_of(self, access_token: str, method: str = "GET", path: str | None = None) -> int:
        """What the API answers to a token."""
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
        return self.http.request(
            method, self.at(path or f"/v3.0/{self.ada.orcid}/works"), headers=headers
        ).status

    # ---- what is stored

    def rows(self, table: str) -> list[sa.Row[Any]]:
        with self.service.db.reading() as tx:
            return list(tx.execute(sa.select(tables.metadata.tables[table])))

    def everything(self) -> str:
        return "\n".join(str(tuple(row)) for table in tables.metadata.tables for row in self.rows(table))


def answer(url: str, part: str = "query") -> dict[str, str]:
    """The parameters with which a browser came back to the client, in the query or in the fragment."""
    assert url.startswith("https://client.test/"), url
    found = parse_qs(getattr(urlsplit(url), part), keep_blank_values=True)
    assert all(len(values) == 1 for values in found.values()), url
    return {name: values[0] for name, values in found.items()}


__all__ = ["BACK", "CHALLENGE", "PASSWORD", "SITE", "START", "VERIFIER", "Member", "Person", "Place"]
