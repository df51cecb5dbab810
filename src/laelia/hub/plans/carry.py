"""Pushing a stored plan: exactly what it says, record by record; or dropping it."""

from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from laelia.hub import assertions, push, tables
from laelia.hub.assertions import Restore
from laelia.hub.organisations import Environment, approval, audit
from laelia.hub.organisations.audit import By
from laelia.hub.organisations.clash import Clash
from laelia.hub.plans.make import acts, counts_of, rows_of, state_of, told_of
from laelia.hub.plans.stored import (
    TO_PUSH,
    Head,
    Plan,
    fresh_in,
    head,
    kept,
    kept_fresh,
    kept_restores,
    left,
    lock,
    plan,
    restores_in,
    set_person,
    set_state,
    steps_in,
)
from laelia.hub.push import Planned
from laelia.hub.settings import Hub
from laelia.lib import faults
from laelia.lib.i18n import gettext as _

SLICE = 20
"""Records that are pushed in one turn of the worker."""


class Much(Exception):
    """The plan changes or deletes more than the brake lets through; someone has to say so once more."""

    def __init__(self, count: int, standing: int) -> None:
        super().__init__(f"{count} of {standing}")
        self.count, self.standing = count, standing


def confirm(tx: Connection, now: int, by: By, place: Environment, number: int, *, much: bool = False) -> None:
    """Have the plan pushed. Raises Much where it is so much that it has to be said again, with `much`; a plan
    of the brake is that question itself, and where none of its records could be read they are read again.
    Pushing what is done already does nothing."""
    one = _get(tx, place.id, number)
    if one.state in ("making", "dropped"):
        raise Clash(_("This plan can't be pushed: it is not made yet, or was dropped."))
    if one.state == "ready" and one.kind == "brake" and not one.to_push:
        _read_again(tx, now, one)
    if one.state in ("pushing", "done") or not one.to_push:
        return
    if place.halted:
        raise Clash(_("Nothing is pushed for anyone: the registry refuses the client."))
    count, standing = weight(tx, one)
    if one.kind != "brake" and not much and push.too_many(place, count, standing):
        raise Much(count, standing)
    set_state(tx, now, number, "pushing", pushed_by=by.name)
    audit.note(tx, now, place.id, by, "plan-pushed", str(number), people=one.to_push)
    push.start(tx, now, place.id, number)


def _read_again(tx: Connection, now: int, one: Plan) -> None:
    c = tables.plan_person.c
    unread = update(tables.plan_person).where(c.plan_id == one.id, c.state == "unread")
    tx.execute(unread.values(state="waiting", reason=None))
    set_state(tx, now, one.id, "making")
    push.start(tx, now, one.environment_id, one.id)


def weight(tx: Connection, one: Plan) -> tuple[int, int]:
    """How many items it would still change or delete, and how many stand."""
    p = tables.plan_person.c
    summed = select(func.coalesce(func.sum(p.updates + p.deletes), 0))
    count = int(tx.execute(summed.where(p.plan_id == one.id, p.state.in_(TO_PUSH))).scalar_one())
    return count, push.standing(tx, one.environment_id)


def push_some(hub: Hub, environment_id: int, number: int, most: int = SLICE) -> int | None:
    """Push some of the records. When it should be called again, in milliseconds; None when all is done."""
    now, c = hub.clock.now(), tables.plan_person.c
    with hub.db.reading() as tx:
        one = head(tx, environment_id, number)
        if one is None or one.state != "pushing":
            return None
        owed = select(tables.plan_person).where(c.plan_id == number, c.state.in_(TO_PUSH), c.due <= now)
        rows = tx.execute(owed.order_by(c.id).limit(most)).all()
    for row in rows:
        _push_one(hub, one, row)
        faults.point("hub.plan.pushed")
    with hub.db.writing() as tx:
        one = head(tx, environment_id, number)
        if one is None or one.state != "pushing":
            return None
        if not left(tx, number, *TO_PUSH):
            _end(tx, hub.clock.now(), one)
            return None
        next_due = select(func.min(c.due)).where(c.plan_id == number, c.state.in_(TO_PUSH))
        return max(int(tx.execute(next_due).scalar_one()) - hub.clock.now(), 1)


def _push_one(hub: Hub, one: Head, row: Row[Any]) -> None:
    restores = restores_in(row.restores)
    outcome = push.push(hub, one.environment_id, row.orcid, planned=_planned(hub, one, row, restores))
    values: dict[str, object] = {"reason": outcome.reason}
    if outcome.state == "changed":
        values |= _changed(hub, one, row)
    elif outcome.retry_ms is not None:
        values |= {"due": hub.clock.now() + outcome.retry_ms}
    else:
        values |= {"state": "done" if outcome.state in ("done", "nothing") else "stopped"}
    with hub.db.writing() as tx:
        set_person(tx, row.id, **values)


def _planned(hub: Hub, one: Head, row: Row[Any], restores: list[Restore]) -> Planned:
    def restore(tx: Connection) -> bool:
        return all(assertions.restore(tx, hub.clock.now(), each) for each in restores)

    def begin(tx: Connection, run_id: int) -> None:
        set_person(tx, row.id, state="begun", run_id=run_id)

    with hub.db.reading() as tx:
        of = rows_of(tx, one, restores)
    return Planned(
        plan_id=one.id, of=of, steps=steps_in(row.steps), begun=row.state == "begun", restore=restore,
        begin=begin,
    )  # fmt: skip


def _changed(hub: Hub, one: Head, row: Row[Any]) -> dict[str, object]:
    """Her new plan, kept beside the old one until someone takes it."""
    fresh = told_of(hub, one, row.orcid)
    if isinstance(fresh, str):
        return {"state": "changed", "reason": fresh}
    if not acts(fresh[0]):
        return {"state": "done", "reason": "done-meanwhile"}
    return {"state": "changed", "fresh": kept_fresh(fresh)}


def take_new(tx: Connection, now: int, by: By, place: Environment, number: int) -> None:
    """Approve the new plans of all whose records changed since; they are pushed by the next push of this
    plan."""
    one = _get(tx, place.id, number)
    if one.state != "stale":
        raise Clash(_("No record of this plan has changed since."))
    c = tables.plan_person.c
    for row in tx.execute(select(tables.plan_person).where(c.plan_id == number, c.state == "changed")).all():
        if row.fresh is None:
            set_person(tx, row.id, state="unread")
            continue
        steps, restores, calls = fresh_in(row.fresh)
        set_person(
            tx, row.id, state=state_of(steps), steps=kept(steps), restores=kept_restores(restores),
            fresh=None, reason=None, due=0, **counts_of(steps, calls),
        )  # fmt: skip
    set_state(tx, now, number, "ready")
    audit.note(tx, now, place.id, by, "plan-renewed", str(number))


def drop(tx: Connection, now: int, by: By, place: Environment, number: int) -> None:
    """Do nothing of it. What the brake held is given up: the ledger wants again what stands on the records,
    until the source has something new to say."""
    one = _get(tx, place.id, number)
    if one.state not in ("ready", "stale") and not (one.state == "making" and one.kind != "brake"):
        raise Clash(_("This plan is being pushed, or is over."))
    set_state(tx, now, number, "dropped")
    audit.note(tx, now, place.id, by, "plan-dropped", str(number))
    if one.kind == "brake":
        _give_up(tx, now, one)
        wake_waiting(tx, now, place.id)


def _give_up(tx: Connection, now: int, one: Plan) -> None:
    c = tables.plan_person.c
    held = ("planned", "changed", "stopped", "told", "unread")
    mine = select(c.orcid, c.state, c.steps).where(c.plan_id == one.id, c.state.in_(held))
    for person in tx.execute(mine).all():
        if person.state == "unread":
            _give_up_unread(tx, now, one, person.orcid)
        for step in steps_in(person.steps):
            if step.kind in ("update", "delete"):
                assertions.stay(tx, now, step.assertion, step.hash, step.kind == "update")


def _give_up_unread(tx: Connection, now: int, one: Plan, orcid: str) -> None:
    """Nobody knows what would be done to her record, but the ledger says what is to change."""
    c, sources = tables.assertion.c, approval.required(tx, one.environment_id)
    hers = (c.environment_id == one.environment_id, c.orcid == orcid, c.put_code.is_not(None))
    waits = select(tables.assertion).where(*hers, c.state.in_(push.WAITING))
    for row in tx.execute(waits).all():
        held = push.changing(row) and (one.scope.changes or not row.wanted)
        if held and push.source_of(row) not in sources:
            assertions.stay(tx, now, row.id, row.hash, row.wanted)


def _end(tx: Connection, now: int, one: Head) -> None:
    set_state(tx, now, one.id, "stale" if left(tx, one.id, "changed") else "done")
    if one.kind == "brake":
        wake_waiting(tx, now, one.environment_id)


def wake_waiting(tx: Connection, now: int, environment_id: int) -> None:
    """Have everything pushed that waits: after what held it back is gone."""
    c = tables.assertion.c
    waits = (c.environment_id == environment_id, c.state.in_(("pending", "sending")))
    for orcid in sorted(tx.execute(select(c.orcid).distinct().where(*waits)).scalars()):
        assertions.wake(tx, now, environment_id, orcid)


def _get(tx: Connection, environment_id: int, number: int) -> Plan:
    """For whoever decides about it."""
    lock(tx, number)
    one = plan(tx, environment_id, number)
    if one is None:
        raise Clash(_("There is no plan %(number)s here.", number=number))
    return one
