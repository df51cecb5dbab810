"""What registries may answer at the token and revocation endpoints, and what of it is believed."""

import json
from typing import Any
from urllib.parse import parse_qs

import pytest

from laelia.client import oauth
from laelia.lib.http import Http

REGISTRY = "https://registry.test"
GOOD = {
    "access_token": "a-token", "token_type": "bearer", "refresh_token": "r-token", "expires_in": 631138518,
    "scope": "/read-limited /activities/update", "name": "Ada Lovelace", "orcid": "0009-0000-0000-0017",
}  # fmt: skip


class Answering:
    """A registry that answers everything alike and keeps what it was sent."""

    def __init__(self, body: Any, status: str = "200 OK") -> None:
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.status = status
        self.form: dict[str, list[str]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.form = parse_qs(sent.decode())
        start_response(self.status, [("Content-Type", "application/json")])
        return [self.body]

    def exchange(self) -> oauth.Granted:
        return oauth.exchange(
            Http(apps={REGISTRY: self}), f"{REGISTRY}/oauth/token", client_id="APP-1", client_secret="secret",
            code="a-code", redirect_uri="https://hub.test/datacite/callback",
        )  # fmt: skip

    def revoke(self) -> None:
        http = Http(apps={REGISTRY: self})
        oauth.revoke(
            http, f"{REGISTRY}/oauth/revoke", client_id="APP-1", client_secret="secret", token="a-token"
        )


def test_a_good_answer():
    registry = Answering(GOOD)
    granted = registry.exchange()
    assert (granted.orcid, granted.name, granted.access_token) == (GOOD["orcid"], GOOD["name"], "a-token")
    assert granted.scopes == {"/read-limited", "/activities/update"}
    assert registry.form == {
        "client_id": ["APP-1"],
        "client_secret": ["secret"],
        "grant_type": ["authorization_code"],
        "code": ["a-code"],
        "redirect_uri": ["https://hub.test/datacite/callback"],
    }  # fmt: skip
    assert "token" not in f"{granted}"


@pytest.mark.parametrize("name", ["", "  ", None, 5])
def test_a_name_kept_private_is_none(name: object):
    assert Answering({**GOOD, "name": name}).exchange().name is None
    assert Answering({k: v for k, v in GOOD.items() if k != "name"}).exchange().name is None


@pytest.mark.parametrize(
    "body",
    [
        b"", b"not json", [], {}, {**GOOD, "access_token": ""}, {**GOOD, "access_token": 5},
        {**GOOD, "token_type": "mac"}, {**GOOD, "orcid": None}, {**GOOD, "orcid": "0009-0000-0000-0016"},
        {**GOOD, "orcid": "https://orcid.org/0009-0000-0000-0017"}, {**GOOD, "orcid": [GOOD["orcid"]]},
    ],
)  # fmt: skip
def test_an_answer_without_token_or_right_iD_is_refused(body: object):  # noqa: N802 - an iD is spelt so
    with pytest.raises(oauth.OAuthRefused) as refused:
        Answering(body).exchange()
    assert refused.value.error == "invalid_response"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        ("400 Bad Request", {"error": "invalid_grant", "error_description": "Reused code"}, "invalid_grant"),
        ("401 Unauthorized", {"error": "invalid_client"}, "invalid_client"),
        ("500 Oops", b"<html>", ""),
        ("302 Found", b"", ""),
    ],
)
def test_refusals_carry_their_code(status: str, body: object, error: str):
    with pytest.raises(oauth.OAuthRefused) as refused:
        Answering(body, status).exchange()
    assert refused.value.error == error
    with pytest.raises(oauth.OAuthRefused):
        Answering(body, status).revoke()


def test_revoking_sends_token_and_client():
    registry = Answering(b"")
    registry.revoke()
    assert registry.form == {"client_id": ["APP-1"], "client_secret": ["secret"], "token": ["a-token"]}


def test_the_authorise_address_is_encoded():
    url = oauth.authorize_url(
        REGISTRY, client_id="APP-1", scopes=["/read-limited", "/activities/update"],
        redirect_uri="https://hub.test/a?b=c&d", state="s&t",
    )  # fmt: skip
    assert parse_qs(url.partition("?")[2]) == {
        "client_id": ["APP-1"], "response_type": ["code"], "scope": ["/read-limited /activities/update"],
        "redirect_uri": ["https://hub.test/a?b=c&d"], "state": ["s&t"],
    }  # fmt: skip
