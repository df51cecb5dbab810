"""OAuth 2.0 and OpenID Connect for clients: one module for each endpoint, named after its standard."""

from laelia.lib.web.core import OPEN, Route
from laelia.registry.oauth import (
    openid_discovery,
    openid_userinfo,
    permission,
    rfc6749_token,
    rfc7009_revoke,
    rfc7517_keys,
    rfc7662_introspect,
)

# The endpoints open their own transactions: a spent code or a counted attempt stays so whatever follows.
routes = [
    Route("GET", "/oauth/authorize", permission.ask, OPEN, tx="none"),
    Route("POST", "/oauth/authorize", permission.answer, OPEN, tx="none"),
    Route("POST", "/oauth/token", rfc6749_token.token, OPEN, tx="none", session=False),
    Route("POST", "/oauth/revoke", rfc7009_revoke.revoke, OPEN, tx="none", session=False),
    Route("POST", "/oauth/introspect", rfc7662_introspect.introspect, OPEN, tx="none", session=False),
    Route("GET", "/oauth/userinfo", openid_userinfo.userinfo, OPEN, tx="none", session=False),
    Route("POST", "/oauth/userinfo", openid_userinfo.userinfo, OPEN, tx="none", session=False),
    Route("OPTIONS", "/oauth/userinfo", openid_userinfo.preflight, OPEN, tx="off", session=False),
    Route("GET", "/oauth/jwks", rfc7517_keys.key_set, OPEN, tx="none", session=False),
    *(
        Route("GET", f"/.well-known/{name}", openid_discovery.metadata, OPEN, tx="off", session=False)
        for name in ("openid-configuration", "oauth-authorization-server")
    ),
]
