"""The addresses that are called, each with a secret of its own. It is shown when it is made and kept sealed;
a new one leaves the former good for a day, in which every call bears both signatures."""

import base64
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from laelia.client.hub.callbacks import PREFIX
from laelia.hub import tables
from laelia.hub.callbacks.events import EVENTS, wake
from laelia.hub.organisations import Clash, audit
from laelia.hub.organisations.audit import By
from laelia.lib.clock import DAY
from laelia.lib.http import says_private
from laelia.lib.i18n import gettext as _
from laelia.lib.secret import KeyRing
from laelia.model.addresses import web_address

MOST = 10
OVERLAP = DAY


@dataclass(frozen=True, kw_only=True)
class Callback:
    id: int
    environment_id: int
    url: str
    events: tuple[str, ...]
    enabled: bool
    former_until: int | None
    created: int


def add(
    tx: Connection, now: int, by: By, keys: KeyRing, environment_id: int, *, url: str,
    events: Iterable[str] = (), private: bool = False,
) -> tuple[int, str]:  # fmt: skip
    """A new address, by default for every event; its number and its secret, which is told only now. A Clash
    where it can't be called. private: it may lie inside this network, and be plain http."""
    url = _good(url, private=private)
    c = tables.callback.c
    there = tx.execute(select(func.count()).where(c.environment_id == environment_id)).scalar_one()
    if there >= MOST:
        raise Clash(_("There are %(n)s addresses already: remove one first.", n=MOST))
    row = {"environment_id": environment_id, "url": url, "events": _wanted(events), "enabled": True}
    made = tx.execute(insert(tables.callback).values(secret="", created=now, **row))
    assert made.inserted_primary_key is not None
    number = int(made.inserted_primary_key[0])
    secret = _set_secret(tx, keys, environment_id, number)
    audit.note(tx, now, environment_id, by, "callback-added", url)
    return number, secret


def listed(tx: Connection, environment_id: int) -> list[Callback]:
    c = tables.callback.c
    found = select(tables.callback).where(c.environment_id == environment_id).order_by(c.id)
    return [_callback(row) for row in tx.execute(found)]


def find(tx: Connection, environment_id: int, number: int) -> Callback | None:
    return next((one for one in listed(tx, environment_id) if one.id == number), None)


def change(tx: Connection, now: int, by: By, one: Callback, *, events: Iterable[str], enabled: bool) -> None:
    """Other events, on or off. What is owed to an address that is off waits until it is on again."""
    values = {"events": _wanted(events), "enabled": enabled}
    tx.execute(update(tables.callback).where(tables.callback.c.id == one.id).values(values))
    audit.note(tx, now, one.environment_id, by, "callback-changed", one.url, on=enabled)
    if enabled and not one.enabled:
        d = tables.delivery.c
        owed = select(d.person_id).distinct().where(d.callback_id == one.id, d.state == "waiting")
        for person_id in tx.execute(owed).scalars().all():
            wake(tx, now, one.environment_id, one.id, person_id)


def remove(tx: Connection, now: int, by: By, one: Callback) -> None:
    tx.execute(delete(tables.callback).where(tables.callback.c.id == one.id))
    audit.note(tx, now, one.environment_id, by, "callback-removed", one.url)


def rotate(tx: Connection, now: int, by: By, keys: KeyRing, one: Callback) -> str:
    """A new secret, told only now."""
    row = _row(tx, one.id)
    former = keys.unseal(row.secret, bound(one.environment_id, one.id))
    sealed = keys.seal(former, bound(one.environment_id, one.id, "former"))
    values = {"former_secret": sealed, "former_until": now + OVERLAP}
    tx.execute(update(tables.callback).where(tables.callback.c.id == one.id).values(values))
    secret = _set_secret(tx, keys, one.environment_id, one.id)
    audit.note(tx, now, one.environment_id, by, "callback-secret", one.url)
    return secret


def secrets_of(tx: Connection, now: int, keys: KeyRing, one: Callback) -> list[str]:
    """Those that sign a call now, the newest first."""
    row = _row(tx, one.id)
    found = [keys.unseal(row.secret, bound(one.environment_id, one.id))]
    if row.former_secret and row.former_until is not None and row.former_until > now:
        found.append(keys.unseal(row.former_secret, bound(one.environment_id, one.id, "former")))
    return found


def bound(environment_id: int, number: int, which: str = "secret") -> str:
    return f"callback/{environment_id}/{number}/{which}"


def _row(tx: Connection, number: int) -> Row[Any]:
    return tx.execute(select(tables.callback).where(tables.callback.c.id == number)).one()


def _set_secret(tx: Connection, keys: KeyRing, environment_id: int, number: int) -> str:
    secret = PREFIX + base64.b64encode(os.urandom(32)).decode()
    sealed = keys.seal(secret, bound(environment_id, number))
    tx.execute(update(tables.callback).where(tables.callback.c.id == number).values(secret=sealed))
    return secret


def _wanted(events: Iterable[str]) -> str:
    """As they stand in the table; none named means every one."""
    named = set(events) or set(EVENTS)
    if unknown := sorted(named - set(EVENTS)):
        raise Clash(_("There is no event %(name)s.", name=unknown[0]))
    return " ".join(name for name in EVENTS if name in named)


def _good(url: str, *, private: bool) -> str:
    url = url.strip()
    parts = web_address(url)
    if parts is None or parts.username or parts.fragment or len(url) > 2000:
        raise Clash(_("This is no web address. One looks like https://hr.example.org/orcid."))
    if private:
        return url
    if parts.scheme != "https":
        raise Clash(_("The address must begin with https."))
    if says_private(parts.hostname or ""):
        raise Clash(_("The address lies inside the hub's own network, where it does not call."))
    return url


def _callback(row: Row[Any]) -> Callback:
    return Callback(
        id=row.id, environment_id=row.environment_id, url=row.url, events=tuple(row.events.split()),
        enabled=row.enabled, former_until=row.former_until, created=row.created,
    )  # fmt: skip
