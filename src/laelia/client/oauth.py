"""The client's side of OAuth 2.0 as ORCID speaks it: authorisation code, token and revocation requests."""

from collections.abc import Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True, kw_only=True)
class Granted:
    """A token response (§5.1) with ORCID's `orcid` and `name`; the iD has a right check digit."""

    orcid: str
    name: str | None
    scopes: frozenset[str]
    access_token: str
    refresh_token: str | None
    expires_in: int | None

    def __repr__(self) -> str:
        return f"<Granted {self.orcid}>"  # never the tokens


@dataclass(frozen=True, kw_only=True)
class ClientToken:
    """A token of a client itself. `expires_in` is in seconds."""

    access_token: str
    scopes: frozenset[str]
    expires_in: int | None

    def __repr__(self) -> str:
        return f"<ClientToken {' '.join(sorted(self.scopes))}>"  # never the token


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
) -> Granted:  # fmt: skip
    """The tokens for a code (RFC 6749 §4.1.3), or OAuthRefused. A name that she keeps to herself is None."""
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
    return _granted(answer.status, body)


def refresh(
    http: Http, token_url: str, *, client_id: str, client_secret: str, refresh_token: str, keep: bool,
    trusted: bool = False,
) -> Granted:  # fmt: skip
    """A new pair of tokens for a refresh token (RFC 6749 §6), or OAuthRefused; `keep` leaves the old pair
    good as well (ORCID's `revoke_old`). Only the client that it was issued to gets one."""
    form = {
        "client_id": client_id,
        "client_secret": client_secret,
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "revoke_old": "false" if keep else "true",
    }
    answer = http.post(token_url, data=form, headers={"Accept": "application/json"}, trusted=trusted)
    body = _body(answer)
    if answer.status != 200:
        raise _refused(answer, body)
    return _granted(answer.status, body)


def client_credentials(
    http: Http, token_url: str, *, client_id: str, client_secret: str, scopes: Iterable[str],
    trusted: bool = False,
) -> ClientToken:  # fmt: skip
    """A token of the client itself (RFC 6749 §4.4), or OAuthRefused. Scopes the client may not have are left
    out by the registry without a word."""
    form = {
        "client_id": client_id,
        "client_secret": client_secret,
        "grant_type": "client_credentials",
        "scope": " ".join(scopes),
    }
    answer = http.post(token_url, data=form, headers={"Accept": "application/json"}, trusted=trusted)
    body = _body(answer)
    if answer.status != 200:
        raise _refused(answer, body)
    return ClientToken(
        access_token=_bearer(answer.status, body), scopes=_scopes(body), expires_in=_lifetime(body)
    )


def _granted(status: int, body: dict[str, Any]) -> Granted:
    token, orcid = _bearer(status, body), body.get("orcid")
    if not isinstance(orcid, str) or not valid_orcid(orcid):
        raise OAuthRefused(status, "invalid_response", "no iD with a right check digit in the token response")
    name, refresh = body.get("name"), body.get("refresh_token")
    return Granted(
        orcid=orcid,
        name=name.strip() or None if isinstance(name, str) else None,
        scopes=_scopes(body),
        access_token=token,
        refresh_token=refresh if isinstance(refresh, str) else None,
        expires_in=_lifetime(body),
    )


def _bearer(status: int, body: dict[str, Any]) -> str:
    token, kind = body.get("access_token"), body.get("token_type")
    if not isinstance(token, str) or not token or not isinstance(kind, str) or kind.lower() != "bearer":
        raise OAuthRefused(status, "invalid_response", "no bearer token in the token response")
    return token


def _scopes(body: dict[str, Any]) -> frozenset[str]:
    return frozenset(str(body.get("scope") or "").split())


def _lifetime(body: dict[str, Any]) -> int | None:
    expires_in = body.get("expires_in")
    return expires_in if isinstance(expires_in, int) else None


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
