"""The ledger and the record as the plan sees them, and what a plan means for the ledger before any call."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import orjson
from sqlalchemy import Connection, select, update

from laelia.codec import json
from laelia.hub import tables
from laelia.hub.plan import Action, Answer, Ids, Shown, Wanted, plan
from laelia.hub.push.states import NOTHING_STANDS, Entry, come_to
from laelia.model.common import ExternalId, Item
from laelia.model.identifiers import normalise
from laelia.model.language import V3_0
from laelia.model.sections import BY_NAME, Section, own_ids

TRIES = 8
"""So often a call may end without an answer before its item counts as failed and waits for a person."""


def ids_of(external_ids: Iterable[ExternalId]) -> Ids:
    """What the registry compares: identifiers with relationship self, normalised."""
    return frozenset(
        (one.type, normalise(one.type, one.value) or one.value)
        for one in external_ids
        if one.relationship == "self" and one.type and one.value
    )


def ids_of_item(section: Section, item: Item) -> Ids:
    """What two items of this section may not share: identifiers, or where it has none the words
    themselves."""
    if section.ids:
        return ids_of(own_ids(section, item))
    return frozenset({("=", "\t".join(str(getattr(item, name)) for name in section.equal_in))})


def _ids_of_summary(section: Section, item: Item) -> Ids:
    if not section.ids:
        return ids_of_item(section, item)
    found: object = item
    for name in section.ids:
        found = getattr(found, name, None)
    return ids_of(found) if isinstance(found, list) else frozenset()


def shown(section: Section, summaries: Iterable[Item], client_id: str) -> list[Shown]:
    """Ours is what has exactly this client as its source: nothing we wrote on behalf of another."""
    found = []
    for one in summaries:
        source = one.source
        own = (
            source is not None
            and source.source_client_id is not None
            and source.source_client_id.path == client_id
            and source.assertion_origin_orcid is None
            and source.assertion_origin_client_id is None
        )
        if one.put_code is not None:
            ids = _ids_of_summary(section, one)
            name = source.source_name if source is not None else None
            found.append(Shown(put_code=one.put_code, ids=ids, own=own, source=name))
    return found


def ours(found: Mapping[str, Iterable[Item]], client_id: str) -> dict[str, list[Shown]]:
    """What was read in several sections, by their names."""
    return {name: shown(BY_NAME[name], items, client_id) for name, items in found.items()}


@dataclass(frozen=True)
class Picture:
    """Rows by section and key, the open attempts of those in `sending`, and the plan made of them."""

    rows: dict[tuple[str, str], Entry]
    lost: dict[int, Entry]
    actions: list[Action]

    def row(self, action: Action) -> Entry:
        return self.rows[action.section, action.key]


def picture(
    tx: Connection, environment_id: int, orcid: str, items: Mapping[str, list[Shown]],
    held: Callable[[Entry], object] | None = None,
) -> Picture:  # fmt: skip
    """Of the sections that were read. What is `held` stays as it stands: no action is for it, none gets in
    its way, and a call of it whose answer is open stays open."""
    c, a = tables.assertion.c, tables.attempt.c
    hers = (c.environment_id == environment_id, c.orcid == orcid, c.section.in_(list(items)))
    found = tx.execute(select(tables.assertion).where(*hers).order_by(c.section, c.key))
    rows = {(row.section, row.key): row for row in found}
    kept = {row.id for row in rows.values() if held is not None and held(row)}
    joined = select(tables.attempt).join(tables.assertion).where(*hers, a.finished.is_(None)).order_by(a.id)
    lost = {row.assertion_id: row for row in tx.execute(joined) if row.assertion_id not in kept}
    actions = []
    for section, seen in items.items():
        mine = [row for row in rows.values() if row.section == section]
        free = [row for row in mine if row.id not in kept]
        wanted = [_wanted(row, lost.get(row.id)) for row in free if row.item]
        standing = _standing([row for row in mine if row.id in kept], seen)
        answers: dict[str, Answer] = {row.key: row.answer for row in free if row.answer}
        planned = plan([*wanted, *standing.values()], seen, answers)
        actions += [replace(one, section=section) for one in planned if one.key not in standing]
    return Picture(rows, lost, actions)


def _standing(held: Sequence[Entry], seen: Sequence[Shown]) -> dict[str, Wanted]:
    """Rows that want exactly what stands on the record now, so that a plan leaves it alone."""
    ids = {one.put_code: one.ids for one in seen if one.own}
    return {
        row.key: Wanted(
            key=row.key, ids=ids[row.put_code], hash="", put_code=row.put_code, sent_hash="",
            state="in-record",
        )
        for row in held
        if row.put_code in ids
    }  # fmt: skip


def item_of(row: Entry) -> Item:
    """The item that a row of the ledger wants."""
    section = BY_NAME[row.section]
    return json.decode(section.entity, row.item.encode(), V3_0, strict=False)


def _wanted(row: Entry, attempt: Entry | None) -> Wanted:
    adding = attempt is not None and attempt.action == "add"
    return Wanted(
        key=row.key,
        ids=ids_of_item(BY_NAME[row.section], item_of(row)),
        hash=row.hash,
        wanted=row.wanted,
        put_code=row.put_code,
        sent_hash=row.sent_hash,
        sending_hash=attempt.hash if adding and attempt is not None else None,
        sending_ids=_ids_sent(attempt) if adding and attempt is not None else None,
        deleting=attempt is not None and attempt.action == "delete",
        state=row.state,
        ask=row.ask,
    )


def _ids_sent(attempt: Entry) -> Ids | None:
    """What the item of a lost add was known by; it may have come to be known by something else since."""
    if attempt.ids is None:
        return None
    return frozenset((kind, value) for kind, value in orjson.loads(attempt.ids))


def settle(tx: Connection, now: int, seen: Picture) -> list[Action]:
    """Write down what reading alone decided, close what was left open by a crash or a lost answer, and return
    the actions that are still to be carried out."""
    todo = []
    for action in seen.actions:
        row = seen.row(action)
        if action.kind in ("add", "update", "delete"):
            if row.state == "sending" and row.tries >= TRIES:
                come_to(tx, now, [(row, {"state": "failed", "reason": "no-answer"})])
                continue
            if action.kind == "add" and row.put_code is not None:
                # Written down before its attempt is closed, which told that the item went by our own call.
                come_to(tx, now, [(row, NOTHING_STANDS)])
            if action.kind == "delete" and row.put_code is None:
                # Only an add without an answer told that it stands there, and that is closed below.
                come_to(tx, now, [(row, {"put_code": action.put_code})])
            if row.state != "pending":
                reason = row.reason if action.kind == "delete" else None
                come_to(tx, now, [(row, {"state": "pending", "reason": reason})])
            todo.append(action)
        else:
            _note(tx, now, row, seen.lost.get(row.id), action)
    for attempt in seen.lost.values():
        closed = update(tables.attempt).where(tables.attempt.c.id == attempt.id)
        tx.execute(closed.values(finished=now, answer="no answer came; settled by reading the record"))
    return todo


def _note(tx: Connection, now: int, row: Entry, attempt: Entry | None, action: Action) -> None:
    values: dict[str, object]
    if action.kind == "adopt":
        sent = attempt.hash if attempt is not None and attempt.action == "add" else None
        state = "in-record" if sent == row.hash else "pending"
        values = {
            "put_code": action.put_code,
            "sent_hash": sent,
            "sent_item": row.item if sent == row.hash else None,
            "state": state,
            "reason": None,
            "answer": None,
        }
    elif action.kind == "ask":
        values = {"state": "ask", "reason": action.reason}
    elif action.kind == "conflict":
        codes = " ".join(str(code) for code in action.put_codes)
        values = {"state": "conflict", "reason": f"{action.reason} {codes}".strip()}
        values |= NOTHING_STANDS if action.put_code is None else {}
    elif action.reason == "gone" and row.state == "declined":
        return
    elif action.reason == "gone" and row.put_code is not None and row.answer != "no" and not _asked(tx, row):
        # It was to go, and she was quicker: that it is away is her wish as well.
        values = {"state": "declined", "reason": "removed-by-her", **NOTHING_STANDS}
    elif action.reason == "gone":
        values = {"state": "withdrawn", **NOTHING_STANDS}
    elif action.reason == "declined" and row.state != "declined":
        values = {"state": "declined", "reason": "removed-by-her", **NOTHING_STANDS}
    elif action.reason == "not-hers":
        values = {"state": "declined", "reason": "not-hers"}
    elif action.reason is None:
        values = {"state": "in-record", "reason": None, "answer": None, "tries": 0}
    else:
        return
    if any(getattr(row, name) != value for name, value in values.items()):
        come_to(tx, now, [(row, values)])


def _asked(tx: Connection, row: Entry) -> bool:
    """Whether the last call about it was to delete it: that may have been done, whatever came back."""
    a = tables.attempt.c
    last = select(a.action).where(a.assertion_id == row.id).order_by(a.id.desc()).limit(1)
    return tx.execute(last).scalar() == "delete"
