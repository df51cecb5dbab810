"""The ledger and the record as the plan sees them, and what a plan means for the ledger before any call."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Row, select, update

from laelia.codec import json
from laelia.hub import tables
from laelia.hub.plan import Action, Answer, Ids, Shown, Wanted, plan
from laelia.model.common import ExternalId
from laelia.model.identifiers import normalise
from laelia.model.language import V3_0
from laelia.model.work import Work, WorkSummary

TRIES = 6
"""So often a call may end without an answer before its item counts as failed and waits for a person."""

Entry = Row[tuple[object, ...]]


def ids_of(external_ids: Iterable[ExternalId]) -> Ids:
    """What the registry compares: identifiers with relationship self, normalised."""
    return frozenset(
        (one.type, normalise(one.type, one.value) or one.value)
        for one in external_ids
        if one.relationship == "self" and one.type and one.value
    )


def shown(summaries: Iterable[WorkSummary], client_id: str) -> list[Shown]:
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
            found.append(Shown(put_code=one.put_code, ids=ids_of(one.external_ids), own=own))
    return found


@dataclass(frozen=True)
class Picture:
    """Rows by key, the open attempts of those in `sending`, and the plan made of them."""

    rows: dict[str, Entry]
    lost: dict[int, Entry]
    actions: list[Action]


def picture(tx: Connection, environment_id: int, orcid: str, items: list[Shown]) -> Picture:
    c, a = tables.assertion.c, tables.attempt.c
    hers = (c.environment_id == environment_id, c.orcid == orcid)
    rows = {row.key: row for row in tx.execute(select(tables.assertion).where(*hers).order_by(c.key))}
    joined = select(tables.attempt).join(tables.assertion).where(*hers, a.finished.is_(None)).order_by(a.id)
    lost = {row.assertion_id: row for row in tx.execute(joined)}
    wanted = [_wanted(row, lost.get(row.id)) for row in rows.values() if row.item]
    answers: dict[str, Answer] = {row.key: row.answer for row in rows.values() if row.answer}
    return Picture(rows, lost, plan(wanted, items, answers))


def _wanted(row: Entry, attempt: Entry | None) -> Wanted:
    adding = attempt is not None and attempt.action == "add"
    return Wanted(
        key=row.key,
        ids=ids_of(json.decode(Work, row.item.encode(), V3_0, strict=False).external_ids),
        hash=row.hash,
        wanted=row.wanted,
        put_code=row.put_code,
        sent_hash=row.sent_hash,
        sending_hash=attempt.hash if adding and attempt is not None else None,
        state=row.state,
        ask=row.ask,
    )


def settle(tx: Connection, now: int, seen: Picture) -> list[Action]:
    """Write down what reading alone decided, close what was left open by a crash or a lost answer, and return
    the actions that are still to be carried out."""
    todo = []
    for action in seen.actions:
        row = seen.rows[action.key]
        if action.kind in ("add", "update", "delete"):
            if row.state == "sending" and row.tries >= TRIES:
                _set(tx, row.id, state="failed", reason="no-answer", modified=now)
                continue
            if row.state != "pending":
                reason = row.reason if action.kind == "delete" else None
                _set(tx, row.id, state="pending", reason=reason, modified=now)
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
            "state": state,
            "reason": None,
            "answer": None,
        }
    elif action.kind == "ask":
        values = {"state": "ask", "reason": action.reason}
    elif action.kind == "conflict":
        codes = " ".join(str(code) for code in action.put_codes)
        values = {"state": "conflict", "reason": f"{action.reason} {codes}".strip()}
    elif action.reason == "gone":
        values = {"state": "withdrawn", "put_code": None, "sent_hash": None}
    elif action.reason == "declined" and row.state != "declined":
        values = {"state": "declined", "reason": "removed-by-her", "put_code": None, "sent_hash": None}
    elif action.reason == "not-hers":
        values = {"state": "declined", "reason": "not-hers"}
    elif action.reason is None:
        values = {"state": "in-record", "reason": None, "answer": None, "tries": 0}
    else:
        return
    if any(getattr(row, name) != value for name, value in values.items()):
        _set(tx, row.id, **values, modified=now)


def _set(tx: Connection, assertion_id: int, **values: object) -> None:
    tx.execute(update(tables.assertion).where(tables.assertion.c.id == assertion_id).values(**values))
