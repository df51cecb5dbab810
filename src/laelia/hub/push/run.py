"""A push: bring one record to where the ledger wants it. One summary read, then only the calls that the plan
says; counted, numbered, and stopped at the first answer that says to stop."""

import json
from collections import deque
from dataclasses import dataclass, replace
from itertools import takewhile

from sqlalchemy import Connection, insert, not_, select, update

from laelia.client.orcid import Record
from laelia.hub import mirror, organisations, people, tables
from laelia.hub.organisations import Environment, audit, traffic
from laelia.hub.people import Permission, wishes
from laelia.hub.push.calls import Call, Sender, calls_of, in_vain
from laelia.hub.push.ended import ENDS, end, why_gone
from laelia.hub.push.holds import Holds, brake, holds_of
from laelia.hub.push.lease import LENGTH, Lease, Lost, held
from laelia.hub.push.look import Read, covers, read_items, record_at, sections_of, usable
from laelia.hub.push.outcome import Outcome
from laelia.hub.push.picture import Picture, ours, picture, settle
from laelia.hub.push.planned import Changed, Planned, rows_in
from laelia.hub.push.verdict import STOPS, Verdict
from laelia.hub.settings import Hub
from laelia.lib import stopping
from laelia.lib.clock import DAY, HOUR, MINUTE, SECOND
from laelia.model.common import Item
from laelia.model.sections import BULK_LIMIT, BY_NAME, Section

WAITING = ("pending", "sending", "waiting-permission")
AFTER = tuple(ms * SECOND for ms in (2, 240, 960, 3840, 7200, 14_400, 28_800, 36_000))
"""How long after each call without an answer the record is looked at again: soon, since reading often shows
that it was done, then ever later up to ten hours."""


def push(
    hub: Hub, environment_id: int, orcid: str, *, look: bool = False, approved: bool = False,
    planned: Planned | None = None,
) -> Outcome:  # fmt: skip
    """Push what waits for this record and needs nobody's approval; with `approved` everything, with `planned`
    exactly that. Without anything that waits no call is made, unless `look` asks for the read all the same,
    and of the whole record: it finds what she removed, what others put there, and a permission that is gone.
    One that is only for reading is enough for it.

    Call it with no transaction open. It raises for nothing the registry answers.
    """
    with hub.db.reading() as tx:
        environment = organisations.environment(tx, environment_id, hub.keys)
        permission = people.permission(tx, environment_id, orcid, hub.keys, hub.clock.now())
        leaves = wishes.leaving(tx, environment_id, orcid) is not None
        holds = Holds() if approved or planned or leaves else holds_of(tx, environment, orcid)
        waits, why_held = _waiting(tx, environment_id, orcid, holds)
        if planned is not None:
            waits = every = sections_of(tx, environment_id, orcid, planned.of)
        else:
            every = sections_of(tx, environment_id, orcid) if look else waits
    asked = look or planned is not None
    if environment.halted:
        return Outcome("stopped", environment.halted)
    if not waits and not asked:
        return Outcome("held", why_held) if why_held else Outcome("nothing")
    token, why = usable(permission, hub.clock.now(), reading=look)
    if permission is None or token is None:
        with hub.db.writing() as tx:
            _wait(tx, hub.clock.now(), environment_id, orcid, why)
        return Outcome("waiting", why)
    if beyond := [name for name in waits if not covers(permission, name)]:
        with hub.db.writing() as tx:
            _wait(tx, hub.clock.now(), environment_id, orcid, "scope", beyond)
        if beyond == waits and not look:
            return Outcome("waiting", "scope")
    covered = [name for name in every if covers(permission, name)]
    sections = [BY_NAME[name] for name in covered or ([] if look else ["works"])]
    if look:
        sections += [section for section in mirror.WHOLE if section.name not in covered]
    with held(hub, environment_id, orcid) as lease:
        if lease is None:
            return Outcome("busy", retry_ms=LENGTH // 4)
        with traffic.noted(hub, environment) as http:
            record = record_at(hub, http, environment, orcid, token)
            how = _How(approved, planned, leaves)
            return _Run(hub, environment, permission, record, lease, how, sections).go()


@dataclass(frozen=True)
class _How:
    """Whether staff approved all that waits, the plan that is carried out, and whether she is leaving."""

    approved: bool
    planned: Planned | None
    leaves: bool


def _waiting(tx: Connection, environment_id: int, orcid: str, holds: Holds) -> tuple[list[str], str | None]:
    """The sections in which something waits that may go now, and why something else may not."""
    c = tables.assertion.c
    mine = (c.environment_id == environment_id, c.orcid == orcid, c.state.in_(WAITING))
    columns = (c.section, c.origin, c.connector, c.put_code, c.wanted, c.hash, c.sent_hash, c.only_ids)
    rows = tx.execute(select(*columns).where(*mine)).all()
    free = {row.section for row in rows if holds.why(row) is None}
    return sorted(free), next((why for row in rows if (why := holds.why(row))), None)


def _wait(
    tx: Connection, now: int, environment_id: int, orcid: str, why: str, sections: list[str] | None = None
) -> None:
    """In these sections, or in all. What is `sending` stays so: only reading can tell what became of it. What
    is to go keeps the reason for that."""
    c = tables.assertion.c
    mine = [c.environment_id == environment_id, c.orcid == orcid]
    if sections is not None:
        mine.append(c.section.in_(sections))
    waits = update(tables.assertion).where(*mine).values(state="waiting-permission", modified=now)
    wanted = (c.wanted, c.state.in_(("pending", "waiting-permission")), c.reason.is_distinct_from(why))
    tx.execute(waits.where(*wanted).values(reason=why))
    tx.execute(waits.where(not_(c.wanted), c.state == "pending"))


class _Run:
    def __init__(
        self, hub: Hub, environment: Environment, permission: Permission, record: Record, lease: Lease,
        how: _How, sections: list[Section],
    ) -> None:  # fmt: skip
        self.hub, self.environment, self.permission, self.lease = hub, environment, permission, lease
        self.how, self.planned, self.sections = how, how.planned, sections
        self.orcid, self.record = permission.orcid, record
        self.outcome = Outcome("done")

    def go(self) -> Outcome:
        with self.hub.db.writing() as tx:
            self.outcome.run_id = self._begin(tx)
        try:
            seen = read_items(self.record, self.sections)
            if isinstance(seen, Verdict):
                self._stop(seen)
            else:
                self._carry_out(seen)
        except Changed:
            self.outcome.state, self.outcome.reason = "changed", "changed-since"
        except Lost:
            self.outcome.state, self.outcome.reason = "stopped", "lease-lost"
            self.outcome.retry_ms = SECOND
        except Exception:
            self.outcome.state, self.outcome.reason = "stopped", "fault"
            raise
        finally:
            with self.hub.db.writing() as tx:
                self._end(tx)
        return self.outcome

    def _carry_out(self, seen: dict[str, list[Item]]) -> None:
        now, where = self.hub.clock.now(), (self.environment.id, self.orcid)
        covered = {name: items for name, items in seen.items() if covers(self.permission, name)}
        mine = ours(covered, self.environment.client_id)
        assert self.outcome.run_id is not None
        with self.hub.db.writing() as tx:
            people.mark_checked(tx, now, *where)
            if self.planned is not None:
                before = self._as_planned(tx, self.planned, mine)
                self.planned.begin(tx, self.outcome.run_id)
            else:
                before = self._unasked(tx, now, mine)
            todo = settle(tx, now, before)
            mirror.keep(tx, now, *where, self.environment.client_id, self.permission.scopes, seen)
        self.outcome.counts.update(action.kind for action in before.actions if not action.writes)
        meant = self.planned.meant if self.planned is not None else None
        sender = Sender(self.hub, self.lease, self.outcome.run_id, self.record, meant)
        queue = deque(calls_of(todo, before, BULK_LIMIT))
        while queue and self.outcome.state != "stopped":
            queue.extendleft(reversed(self._call(sender, queue.popleft())))
            if queue and stopping.asked():
                self.outcome.state, self.outcome.reason = "stopped", "shutdown"
                self.outcome.retry_ms = SECOND

    def _as_planned(self, tx: Connection, planned: Planned, seen: Read) -> Picture:
        if not planned.restore(tx):
            raise Changed
        ids = rows_in(tx, self.environment.id, self.orcid, planned.of)
        now = picture(tx, self.environment.id, self.orcid, seen, lambda row: row.id not in ids)
        planned.check(now)
        return now

    def _unasked(self, tx: Connection, now: int, seen: Read) -> Picture:
        """Everything but what has to be approved. What deletes or changes much is more often a source that
        went wrong than anyone's wish, so it waits, too."""
        where = (tx, self.environment.id, self.orcid, seen)
        if self.how.leaves:  # she asked for the deletes herself, and nothing new comes
            whole = picture(*where)
            return replace(whole, actions=[one for one in whole.actions if one.kind in ("delete", "keep")])
        if self.how.approved:
            return picture(*where)
        holds = holds_of(tx, self.environment, self.orcid)
        whole = picture(*where, held=holds.why)
        deletes = sum(action.kind == "delete" for action in whole.actions)
        more = brake(tx, now, self.environment, self.orcid, holds, list(whole.rows.values()), deletes)
        if more != holds:
            whole = picture(*where, held=more.why)
        waiting = [row for row in whole.rows.values() if row.state in WAITING]
        if reasons := [why for row in waiting if (why := more.why(row))]:
            self.outcome.state, self.outcome.reason = "held", reasons[0]
            # What is held may be all that stands in the way.
            free = [action for action in whole.actions if action.kind != "conflict"]
            return replace(whole, actions=free)
        return whole

    def _call(self, sender: Sender, call: Call) -> list[Call]:
        """Make the call; returns what has to follow it at once."""
        follow: list[Call] = []
        made = sender.make(call)
        if self.planned is not None and len(made) < len(call.ids):
            # It came to want something else since; the rest is as it was approved.
            self.outcome.state, self.outcome.reason = "changed", "changed-since"
        for row, verdict in made:
            self.outcome.counts[call.action if verdict.kind == "done" else verdict.kind] += 1
            if verdict.kind == "adopt" and verdict.put_code is not None:
                # Only an item of this client's own can be in the way, so the number named is ours to change.
                follow.append(Call("update", (row.id,), verdict.put_code, call.section))
            elif verdict.kind == "adopt":
                self.outcome.retry_ms = SECOND  # reading will find it by its identifier
            elif verdict.kind == "split":
                half = (len(call.ids) + 1) // 2
                return [
                    Call(call.action, ids, None, call.section) for ids in (call.ids[:half], call.ids[half:])
                ]
            elif verdict.kind == "unknown":
                self._again(verdict, row.tries)
            elif verdict.kind in STOPS:
                self._stop(verdict)
                break
        return follow

    def _again(self, verdict: Verdict, tries: int) -> None:
        """An answer that never came ends the run: the registry may be down. A mere 500 does not."""
        self.outcome.retry_ms = verdict.after_ms or AFTER[min(tries, len(AFTER) - 1)]
        if verdict.status is None:
            self.outcome.state, self.outcome.reason = "stopped", verdict.reason

    def _stop(self, verdict: Verdict) -> None:
        if verdict.kind == "revoked":
            verdict = why_gone(self.hub, self.environment, self.orcid) or verdict
        self.outcome.state, self.outcome.reason = "stopped", verdict.reason
        now, where = self.hub.clock.now(), (self.environment.id, self.orcid)
        why = " ".join(str(one) for one in (verdict.status, verdict.code, verdict.reason) if one)
        with self.hub.db.writing() as tx:
            if verdict.kind in ENDS:
                end(tx, self.hub, self.environment, self.permission, verdict, why)
            elif verdict.kind == "halt":
                organisations.halt(tx, self.environment.id, why)
                audit.note(tx, now, self.environment.id, audit.HUB, "halted", why)
            if verdict.kind in (*ENDS, "scope"):
                _wait(tx, now, *where, verdict.reason)
            else:
                self.outcome.retry_ms = min(verdict.after_ms or self._patience(tx, verdict.status), DAY)

    def _patience(self, tx: Connection, status: int | None) -> int:
        """The registry named no time: wait twice as long after each run that was stopped and got nothing
        through, so that one that is away all night is not asked by everybody every few seconds."""
        c = tables.run.c
        earlier = (c.environment_id == self.environment.id, c.orcid == self.orcid, c.kind == "push")
        runs = select(c.state, c.counts).where(*earlier, c.id < self.outcome.run_id).order_by(c.id.desc())
        stopped = sum(1 for _ in takewhile(in_vain, tx.execute(runs.limit(10))))
        return min((MINUTE if status == 429 else 5 * SECOND) << stopped, HOUR)

    def _begin(self, tx: Connection) -> int:
        values = {"environment_id": self.environment.id, "orcid": self.orcid, "kind": "push"}
        values |= {"plan_id": self.planned.plan_id if self.planned else None}
        begun = {"state": "running", "reads": 0, "writes": 0, "started": self.hub.clock.now()}
        made = insert(tables.run).values(**values, **begun).returning(tables.run.c.id)
        return int(tx.execute(made).scalar_one())

    def _end(self, tx: Connection) -> None:
        calls = self.record.api.peer
        self.outcome.reads, self.outcome.writes = calls.reads, calls.writes
        values = {
            "state": self.outcome.state,
            "message": self.outcome.reason,
            "counts": json.dumps(+self.outcome.counts),
            "reads": self.outcome.reads,
            "writes": self.outcome.writes,
            "finished": self.hub.clock.now(),
        }
        tx.execute(update(tables.run).where(tables.run.c.id == self.outcome.run_id).values(**values))
