"""An independent client: Authlib speaks to our endpoints as it would to anybody's, over a small adapter."""

import secrets
from typing import Any
from urllib.parse import urlencode

import pytest
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.client import OAuth2Client

from registry.place import BACK, Member, Place


class _Answer:
    """What Authlib reads of an answer."""

    def __init__(self, status: int, text: str, body: Any) -> None:
        self.status_code, self.text, self._body = status, text, body

    def json(self) -> Any:
        return self._body

    def raise_for_status(self) -> None:
        assert self.status_code < 500, self.text


class _Session:
    """Authlib's HTTP session over ours; `auth` is Authlib's own signing of the request."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def post(self, url: str, data: Any = None, headers: Any = None, auth: Any = None, **_: Any) -> _Answer:
        body = data if isinstance(data, str) else urlencode(data or {})
        if auth is not None:
            url, headers, body = auth.prepare("POST", url, dict(headers or {}), body)
        response = self.place.http.post(url, content=body.encode(), headers=dict(headers or {}))
        return _Answer(response.status, response.text, response.json() if response.body else None)

    def request(self, method: str, url: str, **parts: Any) -> _Answer:
        assert method.upper() == "POST"
        return self.post(url, **parts)


def client_of(place: Place, client: Member, method: str = "client_secret_post", **more: Any) -> OAuth2Client:
    return OAuth2Client(
        _Session(place),
        client_id=client.id,
        client_secret=client.secret,
        token_endpoint_auth_method=method,
        redirect_uri=BACK,
        scope="/read-limited /activities/update",
        **more,
    )


@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_basic"])
def test_code_with_proof_key_refresh_and_revoke(place: Place, method: str) -> None:
    member = place.member()
    client = client_of(place, member, method, code_challenge_method="S256")
    verifier = secrets.token_urlsafe(48)
    url, state = client.create_authorization_url(place.at("/oauth/authorize"), code_verifier=verifier)
    form = place.browser(place.ada).open(url).form(containing="Authorise")
    landed = form.fill(until_revoked=True).submit("Authorise access").url
    token = client.fetch_token(
        place.at("/oauth/token"), authorization_response=landed, state=state, code_verifier=verifier
    )
    assert token["orcid"] == place.ada.orcid
    assert place.status_of(token["access_token"]) == 200
    again = client.refresh_token(place.at("/oauth/token"), refresh_token=token["refresh_token"])
    assert place.status_of(token["access_token"]) == 401
    assert place.status_of(again["access_token"]) == 200
    client.revoke_token(place.at("/oauth/revoke"), token=again["access_token"])
    assert place.status_of(again["access_token"]) == 401


def test_a_wrong_state_and_a_wrong_verifier_are_noticed(place: Place) -> None:
    client = client_of(place, place.member(), code_challenge_method="S256")
    url, state = client.create_authorization_url(place.at("/oauth/authorize"), code_verifier="v" * 60)
    landed = place.browser(place.ada).open(url).form(containing="Authorise").submit("Authorise access").url
    with pytest.raises(AuthlibBaseError):
        client.fetch_token(place.at("/oauth/token"), authorization_response=landed, state=state + "x")
    with pytest.raises(AuthlibBaseError, match="invalid_grant"):
        client.fetch_token(
            place.at("/oauth/token"), authorization_response=landed, state=state, code_verifier="w" * 60
        )


def test_client_credentials(place: Place) -> None:
    client = client_of(place, place.public())
    token = client.fetch_token(
        place.at("/oauth/token"), grant_type="client_credentials", scope="/read-public"
    )
    assert token["scope"] == "/read-public"
    assert place.status_of(token["access_token"]) == 200
