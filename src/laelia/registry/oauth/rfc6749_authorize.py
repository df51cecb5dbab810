"""The authorisation endpoint (RFC 6749 §4.1.1): what is asked is read here, the person answers on a page.

Until client and redirect URI are known to belong together nothing is redirected: such an error stays on a
page of ours (§4.1.2.1). From then on every answer names who gives it (RFC 9207).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from laelia.lib.i18n import gettext as _
from laelia.model.problems import OAuthProblem
from laelia.registry.grants import clients, codes, consents, scopes
from laelia.registry.grants.clients import Client
from laelia.registry.grants.codes import Code
from laelia.registry.grants.redirects import with_fragment, with_query
from laelia.registry.oauth import openid_prompt
from laelia.registry.oauth import rfc7636_pkce as pkce
from laelia.registry.oauth.openid_id_token import Arrival
from laelia.registry.oauth.openid_prompt import Meeting

Query = Mapping[str, list[str]]
STATE_MAX = 2000

CODE = frozenset({"code"})
RESPONSES = (CODE, frozenset({"token"}), frozenset({"id_token"}), frozenset({"id_token", "token"}))
"""What can be answered: a code, or at once what the implicit grant gives."""
IN_FRAGMENT = {"token", "id_token"}
SIGN_IN_ONLY = frozenset({"openid", "/authenticate"})
"""All that the implicit grant gives: a token in an address is good for knowing who somebody is."""
NOT_SERVED = ("request", "request_uri", "registration")


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A well-formed authorisation request of a known client."""

    client: Client
    issuer: str
    redirect_uri: str
    response: frozenset[str]
    scopes: tuple[str, ...]
    state: str | None
    challenge: str | None
    nonce: str | None
    meeting: Meeting

    def back(self, **answers: str | None) -> str:
        """The address at the client with an answer."""
        place = with_query if self.response == CODE else with_fragment
        return place(self.redirect_uri, **answers, state=self.state, iss=self.issuer)

    def refused(self, error: str, description: str) -> str:
        return self.back(error=error, error_description=description)


class SendBack(Exception):
    """An error that the client is told by way of the browser."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


def read(tx: Connection, query: Query, issuer: str) -> Ask:
    """Check a request; raises OAuthProblem (stays here) or SendBack."""
    client = _client(tx, _single(query, "client_id"))
    redirect_uri = _redirect_uri(client, _single(query, "redirect_uri"))
    state = next(iter(query.get("state", [])), None)
    asked = frozenset((_value(query, "response_type") or "").split())
    place = with_fragment if asked & IN_FRAGMENT else with_query

    def back(error: str, description: str) -> SendBack:
        told = state if state is not None and len(state) <= STATE_MAX else None
        answer = {"error": error, "error_description": description, "state": told, "iss": issuer}
        return SendBack(place(redirect_uri, **answer))

    try:
        if state is not None and len(state) > STATE_MAX:
            raise _Fault("invalid_request", f"state is longer than {STATE_MAX} characters.")
        _check_form(query)
        _check_response(client, asked, query)
        challenge, nonce = _challenge(client, asked, query), _value(query, "nonce")
        wanted = _scopes(client, asked, _value(query, "scope"))
        if "id_token" in asked and nonce is None:
            raise _Fault("invalid_request", "An id_token needs a nonce.")
        try:
            meeting = openid_prompt.read(query)
        except ValueError as wrong:
            raise _Fault("invalid_request", str(wrong)) from None
    except _Fault as fault:
        raise back(fault.error, fault.description) from None
    return Ask(
        client=client,
        issuer=issuer,
        redirect_uri=redirect_uri,
        response=asked,
        scopes=wanted,
        state=state,
        challenge=challenge,
        nonce=nonce,
        meeting=meeting,
    )


class _Fault(Exception):
    def __init__(self, error: str, description: str) -> None:
        self.error, self.description = error, description


def _check_form(query: Query) -> None:
    repeated = [name for name, values in query.items() if len(values) > 1]
    if repeated:
        raise _Fault("invalid_request", f"The parameter {repeated[0]} was sent more than once.")
    for name in NOT_SERVED:
        if _value(query, name) is not None:
            raise _Fault(f"{name}_not_supported", f"The parameter {name} is not served here.")


def _check_response(client: Client, asked: frozenset[str], query: Query) -> None:
    if not asked:
        raise _Fault("invalid_request", "response_type is missing.")
    if asked not in RESPONSES:
        raise _Fault("unsupported_response_type", "response_type is code, token, id_token or id_token token.")
    if asked != CODE and not client.implicit:
        raise _Fault("unauthorized_client", "This client is not registered for the implicit grant.")
    mode = _value(query, "response_mode")
    usual = "query" if asked == CODE else "fragment"
    if mode not in (None, usual):
        raise _Fault("invalid_request", f"response_mode has to be {usual} here.")


def _challenge(client: Client, asked: frozenset[str], query: Query) -> str | None:
    challenge = _value(query, "code_challenge")
    if fault := pkce.fault(challenge, _value(query, "code_challenge_method")):
        raise _Fault("invalid_request", fault)
    if challenge is None and asked == CODE and client.proof_key:
        raise _Fault("invalid_request", "This client is registered to send a code_challenge (S256).")
    return challenge


def _scopes(client: Client, asked: frozenset[str], text: str | None) -> tuple[str, ...]:
    """What a person can be asked for. Scopes that a client has of itself are left out without a word:
    integrations send /read-public along with the others."""
    wanted = tuple(scope for scope in scopes.split(text or "") if scope not in scopes.OF_CLIENT)
    allowed = client.scopes if asked == CODE else client.scopes & SIGN_IN_ONLY
    beyond = [scope for scope in wanted if scope not in allowed]
    if beyond or not wanted:
        raise _Fault("invalid_scope", f"Invalid scope: {' '.join(beyond) or '(none)'}")
    if "id_token" in asked and "openid" not in wanted:
        raise _Fault("invalid_scope", "An id_token needs the scope openid.")
    return wanted


def consent(tx: Connection, now: int, ask: Ask, orcid: str, *, until_revoked: bool) -> None:
    """The person said yes: write it down."""
    granted = " ".join(ask.scopes)
    consents.record_consent(
        tx, now, orcid=orcid, client_id=ask.client.client_id, scopes=granted, until_revoked=until_revoked
    )


def give_code(
    tx: Connection, now: int, ask: Ask, orcid: str, arrival: Arrival, *, until_revoked: bool, short: bool
) -> str:
    """The address at the client with a new code."""
    code = Code(
        client_id=ask.client.client_id,
        orcid=orcid,
        scopes=" ".join(ask.scopes),
        redirect_uri=ask.redirect_uri,
        until_revoked=until_revoked,
        challenge=ask.challenge,
        nonce=ask.nonce,
        arrived=arrival.time,
        methods=arrival.methods,
    )
    return ask.back(code=codes.issue(tx, now, code, short=short))


def deny(ask: Ask) -> str:
    """The address at the client after a no."""
    return ask.refused("access_denied", "User denied access")


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


def _value(query: Query, name: str) -> str | None:
    """The first value of a parameter, an empty one counting as absent."""
    return next(iter(query.get(name, [])), None) or None


def _single(query: Query, name: str) -> str | None:
    if len(query.get(name, [])) > 1:
        raise _stays(_("The parameter %(name)s stands in the address more than once.", name=name))
    return _value(query, name)
