"""The ledger: one row for each thing that should stand on a record. Only here rows change what they want;
how far they have come is push's to say."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sqlalchemy import Connection, Executable, Row, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from laelia.codec import json
from laelia.hub import tables
from laelia.hub.assertions.titles import title_of
from laelia.lib.database import insert_ignore
from laelia.lib.jobs import enqueue
from laelia.model.common import Item
from laelia.model.language import V3_0

Origin = Literal["auto-update", "search-link", "file", "form", "api"]
Filed = Literal["added", "changed", "same", "left"]
HERS = "withdrawn-by-her"
"""Reason of a row that she took back herself. Its answer is "no", so its source does not bring it again."""

# What a new content makes worth another try; declined stays hers, ask stays a question.
_TRY_AGAIN = ("in-record", "refused", "failed", "conflict")


@dataclass(frozen=True)
class Entry:
    """What is filed. `ask` is why a person has to confirm it first, `thing` the key under which other sources
    know it as well, if it is another."""

    environment_id: int
    orcid: str
    section: str
    key: str
    connector: str
    origin: Origin
    ask: str | None = None
    thing: str | None = None


def file(tx: Connection, now: int, entry: Entry, item: Item) -> Filed:
    """Want this content under this key. Filing the same again does nothing; "left" is what she declined or
    took back, whose content is kept up to date but which is not sent."""
    content = _content(now, entry, item)
    row = _find(tx, entry)
    if row is None:
        if insert_ignore(tx, tables.assertion, _fresh(now, entry, content)):
            return "added"
        row = _find(tx, entry)  # a pull and a click filed it at once
        assert row is not None
    return _refile(tx, now, row, content)


def file_all(tx: Connection, now: int, entries: Sequence[tuple[Entry, Item]]) -> list[tuple[Filed, int]]:
    """The same for many of one environment, no key twice; with the id of each."""
    contents = [_content(now, entry, item) for entry, item in entries]
    before = _find_all(tx, [entry for entry, _ in entries])
    both = [(entry, content) for (entry, _), content in zip(entries, contents, strict=True)]
    fresh = [_fresh(now, entry, content) for entry, content in both if _name(entry) not in before]
    if fresh:
        tx.execute(_inserting(tx.dialect.name, tuple(fresh[0])), fresh)
    after = _find_all(tx, [entry for entry, _ in both if _name(entry) not in before]) if fresh else {}
    done: list[tuple[Filed, int]] = []
    for entry, content in both:
        row = before.get(_name(entry))
        if row is not None:
            done.append((_refile(tx, now, row, content), row.id))
        else:
            row = after[_name(entry)]
            mine = row.hash == content["hash"] and row.created == now
            done.append(("added" if mine else _refile(tx, now, row, content), row.id))
    return done


def _content(now: int, entry: Entry, item: Item) -> dict[str, object]:
    body = json.encode(item, V3_0).decode()
    return {
        "connector": entry.connector,
        "thing": entry.thing or entry.key,
        "title": title_of(item),
        "item": body,
        "hash": hashlib.sha256(body.encode()).hexdigest(),
        "modified": now,
    }


def _fresh(now: int, entry: Entry, content: dict[str, object]) -> dict[str, object]:
    return content | {
        "environment_id": entry.environment_id,
        "orcid": entry.orcid,
        "section": entry.section,
        "key": entry.key,
        "origin": entry.origin,
        "wanted": True,
        "state": "ask" if entry.ask else "pending",
        "ask": entry.ask,
        "reason": entry.ask,
        "tries": 0,
        "created": now,
    }


def _name(entry: Entry) -> tuple[str, str, str]:
    return entry.orcid, entry.section, entry.key


def _find_all(tx: Connection, entries: Sequence[Entry]) -> dict[tuple[str, str, str], Row[Any]]:
    if not entries:
        return {}
    c = tables.assertion.c
    meant = select(tables.assertion).where(
        c.environment_id == entries[0].environment_id,
        c.orcid.in_({entry.orcid for entry in entries}),
        c.key.in_({entry.key for entry in entries}),
    )
    return {(row.orcid, row.section, row.key): row for row in tx.execute(meant)}


@cache
def _inserting(dialect: str, columns: tuple[str, ...]) -> Executable:
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    values: dict[str, Any] = {name: bindparam(name) for name in columns}
    return make(tables.assertion).values(values).on_conflict_do_nothing()


def _refile(tx: Connection, now: int, row: Row[tuple[object, ...]], content: dict[str, object]) -> Filed:
    if row.hash == content["hash"] and row.wanted:
        moved = {name: content[name] for name in ("connector", "thing")}
        if (row.connector, row.thing) != (moved["connector"], moved["thing"]):
            _set(tx, row.id, **moved)  # another source brings it from now on
        return "same"
    if not row.wanted and row.answer == "no":
        _set(tx, row.id, **content)
        return "left"
    if row.state == "declined":
        _set(tx, row.id, **content, wanted=True)
        return "left"
    if not row.wanted:
        # It came back. One whose delete is under way is settled by the next push like any other.
        state = "sending" if row.state == "sending" else "pending"
        _set(tx, row.id, **content, wanted=True, state=state, reason=None, tries=0)
        return "changed"
    state = "pending" if row.state in _TRY_AGAIN else row.state
    reason = None if row.state in _TRY_AGAIN else row.reason
    _set(tx, row.id, **content, state=state, reason=reason, tries=0)
    return "changed"


def withdraw(tx: Connection, now: int, environment_id: int, assertion_id: int, reason: str = HERS) -> None:
    """Want it no more: what stands on the record is deleted, what never got there is just closed."""
    row = tx.execute(
        select(tables.assertion).where(
            tables.assertion.c.id == assertion_id, tables.assertion.c.environment_id == environment_id
        )
    ).one()
    if not row.wanted:
        return
    there = row.put_code is not None or row.state == "sending"
    state = row.state if row.state == "sending" else "pending" if there else "withdrawn"
    said = "no" if reason == HERS else row.answer
    _set(tx, row.id, wanted=False, state=state, reason=reason, answer=said, modified=now)
    if there:
        wake(tx, now, environment_id, row.orcid)


def answer(
    tx: Connection, now: int, environment_id: int, assertion_id: int, said: Literal["yes", "no"]
) -> None:
    """What was said to the question whether this is hers."""
    row = _asked(tx, environment_id, assertion_id, ("ask",))
    if row is None:
        return
    if said == "yes":
        _set(tx, row.id, answer=said, state="pending", reason=None, modified=now)
        wake(tx, now, environment_id, row.orcid)
    else:
        _set(tx, row.id, answer=said, state="declined", reason="not-hers", modified=now)


def again(tx: Connection, now: int, environment_id: int, assertion_id: int) -> None:
    """Someone asks for another try of what she declined or the registry refused."""
    row = _asked(tx, environment_id, assertion_id, ("declined", "refused", "failed", "conflict", "withdrawn"))
    if row is not None and row.item is not None:
        values = {"answer": "again", "wanted": True, "state": "pending", "reason": None, "tries": 0}
        _set(tx, row.id, **values, put_code=row.put_code, modified=now)
        wake(tx, now, environment_id, row.orcid)


def found(
    tx: Connection, environment_id: int, orcid: str, section: str, key: str
) -> Row[tuple[object, ...]] | None:
    """The row of this key, whatever its state."""
    c = tables.assertion.c
    same = (c.environment_id == environment_id, c.orcid == orcid, c.section == section, c.key == key)
    return tx.execute(select(tables.assertion).where(*same)).first()


def wake(tx: Connection, now: int, environment_id: int, orcid: str) -> None:
    """Have what waits for this record pushed: after anything was filed, and after a grant."""
    key, payload = f"{environment_id}/{orcid}", {"orcid": orcid}
    enqueue(tx, tables.job, kind="push", key=key, payload=payload, now=now, environment_id=environment_id)


def items(tx: Connection, environment_id: int, orcid: str) -> list[Row[tuple[object, ...]]]:
    """Her rows of the ledger, newest first."""
    c = tables.assertion.c
    mine = select(tables.assertion).where(c.environment_id == environment_id, c.orcid == orcid)
    return list(tx.execute(mine.order_by(c.created.desc(), c.id.desc())))


def rows(
    tx: Connection, environment_id: int | None = None, orcid: str | None = None
) -> list[Row[tuple[object, ...]]]:
    """The whole ledger or a part of it, by environment, iD and key."""
    c = tables.assertion.c
    wanted = select(tables.assertion).order_by(c.environment_id, c.orcid, c.section, c.key)
    if environment_id is not None:
        wanted = wanted.where(c.environment_id == environment_id)
    if orcid is not None:
        wanted = wanted.where(c.orcid == orcid)
    return list(tx.execute(wanted))


def last_answers(tx: Connection, environment_id: int, orcid: str) -> dict[int, str]:
    """What the registry said last about each of her items, where it said anything."""
    c, a = tables.assertion.c, tables.attempt.c
    said = select(a.assertion_id, a.answer).join(tables.assertion, c.id == a.assertion_id)
    hers = said.where(
        c.environment_id == environment_id, c.orcid == orcid, a.answer.is_not(None), a.answer != ""
    )
    return {row.assertion_id: row.answer for row in tx.execute(hers.order_by(a.id))}


def _find(tx: Connection, entry: Entry) -> Row[tuple[object, ...]] | None:
    return found(tx, entry.environment_id, entry.orcid, entry.section, entry.key)


def _asked(
    tx: Connection, environment_id: int, assertion_id: int, states: tuple[str, ...]
) -> Row[tuple[object, ...]] | None:
    c = tables.assertion.c
    one = (c.id == assertion_id, c.environment_id == environment_id, c.state.in_(states))
    return tx.execute(select(tables.assertion).where(*one)).first()


def _set(tx: Connection, assertion_id: int, **values: object) -> None:
    tx.execute(update(tables.assertion).where(tables.assertion.c.id == assertion_id).values(**values))
