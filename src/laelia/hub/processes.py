"""The processes that work for a hub. Each says every few seconds that it lives, and sees to what the dead
have left under way: those of this machine at once, those of another when they were silent too long."""

from sqlalchemy import Connection, delete, literal_column, or_, select, update

from laelia.hub import tables
from laelia.lib.clock import DAY, MINUTE
from laelia.lib.database import upsert
from laelia.lib.process import ended, name

BEAT_SECONDS = 10
SILENT = MINUTE
"""Who was silent so long is taken for dead: it loses its leases, and whatever it would write under one."""


def beat(tx: Connection, now: int, kind: str, workers: int, started: int) -> None:
    """Say that this process lives."""
    values = {"kind": kind, "workers": workers, "started": started, "seen": now}
    upsert(tx, tables.process, {"name": name(), **values}, key=("name",))


def leave(tx: Connection) -> None:
    """It ends, with nothing under way."""
    tx.execute(delete(tables.process).where(tables.process.c.name == name()))


def free(tx: Connection, now: int) -> list[str]:
    """Free what the dead had under way: others take up their jobs, and their runs have ended. Returns their
    names."""
    j, r, p = tables.job.c, tables.run.c, tables.process.c
    seen: dict[str, int] = {row.name: row.seen for row in tx.execute(select(p.name, p.seen))}
    leased = select(j.holder).where(j.leased_until > now, j.holder.is_not(None))
    is_running = r.state == literal_column("'running'")  # as its index has it: this is asked all the time
    running = select(r.holder).where(is_running, r.holder.is_not(None))
    holders = {*seen, *tx.execute(leased.union(running)).scalars()}
    dead = sorted(one for one in holders if ended(one) or seen.get(one, now) < now - SILENT)
    over = update(tables.run).where(is_running)
    over = over.values(state="stopped", message="crash", finished=now)
    if dead:
        tx.execute(update(tables.job).where(j.holder.in_(dead)).values(leased_until=0))
        tx.execute(over.where(r.holder.in_(dead)))
        records = tables.lease.c.holder
        tx.execute(
            delete(tables.lease).where(or_(*(records.startswith(f"{one}/", autoescape=True) for one in dead)))
        )
        tx.execute(delete(tables.process).where(p.name.in_(dead)))
    # A command on another machine never says that it lives, and no run takes that long.
    tx.execute(over.where(or_(r.holder.is_(None), r.started < now - DAY)))
    return dead
