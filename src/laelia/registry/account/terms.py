"""The terms of use: which version somebody has accepted, and whether she is to be asked again.

That she is to be asked is noted in her session when she arrives, so that no page has to look it up.
"""

from typing import Any

from sqlalchemy import Connection, func, select, update

from laelia.lib.web.session import Session
from laelia.registry import tables
from laelia.registry.account import onward

FIRST = "1"
"""The version that a registry starts with, and that whoever was there before versions were kept accepted."""

PLACE = "/new-terms"
"""Where she is asked."""
_DUE = "terms-due"

_record = tables.record.c


def accept(tx: Connection, now: int, orcid: str, version: str) -> None:
    """Write down that she accepted this version, and when."""
    said = {"terms": version, "terms_accepted": now}
    tx.execute(update(tables.record).where(_record.orcid == orcid).values(**said))


def accepted(tx: Connection, orcid: str, version: str) -> bool:
    """Whether this is the version that she accepted last."""
    latest = select(func.coalesce(_record.terms, FIRST)).where(_record.orcid == orcid)
    return bool(tx.execute(latest).scalar() == version)


def noted(tx: Connection, data: dict[str, Any], orcid: str, version: str) -> dict[str, Any]:
    """The data of the session of somebody who arrives, with a note where she has to accept first."""
    rest = {name: value for name, value in data.items() if name != _DUE}
    return rest if accepted(tx, orcid, version) else {**rest, _DUE: True}


def due(session: Session | None) -> bool:
    """Whether whoever is signed in has to accept a new version first."""
    return session is not None and session.subject is not None and _DUE in session.data


def first(session: Session | None, back: str | None) -> str | None:
    """The address to send somebody to who has to accept before she goes on to `back`; None for all others."""
    return onward.carry(PLACE, onward.local(back)) if due(session) else None


def settle(tx: Connection, now: int, session: Session, version: str) -> None:
    """She accepted: it is written down, and she is let through."""
    assert session.subject is not None
    accept(tx, now, session.subject, version)
    session.data = {name: value for name, value in session.data.items() if name != _DUE}
    session.save(tx, now)
