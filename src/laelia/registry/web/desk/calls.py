"""The first calls of a client, filled in so that they can be copied and run."""

import shlex
from dataclasses import dataclass
from urllib.parse import urlencode

from laelia.registry.grants.clients import Client
from laelia.registry.settings import Settings

STATE = "a-value-of-your-own"


@dataclass(frozen=True, kw_only=True)
class FirstCalls:
    """`authorise` is opened in a browser; `exchange`, `alone` and `read` are commands of a shell."""

    authorise: str | None
    exchange: str | None
    alone: str
    read: str


def first_calls(settings: Settings, client: Client, secret: str | None) -> FirstCalls:
    """Without the secret, which is shown only once, a word stands in its place."""
    site, secret = settings.public_url.rstrip("/"), secret or "YOUR-SECRET"
    uri = next(iter(client.redirect_uris), None)
    wanted = ["/authenticate"] if client.kind == "public" else ["/read-limited", "/activities/update"]
    scope = " ".join(one for one in wanted if one in client.scopes) or "/authenticate"
    query = {
        "client_id": client.client_id, "response_type": "code", "scope": scope,
        "redirect_uri": uri, "state": STATE,
    }  # fmt: skip
    own = {"client_id": client.client_id, "client_secret": secret}
    given = {"grant_type": "authorization_code", "code": "THE-CODE", "redirect_uri": uri or ""}
    return FirstCalls(
        authorise=f"{site}/oauth/authorize?{urlencode(query)}" if uri else None,
        exchange=_curl(f"{site}/oauth/token", {**own, **given}) if uri else None,
        alone=_curl(
            f"{site}/oauth/token", {**own, "grant_type": "client_credentials", "scope": "/read-public"}
        ),
        read=(
            "curl -H 'Accept: application/json' -H 'Authorization: Bearer THE-ACCESS-TOKEN' "
            + shlex.quote(f"{settings.public_api}/v3.0/THE-ID/record")
        ),
    )


def _curl(url: str, form: dict[str, str]) -> str:
    parts = [f"  --data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in form.items()]
    return " \\\n".join([f"curl {shlex.quote(url)}", *parts])
