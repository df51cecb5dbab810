"""The implicit grant (RFC 6749 §4.2, OpenID Connect Core §3.2), for clients that registered for it: it tells
who signed in, and nothing more. The answer stands in the fragment of the address."""

from sqlalchemy import Connection

from laelia.lib.clock import MINUTE
from laelia.registry.grants import tokens
from laelia.registry.oauth import openid_id_token
from laelia.registry.oauth.openid_id_token import Arrival, Issuer
from laelia.registry.oauth.rfc6749_authorize import Ask

LIFE = 10 * MINUTE


def give(tx: Connection, now: int, service: Issuer, ask: Ask, orcid: str, arrival: Arrival) -> str:
    """The address at the client with an access token of ten minutes, an id_token, or both. As with ORCID,
    `token` alone brings the id_token too where `openid` is asked for."""
    answers: dict[str, str | None] = {}
    text = None
    if "token" in ask.response:
        issued = tokens.issue_token(
            tx, now, client_id=ask.client.client_id, orcid=orcid, scopes=ask.scopes,
            until_revoked=False, expires=now + LIFE, refreshable=False,
        )  # fmt: skip
        text = issued.access_token
        answers |= {
            "access_token": text,
            "token_type": "bearer",
            "expires_in": str(LIFE // 1000),
            "scope": " ".join(ask.scopes),
            "tokenVersion": "1",
            "persistent": "false",
        }
    if "openid" in ask.scopes:
        answers["id_token"] = openid_id_token.make(
            tx, now, service, ask.client, orcid, arrival=arrival, nonce=ask.nonce, access_token=text
        )
    return ask.back(**answers)


def remember(tx: Connection, now: int, ask: Ask, orcid: str) -> None:
    """Keep a permission that has no end: as a token that nobody holds, so that she is not asked again, sees
    it among those she trusts, and can take it back (oauth.md §10.5)."""
    tokens.issue_token(
        tx, now, client_id=ask.client.client_id, orcid=orcid, scopes=ask.scopes, refreshable=False
    )  # fmt: skip
