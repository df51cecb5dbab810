"""What was there before she turned Auto-Update on: it waits until she says "add all" or chooses. What she
left out stays listed, and can be taken at any time."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, update

from laelia.connectors.table import Connector
from laelia.hub import people, tables
from laelia.hub.assertions.documents import FROM_BEFORE, SWITCHED_OFF
from laelia.hub.assertions.ledger import wake
from laelia.hub.assertions.newest import arrange
from laelia.hub.assertions.once import look_back_key
from laelia.hub.organisations import Environment

LEFT_OUT = "left-out"
"""Reason of a row that she did not choose. Its answer is "no", so its source does not bring it."""


def listed(
    tx: Connection, environment_id: int, orcid: str, connector_name: str, *, start: int = 0, most: int = 50
) -> Sequence[Row[Any]]:
    """What waits for her decision, and after it what she left out."""
    c = tables.assertion.c
    waits = (c.state == "ask").desc()
    mine = _hers(environment_id, orcid, connector_name)
    found = select(tables.assertion).where(mine, or_(_waiting(), _left_out()))
    return tx.execute(found.order_by(waits, c.id).offset(start).limit(most)).all()


def counts(tx: Connection, environment_id: int, orcid: str, connector_name: str) -> tuple[int, int]:
    """How many wait for her decision, and how many she left out."""
    mine = _hers(environment_id, orcid, connector_name)

    def count(which: ColumnElement[bool]) -> int:
        found = select(func.count()).select_from(tables.assertion).where(mine, which)
        return int(tx.execute(found).scalar_one())

    return count(_waiting()), count(_left_out())


def decide(
    tx: Connection, now: int, environment: Environment, orcid: str, connector: Connector, *,
    add: Collection[int], leave: Collection[int],
) -> tuple[int, int]:  # fmt: skip
    """Add these rows and leave those out; returns how many that were. Once none waits, what comes from now on
    is added by itself."""
    mine, c = _hers(environment.id, orcid, connector.name), tables.assertion.c
    taken = _set(tx, and_(mine, or_(_waiting(), _left_out()), c.id.in_(add)), **_added(now)) if add else 0
    left = _set(tx, and_(mine, _waiting(), c.id.in_(leave)), **_left(now)) if leave else 0
    if not looking(tx, environment.id, orcid, connector.name):
        settle(tx, now, environment.id, orcid, connector.name)
    _send(tx, now, environment, orcid, connector, taken)
    return taken, left


def decide_all(
    tx: Connection, now: int, environment: Environment, orcid: str, connector: Connector, *, add: bool
) -> int:
    """Add everything that waits or is yet to be found, or leave out what waits."""
    which = and_(_hers(environment.id, orcid, connector.name), _waiting())
    count = _set(tx, which, **(_added(now) if add else _left(now)))
    people.choose(tx, now, environment.id, orcid, connector.name, "undecided", False)
    _send(tx, now, environment, orcid, connector, count if add else 0)
    return count


def drop(tx: Connection, now: int, environment_id: int, orcid: str, connector_name: str) -> None:
    """She turned Auto-Update off before she decided: nothing of it is asked any more."""
    which = and_(_hers(environment_id, orcid, connector_name), _waiting())
    _set(tx, which, wanted=False, state="withdrawn", reason=SWITCHED_OFF, modified=now)
    people.choose(tx, now, environment_id, orcid, connector_name, "undecided", False)


def settle(tx: Connection, now: int, environment_id: int, orcid: str, connector_name: str) -> bool:
    """After everything was looked through: nothing was found, so there is nothing to decide."""
    if counts(tx, environment_id, orcid, connector_name)[0]:
        return False
    if people.chosen(tx, environment_id, orcid, connector_name, "undecided"):
        people.choose(tx, now, environment_id, orcid, connector_name, "undecided", False)
    return True


def looking(tx: Connection, environment_id: int, orcid: str, connector_name: str) -> bool:
    """Whether the source is still being looked through for her."""
    c = tables.job.c
    key = look_back_key(environment_id, orcid, connector_name)
    waits = select(c.id).where(c.kind == "look-back", c.key == key, c.dead.is_(None))
    return tx.execute(waits).first() is not None


def _send(
    tx: Connection, now: int, environment: Environment, orcid: str, connector: Connector, count: int
) -> None:
    if count:
        arrange(tx, now, environment, connector, orcid)
        wake(tx, now, environment.id, orcid)


def _hers(environment_id: int, orcid: str, connector_name: str) -> ColumnElement[bool]:
    c = tables.assertion.c
    return and_(c.environment_id == environment_id, c.orcid == orcid, c.connector == connector_name)


def _waiting() -> ColumnElement[bool]:
    return and_(tables.assertion.c.state == "ask", tables.assertion.c.ask == FROM_BEFORE)


def _left_out() -> ColumnElement[bool]:
    return and_(tables.assertion.c.state == "declined", tables.assertion.c.reason == LEFT_OUT)


def _added(now: int) -> dict[str, object]:
    wanted = {"wanted": True, "state": "pending", "tries": 0, "modified": now}
    return wanted | {"ask": None, "reason": None, "answer": None}


def _left(now: int) -> dict[str, object]:
    return {"state": "declined", "reason": LEFT_OUT, "answer": "no", "modified": now}


def _set(tx: Connection, which: ColumnElement[bool], **values: object) -> int:
    return tx.execute(update(tables.assertion).where(which).values(**values)).rowcount
