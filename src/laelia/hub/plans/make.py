"""Making a plan: asked for at once, then one record after the other is read and what would be done is kept.
Calls first, then one short transaction for each record, so that a process that dies goes on with the next."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, literal, select

from laelia.hub import assertions, push, tables
from laelia.hub.assertions import Restore
from laelia.hub.organisations import approval
from laelia.hub.plan import Id, Shown
from laelia.hub.plans import undoing
from laelia.hub.plans.difference import difference
from laelia.hub.plans.scope import Scope
from laelia.hub.plans.stored import (
    COUNTS,
    TO_PUSH,
    Fresh,
    Head,
    Told,
    head,
    kept,
    kept_restores,
    left,
    lock,
    set_person,
    set_state,
    touch,
)
from laelia.hub.push import Picture, Step, steps_of
from laelia.hub.settings import Hub
from laelia.lib import faults
from laelia.model.sections import BULK_LIMIT, BY_NAME

SLICE = 50
"""Records that are read in one turn of the worker."""
WAITING = ("pending", "sending")
_PLURAL = {kind: f"{kind}s" for kind in ("add", "update", "adopt", "delete", "keep", "ask", "conflict")}


def ask(tx: Connection, now: int, environment_id: int, scope: Scope, by: str) -> int:
    """Have a plan made for all who have something waiting, or for one record whatever waits; its number."""
    c = tables.assertion.c
    number = _insert(tx, now, environment_id, "asked", scope, by)
    if scope.orcid is not None:
        _people(tx, number, environment_id, select(literal(scope.orcid)))
    else:
        sources = approval.required(tx, environment_id)
        waits = (c.environment_id == environment_id, c.state.in_(WAITING), *scope.conditions(sources))
        _people(tx, number, environment_id, select(c.orcid).distinct().where(*waits))
    push.start(tx, now, environment_id, number)
    return number


def undo(tx: Connection, now: int, environment_id: int, target: undoing.Target, by: str) -> int:
    """Have a plan made that brings the records back to where they stood before."""
    number = _insert(tx, now, environment_id, "undo", Scope(), by, undoes=json.dumps(target.kept()))
    _people(tx, number, environment_id, undoing.people(environment_id, target))
    push.start(tx, now, environment_id, number)
    return number


def _insert(
    tx: Connection, now: int, environment_id: int, kind: str, scope: Scope, by: str, **more: str
) -> int:
    values = {"environment_id": environment_id, "kind": kind, "scope": scope.kept(), "by": by, **more}
    made = insert(tables.plan).values(**values, state="making", created=now, modified=now)
    return int(tx.execute(made.returning(tables.plan.c.id)).scalar_one())


def _people(tx: Connection, number: int, environment_id: int, orcids: Select[Any]) -> None:
    found = sorted(str(orcid) for orcid in tx.execute(orcids).scalars())
    row = {"environment_id": environment_id, "plan_id": number, "state": "waiting"}
    if found:
        tx.execute(insert(tables.plan_person), [{**row, "orcid": orcid} for orcid in found])


def make_some(hub: Hub, environment_id: int, number: int, most: int = SLICE) -> bool:
    """Read some of the records; True when none is left."""
    with hub.db.writing() as tx:
        one = head(tx, environment_id, number)
        if one is None or one.state != "making":
            return True
        if one.kind == "brake" and not left(tx, number):
            _held_people(tx, one)
    c = tables.plan_person.c
    waiting = select(tables.plan_person).where(c.plan_id == number, c.state == "waiting").order_by(c.id)
    with hub.db.reading() as tx:
        rows = tx.execute(waiting.limit(most)).all()
    for row in rows:
        _look_at(hub, one, row)
        faults.point("hub.plan.planned")
    with hub.db.writing() as tx:
        lock(tx, number)
        now = head(tx, environment_id, number)
        if now is None or now.state != "making":
            return True
        if left(tx, number, "waiting"):
            return False
        # While the brake's question is open nothing of it is pushed, whoever could not be read.
        undecided = left(tx, number, *TO_PUSH) or (now.kind == "brake" and left(tx, number, "unread"))
        set_state(tx, hub.clock.now(), number, "ready" if undecided else "done")
    return True


def _held_people(tx: Connection, one: Head) -> None:
    c = tables.assertion.c
    held = one.scope.conditions(approval.required(tx, one.environment_id))
    here = c.environment_id == one.environment_id
    _people(tx, one.id, one.environment_id, select(c.orcid).distinct().where(here, *held))


def _look_at(hub: Hub, one: Head, row: Row[Any]) -> None:
    now = hub.clock.now()
    told = told_of(hub, one, row.orcid)
    with hub.db.writing() as tx:
        if isinstance(told, str):
            set_person(tx, row.id, state="unread", reason=told)
            return
        steps, restores, calls = told
        set_person(
            tx, row.id, state=state_of(steps), steps=kept(steps), fresh=None, reason=None,
            restores=kept_restores(restores), **counts_of(steps, calls),
        )  # fmt: skip
        touch(tx, now, one.id, "making")


def acts(steps: list[Told]) -> bool:
    """Whether anything is to be done."""
    return any(step.kind not in ("keep", "conflict", "ask") for step in steps)


def state_of(steps: list[Told]) -> str:
    others = any(step.kind != "keep" or step.cannot for step in steps)
    return "planned" if acts(steps) else "told" if others else "nothing"


def counts_of(steps: list[Told], calls: tuple[int, int]) -> dict[str, int]:
    """For the columns of the table."""
    kinds = Counter(_PLURAL[step.kind] for step in steps if not step.cannot)
    return {**{name: kinds[name] for name in COUNTS}, "reads": calls[0], "writes": calls[1]}


def told_of(hub: Hub, one: Head, orcid: str) -> Fresh | str:
    """What would be done to this record now, what the ledger has to want again for it, and the calls that it
    takes; or why it can't be read. Nothing is written."""
    with hub.db.reading() as tx:
        restores, cannot = _restores(tx, one, orcid)
        of = rows_of(tx, one, restores)
    if one.kind == "undo" and not restores:
        return cannot, [], (0, 0)
    seen = push.look(hub, one.environment_id, orcid, of)
    if isinstance(seen, push.Verdict):
        return f"{seen.reason} {seen.answer}".strip()
    found: list[tuple[list[Told], int]] = []
    try:
        with hub.db.writing() if restores else hub.db.reading() as tx:
            for each in restores:
                assertions.restore(tx, hub.clock.now(), each)
            ids = push.rows_in(tx, one.environment_id, orcid, of)
            picture = push.picture(tx, one.environment_id, orcid, seen.items, lambda row: row.id not in ids)
            found.append(_told(picture, seen.items))
            raise _OnlyLooked
    except _OnlyLooked:
        [(told, writes)] = found
    return [*told, *cannot], restores, (seen.reads, writes)


class _OnlyLooked(Exception):
    """Leaves the ledger as it was."""


def _restores(tx: Connection, one: Head, orcid: str) -> tuple[list[Restore], list[Told]]:
    if one.undoes is None:
        return [], []
    return undoing.restores(tx, one.environment_id, undoing.target_of(one.undoes), orcid)


def rows_of(tx: Connection, one: Head, restores: list[Restore]) -> list[Any]:
    """The rows of the ledger that the plan is of, as conditions."""
    if one.kind == "undo":
        return [tables.assertion.c.id.in_([each.assertion for each in restores])]
    return one.scope.conditions(approval.required(tx, one.environment_id))


def _told(picture: Picture, items: Mapping[str, list[Shown]]) -> tuple[list[Told], int]:
    others = {
        (section, one): shown
        for section, each in items.items()
        for shown in each
        if not shown.own
        for one in shown.ids
    }
    steps = [_one(picture, step, others) for step in steps_of(picture)]
    todo = [action for action in picture.actions if action.writes]
    return steps, len(push.calls_of(todo, picture, BULK_LIMIT))


def _one(picture: Picture, step: Step, others: Mapping[tuple[str, Id], Shown]) -> Told:
    row = picture.rows[step.section, step.key]
    lines = []
    if row.sent_item and step.kind in ("update", "delete"):
        lines = difference(row.sent_item, row.item if step.kind == "update" else None)
    beside: set[tuple[int, str]] = set()
    if others and step.kind in ("add", "update", "conflict"):
        ids = push.ids_of_item(BY_NAME[step.section], push.item_of(row))
        found = [others[step.section, one] for one in ids if (step.section, one) in others]
        beside = {(shown.put_code, shown.source or "") for shown in found}
    return Told(**asdict(step), title=row.title, lines=tuple(lines), beside=tuple(sorted(beside)))
