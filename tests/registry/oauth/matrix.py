"""Reads `matrix.txt`, and sets the stage on which its questions are asked."""

import base64
import dataclasses
import json
import pathlib
from typing import Any
from urllib.parse import urlencode, urlsplit

import sqlalchemy as sa
from joserfc import jwt
from joserfc.jwk import KeySet

from laelia.lib.browser import Browser, Page
from laelia.lib.http import Response
from laelia.registry import tables as registry_tables
from registry.place import BACK, CHALLENGE, VERIFIER, Member, Person, Place, answer
from registry.written import Row, tables

TABLES = tables(pathlib.Path(__file__).with_name("matrix.txt"))
CLIENTS = {row["name"]: row for row in TABLES["clients"]}
SCOPE = "openid /authenticate"
NONCE = "n-0S6_WzA2Mj"
HOUR = 3_600_000
PROOF = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}


def in_fragment(response_type: str) -> bool:
    return not {"token", "id_token"}.isdisjoint(response_type.split())


def part_of(response_type: str) -> str:
    return "fragment" if in_fragment(response_type) else "query"


@dataclasses.dataclass
class Visitor:
    """Somebody of `[meetings]`: a person, and her browser, which some answers use up."""

    person: Person | None
    browser: Browser


class Stage:
    """A registry with the clients of the file."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.clients = {name: self._client(row) for name, row in CLIENTS.items()}
        self.ada = place.browser(place.ada)
        self._people: dict[str, Person] = {}

    def _client(self, row: Row) -> Member:
        registered = {"implicit": row["implicit"] == "yes", "proof_key": row["proof key"] == "yes"}
        made = self.place.member(
            name=row["name"], kind=row["kind"], redirect_match=row["redirects"], **registered
        )
        if row["state"] != "active":
            self.place.set_client(made, state=row["state"])
        return made

    # ---- asking

    def url(self, client: str, response_type: str = "code", scope: str = SCOPE, **more: str | None) -> str:
        proof = PROOF if CLIENTS[client]["proof key"] == "yes" and response_type == "code" else {}
        query = {
            "response_type": response_type,
            "scope": scope,
            "state": "s1",
            "nonce": NONCE,
            **proof,
            **more,
        }
        query = {name: None if value == "-" else value for name, value in query.items()}
        return self.place.authorize_url(self.clients[client], **query)

    def send(self, url: str) -> str:
        """What comes of a request without a session that may show no page: “on” where all is in order."""
        reply = self.place.http.get(url)
        if reply.status == 400:
            return "page"
        assert reply.status == 303, reply.text
        return self.error(reply.headers["location"]).replace("login_required", "on")

    def error(self, landed: str) -> str:
        """The error that a client was told, in one place of its address, with state and issuer."""
        places = [part for part in ("query", "fragment") if getattr(urlsplit(landed), part)]
        told = answer(landed, places[-1])
        assert (told["state"], told["iss"]) == ("s1", self.place.site), landed
        return told["error"]

    def meet(self, page: Page) -> str:
        """What a page is, in the words of the file."""
        parts = urlsplit(page.url)
        if page.url.startswith(BACK):
            told = answer(page.url, "fragment" if parts.fragment else "query")
            assert (told["state"], told["iss"]) == ("s1", self.place.site)
            return told.get("error", "at once")
        if page.status >= 400:
            return "page"
        if parts.path == "/oauth/authorize":
            assert page.form(containing="Authorise")
            return "form"
        return {"/signin": "sign in", "/register": "register"}[parts.path]

    # ---- who comes

    def visitor(self, who: str) -> Visitor:
        """Somebody of `[meetings]` with a browser of her own, signed in just now or an hour ago."""
        if who == "nobody":
            return Visitor(None, self.place.browser())
        if who not in self._people:
            self._people[who] = self._person(who)
        person = self._people[who]
        locked = who == "has a locked record"
        if locked:
            self.place.set_state(person, "active")
        visitor = Visitor(person, self.place.browser(person))
        self.place.clock.advance(1)
        if "long ago" in who:
            session = registry_tables.session
            with self.place.service.db.writing() as tx:
                mine = sa.update(session).where(session.c.subject == person.orcid)
                tx.execute(mine.values(arrived=self.place.clock.now() - HOUR))
        if locked:
            self.place.set_state(person, "locked")
        return visitor

    def _person(self, who: str) -> Person:
        place, library = self.place, self.clients["library"]
        person = place.person("Visitor", who, f"{who.replace(' ', '.').replace(',', '')}@example.org")
        given = {
            "trusts it": (SCOPE, True),
            "trusts it, long ago": (SCOPE, True),
            "trusts it for less": ("openid", True),
            "trusts it for more": (f"{SCOPE} /read-limited", True),
            "trusted it for an hour": (SCOPE, False),
        }
        if who in given:
            scope, until_revoked = given[who]
            place.token(person, library, until_revoked, scope=scope)
        return person

    # ---- what clients get

    def code(self, client: str, scope: str = SCOPE, **more: str) -> str:
        return answer(self.allowed(client, "code", scope, **more))["code"]

    def allowed(self, client: str, response_type: str, scope: str, **more: str | None) -> str:
        """Where Ada's browser lands after a yes. `confirm`, as she may have said it before."""
        page = self.ada.open(self.url(client, response_type, scope, prompt="confirm", **more))
        return page.form(containing="Authorise").submit("Authorise access").url

    def claims(self, id_token: str) -> dict[str, Any]:
        """What an id_token says, checked with the published keys."""
        keys = json.loads(self.place.http.get(self.place.at("/oauth/jwks")).body)
        return jwt.decode(id_token, KeySet.import_key_set(keys), algorithms=["RS256"]).claims

    def ask_token(self, client: str, by: str, form: dict[str, str]) -> Response:
        member = self.clients[client]
        body = {name: value for name, value in form.items() if value != "-"}
        if by == "basic":
            return self.place.post_token(body, basic(member))
        secret = {"post": member.secret, "wrong": member.secret[::-1], "none": None}[by]
        return self.place.post_token({"client_id": member.id, "client_secret": secret, **body})


def basic(member: Member) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{member.id}:{member.secret}".encode()).decode()}


def said(reply: Response) -> str:
    """An answer as the tables write it."""
    told = " ".join(reply.json()) if reply.status == 200 else reply.json()["error"]
    return f"{reply.status} {told}"


__all__ = [
    "BACK",
    "CLIENTS",
    "NONCE",
    "SCOPE",
    "TABLES",
    "VERIFIER",
    "Stage",
    "basic",
    "part_of",
    "said",
    "urlencode",
]
