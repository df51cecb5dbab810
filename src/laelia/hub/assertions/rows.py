"""Looking at the ledger: a person's rows, or all of them, and what the registry said."""

from sqlalchemy import Connection, Row, select

from laelia.hub import tables


def items(tx: Connection, environment_id: int, orcid: str) -> list[Row[tuple[object, ...]]]:
    """Her rows of the ledger, newest first."""
    c = tables.assertion.c
    mine = select(tables.assertion).where(c.environment_id == environment_id, c.orcid == orcid)
    return list(tx.execute(mine.order_by(c.created.desc(), c.id.desc())))


def rows(
    tx: Connection, environment_id: int | None = None, orcid: str | None = None
) -> list[Row[tuple[object, ...]]]:
    """The whole ledger or a part of it, by environment, iD and key."""
    c = tables.assertion.c
    wanted = select(tables.assertion).order_by(c.environment_id, c.orcid, c.section, c.key)
    if environment_id is not None:
        wanted = wanted.where(c.environment_id == environment_id)
    if orcid is not None:
        wanted = wanted.where(c.orcid == orcid)
    return list(tx.execute(wanted))


def last_answers(tx: Connection, environment_id: int, orcid: str) -> dict[int, str]:
    """What the registry said last about each of her items, where it said anything."""
    c, a = tables.assertion.c, tables.attempt.c
    said = select(a.assertion_id, a.answer).join(tables.assertion, c.id == a.assertion_id)
    hers = said.where(
        c.environment_id == environment_id, c.orcid == orcid, a.answer.is_not(None), a.answer != ""
    )
    return {row.assertion_id: row.answer for row in tx.execute(hers.order_by(a.id))}
