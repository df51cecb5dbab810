"""What is pushed by itself and what waits until staff approve a plan; and the brake."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, select, update

from laelia.hub import tables
from laelia.hub.organisations import audit
from laelia.hub.organisations.audit import By
from laelia.hub.organisations.clash import Clash
from laelia.hub.organisations.environments import Environment
from laelia.lib.i18n import gettext as _

ALL = "all"
ORIGINS = ("file", "form", "api", "search-link")
"""Where assertions come from, beside the connectors that bring them by themselves."""
LEAST, MOST = 1, 1_000_000


def sources(place: Environment) -> tuple[str, ...]:
    """Every name that approval can be asked for, `all` apart."""
    return (*place.connectors, *ORIGINS)


def required(tx: Connection, environment_id: int) -> frozenset[str]:
    """The sources whose assertions wait for an approved plan."""
    c = tables.approval.c
    return frozenset(tx.execute(select(c.source).where(c.environment_id == environment_id)).scalars())


def require(tx: Connection, now: int, by: By, place: Environment, chosen: Collection[str]) -> None:
    """Let exactly these wait for approval; `all` stands for everything. What waited goes on when the caller
    wakes it."""
    if unknown := sorted(set(chosen) - {ALL, *sources(place)}):
        raise Clash(_("There is no source %(name)s here.", name=unknown[0]))
    c, e = tables.approval.c, tables.environment.c
    tx.execute(delete(tables.approval).where(c.environment_id == place.id))
    rows = [{"environment_id": place.id, "source": one} for one in sorted(set(chosen) - {ALL})]
    if rows:
        tx.execute(insert(tables.approval), rows)
    tx.execute(update(tables.environment).where(e.id == place.id).values(approval=ALL in chosen))
    audit.note(tx, now, place.id, by, "approval-changed", ", ".join(sorted(chosen)) or "-")


def set_brake(tx: Connection, now: int, by: By, place: Environment, *, share: int, least: int) -> None:
    """Stop a run that changes or deletes more than `share` percent of what stands and at least `least` items.
    With 100 percent nothing is ever stopped."""
    if not 0 <= share <= 100:
        raise Clash(_("The share is a number from 0 to 100."))
    if not LEAST <= least <= MOST:
        raise Clash(_("The number of items is at least 1."))
    values = {"brake_share": share, "brake_least": least}
    tx.execute(update(tables.environment).where(tables.environment.c.id == place.id).values(values))
    audit.note(tx, now, place.id, by, "brake-changed", place.handle, share=share, least=least)
