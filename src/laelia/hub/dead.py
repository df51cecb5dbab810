"""What did not get through: jobs that failed, letters among them, and items that the registry refused or
never answered for. They wait for a person, who has them sent again or drops them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)

from laelia.hub import assertions, tables
from laelia.hub.organisations import audit
from laelia.lib import mail

FAILED = ("failed", "refused")
ON_A_PAGE = 50
BATCH = 500
_J, _C = tables.job.c, tables.assertion.c


@dataclass(frozen=True, kw_only=True)
class Letter:
    """`name` is how it is asked for. `kind` is that of the job, or "item". `whom`: an iD or an address, where
    it is about somebody. `again` is when it is tried by itself, None where it waits for a person."""

    name: str
    environment_id: int
    kind: str
    whom: str | None
    what: str
    state: str
    reason: str | None
    answer: str | None
    tries: int
    since: int
    again: int | None


def letters(
    tx: Connection, environment_id: int | None = None, most: int | None = None, *,
    names: Iterable[str] | None = None,
) -> list[Letter]:  # fmt: skip
    """The newest first, of one environment or of all, or those of these names; jobs before items."""
    a = tables.attempt.c
    said = select(a.answer).where(a.assertion_id == _C.id, a.answer.is_not(None))
    last = said.order_by(a.id.desc()).limit(1).scalar_subquery()
    in_jobs, in_items = _waiting(environment_id)
    jobs = select(tables.job).where(in_jobs)
    items = select(tables.assertion, last.label("said")).where(in_items)
    if names is not None:
        numbers = _numbers(names)
        jobs, items = jobs.where(_J.id.in_(numbers["job"])), items.where(_C.id.in_(numbers["item"]))
    found = [_of_job(row) for row in tx.execute(jobs.order_by(_J.id.desc()).limit(most))]
    rows = tx.execute(items.order_by(_C.modified.desc(), _C.id.desc()).limit(most))
    return (found + [_of_item(row) for row in rows])[:most]


def count(tx: Connection, environment_id: int) -> int:
    return sum(sum(numbers) for numbers in _counts(tx, environment_id).values())


def again(tx: Connection, now: int, by: audit.By, letter: Letter) -> None:
    """Have it tried at once, as if for the first time."""
    kind, _, number = letter.name.partition("-")
    if kind == "job":
        _jobs_again(tx, now, _J.id == int(number))
    else:
        _items_again(tx, now, and_(_C.id == int(number), _C.state.in_(FAILED)))
    _note(tx, now, by, "sent-again", letter)


def again_all(tx: Connection, now: int, by: audit.By, environment_id: int | None = None) -> int:
    """The same for all of an environment, or of every one, however many; returns their number. The log of
    each environment gets one line."""
    found = _counts(tx, environment_id)
    in_jobs, in_items = _waiting(environment_id)
    _jobs_again(tx, now, in_jobs, several=True)
    _items_again(tx, now, in_items)
    for number, (jobs, items) in found.items():
        audit.note(tx, now, number, by, "sent-again", str(jobs + items), jobs=jobs, items=items)
    return sum(jobs + items for jobs, items in found.values())


def drop(tx: Connection, now: int, by: audit.By, letter: Letter) -> None:
    """Forget a job. An item is taken back, not dropped: it may stand on a record."""
    assert letter.kind != "item"
    tx.execute(delete(tables.job).where(tables.job.c.id == int(letter.name.partition("-")[2])))
    _note(tx, now, by, "dropped", letter)


def drop_all(tx: Connection, now: int, by: audit.By, environment_id: int | None = None) -> int:
    """Forget all jobs of an environment, or of every one; returns their number."""
    found = {number: jobs for number, (jobs, _items) in _counts(tx, environment_id).items() if jobs}
    tx.execute(delete(tables.job).where(_waiting(environment_id)[0]))
    for number, jobs in found.items():
        audit.note(tx, now, number, by, "dropped", str(jobs), jobs=jobs)
    return sum(found.values())


def _waiting(environment_id: int | None) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Which jobs, and which items."""
    jobs, items = _J.failures > 0, _C.state.in_(FAILED)
    if environment_id is None:
        return jobs, items
    return and_(jobs, _J.environment_id == environment_id), and_(items, _C.environment_id == environment_id)


def _counts(tx: Connection, environment_id: int | None) -> dict[int, tuple[int, int]]:
    """How many jobs and items, by environment."""
    in_jobs, in_items = _waiting(environment_id)

    def grouped(at: Column[int], which: ColumnElement[bool]) -> dict[int, int]:
        counted = select(at, func.count()).where(which).group_by(at)
        return {row[0]: row[1] for row in tx.execute(counted)}

    jobs, items = grouped(_J.environment_id, in_jobs), grouped(_C.environment_id, in_items)
    return {number: (jobs.get(number, 0), items.get(number, 0)) for number in sorted({*jobs, *items})}


def _numbers(names: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {"job": [], "item": []}
    for name in names:
        kind, _, number = name.partition("-")
        if kind in found and number.isdecimal() and len(number) <= 15:
            found[kind].append(int(number))
    return found


def _jobs_again(tx: Connection, now: int, which: ColumnElement[bool], *, several: bool = False) -> None:
    """Where the same waits already, or `several` begin again together, one is enough: two of one key can't
    both live."""
    other = tables.job.alias()
    lives = other.c.dead.is_(None)
    stays = or_(lives, other.c.id > _J.id) if several else lives
    same = exists().where(other.c.kind == _J.kind, other.c.key == _J.key, stays)
    tx.execute(delete(tables.job).where(which, _J.dead.is_not(None), same))
    fresh = {"dead": None, "failures": 0, "error": None, "due": now}
    tx.execute(update(tables.job).where(which).values(**fresh))


def _items_again(tx: Connection, now: int, which: ColumnElement[bool]) -> None:
    hers = (_C.environment_id, _C.orcid)
    after: tuple[int, str] = (0, "")
    records = select(*hers).where(which).distinct().order_by(*hers).limit(BATCH)
    while rows := tx.execute(records.where(tuple_(*hers) > tuple_(*after))).all():
        for environment_id, orcid in rows:
            assertions.wake(tx, now, environment_id, orcid)
        after = (rows[-1].environment_id, rows[-1].orcid)
    tx.execute(update(tables.assertion).where(which).values(
        state="pending", reason=None, tries=0, modified=now
    ))  # fmt: skip


def _note(tx: Connection, now: int, by: audit.By, action: str, letter: Letter) -> None:
    audit.note(tx, now, letter.environment_id, by, action, letter.whom or letter.what, what=letter.kind)


def _of_job(row: Row[Any]) -> Letter:
    payload = row.payload
    whom = payload.get("to") if row.kind == mail.KIND else payload.get("orcid")
    what = payload.get("subject") or payload.get("connector") or row.key or ""
    return Letter(
        name=f"job-{row.id}", environment_id=row.environment_id, kind=row.kind, whom=whom, what=str(what),
        state="given-up" if row.dead is not None else "tries", reason=None, answer=row.error,
        tries=row.failures, since=row.dead or row.created, again=None if row.dead is not None else row.due,
    )  # fmt: skip


def _of_item(row: Row[Any]) -> Letter:
    return Letter(
        name=f"item-{row.id}", environment_id=row.environment_id, kind="item", whom=row.orcid,
        what=row.title or row.key, state=row.state, reason=row.reason, answer=row.said, tries=row.tries,
        since=row.modified, again=None,
    )  # fmt: skip
