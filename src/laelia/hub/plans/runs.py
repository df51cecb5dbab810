"""The runs of an environment, and every call that they made with the registry's answer."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, select

from laelia.hub import tables
from laelia.hub.plans.difference import Line, difference
from laelia.lib.clock import DAY

ON_A_PAGE = 50
KEPT = 30 * DAY
"""How long a look at a record is listed from which nothing came. What was written is kept for good."""
FORGOTTEN_AT_ONCE = 2000
"""So many in a transaction, which others wait for on SQLite."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """`counts` are actions and answers, or documents, by kind."""

    id: int
    kind: str
    orcid: str | None
    name: str | None
    connector: str | None
    plan_id: int | None
    state: str
    message: str | None
    counts: dict[str, int]
    reads: int
    writes: int
    started: int
    finished: int | None


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One call for one item. `lines` are what it changed, where that is known."""

    id: int
    assertion: int
    run_id: int
    orcid: str
    section: str
    key: str
    title: str | None
    action: str
    started: int
    finished: int | None
    status: int | None
    code: int | None
    answer: str | None
    put_code: int | None
    lines: tuple[Line, ...] = ()

    @property
    def done(self) -> bool:
        return self.finished is not None and self.status is None and self.code is None


def runs(
    tx: Connection, environment_id: int, *, before: int | None = None, limit: int = ON_A_PAGE,
    kind: str | None = None, orcid: str | None = None,
) -> list[Run]:  # fmt: skip
    """The newest, or those before one number."""
    c = tables.run.c
    found = _runs().where(c.environment_id == environment_id).order_by(c.id.desc()).limit(limit)
    if before is not None:
        found = found.where(c.id < before)
    if kind is not None:
        found = found.where(c.kind == kind)
    if orcid is not None:
        found = found.where(c.orcid == orcid)
    return [_run(row) for row in tx.execute(found)]


def forget_idle(tx: Connection, now: int, environment_id: int) -> bool:
    """Drop some of the old looks that found everything as it should be: one a day for each person would bury
    the runs that did something. Whether there may be more."""
    c, a = tables.run.c, tables.attempt.c
    idle = (c.kind == "push", c.state == "done", c.writes == 0, c.plan_id.is_(None), c.finished < now - KEPT)
    tried = select(a.id).where(a.run_id == c.id).exists()
    some = select(c.id).where(c.environment_id == environment_id, *idle, ~tried).limit(FORGOTTEN_AT_ONCE)
    return tx.execute(delete(tables.run).where(c.id.in_(some))).rowcount == FORGOTTEN_AT_ONCE


def run(tx: Connection, environment_id: int | None, number: int) -> tuple[int, Run] | None:
    """The run of this number and its environment; None where it is another's than the one named."""
    c = tables.run.c
    found = _runs().where(c.id == number)
    if environment_id is not None:
        found = found.where(c.environment_id == environment_id)
    row = tx.execute(found).first()
    return None if row is None else (row.environment_id, _run(row))


def _runs() -> Select[Any]:
    p, c = tables.person.c, tables.run.c
    named = (p.environment_id == c.environment_id) & (p.orcid == c.orcid)
    return select(tables.run, p.name.label("person_name")).outerjoin(tables.person, named)


def attempts(tx: Connection, number: int, *, after: int = 0, limit: int | None = ON_A_PAGE) -> list[Attempt]:
    """Of one run, in the order in which they were made."""
    a = tables.attempt.c
    found = _attempts().where(a.run_id == number, a.id > after).order_by(a.id)
    return [_attempt(row) for row in tx.execute(found if limit is None else found.limit(limit))]


def attempts_of(tx: Connection, assertion_id: int, limit: int = ON_A_PAGE) -> list[Attempt]:
    """Of one item, the newest first, each with what it changed."""
    a = tables.attempt.c
    rows = tx.execute(
        _attempts().where(a.assertion_id == assertion_id).order_by(a.id.desc()).limit(limit)
    ).all()
    c = tables.assertion.c
    after = tx.execute(select(c.sent_item).where(c.id == assertion_id)).scalar_one_or_none()
    found = []
    for row in rows:
        one = _attempt(row)
        if one.done and row.before is not None:
            came = after if row.action == "update" else None
            one = _attempt(row, tuple(difference(row.before, came)) if came or row.action == "delete" else ())
        if one.done:
            after = row.before
        found.append(one)
    return found


def _attempts() -> Select[Any]:
    c, a = tables.assertion.c, tables.attempt.c
    told = (tables.attempt, c.orcid, c.section, c.key, c.title)
    return select(*told).join(tables.assertion, c.id == a.assertion_id)


def _run(row: Row[Any]) -> Run:
    return Run(
        id=row.id, kind=row.kind, orcid=row.orcid, name=row.person_name, connector=row.connector,
        plan_id=row.plan_id, state=row.state, message=row.message, counts=json.loads(row.counts or "{}"),
        reads=row.reads, writes=row.writes, started=row.started, finished=row.finished,
    )  # fmt: skip


def _attempt(row: Row[Any], lines: tuple[Line, ...] = ()) -> Attempt:
    return Attempt(
        id=row.id, assertion=row.assertion_id, run_id=row.run_id, orcid=row.orcid, section=row.section,
        key=row.key, title=row.title, action=row.action, started=row.started, finished=row.finished,
        status=row.status, code=row.code, answer=row.answer, put_code=row.put_code, lines=lines,
    )  # fmt: skip
