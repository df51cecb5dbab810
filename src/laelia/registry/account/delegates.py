"""Trusted individuals (registry-ui.md §8): people whom the owner of a record lets act in it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, select

from laelia.lib.hot import Hot
from laelia.lib.sql import insert_ignore
from laelia.registry import tables
from laelia.registry.record import sources, states

ACTING = "acting"
"""In the data of a session: the iD of the record that is acted in."""

_delegate, _record, _name = tables.delegate.c, tables.record.c, tables.name.c
_actor = tables.record.alias("actor")

_MAY = Hot(
    select(_delegate.since)
    .join(tables.record, _record.orcid == _delegate.orcid)
    .join(_actor, _actor.c.orcid == _delegate.actor)
    .where(
        _delegate.orcid == bindparam("of"),
        _delegate.actor == bindparam("by"),
        _record.state == "active",
        _actor.c.state == "active",
    )
)


@dataclass(frozen=True, kw_only=True)
class Individual:
    """Somebody who is trusted or trusts; the name is empty where it is not public."""

    orcid: str
    name: str
    since: int = 0


def may_act(tx: Connection, orcid: str, actor: str) -> bool:
    """Whether `actor` may act in the record of `orcid` now; both have to be active."""
    return _MAY.first(tx, {"of": orcid, "by": actor}) is not None


def add(tx: Connection, now: int, orcid: str, actor: str) -> bool:
    """Trust somebody, at once. False when she is trusted already or is the owner herself, or when one of the
    two records is not active. Both are locked, so that neither is closed meanwhile."""
    held = [states.lock(tx, one) for one in sorted((orcid, actor))]
    if actor == orcid or any(row is None or row.state != "active" for row in held):
        return False
    return insert_ignore(tx, tables.delegate, {"orcid": orcid, "actor": actor, "since": now})


def remove(tx: Connection, orcid: str, actor: str) -> bool:
    """End it, at once. False when there was nothing to end."""
    own = (_delegate.orcid == orcid, _delegate.actor == actor)
    return bool(tx.execute(delete(tables.delegate).where(*own)).rowcount)


def trusted_by(tx: Connection, orcid: str) -> list[Individual]:
    """Whom the owner of this record trusts."""
    return _listed(tx, _delegate.orcid == orcid, _delegate.actor)


def trusting(tx: Connection, actor: str) -> list[Individual]:
    """In whose records this person may act."""
    return _listed(tx, _delegate.actor == actor, _delegate.orcid)


def _listed(tx: Connection, condition: ColumnElement[bool], other: Any) -> list[Individual]:
    names = tables.name
    wanted = select(other.label("whom"), _delegate.since, names).outerjoin(names, _name.orcid == other)
    found = [
        Individual(orcid=row.whom, name=sources.public_name(row) or "" if row.orcid else "", since=row.since)
        for row in tx.execute(wanted.where(condition))
    ]
    return sorted(found, key=lambda one: (one.name.casefold() or "~", one.orcid))


def by_orcid(tx: Connection, orcid: str) -> Individual | None:
    """The active person of this iD."""
    wanted = (
        select(tables.name, _record.orcid.label("whom"))
        .select_from(tables.record)
        .outerjoin(tables.name, _name.orcid == _record.orcid)
        .where(_record.orcid == orcid, _record.state == "active", _record.claimed)
    )
    row = tx.execute(wanted).one_or_none()
    if row is None:
        return None
    return Individual(orcid=row.whom, name=sources.public_name(row) or "" if row.orcid else "")


def by_address(tx: Connection, email: str) -> str | None:
    """The iD of an active person with this confirmed address."""
    table = tables.email.c
    confirmed = (table.folded == email.strip().lower(), table.verified, _record.state == "active")
    wanted = select(table.orcid).join(tables.record, _record.orcid == table.orcid).where(*confirmed)
    orcid: str | None = tx.execute(wanted).scalar()
    return orcid
