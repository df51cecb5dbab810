"""A permission that the registry no longer honours: why that is, and what follows for the person."""

from sqlalchemy import Connection

from laelia.client.orcid import Api, Record, Unavailable
from laelia.client.peer import Peer
from laelia.hub import assertions, mirror, people
from laelia.hub.organisations import Environment
from laelia.hub.people import Permission, moving
from laelia.hub.push.verdict import Kind, Verdict, judge
from laelia.hub.settings import Hub
from laelia.lib.http import HttpError
from laelia.model.problems import OAuthProblem, Problem

ENDS: frozenset[Kind] = frozenset({"revoked", "moved", "closed"})


def why_gone(hub: Hub, environment: Environment, orcid: str) -> Verdict | None:
    """A refused token does not say why. Deactivating a record ends its tokens too, so what everybody may see
    of the record is asked once; None where that tells nothing more. No transaction may be open."""
    public = Api(Peer(hub.http, environment.pub_url, trusted=True), None)
    try:
        Record(public, orcid).personal_details()
    except (HttpError, Unavailable, OAuthProblem):
        return None
    except Problem as problem:
        verdict = judge("GET", problem)
        return verdict if verdict.kind in ("moved", "closed") else None
    return None


def end(
    tx: Connection, hub: Hub, environment: Environment, permission: Permission, verdict: Verdict, why: str
) -> None:
    """Write it down, unless she granted anew meanwhile, and drop what was read by it. Who moved is asked
    anew."""
    now, whose, granted = hub.clock.now(), (environment.id, permission.orcid), permission.granted
    if verdict.kind == "moved" and verdict.primary:
        ended = people.mark_moved(tx, now, *whose, verdict.primary, granted)
        if ended:
            moving.ask(tx, now, environment, permission.orcid, hub.settings.public_url)
            _go_on(tx, now, environment, verdict.primary, hub)
    elif verdict.kind == "closed":
        ended = people.mark_closed(tx, now, *whose, why, granted)
    else:
        ended = people.mark_revoked(tx, now, *whose, why, granted)
    if ended:
        mirror.close(tx, *whose)


def _go_on(tx: Connection, now: int, environment: Environment, primary: str, hub: Hub) -> None:
    """She may have connected with her other iD before anybody said that the two are one."""
    there = people.permission(tx, environment.id, primary, hub.keys, now)
    if there is not None and there.state == "active":
        assertions.follow(tx, now, environment.id, primary)
        assertions.wake(tx, now, environment.id, primary)
