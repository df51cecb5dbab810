"""Who may use a route: everybody, whoever holds a token (API), or whoever is signed in (pages)."""

from dataclasses import dataclass

ACCOUNT = "account"  # API routes: Authorization: token …
SIGNED_IN = "signed-in"  # page routes: the session


@dataclass(frozen=True)
class Caller:
    """An account that asks; `token_id` tells the API's callers from those at the pages."""

    account_id: int
    orcid: str
    name: str
    token_id: int | None = None
    token_created: int | None = None
