"""Where the people of an organisation sign in: its OpenID provider, who the hub is there, and what of the
answer is the local id by which the organisation knows somebody."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from laelia.client import oidc
from laelia.hub import tables
from laelia.hub.organisations import audit
from laelia.hub.organisations.audit import By
from laelia.hub.organisations.clash import Clash
from laelia.hub.organisations.environments import Environment
from laelia.lib.database import upsert
from laelia.lib.http import Http
from laelia.lib.i18n import gettext as _
from laelia.lib.secret import KeyRing
from laelia.model.addresses import web_address

CLAIM = "sub"


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """`claim` names what of the answer is the local id."""

    provider: oidc.Provider
    claim: str


def of(tx: Connection, environment_id: int, keys: KeyRing) -> SignIn | None:
    """The provider of an environment, its secret unsealed; None where it has none."""
    row = tx.execute(
        select(tables.provider).where(tables.provider.c.environment_id == environment_id)
    ).first()
    if row is None:
        return None
    secret = keys.unseal(row.client_secret, _bound(environment_id))
    known = oidc.Provider(
        issuer=row.issuer, client_id=row.client_id, secret=secret or None, trusted=row.trusted
    )
    return SignIn(provider=known, claim=row.claim)


def wanted(
    before: SignIn | None, *, issuer: str, client_id: str, secret: str, claim: str, trusted: bool = False
) -> SignIn:
    """What is asked for, as it can be kept. An empty secret keeps the one that is there, for the same client
    at the same provider. Raises a Clash."""
    issuer, client_id, claim = issuer.strip(), client_id.strip(), claim.strip() or CLAIM
    parts = web_address(issuer)
    if parts is None or (parts.scheme != "https" and not trusted) or parts.query or parts.fragment:
        raise Clash(_("%(issuer)s is no https address without a query.", issuer=issuer))
    if not client_id or len(claim) > 100 or not f"{client_id}{claim}".isprintable():
        raise Clash(_("The provider's page of this client names its id."))
    known = before.provider if before is not None else None
    if not secret and known is not None and (known.issuer, known.client_id) == (issuer, client_id):
        secret = known.secret or ""
    asked = oidc.Provider(issuer=issuer, client_id=client_id, secret=secret or None, trusted=trusted)
    return SignIn(provider=asked, claim=claim)


def test(http: Http, one: SignIn) -> None:
    """Ask the provider for its addresses; a Clash says what is wrong. Call it outside of transactions."""
    try:
        oidc.discover(http, one.provider)
    except oidc.Refused as refused:
        said = {
            "away": _("Nothing answers there as an OpenID provider does, or it stands in an inner network."),
            "provider": _("What answers there calls itself otherwise, or names addresses without https."),
        }
        raise Clash(said.get(refused.reason, str(refused))) from None


def put(tx: Connection, now: int, by: By, place: Environment, keys: KeyRing, one: SignIn) -> None:
    provider = one.provider
    row = {
        "environment_id": place.id,
        "issuer": provider.issuer,
        "client_id": provider.client_id,
        "client_secret": keys.seal(provider.secret or "", _bound(place.id)),
        "claim": one.claim,
        "trusted": provider.trusted,
        "changed": now,
    }
    upsert(tx, tables.provider, row, key=("environment_id",))
    audit.note(tx, now, place.id, by, "provider-changed", provider.issuer, claim=one.claim)


def remove(tx: Connection, now: int, by: By, place: Environment) -> None:
    """Nobody signs in there for this hub any more; who came in that way stays known."""
    mine = tables.provider.c.environment_id == place.id
    gone = tx.execute(delete(tables.provider).where(mine).returning(tables.provider.c.issuer)).first()
    if gone is not None:
        audit.note(tx, now, place.id, by, "provider-removed", gone.issuer)


def _bound(environment_id: int) -> str:
    return f"provider/{environment_id}/client_secret"
