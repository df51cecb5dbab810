"""Works that come from elsewhere onto a person's own record: first judged beside what stands there, then
added, many at once, each by itself."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, select

from laelia.codec import validate
from laelia.lib.sql import one_of
from laelia.model import rules
from laelia.model.language import V3_0
from laelia.model.problems import Invalid, Problem, TooManyWorks
from laelia.model.sections import BY_NAME, WORKS_LIMIT
from laelia.model.work import Work
from laelia.registry import tables
from laelia.registry.access import Principal
from laelia.registry.record import identifiers, items, states, summaries
from laelia.registry.registers.identifier_types import Known

WORKS = BY_NAME["works"]

Verdict = Literal["new", "here", "like", "twice"]

_id, _item = tables.external_id.c, tables.item.c
# Whatever their source: what an organisation added stands on her record as well.
_SAME = (
    select(_id.key, _item.put_code)
    .join(tables.item, _item.id == _id.item)
    .where(
        _id.section == WORKS.name,
        _id.relationship.is_(None) | (_id.relationship == "self"),
        one_of(_id.key, "keys"),
    )
    .order_by(_item.id.desc())
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Judged:
    """A work beside the record: new; here, by an identifier that names it; like one there, by title, year and
    type; or twice among those that were judged together. `twin` is the put-code of the other, or its place
    among them."""

    work: Work
    verdict: Verdict = "new"
    twin: int | None = None


@dataclass(frozen=True)
class Added:
    """What became of one: its new put-code, or that of what stood there already, or why it was refused."""

    put_code: int | None = None
    stood: bool = False
    problem: Problem | None = None


def preview(tx: Connection, orcid: str, works: Sequence[Work]) -> list[Judged]:
    """What the record would make of these works. Nothing is changed."""
    known = Known(tx)
    keys = [_keys(work, known) for work in works]
    here = _standing(tx, orcid, {key for several in keys for key in several})
    alike = _Titles.of(tx, orcid)
    before: dict[str, int] = {}
    titles_before = _Titles()
    judged = []
    for place, (work, own) in enumerate(zip(works, keys, strict=True)):
        judged.append(_judged(work, own, (here, before), (alike, titles_before)))
        for key in own:
            before.setdefault(key, place)
        titles_before.add(_said(work), place)
    return judged


def _judged(
    work: Work,
    own: list[str],
    ids: tuple[dict[str, int], dict[str, int]],
    titles: tuple["_Titles", "_Titles"],
) -> Judged:
    for verdict, known in (("here", ids[0]), ("twice", ids[1])):
        twin = next((known[key] for key in own if key in known), None)
        if twin is not None:
            return Judged(work, verdict, twin)  # type: ignore[arg-type]
    said = _said(work)
    for verdict, seen in (("like", titles[0]), ("twice", titles[1])):
        twin = seen.find(said)
        if twin is not None:
            return Judged(work, verdict, twin)  # type: ignore[arg-type]
    return Judged(work)


def add(
    tx: Connection,
    now: int,
    who: Principal,
    orcid: str,
    works: Iterable[tuple[Work, bool]],
    visibility: str | None = None,
) -> list[Added]:
    """Add works to the record of a person, in her name or that of whoever acts for her; the first statement
    locks the record. Each comes with whether it is to be added even if one of its identifiers stands there:
    then they are two versions of one work. One that is refused leaves nothing behind, and the others stay."""
    record = states.lock(tx, orcid)
    if record is None or record.state != "active":
        return [Added(problem=Invalid("the record can't be changed now.")) for _ in works]
    known, wanted = Known(tx), list(works)
    keys = [_keys(work, known) for work, _ in wanted]
    standing = _standing(tx, orcid, {key for several in keys for key in several})
    room = WORKS_LIMIT - record.works
    done: list[Added] = []
    for (work, anyway), own in zip(wanted, keys, strict=True):
        stood = None if anyway else next((standing[key] for key in own if key in standing), None)
        if stood is not None:
            one = Added(stood, stood=True)
        elif room <= 0:
            one = Added(problem=TooManyWorks(orcid=orcid, limit=WORKS_LIMIT))
        else:
            one = _add(tx, now, who, record, work, known, visibility)
        if one.put_code is not None and not one.stood:
            room -= 1
            standing.update((key, one.put_code) for key in own if key not in standing)
        done.append(one)
    return done


def _add(
    tx: Connection, now: int, who: Principal, record: Any, work: Work, known: Known, visibility: str | None
) -> Added:
    try:
        with tx.begin_nested():
            check(work, known)
            return Added(items.add_locked(tx, now, who, record, WORKS, work, visibility=visibility))
    except Problem as problem:
        return Added(problem=problem)


def check(work: Work, known: Known) -> None:
    """Raises the first problem with the shape of a work, or with what it says."""
    for place, sentence in validate.problems(work, V3_0):
        raise Invalid(f"{place}: {sentence}")
    rules.check_own(work, known)


def sources_of(tx: Connection, orcid: str, put_codes: Iterable[int]) -> Sequence[Any]:
    """The rows of works of the record, to say where they came from."""
    wanted = _item.put_code.in_(sorted(set(put_codes)))
    return tx.execute(
        select(tables.item).where(_item.orcid == orcid, _item.section == WORKS.name, wanted)
    ).all()


def _keys(work: Work, known: Known) -> list[str]:
    """By what a work is known: the identifiers that name it, in their normal forms."""
    return [one.key for one in identifiers.prepare(WORKS, work, known) if one.relationship in ("self", None)]


def _standing(tx: Connection, orcid: str, keys: set[str]) -> dict[str, int]:
    """Which of these stand on the record, with the put-code of the oldest work that has them."""
    if not keys:
        return {}
    rows = tx.execute(_SAME.where(_id.orcid == orcid), {"keys": sorted(keys)})
    return {row.key: row.put_code for row in rows}


# ---- alike by what is said of them

Said = tuple[str, str, str]


def _said(work: Work) -> Said:
    """Title, year and type, as they are compared."""
    title = work.title.title if work.title else None
    date = work.publication_date
    return _folded(title), (date.year if date else None) or "", work.type or ""


def _folded(title: str | None) -> str:
    return " ".join(_WORD.findall((title or "").casefold()))


class _Titles:
    """Works by title and year. `other` says nothing of the type, and is like any."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], dict[str, int]] = {}

    @classmethod
    def of(cls, tx: Connection, orcid: str) -> "_Titles":
        made = cls()
        rows = tx.execute(
            select(_item.put_code, _item.summary)
            .where(_item.orcid == orcid, _item.section == WORKS.name)
            .order_by(_item.id)
        )
        for row in rows:
            said = summaries.content(row)
            title = ((said.get("title") or {}).get("title") or {}).get("value")
            year = ((said.get("publication-date") or {}).get("year") or {}).get("value")
            made.add((_folded(title), year or "", said.get("type") or ""), row.put_code)
        return made

    def add(self, said: Said, number: int) -> None:
        title, year, kind = said
        if title:
            self._known.setdefault((title, year), {}).setdefault(kind, number)

    def find(self, said: Said) -> int | None:
        title, year, kind = said
        there = self._known.get((title, year), {})
        if kind == "other" and there:
            return next(iter(there.values()))
        return there.get(kind, there.get("other"))
