"""One call that writes: its intent is committed, then it is made, then its answer is committed. What dies in
between stays `sending` and is settled by reading the record."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from laelia.client.orcid import Record, Unavailable
from laelia.hub import tables
from laelia.hub.plan import Action
from laelia.hub.push.lease import Lease
from laelia.hub.push.picture import Picture, ids_of_item, item_of
from laelia.hub.push.states import NOTHING_STANDS, Entry, come_to
from laelia.hub.push.verdict import Verdict, judge
from laelia.hub.settings import Hub
from laelia.lib import faults
from laelia.lib.http import HttpError
from laelia.model.problems import OAuthProblem, Problem
from laelia.model.sections import BY_NAME
from laelia.model.work import Work

TOO_MANY_WORKS = 9048
VERBS = {"add": "POST", "update": "PUT", "delete": "DELETE"}


@dataclass(frozen=True)
class Call:
    """`ids` of the ledger's rows: up to a hundred for add, one otherwise."""

    action: str
    ids: tuple[int, ...]
    put_code: int | None = None
    section: str = "works"


@dataclass(frozen=True)
class Sender:
    """What all calls of a run share. `meant`: the contents that were approved, by row; none else is sent."""

    hub: Hub
    lease: Lease
    run_id: int
    record: Record
    meant: Mapping[int, str | None] | None = None

    def make(self, call: Call) -> list[tuple[Entry, Verdict]]:
        """The verdict for each row that was still to be sent."""
        faults.point("hub.push.before-intent")
        with self.hub.db.writing() as tx:
            rows = self._intend(tx, call)
        if not rows:
            return []
        faults.point("hub.push.intended")
        made = list(zip(rows, self._send(call, rows), strict=True))
        faults.point("hub.push.answered")
        with self.hub.db.writing() as tx:
            _record(tx, self.hub.clock.now(), self.run_id, call, made)
        faults.point("hub.push.recorded")
        return made

    def _intend(self, tx: Connection, call: Call) -> list[Entry]:
        """What is sent is read in the transaction that says so: it may have changed since it was planned."""
        now = self.hub.clock.now()
        self.lease.renew(tx, now)
        c = tables.assertion.c
        found = {row.id: row for row in tx.execute(select(tables.assertion).where(c.id.in_(call.ids)))}
        meant = [found[one] for one in call.ids if one in found]
        rows = [row for row in meant if row.wanted == (call.action != "delete") and row.state != "ask"]
        if self.meant is not None:
            rows = [row for row in rows if self.meant.get(row.id) == row.hash]
        if rows:
            name = uuid.uuid4().hex
            tx.execute(insert(tables.attempt), [self._attempt(now, call, name, row) for row in rows])
            sent = update(tables.assertion).where(c.id.in_([row.id for row in rows]))
            tx.execute(sent.values(state="sending", modified=now))
        return rows

    def _attempt(self, now: int, call: Call, name: str, row: Entry) -> dict[str, object]:
        adds = call.action == "add"
        known = json.dumps(sorted(ids_of_item(BY_NAME[row.section], item_of(row)))) if adds else None
        return {
            "environment_id": row.environment_id, "assertion_id": row.id, "run_id": self.run_id,
            "action": call.action, "call": name, "hash": row.hash, "ids": known,
            "only_ids": row.only_ids and call.action == "update",
            "before": None if adds else row.sent_item, "started": now,
        }  # fmt: skip

    def _send(self, call: Call, rows: list[Entry]) -> list[Verdict]:
        try:
            return self._answers(call, rows)
        except (HttpError, Unavailable, OAuthProblem, Problem) as error:
            verdict = judge(VERBS[call.action], error)
            if verdict.kind == "split" and len(rows) == 1:
                verdict = replace(verdict, kind="refused")
            elif verdict.kind == "refused" and len(rows) > 1 and verdict.code != TOO_MANY_WORKS:
                verdict = replace(verdict, kind="split")  # one of them spoils the call: halving finds it
            return [verdict] * len(rows)

    def _answers(self, call: Call, rows: list[Entry]) -> list[Verdict]:
        done = Verdict("done", "")
        if call.action == "delete":
            self.record.delete(BY_NAME[call.section].entity, _code(call))
            return [done]
        items = [item_of(row) for row in rows]
        if call.action == "update":
            self.record.change(items[0], _code(call))
            return [replace(done, put_code=call.put_code)]
        if len(items) == 1:
            return [replace(done, put_code=self.record.add(items[0]))]
        answers = self.record.add_all([item for item in items if isinstance(item, Work)])
        return [
            replace(done, put_code=one) if isinstance(one, int) else judge("POST", one) for one in answers
        ]


def calls_of(actions: list[Action], seen: Picture, most: int) -> list[Call]:
    """Deletes and updates one by one in the plan's order, then everything new: `most` at a time where the
    section takes several in one call."""
    singles = [
        Call(action.kind, (seen.row(action).id,), action.put_code, action.section)
        for action in actions
        if action.kind in ("delete", "update")
    ]
    new: dict[str, list[int]] = {}
    for action in actions:
        if action.kind == "add":
            new.setdefault(action.section, []).append(seen.row(action).id)
    adds = []
    for section, ids in new.items():
        at_once = most if BY_NAME[section].bulk is not None else 1
        adds += [
            Call("add", tuple(ids[at : at + at_once]), None, section) for at in range(0, len(ids), at_once)
        ]
    return singles + adds


def in_vain(run: Any) -> bool:
    """Whether a run was stopped before anything got through."""
    return run.state == "stopped" and not VERBS.keys() & json.loads(run.counts or "{}").keys()


def _code(call: Call) -> int:
    assert call.put_code is not None
    return call.put_code


def _record(tx: Connection, now: int, run_id: int, call: Call, made: Sequence[tuple[Entry, Verdict]]) -> None:
    c = tables.assertion.c
    now_rows = select(c.id, c.hash, c.wanted, c.tries, c.answer).where(c.id.in_([row.id for row, _ in made]))
    found = {row.id: row for row in tx.execute(now_rows)}
    changes: list[tuple[Entry, dict[str, object]]] = []
    closed: list[dict[str, object]] = []
    for row, verdict in made:
        now_row = found[row.id]
        same = now_row.hash == row.hash and now_row.wanted == row.wanted
        values = _outcome(call, verdict, row, same, now_row.tries)
        if not now_row.wanted:
            values = _still_to_go(values, now_row.answer)
        changes.append((row, values))
        if verdict.kind != "unknown":  # such an attempt stays open: reading will tell
            said = {"status": verdict.status, "code": verdict.code, "answer": verdict.answer or None}
            closed.append({"of": row.id, "finished": now, "put_code": verdict.put_code, **said})
    come_to(tx, now, changes)
    if closed:
        a = tables.attempt.c
        mine = (a.assertion_id == bindparam("of"), a.run_id == run_id, a.finished.is_(None))
        tx.execute(update(tables.attempt).where(*mine), closed)


def _outcome(call: Call, verdict: Verdict, row: Entry, same: bool, tries: int) -> dict[str, object]:
    """How far the row has come. `same` is false when it came to want something else during the call."""
    gone = NOTHING_STANDS | {"tries": 0}
    if verdict.kind == "unknown":
        return {"tries": tries + 1, "reason": verdict.reason}
    if verdict.kind == "done" and call.action == "delete":
        return gone | {"state": "withdrawn" if same else "pending"}
    if verdict.kind == "done":
        state = "in-record" if same else "pending"
        stands = {"put_code": verdict.put_code, "sent_hash": row.hash, "sent_item": row.item, "tries": 0}
        return stands | {"state": state, "reason": None, "answer": None}
    if verdict.kind == "declined":
        return gone | {"state": "declined", "reason": verdict.reason, "answer": None}
    if verdict.kind == "adopt":
        return NOTHING_STANDS | {"state": "pending", "put_code": verdict.put_code}
    if verdict.kind == "refused":
        lost = NOTHING_STANDS if verdict.code == 9010 else {}
        return lost | {"state": "refused" if same else "pending", "reason": verdict.reason, "answer": None}
    if verdict.kind in ("revoked", "scope", "moved", "closed"):
        return {"state": "waiting-permission", "reason": verdict.reason}
    return {"state": "pending"}  # later, split, halt: not done


def _still_to_go(values: dict[str, object], answer: str | None) -> dict[str, object]:
    """The same for a row that is to go, or came to be during the call: why it goes, and that she said no to
    it, outlasts what the registry says, unless nothing comes after that."""
    if values.get("state") == "declined" and answer == "no":  # she removed it there, and took it back here
        values = values | {"state": "withdrawn"}
    rests = values.get("state") in ("refused", "declined")
    kept = ("answer",) if rests else ("answer", "reason")
    return {name: value for name, value in values.items() if name not in kept}
