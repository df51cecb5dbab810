"""The ledger: one row for each thing that should stand on a record. Only here rows change what they want;
how far they have come is push's to say."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sqlalchemy import Connection, Executable, Row, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from laelia.client.hub.shapes import EventAssertion
from laelia.codec import json
from laelia.hub import callbacks, tables
from laelia.hub.assertions.asking import WISH, asked_first, tell_later
from laelia.hub.assertions.co_authors import only_ids_differ
from laelia.hub.assertions.titles import title_of
from laelia.lib.database import insert_ignore
from laelia.lib.jobs import enqueue
from laelia.model.common import Item
from laelia.model.language import V3_0

Origin = Literal["auto-update", "search-link", "file", "form", "api"]
Filed = Literal["added", "changed", "same", "left"]
HERS, NOT_HERS, NOT_WANTED = "withdrawn-by-her", "not-hers", "not-wanted"
"""Reasons of a row that she took back herself, said is not hers, or did not want when asked. Its answer is
"no", so that its source does not bring it again."""
REJECTED = "rejected-by-staff"
"""Reason of a row of which staff said, when they were asked, that it is someone else's. They can think better
of it, as she can."""
SUPERSEDED = "newer-version"
"""Reason of a row that is not wanted while a newer version of the same thing stands; see newest.py."""

# What a new content makes worth another try; declined stays hers, ask stays a question.
_TRY_AGAIN = ("in-record", "refused", "failed", "conflict")
# Where nothing more happens before someone asks for it, or the source has something new to say.
_AT_REST = ("declined", "refused", "failed", "conflict", "withdrawn")


@dataclass(frozen=True)
class Entry:
    """What is filed. `ask` is why a person has to confirm it first, `thing` the key under which other sources
    know it as well, if it is another, `versions` what its document says of other versions, as JSON."""

    environment_id: int
    orcid: str
    section: str
    key: str
    connector: str
    origin: Origin
    ask: str | None = None
    thing: str | None = None
    versions: str | None = None


def file(tx: Connection, now: int, entry: Entry, item: Item) -> Filed:
    """Want this content under this key. Filing the same again does nothing; "left" is what she declined or
    took back, whose content is kept up to date but which is not sent."""
    content = _content(now, entry, item)
    row = _find(tx, entry)
    if row is not None and row.wanted:  # what is asked is said already
        return _refile(tx, now, row, content, None)
    [entry] = asked_first(tx, [entry])
    if row is None:
        if insert_ignore(tx, tables.assertion, _fresh(now, entry, content)):
            _tell_asked(tx, now, [entry])
            return "added"
        row = _find(tx, entry)  # a pull and a click filed it at once
        assert row is not None
    return _refile(tx, now, row, content, entry.ask)


def file_all(tx: Connection, now: int, entries: Sequence[tuple[Entry, Item]]) -> list[tuple[Filed, int]]:
    """The same for many of one environment, no key twice; with the id of each."""
    contents = [_content(now, entry, item) for entry, item in entries]
    meant = asked_first(tx, [entry for entry, _ in entries])
    before = _find_all(tx, meant)
    both = list(zip(meant, contents, strict=True))
    fresh = [_fresh(now, entry, content) for entry, content in both if _name(entry) not in before]
    if fresh:
        tx.execute(_inserting(tx.dialect.name, tuple(fresh[0])), fresh)
    after = _find_all(tx, [entry for entry, _ in both if _name(entry) not in before]) if fresh else {}
    done: list[tuple[Filed, int]] = []
    for entry, content in both:
        row = before.get(_name(entry))
        if row is not None:
            done.append((_refile(tx, now, row, content, entry.ask), row.id))
        else:
            row = after[_name(entry)]
            mine = row.hash == content["hash"] and row.created == now
            done.append(("added" if mine else _refile(tx, now, row, content, entry.ask), row.id))
    _tell_asked(tx, now, [entry for entry in meant if _name(entry) not in before])
    return done


def _tell_asked(tx: Connection, now: int, added: Sequence[Entry]) -> None:
    """What has to be confirmed is told to her, and to the organisation's own systems."""
    asked = [entry for entry in added if entry.ask]
    for entry in asked:
        told = EventAssertion(
            section=entry.section, key=callbacks.told_key(entry.connector, entry.key),
            connector=entry.connector, state="ask", reason=entry.ask,
        )  # fmt: skip
        where = (tx, now, entry.environment_id)
        callbacks.note(*where, "asked", orcid=entry.orcid, reason=entry.ask, assertion=told)
    if asked:
        tell_later(tx, now, asked[0].environment_id, [entry.orcid for entry in asked])


def _content(now: int, entry: Entry, item: Item) -> dict[str, object]:
    body = json.encode(item, V3_0).decode()
    return {
        "connector": entry.connector,
        "thing": entry.thing or entry.key,
        "versions": entry.versions,
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


def _refile(tx: Connection, now: int, row: Row[Any], content: dict[str, object], ask: str | None) -> Filed:
    """`ask`: why it is asked about where it comes back."""
    if row.undone is not None:
        if row.undone == content["hash"]:
            return "left"  # staff undid exactly this
        if row.hash != content["hash"]:
            content = content | {"undone": None}  # the source has something new to say
    if row.hash == content["hash"] and row.wanted:
        moved = {name: content[name] for name in ("connector", "thing", "versions")}
        if any(getattr(row, name) != value for name, value in moved.items()):
            _set(tx, row.id, **moved)  # another source brings it from now on
        return "same"
    content = content | {"only_ids": only_ids_differ(row.sent_item, str(content["item"]))}
    if row.answer == "no" or row.state == "declined":
        wanted = row.wanted or row.state == "declined"
        _set(tx, row.id, **{**content, "wanted": wanted, "modified": row.modified})  # the date is of her no
        return "left"
    if not row.wanted and row.reason == SUPERSEDED:
        _set(tx, row.id, **content)
        return "left"
    if not row.wanted:
        # It came back. One whose delete is under way is settled by the next push like any other.
        asks = ask is not None and row.put_code is None and row.state != "sending"
        state = "sending" if row.state == "sending" else "ask" if asks else "pending"
        _set(
            tx, row.id, **content, wanted=True, state=state, reason=ask if asks else None,
            ask=ask if asks else row.ask, tries=0,
        )  # fmt: skip
        return "added" if asks else "changed"
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
    # What she declined stays so, whatever its source says meanwhile.
    hers = reason in (HERS, NOT_HERS)
    stays = row.state == "sending" or (row.state == "declined" and not hers)
    state = row.state if stays else "pending" if there else "withdrawn"
    said = "no" if hers else row.answer
    why = row.reason if state == "declined" else reason
    _set(tx, row.id, wanted=False, state=state, reason=why, answer=said, modified=now)
    callbacks.note_states(tx, now, [(row, {"state": state, "reason": why})])
    if there:
        wake(tx, now, environment_id, row.orcid)


def answer(
    tx: Connection, now: int, environment_id: int, assertion_id: int, said: Literal["yes", "no"],
    reason: str = NOT_HERS, *, by_her: bool = False,
) -> None:  # fmt: skip
    """What was said to the question whether it may be added; reason: why not. Where she wishes to be asked,
    nobody else answers for her."""
    row = _asked(tx, environment_id, assertion_id, ("ask",))
    if row is None or (row.ask == WISH and not by_her):
        return
    if said == "yes":
        _set(tx, row.id, answer=said, state="pending", reason=None, modified=now)
        wake(tx, now, environment_id, row.orcid)
    else:
        _set(tx, row.id, answer=said, state="declined", reason=reason, modified=now)
        callbacks.note_states(tx, now, [(row, {"state": "declined", "reason": reason})])


def not_hers(tx: Connection, now: int, environment_id: int, assertion_id: int) -> None:
    """She says that it is not hers: it leaves her record, and no source brings it again."""
    if _asked(tx, environment_id, assertion_id, ("ask",)) is not None:
        answer(tx, now, environment_id, assertion_id, "no", by_her=True)
    else:
        withdraw(tx, now, environment_id, assertion_id, NOT_HERS)


def again(tx: Connection, now: int, environment_id: int, assertion_id: int, *, by_her: bool = False) -> None:
    """Someone asks for another try of what she declined or the registry refused. What she said no to here
    only she takes up again."""
    row = _asked(tx, environment_id, assertion_id, _AT_REST)
    if row is not None and may_go_again(row, by_her=by_her):
        values = {"answer": "again", "wanted": True, "state": "pending", "reason": None, "tries": 0}
        values |= {"undone": None}
        _set(tx, row.id, **values, put_code=row.put_code, modified=now)
        wake(tx, now, environment_id, row.orcid)


def may_go_again(row: Row[Any], *, by_her: bool = False) -> bool:
    """Whether `again` does anything for this row."""
    may_ask = by_her or row.answer != "no" or row.reason == REJECTED
    return row.state in _AT_REST and row.item is not None and may_ask


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
