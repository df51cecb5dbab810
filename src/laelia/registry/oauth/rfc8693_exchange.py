"""Token exchange (RFC 8693) as ORCID has it (oauth.md §5): an organisation passes the id_token of somebody
who allowed it something to another, which then acts on its behalf for an hour."""

from sqlalchemy import Connection

from laelia.lib.web.core import Call, Reply
from laelia.model.problems import ClientDeactivated, OAuthProblem
from laelia.registry import access
from laelia.registry.grants import clients, permissions, scopes, signing_keys, tokens
from laelia.registry.grants.clients import Client
from laelia.registry.oauth import openid_id_token
from laelia.registry.oauth.rfc6749 import Form, answer, check_person, one, proven
from laelia.registry.record import people

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105 - a name
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a name
SENT = ("subject_token", "subject_token_type", "requested_token_type")


def exchange(call: Call, form: Form, client: Client) -> Reply:
    """The grant: an access token for an id_token, or the other way round."""
    proven(call, form)
    if not client.token_exchange:
        raise OAuthProblem("unauthorized_client", "This client is not registered for token exchange.", 400)
    given = {name: one(form, name) for name in SENT}
    for name, value in given.items():
        if value is None:
            raise OAuthProblem("invalid_request", f"{name} is required", 400)
    subject, kinds = (
        given["subject_token"] or "",
        (given["subject_token_type"], given["requested_token_type"]),
    )
    if kinds == (ACCESS_TOKEN, ID_TOKEN):
        return _id_token(call, client, subject)
    if kinds == (ID_TOKEN, ACCESS_TOKEN):
        return _access_token(call, form, client, subject)
    sentence = f"One of the types has to be {ID_TOKEN}, the other {ACCESS_TOKEN}."
    raise OAuthProblem("invalid_request", sentence, 400)


def _id_token(call: Call, client: Client, text: str) -> Reply:
    """What the client passes on: an id_token for a live access token of its own."""
    with call.service.db.writing() as tx:
        try:
            who = tokens.judge(tx, call.now, text)
        except (OAuthProblem, ClientDeactivated):
            raise _unfit("This access token is not good here.") from None
        if who.client != client.client_id or who.orcid is None or who.obo_client is not None:
            raise _unfit("This is no access token that a person gave to this client.")
        check_person(tx, who.orcid)
        made = openid_id_token.make(tx, call.now, call.service, client, who.orcid)
    body = {
        "access_token": made,
        "token_type": "N_A",
        "expires_in": signing_keys.LIFE // 1000,
        "issued_token_type": ID_TOKEN,
    }
    return answer(body)


def _access_token(call: Call, form: Form, client: Client, text: str) -> Reply:
    """What the other does with it. Its time is not looked at, on purpose: what counts is that the permission
    stands at this moment."""
    with call.service.db.writing() as tx:
        orcid, whose = _subject(tx, call, client, text)
        tokens.hold(tx, orcid)
        check_person(tx, orcid)
        given = permissions.of(tx, call.now, orcid, whose.client_id)
        wanted = scopes.split(one(form, "scope") or "")
        granted = tuple(s for s in wanted if s in access.expand(given.scopes)) if wanted else given.scopes
        if not granted:
            raise OAuthProblem("invalid_scope", "Nothing of this is allowed to the other client.", 400)
        issued = tokens.issue_token(
            tx, call.now, client_id=client.client_id, orcid=orcid, scopes=granted, until_revoked=False,
            expires=min(call.now + tokens.HOUR, given.ends), obo_client_id=whose.client_id,
            refreshable=False, taken_back=given.taken_back,
        )  # fmt: skip
        body = {
            "access_token": issued.access_token,
            "token_type": "bearer",
            "expires_in": (issued.expires - call.now) // 1000,
            "scope": " ".join(issued.scopes),
            "issued_token_type": ACCESS_TOKEN,
            "name": people.public_name(tx, orcid),
            "orcid": orcid,
        }
    return answer(body)


def _subject(tx: Connection, call: Call, client: Client, text: str) -> tuple[str, Client]:
    """Whose permission an id_token speaks of, and which client has it."""
    try:
        claims = signing_keys.check(tx, text)
    except signing_keys.Unsigned:
        raise _unfit("This id_token was not signed here.") from None
    if claims.get("iss") != openid_id_token.name_of(call.service):
        raise _unfit("This id_token was not signed here.")
    whose = clients.find(tx, str(claims.get("aud")))
    if whose is None or not whose.active:
        raise _unfit("The client of this id_token is not active.")
    if whose.client_id == client.client_id:
        raise _unfit("This id_token is for the client itself, which has its own access token.")
    if not whose.lets_act(client.client_id):
        raise _unfit(f"{whose.name} does not let this client act on its behalf.")
    return str(claims.get("sub")), whose


def _unfit(why: str) -> OAuthProblem:
    """A subject token that is no good is invalid_request, whatever is wrong with it (§2.2.2)."""
    return OAuthProblem("invalid_request", why, 400)
