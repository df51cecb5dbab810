"""Token introspection (RFC 7662), for hosts that serve an API with tokens given out here. A client asks about
its own tokens; one that was registered for it asks about everybody's."""

from laelia.lib.web.core import Call, Reply
from laelia.model.problems import OAuthProblem
from laelia.registry.grants import tokens
from laelia.registry.oauth.openid_id_token import name_of
from laelia.registry.oauth.rfc6749 import answer, endpoint, form_of, one, proven


@endpoint
def introspect(call: Call) -> Reply:
    """POST /oauth/introspect. Of a token that is not good, or not the caller's business, nothing is said but
    that (§2.2), and whether its person took it back: then it still deletes what its client added."""
    form = form_of(call)
    client = proven(call, form)
    text = one(form, "token")
    if text is None:
        raise OAuthProblem("invalid_request", "token is required", 400)
    with call.service.db.reading() as tx:
        row = tokens.either(tx, text)
    if row is None or not (client.introspection or row.client_id == client.client_id):
        return answer({"active": False})
    alive = row.revoked is None and row.expires > call.now and row.state == "active"
    if not alive:
        by_her = row.revoked_reason == "user" and row.expires > call.now
        return answer({"active": False, "USER_REVOKED": True} if by_her else {"active": False})
    body = {
        "active": True,
        "client_id": row.client_id,
        "username": row.orcid,
        "sub": row.orcid or row.client_id,
        "scope": row.scopes,
        "token_type": "bearer",
        "iat": row.created // 1000,
        "exp": row.expires // 1000,
        "iss": name_of(call.service),
        # As ORCID's hosts read them (oauth.md §7).
        "clientGrantedAuthority": "ROLE_PUBLIC" if row.kind == "public" else "ROLE_CLIENT",
        "OBO_CLIENT_ID": row.obo_client_id,
    }
    return answer({name: value for name, value in body.items() if value is not None})
