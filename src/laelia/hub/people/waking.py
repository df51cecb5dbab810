"""Jobs for one person that follow from what she permits; `worker.py` does them."""

from sqlalchemy import Connection, select

from laelia.hub import tables
from laelia.lib.jobs import enqueue


def wake_look(tx: Connection, now: int, environment_id: int, orcid: str, due: int | None = None) -> None:
    """Have her whole record read. One that waits already is left as it is: it reads later anyway, and the
    registry may have asked for that pause."""
    key = f"{environment_id}/{orcid}"
    c = tables.job.c
    waits = select(c.id).where(c.kind == "look", c.key == key, c.dead.is_(None), c.leased_until == 0)
    if tx.execute(waits).first() is None:
        _wake(tx, now, "look", environment_id, orcid, due)


def wake_hook(tx: Connection, now: int, environment_id: int, orcid: str) -> None:
    """Have her webhook at the registry brought to what her permission says: added, or removed."""
    _wake(tx, now, "hook", environment_id, orcid, None)


def _wake(tx: Connection, now: int, kind: str, environment_id: int, orcid: str, due: int | None) -> None:
    key, payload = f"{environment_id}/{orcid}", {"orcid": orcid}
    enqueue(
        tx, tables.job, kind=kind, key=key, payload=payload, now=now, due=due, environment_id=environment_id
    )
