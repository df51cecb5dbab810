"""OpenID Connect: what is asked, and answers that let nobody in."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from laelia.lib.browser import Page
from registry.institutions.hall import OP, OTHER_OP, Hall
from registry.institutions.oidc_op import SECRET, unsigned


@pytest.fixture(scope="module")
def backend() -> str:
    """What an answer is worth has nothing to do with where it is kept."""
    return "sqlite"


def refused(hall: Hall, page: Page, reason: str = "answer") -> None:
    assert page.url.startswith(hall.at(f"/institutions/refused?why={reason}"))
    assert page.status >= 400
    assert not hall.signed_in(page.browser)
    assert not [row for row in hall.rows("institution_visit") if row.claimed]


def test_what_is_asked(hall: Hall) -> None:
    hall.come(hall.browser(), hall.numbers[OP])
    (asked,) = hall.op.asked
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == hall.at(f"/institutions/{hall.numbers[OP]}/callback")
    assert {"openid", "profile", "email"} == set(asked["scope"].split())
    assert len(asked["state"]) >= 43
    assert len(asked["nonce"]) >= 43


def test_the_secret_is_kept_sealed_and_nothing_of_an_answer_lies_open(hall: Hall) -> None:
    hall.come(hall.browser(), hall.numbers[OP])
    kept = hall.everything()
    for secret in (SECRET, hall.op.asked[0]["nonce"], hall.op.asked[0]["state"], "sub-1"):
        assert secret not in kept


def _claim(**changed: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda claims: {k: v for k, v in {**claims, **changed}.items() if v is not None}


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": OTHER_OP},
        {"iss": OP + "/"},
        {"aud": "somebody else"},
        {"aud": ["laelia@garden", "somebody else"]},
        {"aud": ["laelia@garden", "somebody else"], "azp": "somebody else"},
        {"aud": None},
        {"exp": 1},
        {"exp": None},
        {"exp": "never"},
        {"iat": 99_999_999_999},
        {"iat": None},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": ""},
        {"sub": None},
        {"sub": 7},
        {"sub": "x" * 256},
    ],
    ids=repr,
)
def test_claims_that_are_not_taken(hall: Hall, changed: dict[str, Any]) -> None:
    hall.op.change = _claim(**changed)
    refused(hall, hall.come(hall.browser(), hall.numbers[OP]))


def _another_key(claims: dict[str, Any]) -> str:
    key: RSAKey = RSAKey.generate_key(2048, {"kid": "one"})
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


def _with_the_secret(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET * 4))


def _cut(claims: dict[str, Any]) -> str:
    return unsigned(claims).removesuffix(".")


def _nested(claims: dict[str, Any]) -> str:
    """A key of the attacker's in the header of the token itself."""
    key: RSAKey = RSAKey.generate_key(2048)
    return jwt.encode({"alg": "RS256", "jwk": key.as_dict(private=False)}, claims, key)


@pytest.mark.parametrize(
    "sign", [unsigned, _another_key, _with_the_secret, _cut, _nested, lambda _: "", lambda _: "a.b.c"]
)
def test_tokens_that_nobody_signed_who_may(hall: Hall, sign: Callable[[dict[str, Any]], str]) -> None:
    hall.op.sign = sign
    refused(hall, hall.come(hall.browser(), hall.numbers[OP]))


def test_a_changed_token(hall: Hall) -> None:
    def changed(claims: dict[str, Any]) -> str:
        head, body, signature = hall.op._sign(claims).split(".")
        told = json.loads(base64.urlsafe_b64decode(body + "=="))
        body = base64.urlsafe_b64encode(json.dumps({**told, "sub": "sub-9"}).encode()).rstrip(b"=").decode()
        return f"{head}.{body}.{signature}"

    hall.op.sign = changed
    refused(hall, hall.come(hall.browser(), hall.numbers[OP]))


@pytest.mark.parametrize("issuer", [OTHER_OP, None], ids=["another", "none"])
def test_mix_up_an_answer_that_names_another_provider(hall: Hall, issuer: str | None) -> None:
    """RFC 9207: a provider that says it names itself has to."""
    hall.op.back = lambda query: {k: v for k, v in {**query, "iss": issuer}.items() if v is not None}
    refused(hall, hall.come(hall.browser(), hall.numbers[OP]))
    assert "/token" not in hall.op.calls


def test_mix_up_an_answer_at_the_address_of_another_provider(hall: Hall) -> None:
    """RFC 9700 §4.4: the code of one provider is never sent to the other."""
    hall.op.discovery = {"authorization_response_iss_parameter_supported": False}
    browser = hall.browser()
    hall.op.back = lambda query: {**query, "code": "stolen"}
    page = browser.open(hall.at("/institutions"))
    numbers = hall.numbers
    back = {}

    def keep(query: dict[str, str]) -> dict[str, str]:
        back.update(query)
        return {"state": "held-back"}

    hall.op.back = keep
    page.form(f"/institutions/{numbers[OP]}/start").submit()
    page = browser.open(
        hall.at(f"/institutions/{numbers[OTHER_OP]}/callback?code={back['code']}&state={back['state']}")
    )
    refused(hall, page)
    assert "/token" not in hall.other_op.calls


def test_a_discovery_document_of_another_issuer(hall: Hall) -> None:
    hall.op.discovery = {"issuer": OTHER_OP}
    refused(hall, hall.come(hall.browser(), hall.numbers[OP]), "provider")
    assert not hall.op.asked


def test_replayed_and_in_another_browser(hall: Hall) -> None:
    browser = hall.browser()
    hall.come(browser, hall.numbers[OP])
    (back,) = [url for url in browser.visited if "/callback" in url]
    assert "used before" in browser.open(back).text
    # Login CSRF: Eve's own answer in Ada's browser.
    held: dict[str, str] = {}

    def hold(query: dict[str, str]) -> dict[str, str]:
        held.update(query)
        return {"state": "elsewhere"}

    hall.op.back = hold
    eve, ada = hall.browser(), hall.browser()
    hall.come(eve, hall.numbers[OP])
    address = f"/institutions/{hall.numbers[OP]}/callback?code={held['code']}&state={held['state']}&iss={OP}"
    refused_page = ada.open(hall.at(address))
    assert refused_page.url.startswith(hall.at("/institutions/refused?why=spent"))
    assert not hall.signed_in(ada)


def test_the_provider_says_no(hall: Hall) -> None:
    hall.op.back = lambda query: {"error": "access_denied", "state": query["state"]}
    page = hall.come(hall.browser(), hall.numbers[OP])
    refused(hall, page, "declined")


def test_a_private_address_is_not_called_unless_the_provider_is_trusted(hall: Hall) -> None:
    number = hall.oidc("http://127.0.0.1:9", "Within", trusted=False)
    refused(hall, hall.choose(hall.browser(), number), "away")
    number = hall.oidc("https://127.0.0.1:9", "Within too", trusted=False)
    refused(hall, hall.choose(hall.browser(), number), "away")


def test_addresses_without_https_are_for_providers_that_are_trusted(hall: Hall) -> None:
    hall.oidc(OP, "Garden Lab", trusted=False)
    hall.op.discovery = {"token_endpoint": "http://op.garden.test/token"}
    refused(hall, hall.choose(hall.browser(), hall.numbers[OP]), "provider")
    hall.oidc(OP, "Garden Lab")


def test_names_that_only_userinfo_tells(hall: Hall) -> None:
    hall.op.claims = {"sub": "sub-1"}
    hall.op.userinfo = {"sub": "sub-1", "given_name": "Augusta", "family_name": "King"}
    page = hall.come(hall.browser(), hall.numbers[OP]).link("Register for an iD")
    assert page.form("/register").value("given") == "Augusta"
    hall.op.userinfo["sub"] = "sub-2"  # somebody else's (OpenID Connect Core §5.3.2)
    page = hall.come(hall.browser(), hall.numbers[OP]).link("Register for an iD")
    assert not page.form("/register").value("given")
