"""The terms of use: which version somebody has accepted, and whether she is to be asked again."""

from sqlalchemy import Connection, func, select, update

from laelia.registry import tables

FIRST = "1"
"""The version that a registry starts with, and that whoever was there before versions were kept accepted."""

_record = tables.record.c


def accept(tx: Connection, now: int, orcid: str, version: str) -> None:
    """Write down that she accepted this version, and when."""
    said = {"terms": version, "terms_accepted": now}
    tx.execute(update(tables.record).where(_record.orcid == orcid).values(**said))


def accepted(tx: Connection, orcid: str, version: str) -> bool:
    """Whether this is the version that she accepted last."""
    latest = select(func.coalesce(_record.terms, FIRST)).where(_record.orcid == orcid)
    return bool(tx.execute(latest).scalar() == version)
