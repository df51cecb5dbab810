"""Works that wait for their owner's choice, kept between the page that shows them and the page on which she
says which she wants: a file of hundreds is chosen from over several pages."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, delete, func, insert, select, update

from laelia.codec import json as codec
from laelia.lib.clock import DAY
from laelia.model.language import V3_0
from laelia.model.problems import Problem, TooManyWorks
from laelia.model.work import Work
from laelia.registry import tables
from laelia.registry.access import Principal
from laelia.registry.record import imports, states

KEPT = DAY
MOST_LISTS = 5
"""Lists that wait for one record; who begins another loses the oldest."""
AT_ONCE = 200
"""Works that are added in one transaction: others wait so long, and no longer."""

FULL = "full"
"""Why a work was not added: the record holds as many as it can."""

_list, _entry = tables.import_list.c, tables.import_entry.c


@dataclass(frozen=True)
class Found:
    """A work of a list, or the code that says why there is none, with its place in the file."""

    name: str
    made: Work | str
    line: int = 0


OUTCOME: ColumnElement[str] = case(
    (_entry.outcome.is_not(None), _entry.outcome),
    (_entry.verdict == "bad", "failed"),
    (_entry.verdict.in_(("here", "like", "twice")) & ~_entry.chosen, "here"),
    else_="left",
)
"""What became of an entry: added, here (it is a duplicate), failed, or left out."""


def keep(tx: Connection, now: int, orcid: str, way: str, name: str, found: Sequence[Found]) -> int:
    """Keep what was found and judge it; what stands on the record is not chosen at first. Returns the list's
    number."""
    states.lock(tx, orcid)
    older = select(_list.number).where(_list.orcid == orcid).order_by(_list.number.desc())
    tx.execute(delete(tables.import_list).where(_list.number.in_(older.offset(MOST_LISTS - 1).limit(10_000))))
    made = insert(tables.import_list).values(orcid=orcid, way=way, name=name[:200], created=now)
    number = int(tx.execute(made.returning(_list.number)).scalar_one())
    works = [(place, one.made) for place, one in enumerate(found) if isinstance(one.made, Work)]
    judged = imports.preview(tx, orcid, [work for _, work in works])
    by_place = {place: (one, works) for (place, _), one in zip(works, judged, strict=True)}
    rows = []
    for place, one in enumerate(found):
        row: dict[str, Any] = {
            "list": number, "position": place, "orcid": orcid, "line": one.line, "name": one.name[:200],
            "body": None, "problem": None, "verdict": "bad", "twin": None, "chosen": False,
        }  # fmt: skip
        if place in by_place:
            said = by_place[place][0]
            twin = works[said.twin][0] if said.verdict == "twice" and said.twin is not None else said.twin
            body = codec.encode(said.work, V3_0)
            row |= {"body": body, "verdict": said.verdict, "twin": twin, "chosen": said.verdict == "new"}
        else:
            row["problem"] = str(one.made)
        rows.append(row)
    if rows:
        tx.execute(insert(tables.import_entry), rows)
    return number


def find(tx: Connection, now: int, orcid: str, number: int, *ways: str) -> Row[Any] | None:
    """A list of this record, as long as it is kept."""
    wanted = (_list.number == number, _list.orcid == orcid, _list.created > now - KEPT, _list.way.in_(ways))
    return tx.execute(select(tables.import_list).where(*wanted)).first()


def unfinished(tx: Connection, now: int, orcid: str, way: str) -> Sequence[Row[Any]]:
    """Lists she has not been through with, the latest first, with how many works they hold."""
    count = select(func.count()).where(_entry.list == _list.number, _entry.body.is_not(None))
    wanted = (_list.orcid == orcid, _list.way == way, _list.ended.is_(None), _list.created > now - KEPT)
    return tx.execute(
        select(tables.import_list, count.scalar_subquery().label("works"))
        .where(*wanted)
        .order_by(_list.number.desc())
    ).all()


def entries(
    tx: Connection, number: int, start: int, count: int, *, outcome: str = "", bad: bool | None = None
) -> Sequence[Row[Any]]:
    """Some entries in the order of the file; of one outcome, or only those that can (not) be added."""
    return tx.execute(
        select(tables.import_entry, OUTCOME.label("became"))
        .where(*_wanted(number, outcome, bad))
        .order_by(_entry.position)
        .offset(start)
        .limit(count)
    ).all()


def count(tx: Connection, number: int, *, outcome: str = "", bad: bool | None = None) -> int:
    """How many there are of these."""
    return int(tx.execute(select(func.count()).where(*_wanted(number, outcome, bad))).scalar_one())


def _wanted(number: int, outcome: str, bad: bool | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [_entry.list == number]
    if outcome:
        wanted.append(OUTCOME.in_([outcome]))
    if bad is not None:
        wanted.append(_entry.body.is_(None) if bad else _entry.body.is_not(None))
    return wanted


def tally(tx: Connection, number: int) -> dict[str, int]:
    """How many entries there are by verdict, how many are `chosen`, and by what became of them (`=added`)."""
    found = {"chosen": 0}
    rows = tx.execute(
        select(_entry.verdict, _entry.chosen, OUTCOME.label("became"), func.count().label("n"))
        .where(_entry.list == number)
        .group_by(_entry.verdict, _entry.chosen, OUTCOME)
    )
    for row in rows:
        found[row.verdict] = found.get(row.verdict, 0) + row.n
        found[f"={row.became}"] = found.get(f"={row.became}", 0) + row.n
        found["chosen"] += row.n if row.chosen else 0
    return found


def choose(tx: Connection, number: int, shown: Collection[int], chosen: Collection[int]) -> None:
    """Of the entries shown on one page, these are wanted. What was added already stays so."""
    for wanted, places in ((True, set(shown) & set(chosen)), (False, set(shown) - set(chosen))):
        here = (_entry.list == number, _entry.position.in_(sorted(places)))
        tx.execute(
            update(tables.import_entry)
            .where(*here, _entry.body.is_not(None), _entry.outcome.is_(None))
            .values(chosen=wanted)
        )


def choose_all(tx: Connection, number: int, wanted: bool) -> None:
    """The same for all pages at once; all are all that are no duplicates."""
    here = (_entry.list == number, _entry.body.is_not(None), _entry.outcome.is_(None))
    value = (_entry.verdict == "new") if wanted else False
    tx.execute(update(tables.import_entry).where(*here).values(chosen=value))


def add_some(
    tx: Connection, now: int, who: Principal, orcid: str, number: int, visibility: str | None
) -> int:
    """Add the next of those chosen; returns how many there were, 0 when all is done. What became of each is
    written in the same transaction, so that whoever asks again, or goes on after a crash, adds nothing
    twice."""
    states.lock(tx, orcid)
    here = (_entry.list == number, _entry.orcid == orcid, _entry.chosen, _entry.outcome.is_(None))
    rows = tx.execute(select(tables.import_entry).where(*here).order_by(_entry.position).limit(AT_ONCE)).all()
    works = [(work_of(row), row.verdict in ("here", "twice")) for row in rows]
    for row, became in zip(rows, imports.add(tx, now, who, orcid, works, visibility), strict=True):
        values = {
            "outcome": "failed" if became.problem else "here" if became.stood else "added",
            "put_code": became.put_code,
            "reason": _why(became.problem),
        }
        one = (_entry.list == number, _entry.position == row.position)
        tx.execute(update(tables.import_entry).where(*one).values(values))
    if not rows:
        ended = (_list.number == number, _list.orcid == orcid, _list.ended.is_(None))
        tx.execute(update(tables.import_list).where(*ended).values(ended=now))
    return len(rows)


def add_all(
    tx: Connection, now: int, who: Principal, orcid: str, number: int, visibility: str | None
) -> None:
    """The same for a list that is short, in this transaction."""
    while add_some(tx, now, who, orcid, number, visibility):
        pass


def judge_again(tx: Connection, number: int, judged: imports.Judged) -> None:
    """Of a list of one: what it is now that she decides."""
    values = {"verdict": judged.verdict, "twin": judged.twin}
    tx.execute(update(tables.import_entry).where(_entry.list == number, _entry.position == 0).values(values))


def _why(problem: Problem | None) -> str | None:
    """The problem in words; FULL is one that pages put into words of their own."""
    return None if problem is None else FULL if isinstance(problem, TooManyWorks) else str(problem)


def forget(tx: Connection, orcid: str, number: int) -> None:
    """She does not want any of it."""
    tx.execute(delete(tables.import_list).where(_list.number == number, _list.orcid == orcid))


def work_of(row: Row[Any]) -> Work:
    return codec.decode(Work, row.body, V3_0, strict=False)


def sweep(tx: Connection, now: int) -> None:
    """Put away what nobody chose from in a day."""
    tx.execute(delete(tables.import_list).where(_list.created <= now - KEPT))
