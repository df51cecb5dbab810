"""The people of an organisation as its staff look at them: by state, by what is searched for, by page."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from laelia.hub import tables

ON_A_PAGE = 50
STATES = {
    "known": "never written to",
    "invited": "asked, and has not answered",
    "bounced": "the letter came back",
    "connected": "came, and gave permission",
    "denied": "said no",
    "revoked": "ended the permission",
    "moved": "has another iD now",
    "closed": "the record is closed",
}
_C = tables.person.c
_ASKED = and_(_C.state == "invited", _C.orcid.is_(None))
STATE: ColumnElement[str] = case(
    (and_(_ASKED, _C.bounced.is_not(None)), "bounced"),
    (and_(_ASKED, _C.invited.is_(None)), "known"),
    else_=_C.state,
)
"""The state as staff and programs see it: of those who were not heard of yet it is told apart who was never
written to, and whose letter came back."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """`name` is the registry's, or else what the organisation says."""

    id: int
    orcid: str | None
    name: str | None
    email: str | None
    local_id: str | None
    unit: str | None
    state: str
    since: int


def counts(tx: Connection, environment_id: int) -> dict[str, int]:
    """How many are in each state."""
    c = tables.person.c
    counted = select(STATE, func.count()).where(c.environment_id == environment_id).group_by(STATE)
    return {row[0]: row[1] for row in tx.execute(counted)}


def search(
    tx: Connection, environment_id: int, *, words: str = "", state: str = "", page: int = 1
) -> tuple[list[Shown], int]:
    """One page of those that have every word in name, iD, e-mail, local id or unit, and their number."""
    chosen = _chosen(environment_id, words, state)
    total = tx.execute(select(func.count()).select_from(chosen.subquery())).scalar_one()
    c = tables.person.c
    order = (func.lower(func.coalesce(c.family_names, c.name, c.email, "")), c.id)
    rows = tx.execute(chosen.order_by(*order).limit(ON_A_PAGE).offset((page - 1) * ON_A_PAGE))
    return [_shown(row) for row in rows], int(total)


def _chosen(environment_id: int, words: str, state: str) -> Select[Any]:
    c, unit = tables.person.c, tables.unit.c
    chosen = (
        select(tables.person, unit.name.label("unit"), tables.permission.c.changed, STATE.label("shown"))
        .outerjoin(tables.unit, unit.id == c.unit_id)
        .outerjoin(
            tables.permission,
            (tables.permission.c.environment_id == c.environment_id) & (tables.permission.c.orcid == c.orcid),
        )
        .where(c.environment_id == environment_id)
    )
    if state:
        chosen = chosen.where(STATE.in_([state]))
    searched = (c.name, c.given_names, c.family_names, c.orcid, c.email, c.local_id, unit.name)
    for word in words.split()[:8]:
        chosen = chosen.where(or_(*(column.icontains(word, autoescape=True) for column in searched)))
    return chosen


def _shown(row: Any) -> Shown:
    said = " ".join(part for part in (row.given_names, row.family_names) if part)
    since = row.changed if row.state in ("connected", "revoked", "moved") and row.changed else None
    dates = {"denied": row.refused, "invited": row.reminded or row.invited, "bounced": row.bounced}
    return Shown(
        id=row.id, orcid=row.orcid, name=row.name or said or None, email=row.email, local_id=row.local_id,
        unit=row.unit, state=row.shown, since=since or dates.get(row.shown) or row.modified,
    )  # fmt: skip
