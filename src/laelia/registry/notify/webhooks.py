"""Webhooks: where members want to be called when a record changes (orcid-api §1.7).

A webhook is known by the record and the callback's address. What its receiver knows is the record's revision
when it was last told: so no clock decides whether a call is owed, several changes need one call, and a worker
that meets a change another has told already has nothing to do.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from laelia.lib.clock import MINUTE
from laelia.lib.http import says_private
from laelia.lib.secret import digest
from laelia.lib.sql import insert_ignore
from laelia.model.addresses import web_address
from laelia.model.problems import BadRequest, NoSuchRecord, NoSuchWebhook, NotYours
from laelia.registry import tables
from laelia.registry.access import Principal
from laelia.registry.record import states
from laelia.registry.settings import PREFIX

SCOPE = "/webhook"
PAUSE = 10 * MINUTE
"""After n failures in a row the next call waits n times as long."""
MOST_FAILURES = 25

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
_hook = tables.webhook.c


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A call that a receiver is owed: `revision` is what it will know of then, `due` when it may be made."""

    orcid: str
    uri_hash: str
    uri: str
    revision: int
    due: int


def register(tx: Connection, now: int, who: Principal, orcid: str, uri: str) -> bool:
    """Have the client called at each change from now on; False where that callback was registered already.
    Its owner stays the same, and if that is the client, failures are forgotten and what was missed is owed.

    Raises NoSuchRecord (9011). The record is locked, so that a change is either before this or told.
    """
    record = states.lock(tx, orcid)
    if record is None:
        raise NoSuchRecord(orcid=orcid)
    key = {"orcid": orcid, "uri_hash": digest(uri)}
    values = {"uri": uri, "client_id": who.client, "created": now, "told": record.revision}
    if insert_ignore(tx, tables.webhook, {**key, **values}):
        return True
    own = (*_keyed(orcid, uri), _hook.client_id == who.client)
    tx.execute(update(tables.webhook).where(*own).values(failures=0, failed=None))
    return False


def remove(tx: Connection, who: Principal, orcid: str, uri: str) -> None:
    """Raises NoSuchRecord (9011), NoSuchWebhook (9028), NotYours (9014)."""
    if states.look(tx, orcid) is None:
        raise NoSuchRecord(orcid=orcid)
    owner = tx.execute(select(_hook.client_id).where(*_keyed(orcid, uri))).scalar()
    if owner is None:
        raise NoSuchWebhook(orcid=orcid, uri=uri)
    if owner != who.client:
        raise NotYours("The webhook was registered by another client.")
    tx.execute(delete(tables.webhook).where(*_keyed(orcid, uri)))


def check(uri: str, *, private: bool) -> None:
    """Raises BadRequest (9012) for a callback that can't be called, or that says by its host alone that it
    lies inside this network, unless `private`. What a name stands for is seen when it is called."""
    parts = web_address(address(uri))
    if parts is None:
        raise BadRequest(f"The callback “{uri}” is no http or https address; percent-encode it as a whole.")
    if not private and says_private(parts.hostname or ""):
        raise BadRequest(
            f"The callback's host {parts.hostname} is inside this network, where webhooks call only with the "
            f"setting {PREFIX}PRIVATE_WEBHOOKS=true."
        )


def address(uri: str) -> str:
    """Where a callback is made: by http, unless it says otherwise."""
    return uri if _SCHEME.match(uri) else f"http://{uri}"


def owed(
    tx: Connection, now: int, *, orcids: Collection[str] | None = None, uri_hash: str | None = None
) -> list[Owed]:
    """The calls that are owed, of these records or of all. Not those that failed too often, nor those of a
    client that is not active or may have no webhooks any more."""
    record, client = tables.record.c, tables.client.c
    wanted = (
        select(tables.webhook, record.revision, client.scopes)
        .join(tables.record, record.orcid == _hook.orcid)
        .join(tables.client, client.client_id == _hook.client_id)
        .where(_hook.told != record.revision, _hook.failures < MOST_FAILURES, client.state == "active")
        # Workers that want the same calls at once lock the rows of their jobs in one order.
        .order_by(_hook.orcid, _hook.uri_hash)
    )
    if orcids is not None:
        wanted = wanted.where(_hook.orcid.in_(orcids))
    if uri_hash is not None:
        wanted = wanted.where(_hook.uri_hash == uri_hash)
    return [_owed(row, now) for row in tx.execute(wanted) if SCOPE in row.scopes.split()]


def _owed(row: Row[Any], now: int) -> Owed:
    due = max(now, row.failed + row.failures * PAUSE) if row.failures else now
    return Owed(orcid=row.orcid, uri_hash=row.uri_hash, uri=row.uri, revision=row.revision, due=due)


def taken(tx: Connection, now: int, call: Owed, status: str) -> int | None:
    """The receiver took a call; no other is needed (None)."""
    values = {"told": call.revision, "sent": now, "failures": 0, "failed": None, "status": status}
    tx.execute(update(tables.webhook).where(*_of(call)).values(**values))
    return None


def failed(tx: Connection, now: int, call: Owed, status: str) -> int | None:
    """A call failed; returns after how many milliseconds it may be made again, None if never."""
    values = {"failed": now, "failures": _hook.failures + 1, "status": status}
    counted = update(tables.webhook).where(*_of(call)).values(**values).returning(_hook.failures)
    failures = tx.execute(counted).scalar()
    return None if failures is None or failures >= MOST_FAILURES else failures * PAUSE


def _of(call: Owed) -> tuple[Any, ...]:
    return _hook.orcid == call.orcid, _hook.uri_hash == call.uri_hash


def _keyed(orcid: str, uri: str) -> tuple[Any, ...]:
    return _hook.orcid == orcid, _hook.uri_hash == digest(uri)
