"""OAuth 2.0 for the clients of the registry: one module for each endpoint, named after its standard."""

from laelia.lib.web.core import OPEN, Route
from laelia.registry.oauth import permission, rfc6749_token, rfc7009_revoke

# The endpoints open their own transactions: a spent code or a counted attempt stays so whatever follows.
routes = [
    Route("GET", "/oauth/authorize", permission.ask, OPEN, tx="none"),
    Route("POST", "/oauth/authorize", permission.answer, OPEN, tx="none"),
    Route("POST", "/oauth/token", rfc6749_token.token, OPEN, tx="none", session=False),
    Route("POST", "/oauth/revoke", rfc7009_revoke.revoke, OPEN, tx="none", session=False),
]
