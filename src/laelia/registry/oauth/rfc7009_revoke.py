"""Token revocation (RFC 7009)."""

from laelia.lib.web.core import Call, Reply
from laelia.model.problems import OAuthProblem
from laelia.registry.grants import tokens
from laelia.registry.oauth.rfc6749 import NO_STORE, authenticated, endpoint, form_of, one


@endpoint
def revoke(call: Call) -> Reply:
    """POST /oauth/revoke: a client gives back an access or refresh token, and with it the pair. The answer
    is 200 with nothing in it, whether the token was known or not (§2.2)."""
    form = form_of(call)
    client = authenticated(call, form)
    text = one(form, "token")
    if text is None:
        raise OAuthProblem("invalid_request", "token is required", 400)
    with call.service.db.writing() as tx:
        tokens.revoke(tx, call.now, client.client_id, text)
    return Reply(status=200, headers=dict(NO_STORE))
