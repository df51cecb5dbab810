"""A stored plan as people look at it: what it says of whom, in sum and in detail, and how far it has come."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from laelia.hub import tables
from laelia.hub.assertions import Restore
from laelia.hub.plans.difference import Line
from laelia.hub.plans.scope import Scope, scope_of
from laelia.hub.push import Step

COUNTS = ("adds", "updates", "adopts", "deletes", "keeps", "asks", "conflicts", "reads", "writes")
TO_PUSH = ("planned", "begun")
ON_A_PAGE = 25


@dataclass(frozen=True, kw_only=True)
class Told(Step):
    """A step with what people want to know of it. `lines` are what it changes, `cannot` why nothing is
    undone, `beside` the items of others that carry the same identifier: put-code and whose."""

    title: str | None = None
    lines: tuple[Line, ...] = ()
    cannot: str | None = None
    beside: tuple[tuple[int, str], ...] = ()

    @property
    def quiet(self) -> bool:
        """It stays as it is, and there is nothing to say of it."""
        return self.kind == "keep" and not (self.reason or self.cannot)


@dataclass(frozen=True, kw_only=True)
class Head:
    """What a plan is, without what it says of whom."""

    id: int
    environment_id: int
    kind: str
    scope: Scope
    undoes: dict[str, int] | None
    reason: str | None
    by: str | None
    pushed_by: str | None
    state: str
    created: int
    modified: int


@dataclass(frozen=True, kw_only=True)
class Plan(Head):
    """`people` are counted by state; `counts` are the actions and calls of all of them together."""

    people: Counter[str]
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return self.people.total()

    @property
    def done(self) -> int:
        """People for whom the step that runs has nothing more to do."""
        left = TO_PUSH if self.state == "pushing" else ("waiting",)
        return self.total - sum(self.people[state] for state in left)

    @property
    def to_push(self) -> int:
        return sum(self.people[state] for state in TO_PUSH)

    @property
    def runs(self) -> bool:
        return self.state in ("making", "pushing")


@dataclass(frozen=True, kw_only=True)
class Person:
    """What a plan says of one record. `fresh` is the new plan of a record that changed since."""

    orcid: str
    name: str | None
    state: str
    reason: str | None
    steps: list[Told]
    fresh: list[Told]
    run_id: int | None
    counts: dict[str, int]


def plan(tx: Connection, environment_id: int, number: int) -> Plan | None:
    row = _row(tx, environment_id, number)
    return None if row is None else _plan(row, *_sums(tx, [number])[number])


def head(tx: Connection, environment_id: int, number: int) -> Head | None:
    """The same without sums, for who asks often: they take longer the more people it is of."""
    row = _row(tx, environment_id, number)
    return None if row is None else Head(**_head(row))


def left(tx: Connection, number: int, *states: str) -> bool:
    """Whether anybody of the plan is in one of these states; without any, whether it is of anybody."""
    c = tables.plan_person.c
    found = select(c.id).where(c.plan_id == number)
    if states:
        found = found.where(c.state.in_(states))
    return tx.execute(found.limit(1)).first() is not None


def plans(
    tx: Connection, environment_id: int, *, before: int | None = None, limit: int = ON_A_PAGE,
    states: Sequence[str] = (),
) -> list[Plan]:  # fmt: skip
    """The newest, or those before one number."""
    c = tables.plan.c
    found = select(tables.plan).where(c.environment_id == environment_id).order_by(c.id.desc()).limit(limit)
    if before is not None:
        found = found.where(c.id < before)
    if states:
        found = found.where(c.state.in_(states))
    rows = tx.execute(found).all()
    sums = _sums(tx, [row.id for row in rows])
    return [_plan(row, *sums[row.id]) for row in rows]


def stopped(tx: Connection, environment_id: int) -> list[Plan]:
    """What the brake holds at the moment."""
    found = plans(tx, environment_id, states=("making", "ready", "pushing"), limit=100)
    return [one for one in found if one.kind == "brake"]


def waits(tx: Connection, environment_id: int) -> list[tuple[int, str]]:
    """Number and reason of what the brake holds and staff have not decided: for every page of theirs."""
    c = tables.plan.c
    held = select(c.id, c.reason).where(
        c.environment_id == environment_id, c.kind == "brake", c.state.in_(("making", "ready"))
    )
    return [(row.id, row.reason or "") for row in tx.execute(held.order_by(c.id))]


def environment_of(tx: Connection, number: int) -> int | None:
    """Where the plan of this number belongs: numbers are the hub's."""
    c = tables.plan.c
    return tx.execute(select(c.environment_id).where(c.id == number)).scalar_one_or_none()


def people(
    tx: Connection, number: int, *, after: int = 0, limit: int | None = ON_A_PAGE, every: bool = False
) -> tuple[list[Person], int | None]:
    """Those of whom it says something to do or to know, and where to go on; with `every` also those whose
    records stay as they are."""
    c, p = tables.plan_person.c, tables.person.c
    said = (tables.plan_person, p.name, p.given_names, p.family_names)
    named = (p.environment_id == c.environment_id) & (p.orcid == c.orcid)
    found = select(*said).outerjoin(tables.person, named).where(c.plan_id == number, c.id > after)
    found = (found if every else found.where(c.state != "nothing")).order_by(c.id)
    rows = tx.execute(found if limit is None else found.limit(limit + 1)).all()
    more = limit is not None and len(rows) > limit
    return [_person(row) for row in rows[:limit]], rows[limit - 1].id if more and limit else None


def lock(tx: Connection, number: int) -> None:
    """Until the commit nobody else decides about the plan: what is read of it after this stays true."""
    c = tables.plan.c
    tx.execute(update(tables.plan).where(c.id == number).values(state=c.state))


def touch(tx: Connection, now: int, number: int, state: str) -> None:
    """It came on a step, if it is still in this state."""
    c = tables.plan.c
    tx.execute(update(tables.plan).where(c.id == number, c.state == state).values(modified=now))


def set_state(tx: Connection, now: int, number: int, state: str, **values: object) -> None:
    changed = update(tables.plan).where(tables.plan.c.id == number)
    tx.execute(changed.values(state=state, modified=now, **values))


def set_person(tx: Connection, person_id: int, **values: object) -> None:
    tx.execute(update(tables.plan_person).where(tables.plan_person.c.id == person_id).values(**values))


def kept(steps: Sequence[Told]) -> str:
    return json.dumps([asdict(step) for step in steps])


def steps_in(said: str | None) -> list[Told]:
    return [
        Told(
            **{
                **one,
                "put_codes": tuple(one["put_codes"]),
                "lines": tuple((name, old, new) for name, old, new in one["lines"]),
                "beside": tuple((code, whose) for code, whose in one["beside"]),
            }
        )
        for one in json.loads(said or "[]")
    ]


Fresh = tuple[list[Told], list[Restore], tuple[int, int]]
"""Actions, what the ledger has to want again for them, and the calls: reads and writes."""


def kept_fresh(fresh: Fresh) -> str:
    steps, restores, calls = fresh
    said = {"steps": json.loads(kept(steps)), "restores": json.loads(kept_restores(restores)), "calls": calls}
    return json.dumps(said)


def fresh_in(said: str | None) -> Fresh:
    found = json.loads(said or "{}")
    reads, writes = found.get("calls", (0, 0))
    steps = steps_in(json.dumps(found.get("steps", [])))
    return steps, [Restore(**one) for one in found.get("restores", [])], (reads, writes)


def kept_restores(restores: Sequence[Restore]) -> str:
    return json.dumps([asdict(each) for each in restores])


def restores_in(said: str | None) -> list[Restore]:
    return [Restore(**one) for one in json.loads(said or "[]")]


def as_json(one: Plan, found: Sequence[Person]) -> dict[str, Any]:
    """The whole plan for a machine."""
    return {
        "plan": one.id, "kind": one.kind, "scope": json.loads(one.scope.kept()), "undoes": one.undoes,
        "reason": one.reason, "by": one.by, "pushed_by": one.pushed_by, "state": one.state,
        "created": one.created, "modified": one.modified, "people": dict(one.people), **one.counts,
        "records": [
            {
                "orcid": each.orcid, "name": each.name, "state": each.state, "reason": each.reason,
                "run": each.run_id, "actions": [_step(step) for step in each.steps],
                "now": [_step(step) for step in each.fresh],
            }
            for each in found
        ],
    }  # fmt: skip


def _step(step: Told) -> dict[str, Any]:
    return {
        "action": step.kind, "section": step.section, "key": step.key, "title": step.title,
        "put_code": step.put_code, "put_codes": list(step.put_codes), "reason": step.reason,
        "cannot": step.cannot, "beside": [{"put_code": code, "source": of} for code, of in step.beside],
        "changes": [{"field": name, "old": old, "new": new} for name, old, new in step.lines],
    }  # fmt: skip


Sums = tuple[Counter[str], dict[str, int]]


def _sums(tx: Connection, numbers: Sequence[int]) -> dict[int, Sums]:
    found: dict[int, Sums] = {number: (Counter(), dict.fromkeys(COUNTS, 0)) for number in numbers}
    c = tables.plan_person.c
    summed = [func.sum(c[name]).label(name) for name in COUNTS]
    by = select(c.plan_id, c.state, func.count().label("n"), *summed)
    for row in tx.execute(by.where(c.plan_id.in_(numbers)).group_by(c.plan_id, c.state)):
        states, counts = found[row.plan_id]
        states[row.state] += row.n
        for name in COUNTS:
            counts[name] += int(getattr(row, name) or 0)
    return found


def _row(tx: Connection, environment_id: int, number: int) -> Row[Any] | None:
    c = tables.plan.c
    return tx.execute(select(tables.plan).where(c.id == number, c.environment_id == environment_id)).first()


def _head(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id, "environment_id": row.environment_id, "kind": row.kind, "scope": scope_of(row.scope),
        "undoes": json.loads(row.undoes) if row.undoes else None, "reason": row.reason, "by": row.by,
        "pushed_by": row.pushed_by, "state": row.state, "created": row.created, "modified": row.modified,
    }  # fmt: skip


def _plan(row: Row[Any], people_by_state: Counter[str], counts: dict[str, int]) -> Plan:
    return Plan(**_head(row), people=people_by_state, counts=counts)


def _person(row: Row[Any]) -> Person:
    said = " ".join(part for part in (row.given_names, row.family_names) if part)
    return Person(
        orcid=row.orcid, name=row.name or said or None, state=row.state, reason=row.reason,
        steps=steps_in(row.steps), fresh=fresh_in(row.fresh)[0], run_id=row.run_id,
        counts={name: getattr(row, name) for name in COUNTS},
    )  # fmt: skip
