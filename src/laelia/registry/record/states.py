"""Whether a record can be used at all (orcid-api §7), checked before scopes."""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from laelia.lib.hot import Hot
from laelia.model.problems import Deactivated, Deprecated, Locked, NoSuchItem, Unclaimed
from laelia.registry import tables
from laelia.registry.access import Principal
from laelia.registry.record.uris import Uris

CLAIM_WAIT = 10 * 24 * 3_600_000
"""How long an unclaimed record is shown to nobody but the client that made it."""

_ONE = select(tables.record).where(tables.record.c.orcid == bindparam("of"))
_READ = Hot(_ONE)
_LOCK = Hot(_ONE.with_for_update())


def look(tx: Connection, orcid: str) -> Row[Any] | None:
    """The record's row, or None."""
    row: Row[Any] | None = _READ.first(tx, {"of": orcid})
    return row


def lock(tx: Connection, orcid: str) -> Row[Any] | None:
    """The same, held until the transaction ends. A statement of its own, before every check: what is read
    after it is what was committed before (READ COMMITTED), so that two posts of one DOI can't pass each
    other."""
    row: Row[Any] | None = _LOCK.first(tx, {"of": orcid})
    return row


def usable(
    row: Row[Any] | None, orcid: str, who: Principal, now: int, uris: Uris, *, reading: bool
) -> Row[Any]:
    """The row, or the problem with the record in the order in which ORCID looks: 9016, 9007, 9036, 9018,
    9044."""
    if row is None:
        raise NoSuchItem(what="record", id=orcid)
    if row.state == "deprecated":
        raise Deprecated(
            status=301 if reading else 409,
            deprecated=uris.orcid(orcid).uri,
            primary=uris.orcid(row.primary_orcid).uri,
            orcid=row.primary_orcid,
        )
    new = now - row.created < CLAIM_WAIT
    if not row.claimed and new and (row.creator is None or row.creator != who.client):
        raise Unclaimed(orcid=orcid)
    if row.state == "locked":
        raise Locked(orcid=uris.orcid(orcid).uri)
    if row.state == "deactivated":
        raise Deactivated(orcid=uris.orcid(orcid).uri)
    return row
