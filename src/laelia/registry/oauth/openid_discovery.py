"""What clients find out by themselves (OpenID Connect Discovery §3, RFC 8414): where the endpoints are and
what they can do."""

import json

from laelia.lib import i18n
from laelia.lib.web.core import JSON, Call, Reply
from laelia.registry import edge
from laelia.registry.grants import scopes
from laelia.registry.grants.signing_keys import ALGORITHM, KEPT
from laelia.registry.oauth.openid_id_token import name_of
from laelia.registry.oauth.rfc6749_token import GRANTS

KEEP = {**edge.CORS, "Cache-Control": f"public, max-age={KEPT // 1000}"}


def metadata(call: Call) -> Reply:
    """GET /.well-known/openid-configuration, and the same at /.well-known/oauth-authorization-server. ORCID's
    keys first, in ORCID's order."""
    base = name_of(call.service)
    methods = ["client_secret_post", "client_secret_basic"]
    body = {
        "token_endpoint_auth_signing_alg_values_supported": [ALGORITHM],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "userinfo_endpoint": f"{base}/oauth/userinfo",
        "authorization_endpoint": f"{base}/oauth/authorize",
        "token_endpoint": f"{base}/oauth/token",
        "jwks_uri": f"{base}/oauth/jwks",
        "claims_supported": [
            "family_name", "given_name", "name", "auth_time", "iss", "sub",
            "aud", "exp", "iat", "jti", "nonce", "at_hash", "amr",
        ],
        "scopes_supported": ["openid", *sorted(scopes.KNOWN - {"openid"})],
        "subject_types_supported": ["public"],
        "response_types_supported": ["code", "token", "id_token", "id_token token"],
        "claims_parameter_supported": False,
        "token_endpoint_auth_methods_supported": [*methods, "none"],
        "grant_types_supported": ["authorization_code", "implicit", *list(GRANTS)[1:]],
        "issuer": base,
        "response_modes_supported": ["query", "fragment"],
        "prompt_values_supported": ["none", "login", "consent", "confirm", "select_account"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "revocation_endpoint": f"{base}/oauth/revoke",
        "revocation_endpoint_auth_methods_supported": [*methods, "none"],
        "introspection_endpoint": f"{base}/oauth/introspect",
        "introspection_endpoint_auth_methods_supported": methods,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "ui_locales_supported": i18n.available(),
        "op_policy_uri": f"{base}/privacy",
        "op_tos_uri": f"{base}/terms",
    }  # fmt: skip
    return Reply(200, json.dumps(body, indent=2).encode(), dict(KEEP), JSON)
