"""What it takes to go back: from the calls that were made to what each row of the ledger wanted before."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, Row, Select, select

from laelia.hub import tables
from laelia.hub.assertions import Restore
from laelia.hub.plans.stored import Told

What = Literal["run", "plan", "upload"]
HERS = "withdrawn-by-her"


@dataclass(frozen=True)
class Target:
    """One run, all runs of a stored plan, or all that came of a file."""

    what: What
    number: int

    def kept(self) -> dict[str, int]:
        return {self.what: self.number}

    def environment(self, tx: Connection) -> int | None:
        """Where it belongs; None if there is no such thing."""
        table = {"run": tables.run, "plan": tables.plan, "upload": tables.upload}[self.what]
        return tx.execute(
            select(table.c.environment_id).where(table.c.id == self.number)
        ).scalar_one_or_none()

    def attempts(self) -> list[ColumnElement[bool]]:
        a, r, u, w = tables.attempt.c, tables.run.c, tables.upload.c, tables.upload_row.c
        if self.what == "run":
            return [a.run_id == self.number]
        if self.what == "plan":
            return [a.run_id.in_(select(r.id).where(r.plan_id == self.number))]
        rows = select(w.assertion_id).where(w.upload_id == self.number, w.assertion_id.is_not(None))
        since = select(u.created).where(u.id == self.number).scalar_subquery()
        # What a later file made of the same thing is that file's.
        other = select(w.id).join(tables.upload, u.id == w.upload_id)
        later = other.where(w.assertion_id == a.assertion_id, u.id > self.number, u.created <= a.started)
        return [a.assertion_id.in_(rows), a.started >= since, ~later.correlate(tables.attempt).exists()]


def target_of(kept: dict[str, int]) -> Target:
    [(what, number)] = kept.items()
    [known] = [name for name in get_args(What) if name == what]
    return Target(known, number)


def _done() -> tuple[ColumnElement[bool], ...]:
    """Calls that the registry carried out, as far as is known."""
    a = tables.attempt.c
    return a.finished.is_not(None), a.status.is_(None), a.code.is_(None)


def people(environment_id: int, target: Target) -> Select[Any]:
    a, c = tables.attempt.c, tables.assertion.c
    made = select(c.orcid).distinct().join(tables.attempt, a.assertion_id == c.id)
    return made.where(c.environment_id == environment_id, *target.attempts(), *_done())


def restores(
    tx: Connection, environment_id: int, target: Target, orcid: str
) -> tuple[list[Restore], list[Told]]:
    """What the ledger is to want again for her, and what can't be undone."""
    a, c = tables.attempt.c, tables.assertion.c
    mine = (c.environment_id == environment_id, c.orcid == orcid)
    told = (a.assertion_id, a.action, a.before, a.id, a.run_id)
    joined = select(*told).join(tables.assertion, a.assertion_id == c.id).where(*mine, *_done())
    first: dict[int, Any] = {}
    last: dict[int, int] = {}
    for one in tx.execute(joined.where(*target.attempts()).order_by(a.id)):
        first.setdefault(one.assertion_id, one)
        last[one.assertion_id] = one.id
    latest = {
        one.assertion_id: one
        for one in tx.execute(joined.where(a.assertion_id.in_(list(first))).order_by(a.id))
    }
    rows = tx.execute(select(tables.assertion).where(c.id.in_(list(first))).order_by(c.id)).all()
    back: list[Restore] = []
    cannot: list[Told] = []
    for row in rows:
        later = latest[row.id].run_id if latest[row.id].id != last[row.id] else None
        if why := _cannot(row, first[row.id], later):
            cannot.append(_left(row, why))
        else:
            item = first[row.id].before if first[row.id].action != "add" else None
            back.append(Restore(assertion=row.id, item=item, hash=row.hash, wanted=row.wanted))
    return back, cannot


def _cannot(row: Row[Any], first: Any, later: int | None) -> str | None:
    if row.state == "declined":
        return "removed-by-her"
    if row.reason == HERS or (not row.wanted and row.answer == "no"):
        return "taken-back-by-her"
    if later is not None:
        return f"changed-later {later}"
    if first.action != "add" and first.before is None:
        return "not-known-before"
    if first.action == "add" and not row.wanted and row.put_code is None:
        return "gone-already"
    return None


def _left(row: Row[Any], why: str) -> Told:
    return Told(
        kind="keep", section=row.section, key=row.key, assertion=row.id, hash=row.hash,
        put_code=row.put_code, title=row.title, cannot=why,
    )  # fmt: skip
