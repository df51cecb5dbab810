"""What waits until staff say so: sources on approval, and whatever the brake stopped."""

import json
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, not_, or_, select, update

from laelia.hub import tables
from laelia.hub.organisations import Environment, approval
from laelia.hub.push.states import Entry
from laelia.lib.clock import HOUR
from laelia.lib.jobs import enqueue

FEW = 5
"""So many deletes of one record are never held back, whatever share they are."""
WINDOW = HOUR
"""What was changed so lately counts as the same run: a source may bring its changes one by one."""
OPEN = ("making", "ready", "pushing")
"""States of a plan of the brake during which it holds."""


@dataclass(frozen=True)
class Holds:
    """`changes`: the brake of the whole environment; `deletes`: that of this record alone."""

    everything: bool = False
    sources: frozenset[str] = frozenset()
    changes: bool = False
    deletes: bool = False

    def why(self, row: Any) -> str | None:
        if self.everything or source_of(row) in self.sources:
            return "approval"
        if self.changes and changing(row):
            return "brake"
        if self.deletes and row.put_code is not None and not row.wanted:
            return "deletes"
        return None


def source_of(row: Any) -> str:
    """Where it came from, as staff choose about it."""
    return str(row.connector if row.origin == "auto-update" else row.origin)


def changing(row: Any) -> bool:
    """Whether what stands is to be changed or deleted. An item that was taken over just now has no content
    that is known, so bringing it up to date is no change; and neither is adding the iDs of co-authors."""
    stands, known = row.put_code is not None, row.sent_hash is not None
    return stands and (not row.wanted or (known and row.hash != row.sent_hash and not row.only_ids))


def changing_rows(sources: frozenset[str]) -> list[ColumnElement[bool]]:
    """The same for the database, of what no approval holds back."""
    c = tables.assertion.c
    other = or_(not_(c.wanted), and_(c.sent_hash.is_not(None), c.hash != c.sent_hash, not_(c.only_ids)))
    conditions = [c.put_code.is_not(None), c.state.in_(("pending", "sending")), other]
    if sources:
        conditions.append(not_(of_source(*sources)))
    return conditions


def of_source(*sources: str) -> ColumnElement[bool]:
    c = tables.assertion.c
    by_itself = and_(c.origin == "auto-update", c.connector.in_(sources))
    return or_(by_itself, and_(c.origin != "auto-update", c.origin.in_(sources)))


def holds_of(tx: Connection, environment: Environment, orcid: str) -> Holds:
    """What holds for a push of this record that nobody approved."""
    c = tables.plan.c
    stopped = select(c.scope).where(c.environment_id == environment.id, c.kind == "brake", c.state.in_(OPEN))
    scopes = [json.loads(scope) for scope in tx.execute(stopped).scalars()]
    return Holds(
        everything=environment.approval,
        sources=approval.required(tx, environment.id),
        changes=any("orcid" not in scope for scope in scopes),
        deletes=any(scope.get("orcid") == orcid for scope in scopes),
    )


def brake(
    tx: Connection, now: int, environment: Environment, orcid: str, holds: Holds, rows: list[Entry],
    deletes: int,
) -> Holds:  # fmt: skip
    """Stop before much is changed, and have a plan made of it: of the environment, or of this record where
    `deletes` are more than its share. Adding never stops."""
    free = [row for row in rows if holds.why(row) is None]
    if not holds.changes and any(changing(row) for row in free):
        count = pending(tx, now, environment, holds.sources)
        # What stands is counted only where it matters: it is the whole ledger of the environment.
        there = standing(tx, environment.id) if count >= environment.brake_least else None
        if there is not None and too_many(environment, count, there):
            _stop(tx, now, environment.id, {"changes": True}, f"changes-{count}-of-{there}")
            return replace(holds, changes=True)
    hers = sum(row.put_code is not None for row in rows)
    if not (holds.deletes or holds.changes) and deletes > max(FEW, hers * environment.delete_share // 100):
        scope = {"orcid": orcid, "deletes": True}
        _stop(tx, now, environment.id, scope, f"deletes-{deletes}-of-{hers}")
        return replace(holds, deletes=True)
    return holds


def too_many(environment: Environment, count: int, standing: int) -> bool:
    return count >= environment.brake_least and count * 100 > environment.brake_share * standing


def pending(tx: Connection, now: int, environment: Environment, sources: frozenset[str]) -> int:
    """How many items wait to be changed or deleted or lately were. What an approved plan did does not count,
    and neither does anything before staff last looked at what the brake held."""
    c, a, r, p = tables.assertion.c, tables.attempt.c, tables.run.c, tables.plan.c
    here = c.environment_id == environment.id
    waiting = select(func.count()).select_from(tables.assertion).where(here, *changing_rows(sources))
    count = int(tx.execute(waiting).scalar_one())
    ended = select(func.max(p.modified)).where(
        p.environment_id == environment.id, p.kind == "brake", p.state.not_in(OPEN)
    )
    since = max(now - WINDOW, tx.execute(ended).scalar_one() or 0)
    lately = (
        select(func.count(a.assertion_id.distinct()))
        .join(tables.run, r.id == a.run_id)
        .join(tables.assertion, c.id == a.assertion_id)
        .where(
            a.environment_id == environment.id, a.finished > since, a.action.in_(("update", "delete")),
            a.before.is_not(None), a.status.is_(None), a.code.is_(None), r.plan_id.is_(None),
            c.state.not_in(("pending", "sending")), not_(a.only_ids),
        )
    )  # fmt: skip
    return count + int(tx.execute(lately).scalar_one())


def standing(tx: Connection, environment_id: int) -> int:
    """How many items of ours stand on records."""
    c = tables.assertion.c
    stands = select(func.count()).select_from(tables.assertion)
    return int(
        tx.execute(stands.where(c.environment_id == environment_id, c.put_code.is_not(None))).scalar_one()
    )


def _stop(tx: Connection, now: int, environment_id: int, scope: dict[str, Any], reason: str) -> None:
    """One plan for each, whoever stops first."""
    e, p = tables.environment.c, tables.plan.c
    tx.execute(update(tables.environment).where(e.id == environment_id).values(id=environment_id))
    told = json.dumps(scope)
    there = select(p.id).where(
        p.environment_id == environment_id, p.kind == "brake", p.scope == told, p.state.in_(OPEN)
    )
    if tx.execute(there.limit(1)).first() is not None:
        return
    values = {"environment_id": environment_id, "kind": "brake", "scope": told, "reason": reason}
    made = insert(tables.plan).values(**values, state="making", created=now, modified=now)
    number = int(tx.execute(made.returning(p.id)).scalar_one())
    start(tx, now, environment_id, number)


def start(tx: Connection, now: int, environment_id: int, number: int) -> None:
    """Have the worker go on with a stored plan: make it, or push it."""
    enqueue(tx, tables.job, kind="plan", key=str(number), payload={"plan": number}, now=now,
            environment_id=environment_id)  # fmt: skip
