"""Connecting, and disconnecting: the permission is revoked at the registry, and before that, if she wishes,
what was added is taken off her record. That goes on by itself until it is done, or she stays after all."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from laelia.client import oauth
from laelia.hub import assertions, mirror, organisations, people, tables
from laelia.hub.organisations import Environment, traffic
from laelia.hub.people import Permission, wishes
from laelia.hub.push.run import push
from laelia.hub.settings import Hub
from laelia.lib.clock import MINUTE
from laelia.lib.http import HttpError
from laelia.lib.jobs import enqueue
from laelia.lib.log import get_logger
from laelia.lib.secret import KeyRing

log = get_logger()
JOB = "leave"
TAKEN = "taken-along"
"""Reason of a row that left with her. Nobody said no to it: she can have it added again."""

_c = tables.assertion.c
_STANDS = or_(_c.put_code.is_not(None), _c.state == "sending")


def take_along(tx: Connection, now: int, environment_id: int, orcid: str) -> int:
    """Have everything that was added taken off, and her permission revoked after it; returns how many items
    that is."""
    wishes.set_leaving(tx, now, environment_id, orcid, leaves=True)
    standing = select(_c.id).where(*_hers(environment_id, orcid), _c.wanted, _STANDS)
    found = list(tx.execute(standing).scalars())
    for one in found:
        assertions.withdraw(tx, now, environment_id, one, TAKEN)
    enqueue(
        tx, tables.job, kind=JOB, key=f"{environment_id}/{orcid}", payload={"orcid": orcid}, now=now,
        environment_id=environment_id,
    )  # fmt: skip
    return len(found)


def connected(tx: Connection, now: int, environment_id: int, granted: oauth.Granted, keys: KeyRing) -> None:
    """She gave permission: it is filed, she stays if she was about to leave, and what waits is pushed."""
    people.grant(tx, now, environment_id, granted, keys)
    stay(tx, now, environment_id, granted.orcid)
    assertions.wake(tx, now, environment_id, granted.orcid)


def stay(tx: Connection, now: int, environment_id: int, orcid: str) -> None:
    """She stays after all: what was to go, or went with it already, is wanted again."""
    if wishes.leaving(tx, environment_id, orcid) is None:
        return
    wishes.set_leaving(tx, now, environment_id, orcid, leaves=False)
    bring_back(tx, now, environment_id, orcid)


def taken(tx: Connection, environment_id: int, orcid: str) -> int:
    """How many items went with her, now that she is back; none while she is leaving."""
    if wishes.leaving(tx, environment_id, orcid) is not None:
        return 0
    return int(tx.execute(select(func.count()).where(*_taken(environment_id, orcid))).scalar_one())


def bring_back(tx: Connection, now: int, environment_id: int, orcid: str) -> None:
    """Want again what went with her, or was about to."""
    gone = update(tables.assertion).where(*_taken(environment_id, orcid))
    back: dict[str, Any] = {"wanted": True, "reason": None, "tries": 0, "modified": now}
    tx.execute(gone.where(_c.state == "sending").values(**back))
    tx.execute(gone.values(**back, state="pending", answer="again"))
    assertions.wake(tx, now, environment_id, orcid)


def to_go(tx: Connection, environment_id: int, orcid: str) -> int:
    """How many items are still to be taken off before she is disconnected."""
    on_their_way = _c.state.in_(("pending", "sending", "waiting-permission"))
    left = select(func.count()).where(*_taken(environment_id, orcid), on_their_way)
    return int(tx.execute(left).scalar_one())


def leave(hub: Hub, environment_id: int, orcid: str) -> int | None:
    """Take off what is still to go, then disconnect. Returns after how many milliseconds to try again; None
    once it is done, or she stays."""
    with hub.db.reading() as tx:
        if wishes.leaving(tx, environment_id, orcid) is None:
            return None
        place = organisations.environment(tx, environment_id, hub.keys)
        left = to_go(tx, environment_id, orcid)
    if left:
        outcome = push(hub, environment_id, orcid)
        with hub.db.reading() as tx:
            left = to_go(tx, environment_id, orcid)
        if left and outcome.state != "waiting":  # without a permission nothing can be taken off any more
            return outcome.retry_ms or MINUTE
    return None if disconnect(hub, place, orcid) else MINUTE


def disconnect(hub: Hub, place: Environment, orcid: str) -> bool:
    """Revoke at the registry first (RFC 7009), then forget: a token forgotten here but alive there would
    keep us on her list of trusted organisations. If the registry can't be told, nothing changes (False)."""
    with hub.db.reading() as tx:
        permission = people.permission(tx, place.id, orcid, hub.keys)
    if not _revoked(hub, place, permission):
        return False
    with hub.db.writing() as tx:
        people.disconnect(tx, hub.clock.now(), place.id, orcid)
        mirror.close(tx, place.id, orcid)
        if wishes.leaving(tx, place.id, orcid) is not None:
            wishes.set_leaving(tx, hub.clock.now(), place.id, orcid, leaves=False)
    return True


def _revoked(hub: Hub, place: Environment, permission: Permission | None) -> bool:
    if permission is None or permission.access_token is None or permission.state != "active":
        return True
    try:
        with traffic.noted(hub, place) as http:
            oauth.revoke(
                http, place.revoke_url, client_id=place.client_id, client_secret=place.client_secret,
                token=permission.access_token, trusted=True,
            )  # fmt: skip
    except (oauth.OAuthRefused, HttpError) as problem:
        log.error("disconnect failed", environment=place.id, problem=type(problem).__name__)
        return False
    return True


def _taken(environment_id: int, orcid: str) -> tuple[ColumnElement[bool], ...]:
    return *_hers(environment_id, orcid), _c.reason == TAKEN, ~_c.wanted


def _hers(environment_id: int, orcid: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _c.environment_id == environment_id, _c.orcid == orcid
