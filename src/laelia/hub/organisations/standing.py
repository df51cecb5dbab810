"""The jobs that an environment has as long as it is there; `worker.py` does them."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from laelia.hub import tables
from laelia.lib.clock import DAY, HOUR
from laelia.lib.jobs import enqueue


def start(tx: Connection, now: int, environment_id: int, connectors: tuple[str, ...]) -> None:
    """The standing jobs of one environment: when it is added, and at every start."""
    for connector in connectors:
        _standing(tx, now, environment_id, "pull", connector, now)
        _standing(tx, now, environment_id, "verify", connector, now + DAY)
    _standing(tx, now, environment_id, "check", None, now + HOUR)
    _standing(tx, now, environment_id, "hooks", None, now + HOUR)
    _standing(tx, now, environment_id, "remind", None, now + DAY)
    _standing(tx, now, environment_id, "forget", None, now + HOUR)


def _standing(
    tx: Connection, now: int, environment_id: int, kind: str, connector: str | None, due: int
) -> None:
    key = f"{environment_id}/{connector}" if connector else str(environment_id)
    c = tables.job.c
    if tx.execute(select(c.id).where(c.kind == kind, c.key == key, c.dead.is_(None))).first() is None:
        payload: Mapping[str, str] = {"connector": connector} if connector else {}
        enqueue(
            tx,
            tables.job,
            kind=kind,
            key=key,
            payload=dict(payload),
            now=now,
            due=due,
            environment_id=environment_id,
        )
