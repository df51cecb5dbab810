"""The authorisation endpoint (RFC 6749 §4.1.1): what is asked is read here, the person answers on a page.

Until client and redirect URI are known to belong together nothing is redirected: such an error stays on a
page of ours (§4.1.2.1).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from laelia.lib.i18n import gettext as _
from laelia.model.problems import OAuthProblem
from laelia.registry.grants import clients, codes, consents, scopes
from laelia.registry.grants.clients import Client
from laelia.registry.grants.codes import Code
from laelia.registry.grants.redirects import with_query
from laelia.registry.oauth import rfc7636_pkce as pkce

Query = Mapping[str, list[str]]
STATE_MAX = 2000


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A well-formed authorisation request of a known client."""

    client: Client
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None
    challenge: str | None
    nonce: str | None


class SendBack(Exception):
    """An error that the client is told by way of the browser."""

    def __init__(self, uri: str, error: str, description: str, state: str | None) -> None:
        super().__init__(error)
        self.location = with_query(uri, error=error, error_description=description, state=state)


def read(tx: Connection, query: Query) -> Ask:
    """Check a request; raises OAuthProblem (stays here) or SendBack."""
    client = _client(tx, _single(query, "client_id"))
    redirect_uri = _redirect_uri(client, _single(query, "redirect_uri"))
    state = next(iter(query.get("state", [])), None)

    def back(error: str, description: str) -> SendBack:
        return SendBack(redirect_uri, error, description, state)

    repeated = [name for name, values in query.items() if len(values) > 1]
    if repeated:
        raise back("invalid_request", f"The parameter {repeated[0]} was sent more than once.")
    if state is not None and len(state) > STATE_MAX:
        raise SendBack(redirect_uri, "invalid_request", f"state is longer than {STATE_MAX} characters.", None)
    response_type = _value(query, "response_type")
    if response_type is None:
        raise back("invalid_request", "response_type is missing.")
    if response_type != "code":
        raise back("unsupported_response_type", "The response_type has to be code.")
    challenge = _value(query, "code_challenge")
    if fault := pkce.fault(challenge, _value(query, "code_challenge_method")):
        raise back("invalid_request", fault)
    wanted, beyond = _scopes(client, _value(query, "scope"))
    if beyond or not wanted:
        raise back("invalid_scope", f"Invalid scope: {' '.join(beyond) or '(none)'}")
    return Ask(
        client=client,
        redirect_uri=redirect_uri,
        scopes=wanted,
        state=state,
        challenge=challenge,
        nonce=_value(query, "nonce"),
    )


def allow(tx: Connection, now: int, ask: Ask, orcid: str, *, until_revoked: bool, short: bool = False) -> str:
    """The person said yes: write it down and return where the browser goes with the code."""
    granted = " ".join(ask.scopes)
    consents.record_consent(
        tx, now, orcid=orcid, client_id=ask.client.client_id, scopes=granted, until_revoked=until_revoked
    )
    return give_code(tx, now, ask, orcid, until_revoked=until_revoked, short=short)


def give_code(
    tx: Connection, now: int, ask: Ask, orcid: str, *, until_revoked: bool, short: bool = False
) -> str:
    """The address at the client with a new code, also where the permission stands from before."""
    code = Code(
        client_id=ask.client.client_id,
        orcid=orcid,
        scopes=" ".join(ask.scopes),
        redirect_uri=ask.redirect_uri,
        until_revoked=until_revoked,
        challenge=ask.challenge,
        nonce=ask.nonce,
    )
    return with_query(ask.redirect_uri, code=codes.issue(tx, now, code, short=short), state=ask.state)


def deny(ask: Ask) -> str:
    """The address at the client after a no."""
    return with_query(
        ask.redirect_uri, error="access_denied", error_description="User denied access", state=ask.state
    )


def _client(tx: Connection, client_id: str | None) -> Client:
    if client_id is None:
        raise _stays(
            _("The address you followed does not say which organisation asks (client_id is missing).")
        )
    client = clients.find(tx, client_id)
    if client is None:
        raise _stays(_("No organisation is registered here under the client_id of this address."))
    if not client.active:
        raise _stays(
            _("%(name)s can't ask for permissions at present.", name=client.name), "unauthorized_client"
        )
    return client


def _redirect_uri(client: Client, asked: str | None) -> str:
    if asked is None:
        raise _stays(
            _("The address you followed does not say where to go back to (redirect_uri is missing).")
        )
    if not client.accepts(asked):
        raise _stays(
            _(
                "%(name)s asked to be answered at an address that it has not registered here.",
                name=client.name,
            )
        )
    return asked


def _stays(sentence: str, error: str = "invalid_request") -> OAuthProblem:
    return OAuthProblem(error, sentence, 400)


def _scopes(client: Client, text: str | None) -> tuple[tuple[str, ...], list[str]]:
    """What a person can be asked for, and what this client may not ask. Scopes that a client has of
    itself are left out without a word: integrations send /read-public along with the others."""
    asked = scopes.split(text or "")
    wanted = tuple(scope for scope in asked if scope not in scopes.OF_CLIENT)
    return wanted, [scope for scope in wanted if scope not in client.scopes]


def _value(query: Query, name: str) -> str | None:
    """The first value of a parameter, an empty one counting as absent."""
    return next(iter(query.get(name, [])), None) or None


def _single(query: Query, name: str) -> str | None:
    if len(query.get(name, [])) > 1:
        raise _stays(_("The parameter %(name)s stands in the address more than once.", name=name))
    return _value(query, name)
