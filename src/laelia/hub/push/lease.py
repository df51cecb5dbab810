"""One push at a time for a record, whoever runs it: the worker, a command, a second process."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, select, update

from laelia.hub import tables
from laelia.hub.settings import Hub
from laelia.lib.clock import MINUTE
from laelia.lib.database import insert_ignore
from laelia.lib.process import ended, name

LENGTH = 2 * MINUTE
"""Longer than any single call; renewed before each."""

_numbers = itertools.count()
_living: set[str] = set()


class Lost(Exception):
    """Another took the lease over: what is under way here must not go on."""


@dataclass(frozen=True)
class Lease:
    environment_id: int
    orcid: str
    holder: str

    def renew(self, tx: Connection, now: int) -> None:
        """In the transaction that commits the next intent, so that none is committed without the lease."""
        mine = (*_of(self.environment_id, self.orcid), tables.lease.c.holder == self.holder)
        if tx.execute(update(tables.lease).where(*mine).values(until=now + LENGTH)).rowcount == 0:
            raise Lost


@contextmanager
def held(hub: Hub, environment_id: int, orcid: str) -> Iterator[Lease | None]:
    """The lease on a record, or None if another has it."""
    holder = f"{name()}/{next(_numbers) % 10_000}"
    lease = Lease(environment_id, orcid, holder)
    with hub.db.writing() as tx:
        taken = _take(tx, hub.clock.now(), lease)
    if not taken:
        yield None
        return
    _living.add(holder)
    try:
        yield lease
    finally:
        with hub.db.writing() as tx:
            of = _of(environment_id, orcid)
            tx.execute(delete(tables.lease).where(*of, tables.lease.c.holder == holder))
        _living.discard(holder)


def _take(tx: Connection, now: int, lease: Lease) -> bool:
    of = _of(lease.environment_id, lease.orcid)
    values = {"holder": lease.holder, "until": now + LENGTH}
    key = {"environment_id": lease.environment_id, "orcid": lease.orcid}
    if insert_ignore(tx, tables.lease, key | values):
        return True
    other = tx.execute(select(tables.lease).where(*of).with_for_update()).first()
    if other is not None and other.until > now and not _dead(other.holder):
        return False
    tx.execute(update(tables.lease).where(*of).values(**values))
    return True


def _dead(holder: str) -> bool:
    """A process of this machine that was killed need not be waited for."""
    process = holder.rpartition("/")[0]
    return holder not in _living if process == name() else ended(process)


def _of(environment_id: int, orcid: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return tables.lease.c.environment_id == environment_id, tables.lease.c.orcid == orcid
