"""The token endpoint (RFC 6749 §3.2): one function for each grant."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Row

from laelia.lib.web.core import Call, Reply
from laelia.model.problems import OAuthProblem
from laelia.registry import access
from laelia.registry.grants import codes, scopes, tokens
from laelia.registry.grants.clients import Client
from laelia.registry.grants.codes import Code
from laelia.registry.grants.tokens import Issued
from laelia.registry.oauth import openid_id_token
from laelia.registry.oauth import rfc7636_pkce as pkce
from laelia.registry.oauth.openid_id_token import Arrival
from laelia.registry.oauth.rfc6749 import (
    Form,
    answer,
    authenticated,
    check_person,
    endpoint,
    form_of,
    one,
    proven,
)
from laelia.registry.oauth.rfc8693_exchange import GRANT as EXCHANGE
from laelia.registry.oauth.rfc8693_exchange import exchange
from laelia.registry.record import people


@endpoint
def token(call: Call) -> Reply:
    """POST /oauth/token."""
    form = form_of(call)
    grant_type = one(form, "grant_type")
    if grant_type is None:
        raise OAuthProblem("unsupported_grant_type", "grant_type is missing", 400)
    grant = GRANTS.get(grant_type)
    if grant is None:
        raise OAuthProblem("unsupported_grant_type", f"Supported are {', '.join(GRANTS)}.", 400)
    return grant(call, form, authenticated(call, form))


def authorization_code(call: Call, form: Form, client: Client) -> Reply:
    """Exchange a code (§4.1.3).

    The code is spent in a transaction of its own whose outcome nothing below can change: the checks and
    the new token stand in a savepoint, a failed check leaves the code spent, and who brings the same code
    meanwhile waits for the commit and then finds the token to end."""
    text = one(form, "code")
    if text is None:
        raise OAuthProblem("invalid_request", "An authorization code must be supplied.", 400)
    failed: Exception | None = None
    reply = None
    with call.service.db.writing() as tx:
        codes.hold_owner(tx, text)
        code = codes.spend(tx, call.now, text)
        if code is None:
            failed = _unspendable(tx, call.now, text)
        else:
            try:
                with tx.begin_nested():
                    reply = _redeem(tx, call, form, client, code)
            except Exception as problem:
                failed = problem
    if failed is not None or reply is None:
        raise failed or AssertionError("neither an answer nor an error")
    return reply


def _unspendable(tx: Connection, now: int, text: str) -> OAuthProblem:
    reused = codes.was_spent(tx, text)
    if reused is not None:
        tokens.revoke_code(tx, now, reused)
        return OAuthProblem("invalid_grant", "This authorization code was used before.", 400)
    return OAuthProblem("invalid_grant", "This authorization code is unknown or has expired.", 400)


def _redeem(tx: Connection, call: Call, form: Form, client: Client, code: Code) -> Reply:
    if code.client_id != client.client_id:
        raise OAuthProblem("invalid_grant", "This authorization code was given to another client.", 400)
    redirect_uri = one(form, "redirect_uri")
    if redirect_uri is not None and redirect_uri != code.redirect_uri:
        raise OAuthProblem("invalid_grant", "Redirect URI mismatch: not the one the code was sent to.", 400)
    if not pkce.proves(code.challenge, one(form, "code_verifier")):
        raise OAuthProblem("invalid_grant", "The code_verifier does not match the code_challenge.", 400)
    granted = tuple(code.scopes.split())
    wanted = _within(one(form, "scope"), frozenset(granted)) or granted
    check_person(tx, code.orcid)
    issued = tokens.issue_token(
        tx,
        call.now,
        client_id=client.client_id,
        orcid=code.orcid,
        scopes=wanted,
        until_revoked=code.until_revoked,
        code_hash=code.code_hash,
    )
    body = _of_person(tx, call.now, issued)
    if "openid" in wanted:
        body["id_token"] = openid_id_token.make(
            tx, call.now, call.service, client, code.orcid, arrival=Arrival(code.arrived, code.methods),
            nonce=code.nonce, access_token=issued.access_token,
        )  # fmt: skip
    return answer(body)


def refresh_token(call: Call, form: Form, client: Client) -> Reply:
    """Exchange a refresh token (§6) for a new pair that lives no longer than the old one. ORCID's
    `revoke_old` (default true) and `expires_in` (seconds) are understood."""
    text = one(form, "refresh_token")
    if text is None:
        raise OAuthProblem("invalid_request", "refresh_token is required", 400)
    keep_old = _flag(one(form, "revoke_old"))
    if keep_old and client.keeps_no_secret:
        raise OAuthProblem("invalid_request", "A client without a secret can't keep the old token.", 400)
    with call.service.db.writing() as tx:
        parent = _parent(tx, client, text)
        ended = _ended(tx, call.now, client, parent)
        if ended is None:
            return _refreshed(tx, call, form, parent, keep_old=keep_old)
    raise ended


def _refreshed(tx: Connection, call: Call, form: Form, parent: Row[Any], *, keep_old: bool) -> Reply:
    granted = tuple(parent.scopes.split())
    wanted = _within(one(form, "scope"), access.expand(granted)) or granted
    expires = _ends(one(form, "expires_in"), call.now, parent.expires)
    if not keep_old and not tokens.retire(tx, call.now, parent.id, "refresh"):
        raise OAuthProblem("invalid_grant", "This refresh token was used a moment ago.", 400)
    issued = tokens.issue_token(
        tx,
        call.now,
        client_id=parent.client_id,
        orcid=parent.orcid,
        scopes=wanted,
        until_revoked=parent.until_revoked,
        expires=expires,
        code_hash=parent.code_hash,
        obo_client_id=parent.obo_client_id,
    )
    return answer(_of_person(tx, call.now, issued) if issued.orcid else _of_client(call.now, issued))


def _parent(tx: Connection, client: Client, text: str) -> Row[Any]:
    """The token that a refresh token belongs to, with its person's record locked."""
    parent = tokens.by_refresh(tx, client.client_id, text)
    if parent is None:
        raise OAuthProblem("invalid_grant", "This refresh token is not known for this client.", 400)
    if parent.orcid is not None:
        tokens.hold(tx, parent.orcid)
        parent = tokens.by_refresh(tx, client.client_id, text) or parent
        check_person(tx, parent.orcid)
    return parent


def _ended(tx: Connection, now: int, client: Client, parent: Row[Any]) -> OAuthProblem | None:
    """Why a token can't be refreshed any more. One that a client without a secret uses twice was stolen, from
    it or by it: all that came of the same code ends (RFC 9700 §4.14.2), and stays so."""
    if parent.revoked is None and parent.expires > now:
        return None
    if client.keeps_no_secret and parent.revoked_reason == "refresh" and parent.code_hash is not None:
        tokens.revoke_code(tx, now, parent.code_hash)
    return OAuthProblem("invalid_grant", "The permission behind this refresh token has ended.", 400)


def client_credentials(call: Call, form: Form, client: Client) -> Reply:
    """A token of the client itself (§4.4), which has to keep a secret. Scopes that only a person
    can give are left out without a word, as ORCID does; /read-public is anybody's."""
    proven(call, form)
    asked = scopes.split(one(form, "scope") or "")
    held = client.scopes | {"/read-public"}
    wanted = tuple(scope for scope in asked if scope in scopes.OF_CLIENT and scope in held)
    unknown = [scope for scope in asked if scope not in scopes.KNOWN]
    if unknown or not wanted:
        raise OAuthProblem("invalid_scope", f"Invalid scope: {' '.join(unknown) or '(none)'}", 400)
    with call.service.db.writing() as tx:
        issued = tokens.issue_token(tx, call.now, client_id=client.client_id, orcid=None, scopes=wanted)
    return answer(_of_client(call.now, issued))


GRANTS: dict[str, Callable[[Call, Form, Client], Reply]] = {
    "authorization_code": authorization_code,
    "refresh_token": refresh_token,
    "client_credentials": client_credentials,
    EXCHANGE: exchange,
}


def _within(asked: str | None, allowed: frozenset[str]) -> tuple[str, ...]:
    """The scopes asked for, none when none was named; all have to be among those allowed (§3.3, §6)."""
    wanted = scopes.split(asked or "")
    beyond = [scope for scope in wanted if scope not in allowed]
    if beyond:
        raise OAuthProblem("invalid_scope", f"Invalid scope: {' '.join(beyond)} was not granted.", 400)
    return wanted


def _flag(text: str | None) -> bool:
    """Whether the old token is kept: only on `revoke_old=false`."""
    if text not in (None, "true", "false"):
        raise OAuthProblem("invalid_request", "revoke_old is true or false.", 400)
    return text == "false"


def _ends(seconds: str | None, now: int, latest: int) -> int:
    if seconds is None or seconds == "0":
        return latest
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 12):
        raise OAuthProblem("invalid_request", "expires_in is a number of seconds.", 400)
    if now + int(seconds) * 1000 > latest:
        raise OAuthProblem("invalid_request", "Token expiration can't be after that of the old token.", 400)
    return now + int(seconds) * 1000


def _of_person(tx: Connection, now: int, issued: Issued) -> dict[str, object]:
    return {
        "access_token": issued.access_token,
        "token_type": "bearer",
        "refresh_token": issued.refresh_token,
        "expires_in": (issued.expires - now) // 1000,
        "scope": " ".join(issued.scopes),
        "name": people.public_name(tx, issued.orcid or ""),
        "orcid": issued.orcid,
    }


def _of_client(now: int, issued: Issued) -> dict[str, object]:
    return {
        "access_token": issued.access_token,
        "token_type": "bearer",
        "refresh_token": issued.refresh_token,
        "expires_in": (issued.expires - now) // 1000,
        "scope": " ".join(issued.scopes),
        "orcid": None,
    }
