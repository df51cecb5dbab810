"""Items of programs into the ledger: read and judged by the rules of the registry's own API, kept aside for
who has not connected yet, and filed when she comes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, insert, select, tuple_, update

from laelia.codec import json
from laelia.hub import assertions, organisations, tables
from laelia.hub.api.problems import ApiProblem
from laelia.hub.assertions import Entry
from laelia.hub.assertions.titles import title_of
from laelia.hub.organisations import Environment
from laelia.hub.people.whom import GONE
from laelia.hub.settings import Hub
from laelia.hub.uploads.filing import with_own_id
from laelia.model import rules
from laelia.model.common import Item
from laelia.model.language import V3_0
from laelia.model.problems import Problem
from laelia.model.sections import BY_NAME, Section

CONNECTOR = "api"
ORIGIN: Literal["api"] = "api"
PREFIX = "api:"
BY_PROGRAM = "withdrawn-by-program"


@dataclass(frozen=True)
class Wanted:
    """An item that is good, for one person."""

    who: Row[Any]
    section: str
    key: str
    item: Item


def section_of(name: str) -> Section:
    if name not in BY_NAME:
        raise ApiProblem("no-section", f"There is no section {name[:60]!r}: {', '.join(BY_NAME)}.")
    return BY_NAME[name]


def read(section: Section, document: Any, at: str = "") -> Item:
    """The item of JSON that was parsed; or an ApiProblem that names the place below `at`. What the registry
    sets is dropped."""
    try:
        item: Item = json.from_document(section.entity, document, V3_0)
        rules.check(item, V3_0)
    except Problem as problem:
        place = problem.params.get("place")
        said = problem.detail or problem.developer_message
        where = f"{at}{place}" if isinstance(place, str) else at
        raise ApiProblem("item", said[:500], place=where or None, code=problem.code) from None
    item.put_code = item.path = item.source = item.created_date = item.last_modified_date = None
    return item


def put_all(tx: Connection, now: int, place: Environment, wanted: Sequence[Wanted]) -> list[str]:
    """What became of each: added, changed, same, or left, which she declined. No key twice."""
    known = [one for one in wanted if one.who.orcid is not None]
    _overtake(tx, known)
    entries = [
        Entry(place.id, one.who.orcid, one.section, PREFIX + one.key, CONNECTOR, ORIGIN) for one in known
    ]
    both = list(zip(known, entries, strict=True))
    filed = assertions.file_all(
        tx, now, [(entry, with_own_id(one.item, place, entry)) for one, entry in both]
    )
    done: dict[int, str] = {id(one): outcome for one, (outcome, _) in zip(known, filed, strict=True)}
    for orcid in sorted({one.who.orcid for one in known if done[id(one)] in ("added", "changed")}):
        assertions.wake(tx, now, place.id, orcid)
    done |= {id(one): _keep(tx, now, place, one) for one in wanted if one.who.orcid is None}
    return [done[id(one)] for one in wanted]


def check_open(who: Row[Any], at: str | None = None) -> None:
    if who.state in GONE:
        moved = f"Her iD is {who.moved_to} now, and she has to connect with it." if who.moved_to else ""
        raise ApiProblem("gone", moved or "Her record at the registry is closed.", place=at)


def withdraw(tx: Connection, now: int, place: Environment, who: Row[Any], section: str, key: str) -> bool:
    """Want it no more, in the ledger or waiting for her; False where nothing is there under this key."""
    w = tables.waiting.c
    mine = (w.person_id == who.id, w.section == section, w.key == PREFIX + key)
    waited = tx.execute(delete(tables.waiting).where(*mine)).rowcount > 0
    found = assertions.found(tx, place.id, who.orcid, section, PREFIX + key) if who.orcid else None
    if found is not None:
        assertions.withdraw(tx, now, place.id, int(found.id), BY_PROGRAM)
    return waited or found is not None


def file_waiting(hub: Hub, environment_id: int, orcid: str) -> int:
    """What programs asserted about this person before she was known by an iD; returns how many items."""
    w, p = tables.waiting.c, tables.person.c
    hers = (
        select(tables.waiting)
        .join(tables.person, p.id == w.person_id)
        .where(p.environment_id == environment_id, p.orcid == orcid, p.state.not_in(GONE))
        .order_by(w.id)
    )
    with hub.db.reading() as tx:
        if tx.execute(hers.limit(1)).first() is None:
            return 0
        place = organisations.environment(tx, environment_id, hub.keys)
    with hub.db.writing() as tx:
        # Held, so that what a program says of it meanwhile is not filed under older words.
        rows = tx.execute(hers.with_for_update(of=tables.waiting)).all()
        entries = []
        for row in rows:
            entry = Entry(environment_id, orcid, row.section, row.key, CONNECTOR, ORIGIN)
            item = json.decode(BY_NAME[row.section].entity, row.item.encode(), V3_0, strict=False)
            entries.append((entry, with_own_id(item, place, entry)))
        assertions.file_all(tx, hub.clock.now(), entries)
        tx.execute(delete(tables.waiting).where(w.id.in_([row.id for row in rows])))
    return len(rows)


def _overtake(tx: Connection, known: Sequence[Wanted]) -> None:
    """What waited for people who have come meanwhile is older than what is said now, and is not filed after
    it."""
    w = tables.waiting.c
    names = [(one.who.id, one.section, PREFIX + one.key) for one in known]
    if names:
        tx.execute(delete(tables.waiting).where(tuple_(w.person_id, w.section, w.key).in_(names)))


def _keep(tx: Connection, now: int, place: Environment, one: Wanted) -> str:
    w, body = tables.waiting.c, json.encode(one.item, V3_0).decode()
    content = {"title": title_of(one.item), "item": body, "modified": now,
               "hash": hashlib.sha256(body.encode()).hexdigest()}  # fmt: skip
    mine = (w.person_id == one.who.id, w.section == one.section, w.key == PREFIX + one.key)
    before = tx.execute(select(w.id, w.hash).where(*mine).with_for_update()).first()
    if before is None:
        row = {"environment_id": place.id, "person_id": one.who.id, "section": one.section,
               "key": PREFIX + one.key, "created": now, **content}  # fmt: skip
        tx.execute(insert(tables.waiting).values(row))
        return "added"
    if before.hash == content["hash"]:
        return "same"
    tx.execute(update(tables.waiting).where(w.id == before.id).values(content))
    return "changed"
