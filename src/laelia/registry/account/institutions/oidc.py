"""Sign-in by OpenID Connect: the question to a provider of ours, and who its answer says somebody is."""

from typing import Any

from laelia.client import oidc
from laelia.client.oidc import Question, text
from laelia.lib.http import Http
from laelia.registry.account.institutions.guest import Guest
from laelia.registry.account.institutions.providers import Institution


def start(http: Http, at: Institution, redirect_uri: str) -> Question:
    """A question to a provider. Raises Refused."""
    return oidc.start(http, _provider(at, None), redirect_uri)


def finish(
    http: Http,
    at: Institution,
    secret: str | None,
    redirect_uri: str,
    told: dict[str, Any],
    *,
    code: str,
    issuer: str | None,
) -> Guest:
    """Who came, by the code that the browser brought. Raises Refused for whatever is wrong."""
    claims = oidc.finish(http, _provider(at, secret), redirect_uri, told, code=code, issuer=issuer)
    return Guest(
        institution_id=at.id,
        subjects=(("sub", claims["sub"]),),
        label=text(claims, "preferred_username") or text(claims, "email") or text(claims, "name"),
        given=text(claims, "given_name"),
        family=text(claims, "family_name"),
        email=text(claims, "email"),
    )


def _provider(at: Institution, secret: str | None) -> oidc.Provider:
    return oidc.Provider(issuer=at.issuer, client_id=at.client_id or "", secret=secret, trusted=at.trusted)
