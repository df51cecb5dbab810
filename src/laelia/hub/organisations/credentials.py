"""A client's id and secret: given, kept sealed, never shown again, and tried at the registry."""

from sqlalchemy import Connection, update

from laelia.client import oauth
from laelia.hub import tables
from laelia.hub.organisations import audit
from laelia.hub.organisations.audit import By
from laelia.hub.organisations.clash import Clash
from laelia.hub.organisations.environments import Environment
from laelia.lib.http import Http, HttpError
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.log import get_logger
from laelia.lib.secret import KeyRing

log = get_logger()
SCOPE = "/read-public"

# What came of a test → whether all is well, and the sentence about it.
ANSWERS = {
    "ok": (True, lazy("The registry knows this client, and its secret is right.")),
    "no-scope": (False, lazy(
        "The registry knows this client, but gives it no token to read. It may be closed there.")),
    "refused": (False, lazy(
        "The registry does not know this client, or the secret is another one. Look at both again, "
        "and whether they are for this registry: those of a sandbox are of no use in production.")),
    "forbidden": (False, lazy(
        "The registry knows this client and does not let it ask for a token. Ask the registry's "
        "support whether it is closed.")),
    "odd": (False, lazy("Something answered, but not as a registry does. Look at the registry's address.")),
    "silent": (False, lazy(
        "The registry did not answer. Try again in a minute; if it stays so, look at its address.")),
}  # fmt: skip


def put_client(
    tx: Connection, now: int, by: By, place: Environment, keys: KeyRing, client_id: str, secret: str
) -> None:
    """Replace the client. An empty secret keeps the one that is there, for the same client only."""
    client_id, secret = client_id.strip(), secret.strip()
    if not client_id or not client_id.isprintable() or " " in client_id:
        raise Clash(_("A client id has no spaces in it, such as APP-0123456789ABCDEF."))
    if not secret and (client_id != place.client_id or not place.client_secret):
        raise Clash(_("This client needs its secret."))
    values: dict[str, object] = {"client_id": client_id, "tested": None, "test_answer": None, "halted": None}
    if secret:
        values["client_secret"] = keys.seal(secret, f"environment/{place.id}/client_secret")
    tx.execute(update(tables.environment).where(tables.environment.c.id == place.id).values(values))
    said = "new" if secret else "kept"
    audit.note(tx, now, place.id, by, "client-changed", client_id, secret=said)


def ask(http: Http, place: Environment) -> str:
    """Ask the registry for a token of the client's own (RFC 6749 §4.4), and give it back. A key of ANSWERS.
    Call it outside of transactions."""
    try:
        given = oauth.client_credentials(
            http, place.token_url, client_id=place.client_id, client_secret=place.client_secret,
            scopes=[SCOPE], trusted=True,
        )  # fmt: skip
    except HttpError:
        return "silent"
    except oauth.OAuthRefused as refused:
        return _meaning(refused)
    _give_back(http, place, given.access_token)
    return "ok" if SCOPE in given.scopes else "no-scope"


def remember(tx: Connection, now: int, by: By, place: Environment, answer: str) -> None:
    mine = tables.environment.c.id == place.id
    tx.execute(update(tables.environment).where(mine).values(tested=now, test_answer=answer))
    audit.note(tx, now, place.id, by, "client-tested", place.client_id, answer=answer)


def _meaning(refused: oauth.OAuthRefused) -> str:
    if refused.error in ("invalid_client", "unauthorized") or refused.status == 401:
        return "refused"
    if refused.error == "invalid_scope":
        return "no-scope"
    if refused.error in ("unauthorized_client", "access_denied", "unsupported_grant_type"):
        return "forbidden"
    return "silent" if refused.status >= 500 else "odd"


def _give_back(http: Http, place: Environment, token: str) -> None:
    """A token that nobody uses should not live on."""
    try:
        oauth.revoke(
            http, place.revoke_url, client_id=place.client_id, client_secret=place.client_secret, token=token,
            trusted=True,
        )  # fmt: skip
    except (oauth.OAuthRefused, HttpError) as problem:
        log.info("test token not revoked", environment=place.id, problem=type(problem).__name__)
