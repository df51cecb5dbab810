"""The attacks of RFC 9700 (security best current practice of OAuth) by name, each tried and failing."""

import pathlib
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from laelia.lib.http import Response
from laelia.lib.log import get_logger
from laelia.registry.grants import signing_keys
from registry.oauth.test_keys import head
from registry.oauth.test_openid import claims, userinfo
from registry.place import BACK, CHALLENGE, SITE, VERIFIER, Member, Place, answer

PROOF = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
OTHER_VERIFIER = "a" * 43


@pytest.fixture(scope="module")
def shared(module_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    var: pathlib.Path = tmp_path_factory.mktemp("var")
    made = Place(module_database("laelia.registry.migrations"), var)
    yield made
    made.close()


def phone(place: Place, name: str = "Phone") -> Member:
    """A program on somebody's own device, without a secret."""
    return Member(place.member(name, kind="public", proof_key=True).id, "")


def without_secret(place: Place, client: Member, **form: Any) -> Any:
    return place.post_token({"client_id": client.id, **form})


# ---- §4.1 redirect URIs


@pytest.mark.parametrize(
    "asked",
    [
        f"{BACK}/../open?to=https://evil.example",
        f"{BACK}%2f..%2fopen",
        "https://client.test.evil.example/back",
        "https://evil.example/https://client.test/back",
        "https://client.test@evil.example/back",
        "https://client.test%40evil.example/back",
        "https://client.test\\.evil.example/back",
        "https://evil.example\\@client.test/back",
        f"{BACK}#@evil.example",
        f"{BACK}\n.evil.example",
        f"{BACK};.evil.example",
        "//client.test/back",
        "http://127.0.0.1:9999/back",
    ],
)
@pytest.mark.parametrize("match", ["exact", "prefix"])
def test_4_1_1_an_address_that_only_looks_registered(shared: Place, asked: str, match: str) -> None:
    client = shared.member(redirect_match=match)
    page = shared.ask(shared.ada, client, redirect_uri=asked, response_type="code")
    assert page.status == 400
    assert page.url.startswith(SITE)
    assert "code" not in page.headers.get("location", "")


def test_4_1_2_a_pattern_lets_no_token_out_in_a_fragment(shared: Place) -> None:
    """An open redirector below a registered address would carry a fragment along: implicit wants its client
    to be answered where it said, and a client with a pattern has to ask for it all the same."""
    client = shared.member(redirect_match="prefix")
    landed = shared.ask(
        shared.ada, client, response_type="token", scope="openid", redirect_uri=BACK + "/x"
    ).url
    assert answer(landed, "fragment")["error"] == "unauthorized_client"


def test_4_1_3_of_the_loopback_interface_only_the_port_is_free(shared: Place) -> None:
    client = shared.member(redirect_uris=["http://127.0.0.1:0/back", "http://localhost:7000/back"])
    for asked, status in (
        ("http://127.0.0.1:53123/back", 200),
        ("http://127.0.0.1/back", 200),
        ("http://127.0.0.1:53123/other", 400),
        ("https://127.0.0.1:53123/back", 400),
        ("http://127.0.0.2:53123/back", 400),
        ("http://localhost:53123/back", 400),
        ("http://[::1]:53123/back", 400),
        ("http://127.0.0.1:53123@evil.example/back", 400),
    ):
        assert shared.ask(shared.ada, client, redirect_uri=asked).status == status, asked


# ---- §4.2 leakage by Referer, §4.3 by history


def test_4_2_no_page_on_the_way_tells_where_it_was(shared: Place) -> None:
    client = shared.member()
    browser = shared.browser()
    signing_in = browser.open(shared.authorize_url(client, state="secret-state"))
    assert signing_in.headers["referrer-policy"] in ("same-origin", "no-referrer")
    form = signing_in.form(containing="Sign in")
    asking = form.fill(name=shared.ada.orcid, password=shared.ada.password).submit()
    assert asking.headers["referrer-policy"] == "no-referrer"
    for page in (signing_in, asking):
        foreign = page.all("//*[@src or @href]")
        for one in foreign:
            address = one.get("src") or one.get("href")
            assert urlsplit(address).netloc in ("", "registry.test"), address
    sent = asking.browser.send("GET", shared.authorize_url(client, prompt="none", state="secret-state"))
    assert sent.status == 200
    reply = shared.http.get(shared.authorize_url(client, prompt="none"))
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert reply.headers["cache-control"] == "no-store"


def test_4_3_1_a_code_from_somebodys_history_is_worth_nothing(shared: Place) -> None:
    client = shared.member()
    code = shared.allow(shared.ada, client)["code"]
    first = shared.redeem(client, code).json()
    assert shared.redeem(client, code).json()["error"] == "invalid_grant"
    assert shared.status_of(first["access_token"]) == 401


def test_4_3_2_no_log_holds_a_code_or_a_token(shared: Place, capfd: pytest.CaptureFixture[str]) -> None:
    get_logger()
    client = shared.member()
    landed = shared.allow_raw(shared.ada, client, scope="openid", state="secret-state")
    body = shared.redeem(client, answer(landed)["code"]).json()
    userinfo(shared, body["access_token"])
    shared.service.lines.flush()
    logged = "".join(capfd.readouterr())
    for secret in (answer(landed)["code"], body["access_token"], body["id_token"], "secret-state"):
        assert secret not in logged


# ---- §4.4 mix-up


def test_4_4_every_answer_says_who_gives_it(shared: Place) -> None:
    """RFC 9207: a client that speaks with two registries notices an answer of the wrong one."""
    client = shared.member(implicit=True)
    told = shared.http.get(shared.at("/.well-known/oauth-authorization-server")).json()
    issuer = told["issuer"]
    answers = [
        answer(shared.allow_raw(shared.ada, client, scope="openid")),
        shared.deny(shared.ada, client),
        shared.sent_back(shared.ada, client, scope="/no-such"),
        shared.sent_back(shared.ada, client, scope="/read-limited", prompt="none"),
        answer(shared.allow_raw(shared.ada, client, scope="openid", response_type="token"), "fragment"),
        answer(shared.ask(shared.ada, client, scope="/x", response_type="token").url, "fragment"),
    ]
    assert {told["iss"] for told in answers} == {issuer} == {SITE}
    code = answers[0]["code"]
    assert claims(shared.redeem(client, code).json()["id_token"])["iss"] == issuer


# ---- §4.5 code injection, §4.8 PKCE downgrade


def test_4_5_a_code_of_another_session_needs_that_sessions_verifier(shared: Place) -> None:
    client = phone(shared)
    code = shared.allow(shared.ada, client, scope="openid", **PROOF)["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    injected = without_secret(shared, client, **form, code_verifier=OTHER_VERIFIER)
    assert injected.json()["error"] == "invalid_grant"
    assert without_secret(shared, client, **form, code_verifier=VERIFIER).json()["error"] == "invalid_grant"


def test_4_5_a_code_of_another_client_is_refused(shared: Place) -> None:
    honest, other = phone(shared), phone(shared, "Other phone")
    code = shared.allow(shared.ada, honest, scope="openid", **PROOF)["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
    assert without_secret(shared, other, **form).json()["error"] == "invalid_grant"


def test_4_5_the_nonce_binds_an_id_token_to_its_session(shared: Place) -> None:
    client = shared.member()
    code = shared.allow(shared.ada, client, scope="openid", nonce="mine")["code"]
    assert claims(shared.redeem(client, code).json()["id_token"])["nonce"] == "mine"


@pytest.mark.parametrize(
    ("asked", "redeemed"),
    [
        ({}, {"code_verifier": VERIFIER}),
        (PROOF, {}),
        ({**PROOF, "code_challenge_method": "plain"}, None),
        ({"code_challenge": VERIFIER}, None),
    ],
)
def test_4_8_a_proof_that_was_taken_out_on_the_way(
    shared: Place, asked: dict[str, str], redeemed: dict[str, str] | None
) -> None:
    client = shared.member()
    if redeemed is None:
        assert shared.sent_back(shared.ada, client, **asked)["error"] == "invalid_request"
        return
    code = shared.allow(shared.ada, client, **asked)["code"]
    assert shared.redeem(client, code, **redeemed).json()["error"] == "invalid_grant"


def test_4_8_who_registered_for_a_proof_can_not_do_without(shared: Place) -> None:
    told = shared.sent_back(shared.ada, phone(shared), scope="openid")
    assert told["error"] == "invalid_request"
    assert "code_challenge" in told["error_description"]


# ---- §4.7 CSRF


def test_4_7_state_comes_back_as_it_was(shared: Place) -> None:
    for state in ("x", "a=b&c", "<script>", "ü%20+", "s" * 2000):
        assert shared.deny(shared.ada, shared.member(), state=state)["state"] == state


def post(place: Place, client: Member, origin: str = SITE, **changed: str) -> Response:
    """The answer to the form of a permission, as somebody's page would send it with her cookies."""
    browser = place.browser(place.ada)
    page = browser.open(place.authorize_url(client))
    form = page.form(containing="Authorise")
    fields = {
        "csrf_token": form.value("csrf_token"),
        "account": place.ada.orcid,
        "decision": "allow",
        **changed,
    }
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies("registry.test").items())
    return place.http.post(page.url, data=fields, headers={"Origin": origin, "Cookie": cookies})


@pytest.mark.parametrize("changed", [{"origin": "https://evil.example"}, {"csrf_token": "x" * 43}])
def test_4_7_a_permission_is_given_by_a_page_of_ours_only(shared: Place, changed: dict[str, str]) -> None:
    client = shared.member()
    assert post(shared, client, **changed).status == 403
    assert not [row for row in shared.rows("code") if row.client_id == client.id]


# ---- §4.9 a token of another, §4.10 misuse of tokens


def test_4_9_an_id_token_and_a_refresh_token_open_nothing(shared: Place) -> None:
    body = shared.token(shared.ada, shared.member(), scope="openid")
    for half in ("id_token", "refresh_token"):
        assert shared.status_of(body[half]) == 401
        assert userinfo(shared, body[half]).status == 401


def test_4_9_an_unsigned_or_foreign_id_token_is_none(shared: Place) -> None:
    body = shared.token(shared.ada, shared.member(), scope="openid")
    first, second, mark = body["id_token"].split(".")
    assert head(body["id_token"])["alg"] == "RS256"
    unsigned = "eyJhbGciOiJub25lIn0"
    for text in (f"{unsigned}.{second}.", f"{unsigned}.{second}.{mark}", f"{first}.{second}.", "a.b.c", ""):
        with shared.service.db.reading() as tx, pytest.raises(signing_keys.Unsigned):
            signing_keys.check(tx, text)


# ---- §4.12 307, §4.14 refresh tokens


def test_4_12_a_password_is_never_sent_on(shared: Place) -> None:
    """The answer to a form is 303, so that no browser posts what was in it to somebody else."""
    reply = post(shared, shared.member())
    assert reply.status == 303
    assert reply.headers["location"].startswith(BACK)


def test_4_14_a_stolen_refresh_token_of_a_client_without_secret_ends_the_lot(shared: Place) -> None:
    client = phone(shared)
    code = shared.allow(shared.ada, client, True, scope="openid", **PROOF)["code"]
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER}
    first = without_secret(shared, client, **form).json()
    second = without_secret(
        shared, client, grant_type="refresh_token", refresh_token=first["refresh_token"]
    ).json()
    assert userinfo(shared, second["access_token"]).status == 200
    replayed = without_secret(
        shared, client, grant_type="refresh_token", refresh_token=first["refresh_token"]
    )
    assert replayed.json()["error"] == "invalid_grant"
    assert userinfo(shared, second["access_token"]).status == 401
    later = without_secret(shared, client, grant_type="refresh_token", refresh_token=second["refresh_token"])
    assert later.json()["error"] == "invalid_grant"


def test_4_14_refreshing_never_widens(shared: Place) -> None:
    client = shared.member()
    body = shared.token(shared.ada, client, scope="openid")
    wider = shared.refresh(client, body["refresh_token"], scope="openid /read-limited").json()
    assert wider["error"] == "invalid_scope"


# ---- §4.16 clickjacking


def test_4_16_no_page_may_be_framed(shared: Place) -> None:
    page = shared.ask(shared.ada, shared.member())
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
