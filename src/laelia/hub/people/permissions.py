"""Who a person is and what she allows. An iD enters the hub here and only from a token response."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from laelia.client.oauth import Granted
from laelia.hub import callbacks, tables
from laelia.hub.people import history, wishes
from laelia.hub.people.waking import wake_hook
from laelia.lib.database import insert_ignore, upsert
from laelia.lib.secret import KeyRing
from laelia.model.identifiers import valid_orcid

# A grant "until I revoke it" comes as about twenty years; what ends within this many days is a short one.
_SHORT_MS = 366 * 24 * 3_600_000
DISCONNECTED = "disconnected"


@dataclass(frozen=True, kw_only=True)
class Permission:
    environment_id: int
    orcid: str
    state: str
    scopes: frozenset[str]
    access_token: str | None
    refresh_token: str | None
    granted: int
    expires: int | None
    changed: int
    reason: str | None

    @property
    def short(self) -> bool:
        """She allowed it for an hour only, not until she revokes it."""
        return self.expires is not None and self.expires - self.granted < _SHORT_MS

    def usable(self, now: int) -> bool:
        return self.state == "active" and (self.expires is None or now < self.expires)

    def __repr__(self) -> str:
        return f"<Permission {self.environment_id}/{self.orcid} {self.state}>"  # never the tokens


def permission(
    tx: Connection, environment_id: int, orcid: str, keys: KeyRing, now: int | None = None
) -> Permission | None:
    """Her permission with its tokens unsealed; with `now`, one whose time is up has the state expired."""
    row = tx.execute(select(tables.permission).where(*_of(tables.permission, environment_id, orcid))).first()
    if row is None:
        return None
    bound = f"permission/{environment_id}/{orcid}"
    state = row.state
    if now is not None and state == "active" and row.expires is not None and row.expires <= now:
        state = "expired"
    return Permission(
        environment_id=environment_id, orcid=orcid, state=state, scopes=frozenset(row.scopes.split()),
        access_token=keys.unseal(row.access_token, f"{bound}/access") if row.access_token else None,
        refresh_token=keys.unseal(row.refresh_token, f"{bound}/refresh") if row.refresh_token else None,
        granted=row.granted, expires=row.expires, changed=row.changed, reason=row.reason,
    )  # fmt: skip


def grant(tx: Connection, now: int, environment_id: int, granted: Granted, keys: KeyRing) -> None:
    """File what she allowed; it replaces whatever stood there. She becomes known by this, if she was not, and
    what she wished under a former iD holds on."""
    orcid = granted.orcid
    assert valid_orcid(orcid), "the client checks the iD of a token response"
    before = state_of(tx, environment_id, orcid)
    meet(tx, now, environment_id, orcid, granted.name, state="connected")
    history.happened(tx, now, environment_id, orcid, "connected", before)
    bound = f"permission/{environment_id}/{orcid}"
    refresh = granted.refresh_token
    upsert(
        tx,
        tables.permission,
        {
            "environment_id": environment_id,
            "orcid": orcid,
            "state": "active",
            "scopes": " ".join(sorted(granted.scopes)),
            "access_token": keys.seal(granted.access_token, f"{bound}/access"),
            "refresh_token": keys.seal(refresh, f"{bound}/refresh") if refresh else None,
            "granted": now,
            "expires": now + granted.expires_in * 1000 if granted.expires_in else None,
            "changed": now,
            "reason": None,
            "checked": now,
        },
        key=("environment_id", "orcid"),
    )
    wishes.inherit(tx, now, environment_id, orcid)
    callbacks.note(tx, now, environment_id, "connected", orcid=orcid)
    wake_hook(tx, now, environment_id, orcid)


def meet(
    tx: Connection, now: int, environment_id: int, orcid: str, name: str | None, state: str | None = None
) -> None:
    """Know the person of this iD. Without `state` a known person keeps hers, a new one is invited.

    A name the registry no longer gives (she made it private) is forgotten."""
    values: dict[str, Any] = {"name": name or None, "modified": now}
    if state:
        values |= {"state": state, "moved_to": None}
    if state == "connected":
        values |= {"connected": now, "refused": None}
    fresh = {"environment_id": environment_id, "orcid": orcid, "created": now, "state": "invited", **values}
    if not insert_ignore(tx, tables.person, fresh):
        known = update(tables.person).where(*_of(tables.person, environment_id, orcid))
        tx.execute(known.values(**values))


def denied(tx: Connection, now: int, environment_id: int, orcid: str) -> None:
    """She said no. A permission that stands is not touched by it; without one, nobody should keep asking."""
    standing = select(tables.permission.c.id).where(
        *_of(tables.permission, environment_id, orcid), tables.permission.c.state == "active"
    )
    if tx.execute(standing).first() is None:
        history.happened(tx, now, environment_id, orcid, "denied", state_of(tx, environment_id, orcid))
        _person(tx, now, environment_id, orcid, state="denied", refused=now)
        callbacks.note(tx, now, environment_id, "denied", orcid=orcid)


def mark_revoked(
    tx: Connection, now: int, environment_id: int, orcid: str, reason: str, granted: int | None = None
) -> bool:
    """The registry no longer takes her token. Its row keeps the token: a registry lets an organisation delete
    its own items with one that the person revoked.

    granted: that of the permission whose token was refused; a newer grant is then left alone (False)."""
    return _end(tx, now, environment_id, orcid, "revoked", reason, granted)


def mark_moved(
    tx: Connection, now: int, environment_id: int, orcid: str, primary: str, granted: int | None = None
) -> bool:
    """The registry says this iD is deprecated in favour of `primary` (9007); she must be asked anew."""
    ended = _end(tx, now, environment_id, orcid, "moved", f"9007 {primary}", granted)
    if ended or granted is None:
        _person(tx, now, environment_id, orcid, state="moved", moved_to=primary)
        callbacks.note(tx, now, environment_id, "moved", orcid=orcid, reason=primary or None)
    return ended


def mark_closed(
    tx: Connection, now: int, environment_id: int, orcid: str, reason: str, granted: int | None = None
) -> bool:
    """The record is deactivated, or gone."""
    ended = _end(tx, now, environment_id, orcid, "revoked", reason, granted)
    if ended or granted is None:
        _person(tx, now, environment_id, orcid, state="closed")
    return ended


def mark_checked(tx: Connection, now: int, environment_id: int, orcid: str) -> None:
    tx.execute(
        update(tables.permission).where(*_of(tables.permission, environment_id, orcid)).values(checked=now)
    )


def disconnect(tx: Connection, now: int, environment_id: int, orcid: str) -> None:
    """She ended it here: the tokens are forgotten, after the registry was told to revoke them."""
    _end(tx, now, environment_id, orcid, "revoked", DISCONNECTED)
    tx.execute(
        update(tables.permission)
        .where(*_of(tables.permission, environment_id, orcid))
        .values(access_token=None, refresh_token=None)
    )


def permitted(tx: Connection, environment_id: int, now: int | None = None) -> list[str]:
    """The iDs whose permission stands, in order; with `now`, only those whose time is not up."""
    found = select(tables.permission.c.orcid).where(
        tables.permission.c.environment_id == environment_id, tables.permission.c.state == "active"
    )
    if now is not None:
        found = found.where((tables.permission.c.expires.is_(None)) | (tables.permission.c.expires > now))
    return list(tx.execute(found.order_by(tables.permission.c.orcid)).scalars())


def name_of(tx: Connection, environment_id: int, orcid: str) -> str | None:
    """Her name as the registry gave it with the token; None when she keeps it to herself."""
    return tx.execute(
        select(tables.person.c.name).where(*_of(tables.person, environment_id, orcid))
    ).scalar_one_or_none()


def email_of(tx: Connection, environment_id: int, orcid: str) -> str | None:
    """Where the organisation writes to her, if it knows that."""
    return tx.execute(
        select(tables.person.c.email).where(*_of(tables.person, environment_id, orcid))
    ).scalar_one_or_none()


def state_of(tx: Connection, environment_id: int, orcid: str) -> str | None:
    return tx.execute(
        select(tables.person.c.state).where(*_of(tables.person, environment_id, orcid))
    ).scalar_one_or_none()


def lacking(scopes: Collection[str], wanted: Collection[str]) -> list[str]:
    """The wanted scopes that were not granted."""
    return sorted(set(wanted) - set(scopes))


def _end(
    tx: Connection, now: int, environment_id: int, orcid: str, state: str, reason: str,
    granted: int | None = None,
) -> bool:  # fmt: skip
    chosen = update(tables.permission).where(*_of(tables.permission, environment_id, orcid))
    if granted is not None:
        chosen = chosen.where(tables.permission.c.granted == granted)
    standing = _standing(tx, environment_id, orcid)
    ended = tx.execute(chosen.values(state=state, reason=reason, changed=now)).rowcount == 1
    if ended:
        history.happened(tx, now, environment_id, orcid, state, state_of(tx, environment_id, orcid))
        _person(tx, now, environment_id, orcid, state="revoked")
        if state == "revoked" and standing == "active":
            callbacks.note(tx, now, environment_id, "revoked", orcid=orcid, reason=reason)
        wake_hook(tx, now, environment_id, orcid)
    return ended


def _standing(tx: Connection, environment_id: int, orcid: str) -> str | None:
    state = select(tables.permission.c.state).where(*_of(tables.permission, environment_id, orcid))
    return tx.execute(state).scalar_one_or_none()


def _person(tx: Connection, now: int, environment_id: int, orcid: str, **values: Any) -> None:
    tx.execute(
        update(tables.person).where(*_of(tables.person, environment_id, orcid)).values(modified=now, **values)
    )


def _of(table: Any, environment_id: int, orcid: str) -> tuple[Any, Any]:
    return table.c.environment_id == environment_id, table.c.orcid == orcid
