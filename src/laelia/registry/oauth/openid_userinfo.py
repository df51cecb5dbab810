"""Who gave an access token (OpenID Connect Core §5.3)."""

from laelia.lib.web.core import Call, Reply
from laelia.model.problems import ClientDeactivated, OAuthProblem
from laelia.registry import edge
from laelia.registry.grants import tokens
from laelia.registry.oauth import openid_id_token
from laelia.registry.oauth.rfc6749 import NO_STORE, answer
from laelia.registry.record import people

PREFLIGHT = {
    **edge.CORS,
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Accept",
    "Access-Control-Max-Age": "86400",
}


def userinfo(call: Call) -> Reply:
    """GET and POST /oauth/userinfo, the token in the header or, by POST, in the form; never in an address,
    where it would be kept (RFC 9700 §4.3.2). ORCID's keys in ORCID's order; what is not public is null."""
    try:
        return _told(call)
    except OAuthProblem as problem:
        reply = edge.refused_token(problem)
        reply.headers.update(NO_STORE)
        return reply


def _told(call: Call) -> Reply:
    text = _token(call)
    if text is None:
        raise tokens.invalid("An access token is required.")
    with call.service.db.reading() as tx:
        try:
            who = tokens.judge(tx, call.now, text)
        except ClientDeactivated:
            raise tokens.invalid("The client of this access token is closed.") from None
        if "/authenticate" not in who.scopes or who.orcid is None:
            raise OAuthProblem("insufficient_scope", "The scope openid or /authenticate is required.", 403)
        if not people.active(tx, who.orcid):
            raise tokens.invalid("The record behind this access token is not active.")
        names = openid_id_token.names(tx, who.orcid)
    body = {
        "id": f"{call.service.settings.ids}/{who.orcid}",
        "sub": who.orcid,
        "name": names["name"],
        "family_name": names["family_name"],
        "given_name": names["given_name"],
    }
    return answer(body, headers=edge.CORS)


def _token(call: Call) -> str | None:
    header = call.req.get_header("Authorization")
    if header is not None:
        scheme, _, rest = header.strip().partition(" ")
        if scheme.lower() != "bearer":
            raise tokens.invalid("Authorization has to bear a Bearer token.")
        return rest.strip() or None
    return call.field("access_token") or None if call.method == "POST" else None


def preflight(call: Call) -> Reply:
    """OPTIONS /oauth/userinfo: any page may ask, as cookies mean nothing here."""
    return Reply(204, b"", dict(PREFLIGHT))
