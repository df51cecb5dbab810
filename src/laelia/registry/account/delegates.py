"""Trusted individuals (registry-ui.md §8): people whom the owner of a record lets act in it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, delete, func, or_, select

from laelia.lib.hot import Hot
from laelia.lib.sql import insert_ignore
from laelia.model.identifiers import normalise_orcid
from laelia.registry import tables
from laelia.registry.record import sources, states

ACTING = "acting"
"""In the data of a session: the iD of the record that is acted in."""
MOST_FOUND = 20

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


def find(tx: Connection, text: str) -> list[Individual]:
    """Active people of this iD, or of exactly this public name; several may bear one name. An address is
    looked up by `by_address`."""
    orcid = normalise_orcid(text.strip())
    condition = _record.orcid == orcid if orcid is not None else _named(text)
    wanted = (
        select(tables.name, _record.orcid.label("whom"))
        .select_from(tables.record)
        .outerjoin(tables.name, _name.orcid == _record.orcid)
        .where(condition, _record.state == "active", _record.claimed)
        .order_by(_record.orcid)
        .limit(MOST_FOUND)
    )
    return [
        Individual(orcid=row.whom, name=sources.public_name(row) or "" if row.orcid else "")
        for row in tx.execute(wanted)
        if orcid is not None or _bears(row, text)
    ]


def _named(text: str) -> ColumnElement[bool]:
    """Narrow enough to be answered from the indexes; the rest is for `_bears`."""
    words = text.split()
    hers = [func.lower(_name.credit) == func.lower(" ".join(words))]
    for at in range(1, len(words)):
        given, family = " ".join(words[:at]), " ".join(words[at:])
        hers.append(
            and_(func.lower(_name.family) == func.lower(family), func.lower(_name.given) == func.lower(given))
        )
    return and_(_name.visibility == "public", or_(*hers))


def _bears(row: Row[Any], text: str) -> bool:
    wanted = " ".join(text.split()).casefold()
    given = " ".join(part for part in (row.given, row.family) if part)
    return wanted in {" ".join(one.split()).casefold() for one in (row.credit, given) if one}


def by_address(tx: Connection, email: str) -> str | None:
    """The iD of an active person with this confirmed address."""
    table = tables.email.c
    confirmed = (table.folded == email.strip().lower(), table.verified, _record.state == "active")
    wanted = select(table.orcid).join(tables.record, _record.orcid == table.orcid).where(*confirmed)
    orcid: str | None = tx.execute(wanted).scalar()
    return orcid
