"""OpenID Connect: what is published, what userinfo and introspection tell, and what is kept to herself."""

import base64
import json
import pathlib
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from laelia.lib import i18n
from laelia.lib.http import Response
from laelia.registry.record import people
from registry.oauth.matrix import basic
from registry.place import SITE, Member, Person, Place

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def shared(module_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """For tests that leave each other alone."""
    var: pathlib.Path = tmp_path_factory.mktemp("var")
    made = Place(module_database("laelia.registry.migrations"), var)
    yield made
    made.close()


@pytest.mark.parametrize("name", ["openid-configuration", "oauth-authorization-server"])
def test_what_clients_find_out_by_themselves(shared: Place, name: str) -> None:
    reply = shared.http.get(shared.at(f"/.well-known/{name}"))
    told = reply.json()
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in reply.headers
    assert "set-cookie" not in reply.headers
    assert told["issuer"] == SITE
    # What ORCID publishes, with ORCID's values where clients choose by them.
    assert list(told)[:14] == [
        "token_endpoint_auth_signing_alg_values_supported", "id_token_signing_alg_values_supported",
        "userinfo_endpoint", "authorization_endpoint", "token_endpoint", "jwks_uri", "claims_supported",
        "scopes_supported", "subject_types_supported", "response_types_supported",
        "claims_parameter_supported", "token_endpoint_auth_methods_supported", "grant_types_supported",
        "issuer",
    ]  # fmt: skip
    assert told["token_endpoint_auth_methods_supported"][0] == "client_secret_post"
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["authorization_response_iss_parameter_supported"] is True
    # What is published answers: nothing there is a 404.
    for key, url in told.items():
        if key.endswith(("_endpoint", "_uri")):
            assert url.startswith(SITE + "/")
            assert shared.http.get(url).status != 404, key


def test_public_keys_hold_nothing_private(shared: Place) -> None:
    reply = shared.http.get(shared.at("/oauth/jwks"))
    assert reply.headers["cache-control"] == "public, max-age=300"
    (key,) = reply.json()["keys"]
    assert set(key) == {"kty", "e", "use", "kid", "alg", "n"}
    assert (key["kty"], key["use"], key["alg"]) == ("RSA", "sig", "RS256")
    (row,) = shared.rows("signing_key")
    assert "PRIVATE KEY" not in row.sealed


def userinfo(place: Place, token: str | None, method: str = "GET", **parts: Any) -> Response:
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    return place.http.request(
        method, place.at("/oauth/userinfo"), headers={**headers, **parts.pop("headers", {})}, **parts
    )


def test_who_gave_a_token(shared: Place) -> None:
    token = shared.token(shared.ada, shared.public(), scope="openid")["access_token"]
    reply = userinfo(shared, token)
    assert list(reply.json().items()) == [
        ("id", f"{SITE}/{shared.ada.orcid}"),
        ("sub", shared.ada.orcid),
        ("name", "Ada Lovelace"),
        ("family_name", "Lovelace"),
        ("given_name", "Ada"),
    ]
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.headers["cache-control"] == "no-store"
    assert userinfo(shared, token, "POST").json() == reply.json()
    body = urlencode({"access_token": token}).encode()
    assert userinfo(shared, None, "POST", content=body, headers=FORM).json() == reply.json()


def test_any_page_may_ask_for_it(shared: Place) -> None:
    reply = shared.http.request("OPTIONS", shared.at("/oauth/userinfo"), headers={"Origin": "https://x.test"})
    assert reply.status == 204
    assert "Authorization" in reply.headers["access-control-allow-headers"]
    for path in ("/oauth/token", "/oauth/revoke", "/oauth/introspect"):
        assert "access-control-allow-origin" not in shared.http.post(shared.at(path)).headers


def test_a_token_in_an_address_is_not_taken(shared: Place) -> None:
    token = shared.token(shared.ada, shared.public(), scope="openid")["access_token"]
    assert shared.http.get(shared.at(f"/oauth/userinfo?access_token={token}")).status == 401


@pytest.mark.parametrize(
    ("token", "status", "error"),
    [(None, 401, "invalid_token"), ("nothing", 401, "invalid_token"), ("", 401, "invalid_token")],
)
def test_without_a_good_token_nothing_is_told(
    shared: Place, token: str | None, status: int, error: str
) -> None:
    reply = userinfo(shared, token)
    assert (reply.status, reply.json()["error"]) == (status, error)
    assert reply.headers["www-authenticate"].startswith("Bearer ")
    assert reply.headers["access-control-allow-origin"] == "*"


def test_a_token_for_something_else_tells_nothing(shared: Place) -> None:
    member = shared.member()
    other = shared.token(shared.ada, member, scope="/read-limited")["access_token"]
    assert (userinfo(shared, other).status, userinfo(shared, other).json()["error"]) == (
        403,
        "insufficient_scope",
    )
    own = shared.credentials(member, "/read-public").json()["access_token"]
    assert userinfo(shared, own).status == 403


def test_a_name_she_keeps_to_herself_stays_hers(place: Place) -> None:
    with place.service.db.writing() as tx:
        people.set_names(
            tx, place.clock.now(), place.ada.orcid, given="Ada", family="Lovelace", visibility="private"
        )
    body = place.token(place.ada, place.public(), scope="openid")
    told = userinfo(place, body["access_token"]).json()
    assert (told["name"], told["given_name"], told["family_name"]) == (None, None, None)
    assert body["name"] == ""
    assert "Lovelace" not in str(claims(body["id_token"]))
    assert {"name", "given_name", "family_name"}.isdisjoint(claims(body["id_token"]))


def claims(id_token: str) -> dict[str, Any]:
    body = id_token.split(".")[1]
    told: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return told


def test_a_locked_or_closed_party_ends_it(place: Place) -> None:
    client = place.public()
    token = place.token(place.ada, client, scope="openid")["access_token"]
    place.set_client(client, state="locked")
    assert userinfo(place, token).status == 401
    place.set_client(client, state="active")
    assert userinfo(place, token).status == 200
    place.set_state(place.ada, "locked")
    assert userinfo(place, token).status == 401


def introspect(place: Place, client: Member, token: str, by: str = "basic") -> Response:
    shown = {"client_id": client.id, "client_secret": client.secret} if by == "post" else {}
    headers = {**FORM, **(basic(client) if by == "basic" else {})}
    form = urlencode({"token": token, **shown}).encode()
    return place.http.post(place.at("/oauth/introspect"), content=form, headers=headers)


def test_a_host_asks_about_everybodys_tokens(place: Place) -> None:
    host, member = place.member("API host", introspection=True), place.member()
    body = place.token(place.ada, member)
    for half in ("access_token", "refresh_token"):
        told = introspect(place, host, body[half]).json()
        assert told["active"] is True
        assert (told["client_id"], told["username"], told["sub"]) == (
            member.id,
            place.ada.orcid,
            place.ada.orcid,
        )
        assert told["scope"] == "/read-limited /activities/update"
        assert told["exp"] > told["iat"] == place.clock.now() // 1000
        assert told["clientGrantedAuthority"] == "ROLE_CLIENT"
    own = introspect(place, host, place.credentials(member, "/webhook").json()["access_token"], "post").json()
    assert (own["sub"], "username" in own) == (member.id, False)
    trusted = place.browser(place.ada).open(place.at("/account/trusted"))
    trusted.form(f"/account/trusted/{member.id}/revoke").submit()
    assert introspect(place, host, body["access_token"]).json() == {"active": False, "USER_REVOKED": True}


def test_others_ask_about_their_own_only(shared: Place) -> None:
    member, other = shared.member(), shared.member("Other")
    body = shared.token(shared.ada, member)
    assert introspect(shared, member, body["access_token"]).json()["active"] is True
    assert introspect(shared, other, body["access_token"]).json() == {"active": False}
    assert introspect(shared, other, "nothing").json() == {"active": False}
    assert introspect(shared, other, "").json()["error"] == "invalid_request"
    wrong = Member(member.id, "wrong")
    assert introspect(shared, wrong, body["access_token"]).status == 401
    phone = shared.member("Phone", kind="public", proof_key=True)
    assert introspect(shared, Member(phone.id, ""), body["access_token"], "post").status == 401


@pytest.fixture
def visitor(shared: Place) -> Person:
    return shared.stranger


def test_what_a_request_says_of_a_person_stands_in_the_forms(shared: Place) -> None:
    client = shared.public()
    asked = shared.authorize_url(
        client, scope="openid", email="a+b@example.org", given_names="Ada", family_names="L"
    )
    page = shared.browser().open(asked.replace("%2B", "+"))
    assert page.form(containing="Sign in").value("name") == "a+b@example.org"
    form = page.link("Register").form("/register")
    assert (form.value("given"), form.value("family"), form.value("email")) == ("Ada", "L", "a+b@example.org")
    hinted = shared.browser().open(shared.authorize_url(client, scope="openid", login_hint=shared.ada.orcid))
    assert hinted.form(containing="Sign in").value("name") == shared.ada.orcid


def test_the_language_a_client_asks_for_lasts(shared: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(i18n._files, "zh-CN", ())
    for asked in ({"lang": "zh_CN"}, {"ui_locales": "xx zh-CN en"}):
        browser = shared.browser()
        assert browser.open(shared.authorize_url(shared.public(), scope="openid", **asked)).status == 200
        assert browser.cookies("registry.test")["laelia-locale"] == "zh-CN"
    unknown = shared.browser()
    unknown.open(shared.authorize_url(shared.public(), scope="openid", lang="xx"))
    assert "laelia-locale" not in unknown.cookies("registry.test")


def test_who_signs_in_anew_may_be_somebody_else(shared: Place, visitor: Person) -> None:
    """prompt=login keeps the request, prefills who was there, and takes whoever comes."""
    client = shared.public()
    browser = shared.browser(shared.ada)
    shared.clock.advance(60_000)
    page = browser.open(shared.authorize_url(client, scope="openid", state="s9", prompt="login"))
    assert "Example Reader asks you to show once more that it is you" in page.text
    form = page.form(containing="Sign in")
    assert form.value("name") == shared.ada.orcid
    landed = form.fill(name=visitor.orcid, password=visitor.password).submit()
    assert visitor.orcid in landed.text
    back = landed.form(containing="Authorise").submit("Authorise access").url
    body = shared.redeem(client, back.split("code=")[1].split("&")[0]).json()
    told = claims(body["id_token"])
    assert (told["sub"], told["auth_time"]) == (visitor.orcid, shared.clock.now() // 1000)


def test_the_form_left_open_too_long_asks_to_sign_in_again(place: Place) -> None:
    client = place.public()
    page = place.ask(place.ada, client, scope="openid", max_age="300")
    form = page.form(containing="Authorise")
    place.clock.advance(400_000)
    again = form.submit("Authorise access")
    assert again.url.startswith(place.at("/signin?"))
    assert place.rows("code") == []


def test_signing_in_anew_counts_for_an_hour(place: Place) -> None:
    """An old address with the mark of a sign-in long past is nothing to lean on."""
    client = place.public()
    browser = place.browser(place.ada)
    place.clock.advance(1000)
    url = place.authorize_url(client, scope="openid", prompt="login")
    form = browser.open(url).form(containing="Sign in")
    marked = form.fill(password=place.ada.password).submit()
    assert marked.form(containing="Authorise")
    place.clock.advance(3_600_000)
    assert browser.open(marked.url).url.startswith(place.at("/signin?"))


def test_implicit_tokens_last_ten_minutes_and_are_not_refreshed(place: Place) -> None:
    client = place.member("Widget", kind="public", implicit=True)
    landed = place.allow_raw(place.ada, client, True, response_type="token", scope="openid")
    token = landed.split("access_token=")[1].split("&")[0]
    assert userinfo(place, token).status == 200
    place.clock.advance(600_000)
    assert userinfo(place, token).status == 401
    # Ticked until revoked: she is not asked again, sees it among those she trusts, and can take it back.
    again = place.ask(place.ada, client, response_type="token", scope="openid").url
    assert "access_token=" in again
    page = place.browser(place.ada).open(place.at("/account/trusted"))
    page.form(f"/account/trusted/{client.id}/revoke").submit()
    assert place.ask(place.ada, client, response_type="token", scope="openid").form(containing="Authorise")
    assert {row.refresh_hash for row in place.rows("token")} == {None}
