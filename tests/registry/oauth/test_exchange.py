"""Token exchange (RFC 8693): an organisation acts for another, as long as a person allows that other."""

import json
import pathlib
from collections.abc import Callable, Iterator

import pytest

from laelia.lib.http import Response
from laelia.registry.oauth.rfc8693_exchange import ACCESS_TOKEN, GRANT, ID_TOKEN
from registry.oauth.matrix import TABLES, said
from registry.oauth.test_after_revocation import WORK, call
from registry.place import Member, Place
from registry.written import Row

SCOPE = "openid /read-limited /activities/update"


class Agency:
    """Clients that may and may not exchange, and what Ada gave each of them."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.clients = {
            "library": place.member("Library"),
            "agent": place.member("Agent", token_exchange=True),
            "friend": place.member("Friend", token_exchange=True),
        }
        self.clients["picky"] = place.member("Picky", exchange_partners=self.clients["friend"].id)
        self.given = {
            name: place.token(place.ada, self.clients[name], scope=SCOPE)
            for name in ("library", "agent", "picky")
        }

    def exchange(self, client: str, form: dict[str, str]) -> Response:
        member = self.clients[client]
        shown = {"client_id": member.id, "client_secret": member.secret}
        return self.place.post_token({"grant_type": GRANT, **shown, **form})


@pytest.fixture(scope="module")
def agency(module_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    var: pathlib.Path = tmp_path_factory.mktemp("var")
    place = Place(module_database("laelia.registry.migrations"), var)
    yield Agency(place)
    place.close()


def for_access(id_token: str, **more: str) -> dict[str, str]:
    types = {"subject_token_type": ID_TOKEN, "requested_token_type": ACCESS_TOKEN}
    return {"subject_token": id_token, **types, **more}


def sent(agency: Agency, row: Row) -> dict[str, str]:
    what, given = row["sent"], agency.given[row["of"]]
    if what == "nothing":
        return {}
    if "access token, for an id_token" in what:
        types = {"subject_token_type": ACCESS_TOKEN, "requested_token_type": ID_TOKEN}
        return {"subject_token": given["access_token"], **types}
    form = for_access(given["id_token"])
    if "for an id_token" in what:
        form["requested_token_type"] = ID_TOKEN
    if "without requested_token_type" in what:
        del form["requested_token_type"]
    if "changed" in what:
        head, body, mark = form["subject_token"].split(".")
        form["subject_token"] = ".".join((head, body[:-2] + "AA", mark))
    if "last week" in what:
        agency.place.clock.advance(7 * 86_400_000)
    if "took it back" in what:
        form = for_access(taken_back(agency.place, agency.clients["library"], "openid")["id_token"])
    _, _, scope = what.partition("scope=")
    return form | ({"scope": scope} if scope else {})


def taken_back(place: Place, client: Member, scope: str) -> dict[str, str]:
    """What a client has of somebody who allowed it something and took it back."""
    person = place.person("Emmy", "Noether", f"emmy{place.clock.now()}{scope.count('/')}@example.org")
    body = place.token(person, client, scope=scope)
    browser = place.browser(person)
    browser.open(place.at("/account/trusted")).form(f"/account/trusted/{client.id}/revoke").submit()
    return {**body, "person": person.orcid}


@pytest.mark.parametrize("row", TABLES["token exchange"], ids=lambda row: f"{row['client']}-{row['sent']}")
def test_who_may_exchange_what(agency: Agency, row: Row) -> None:
    assert said(agency.exchange(row["client"], sent(agency, row))) == row["answer"]


def test_what_is_added_names_both_organisations(agency: Agency) -> None:
    body = agency.exchange("agent", for_access(agency.given["library"]["id_token"])).json()
    place, token = agency.place, body["access_token"]
    assert (body["orcid"], body["name"], body["token_type"]) == (place.ada.orcid, place.ada.name, "bearer")
    assert body["expires_in"] == 3600
    assert set(body["scope"].split()) == set(SCOPE.split())
    assert call(place, token, "POST", body=WORK) == 201
    work = place.http.get(
        place.at(f"/v3.0/{place.ada.orcid}/work/{place.rows('item')[-1].put_code}"),
        headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
    ).json()
    assert work["source"]["source-client-id"]["path"] == agency.clients["agent"].id
    assert work["source"]["assertion-origin-client-id"]["path"] == agency.clients["library"].id


def test_the_id_token_of_an_access_token_serves_as_well(agency: Agency) -> None:
    types = {"subject_token_type": ACCESS_TOKEN, "requested_token_type": ID_TOKEN}
    own = agency.given["agent"]["access_token"]
    body = agency.exchange("agent", {"subject_token": own, **types}).json()
    assert (body["token_type"], body["issued_token_type"]) == ("N_A", ID_TOKEN)
    assert agency.exchange("friend", for_access(body["access_token"])).status == 200


def test_it_ends_with_the_permission_it_came_from(place: Place) -> None:
    """She takes back what she allowed the first: the second is out at once, and may only clear up."""
    agency = Agency(place)
    library = agency.clients["library"]
    token = agency.exchange("agent", for_access(agency.given["library"]["id_token"])).json()["access_token"]
    assert call(place, token, "POST", body=WORK) == 201
    path = f"/{place.rows('item')[-1].put_code}"
    browser = place.browser(place.ada)
    browser.open(place.at("/account/trusted")).form(f"/account/trusted/{library.id}/revoke").submit()
    assert call(place, token, "GET", path) == 401
    late = agency.exchange("agent", for_access(agency.given["library"]["id_token"])).json()
    assert late["scope"] == "/activities/update"
    assert call(place, late["access_token"], "PUT", path, json.loads(json.dumps(WORK))) == 401
    assert call(place, late["access_token"], "DELETE", path) == 204


def test_an_hour_or_what_is_left_of_it(place: Place) -> None:
    library, agent = place.member("Library"), place.member("Agent", token_exchange=True)
    given = place.token(place.ada, library, until_revoked=False, scope=SCOPE)
    place.clock.advance(3_000_000)
    form = {"grant_type": GRANT, "client_id": agent.id, "client_secret": agent.secret}
    body = place.post_token({**form, **for_access(given["id_token"])}).json()
    assert body["expires_in"] == 600
