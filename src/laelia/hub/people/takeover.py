"""iDs with tokens that another hub of the same client collected. None is believed: a permission is taken over
once the registry has said by itself whose it is. What proves it is a refresh with this client's own id and
secret: it is answered only to the client that the token was issued to, and names iD and scopes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import Connection, select

from laelia.client import oauth
from laelia.client.oauth import Granted, OAuthRefused
from laelia.client.peer import Peer
from laelia.hub import tables
from laelia.hub.organisations import Clash
from laelia.hub.organisations.environments import Environment
from laelia.hub.pace import SharedPace
from laelia.hub.people import inviting, roster
from laelia.hub.people.permissions import DISCONNECTED, grant
from laelia.hub.settings import Hub
from laelia.lib.http import HttpError
from laelia.lib.log import get_logger
from laelia.lib.secret import KeyRing
from laelia.model.identifiers import normalise_orcid

log = get_logger()
Result = Literal[
    "taken-over", "there-already", "ended-here", "no-iD", "no-token", "not-proved", "not-this-client",
    "another-iD", "not-readable", "another-person", "no-answer",
]  # fmt: skip
SENTENCES: Mapping[Result, str] = {
    "taken-over": "The registry proved it.",
    "there-already": "This iD is connected here already, and that permission stays.",
    "ended-here": "Here this person said no, or disconnected: she has to be asked anew.",
    "no-iD": "There is no iD with a right check digit in the row.",
    "no-token": "There is no token in the row.",
    "not-proved": "Without a refresh token nothing proves which client the token was issued to.",
    "not-this-client": "The registry does not know the refresh token for this client, or it has ended.",
    "another-iD": "The registry says that the token is another iD's.",
    "not-readable": "The registry lets nobody read the record with the token.",
    "another-person": "The local id or the e-mail address is that of somebody else here.",
    "no-answer": "The registry did not answer; run the command again.",
}


@dataclass(frozen=True, kw_only=True)
class Handed:
    """A row of the file."""

    orcid: str
    access_token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    local_id: str = ""
    email: str = ""


def take(hub: Hub, place: Environment, row: Handed) -> Result:
    """Have the registry prove it, then keep what the registry gave. Call it with no transaction open. A row
    that was taken over before is told without a call, so that a run that broke off is just begun again."""
    orcid = normalise_orcid(row.orcid)
    if orcid is None:
        return "no-iD"
    with hub.db.reading() as tx:
        if (standing := _standing(tx, place.id, orcid)) is not None:
            return standing
    if not row.refresh_token:
        return "not-proved" if row.access_token else "no-token"
    proved = _proved(hub, place, orcid, row.refresh_token)
    if not isinstance(proved, Granted):
        return proved
    try:
        with hub.db.writing() as tx:
            standing = _standing(tx, place.id, orcid)
            if standing is None:
                _keep(tx, hub.clock.now(), place.id, row, proved, hub.keys)
    except (Clash, inviting.NotMeant):
        standing = "another-person"
    if standing is not None:
        _end(hub, place, proved.access_token)
        return standing
    # The pair that the other hub holds would outlive a permission that is ended here.
    _end(hub, place, row.refresh_token)
    return "taken-over"


def _standing(tx: Connection, environment_id: int, orcid: str) -> Result | None:
    """What stands against it here: a permission that is as new or newer, or her own word."""
    c, p = tables.permission.c, tables.person.c
    mine = select(c.state, c.reason).where(c.environment_id == environment_id, c.orcid == orcid)
    row = tx.execute(mine).first()
    if row is not None and row.state == "active":
        return "there-already"
    said = select(p.state).where(p.environment_id == environment_id, p.orcid == orcid)
    if tx.execute(said).scalar_one_or_none() == "denied":
        return "ended-here"
    return "ended-here" if row is not None and row.reason == DISCONNECTED else None


def _proved(hub: Hub, place: Environment, orcid: str, refresh_token: str) -> Granted | Result:
    """Two calls: the refresh, which proves client, iD and scopes, and a read, which proves that the token
    that came of it is good for this record."""
    peer = Peer(
        hub.http, place.api_url, trusted=True,
        pace=SharedPace(hub.db, f"{place.api_url} {place.client_id}", hub.settings.calls_per_second),
    )  # fmt: skip
    assert peer.pace is not None
    peer.pace.wait()
    try:
        granted = oauth.refresh(
            hub.http, place.token_url, client_id=place.client_id, client_secret=place.client_secret,
            refresh_token=refresh_token, keep=True, trusted=True,
        )  # fmt: skip
    except HttpError:
        return "no-answer"
    except OAuthRefused as refused:
        away = refused.status >= 500 or refused.status == 429
        return "no-answer" if away else "not-this-client"
    found: Result | None = "another-iD" if granted.orcid != orcid else None
    if found is None:
        found = _read(peer, orcid, granted.access_token)
    if found is None:
        return granted
    _end(hub, place, granted.access_token)
    return found


def _read(peer: Peer, orcid: str, token: str) -> Result | None:
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.orcid+json"}
    try:
        status = peer.read(f"/v3.0/{orcid}/person", headers).status
    except HttpError:
        return "no-answer"
    if status == 200:
        return None
    return "no-answer" if status >= 500 or status == 429 else "not-readable"


def _keep(
    tx: Connection, now: int, environment_id: int, row: Handed, granted: Granted, keys: KeyRing
) -> None:
    if row.local_id or row.email:
        entry = roster.Entry(local_id=row.local_id or None, email=row.email or None)
        [put] = roster.put_all(tx, now, environment_id, [entry])
        if put.id is None:
            raise Clash(put.why)
        inviting.claim(tx, now, environment_id, put.id, granted.orcid)
    grant(tx, now, environment_id, granted, keys)


def _end(hub: Hub, place: Environment, token: str) -> None:
    """A pair of tokens that nobody uses should not live on."""
    try:
        oauth.revoke(
            hub.http, place.revoke_url, client_id=place.client_id, client_secret=place.client_secret,
            token=token, trusted=True,
        )  # fmt: skip
    except (OAuthRefused, HttpError) as problem:
        log.warning("token not revoked", environment=place.id, problem=type(problem).__name__)
