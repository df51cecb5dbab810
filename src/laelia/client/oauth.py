"""The client's side of OAuth 2.0 as ORCID speaks it: authorisation code, token and revocation requests."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from laelia.lib.http import Http, Response
from laelia.model.identifiers import valid_orcid


class OAuthRefused(Exception):
    """The registry answered a token or revocation request with an error (RFC 6749 §5.2)."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(f"{status} {error}: {description}")
        self.status = status
        self.error = error
        self.description = description


def authorize_url(
    site: str, *, client_id: str, scopes: Iterable[str], redirect_uri: str, state: str, **more: str
) -> str:
    """RFC 6749 §4.1.1; more: `prompt`, `show_login`, `orcid` and the like."""
    query = {
        "client_id": client_id,
        "response_type": "code",
        "scope": " ".join(scopes),
        "redirect_uri": redirect_uri,
        "state": state,
        **more,
    }
    return f"{site}/oauth/authorize?{urlencode(query)}"


def exchange(
    http: Http, token_url: str, *, client_id: str, client_secret: str, code: str, redirect_uri: str,
    trusted: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """The token response (RFC 6749 §4.1.3 and §5.1), with a bearer token and a right iD in `orcid`, or
    OAuthRefused. `name` may be missing: people may keep it private."""
    form = {
        "client_id": client_id,
        "client_secret": client_secret,
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
    }
    answer = http.post(token_url, data=form, headers={"Accept": "application/json"}, trusted=trusted)
    body = _body(answer)
    if answer.status != 200:
        raise _refused(answer, body)
    token, orcid = body.get("access_token"), body.get("orcid")
    kind = body.get("token_type")
    if not isinstance(token, str) or not token or not isinstance(kind, str) or kind.lower() != "bearer":
        raise OAuthRefused(answer.status, "invalid_response", "no bearer token in the token response")
    if not isinstance(orcid, str) or not valid_orcid(orcid):
        raise OAuthRefused(
            answer.status, "invalid_response", "no iD with a right check digit in the token response"
        )
    return body


def revoke(
    http: Http, revoke_url: str, *, client_id: str, client_secret: str, token: str, trusted: bool = False
) -> None:
    """RFC 7009 §2.1. A token that the registry does not know counts as revoked, as §2.2 says."""
    form = {"client_id": client_id, "client_secret": client_secret, "token": token}
    answer = http.post(revoke_url, data=form, headers={"Accept": "application/json"}, trusted=trusted)
    if answer.status != 200:
        raise _refused(answer, _body(answer))


def _body(answer: Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _refused(answer: Response, body: dict[str, Any]) -> OAuthRefused:
    return OAuthRefused(answer.status, str(body.get("error", "")), str(body.get("error_description", "")))
