"""A push: bring one record to where the ledger wants it. One summary read, then only the calls that the plan
says; counted, numbered, and stopped at the first answer that says to stop."""

import json
from collections import deque
from collections.abc import Iterator
from itertools import takewhile

from sqlalchemy import Connection, insert, select, update

from laelia.client.orcid import Api, Record, Unavailable, members
from laelia.client.pace import pace_of
from laelia.client.peer import Peer
from laelia.hub import organisations, people, tables
from laelia.hub.organisations import Environment
from laelia.hub.people import Permission
from laelia.hub.plan import Action, Shown
from laelia.hub.push.calls import Call, Sender, calls_of
from laelia.hub.push.lease import LENGTH, Lease, Lost, held
from laelia.hub.push.outcome import Outcome
from laelia.hub.push.picture import TRIES, picture, settle, shown
from laelia.hub.push.verdict import STOPS, Verdict, judge
from laelia.hub.settings import Hub
from laelia.lib.clock import DAY, HOUR, MINUTE, SECOND
from laelia.lib.http import HttpError
from laelia.model.common import Container, Item
from laelia.model.problems import OAuthProblem, Problem
from laelia.model.sections import BULK_LIMIT, BY_NAME, Section

WAITING = ("pending", "sending", "waiting-permission")
WIDE_SCOPES = {"activities": "/activities/update", "person": "/person/update"}
"""The scope that lets a client change every section of a part of the record."""
FEW = 5
"""So many deletes are never held back, whatever share they are."""


def push(hub: Hub, environment_id: int, orcid: str, *, look: bool = False, approved: bool = False) -> Outcome:
    """Push what waits for this record. Without anything that waits no call is made, unless `look` asks for
    the read all the same: it finds what she removed, and a permission that is gone.

    Call it with no transaction open. It raises for nothing the registry answers.
    """
    with hub.db.reading() as tx:
        environment = organisations.environment(tx, environment_id, hub.keys)
        permission = people.permission(tx, environment_id, orcid, hub.keys, hub.clock.now())
        waits = _sections(tx, environment_id, orcid, waiting=True)
        every = _sections(tx, environment_id, orcid) if look else waits
    if environment.halted:
        return Outcome("stopped", environment.halted)
    if not waits and not look:
        return Outcome("nothing")
    token, why = _usable(permission, hub.clock.now())
    if permission is None or token is None:
        with hub.db.writing() as tx:
            _wait(tx, hub.clock.now(), environment_id, orcid, why)
        return Outcome("waiting", why)
    if beyond := [name for name in waits if not _covers(permission, name)]:
        with hub.db.writing() as tx:
            _wait(tx, hub.clock.now(), environment_id, orcid, "scope", beyond)
        if beyond == waits and not look:
            return Outcome("waiting", "scope")
    covered = [name for name in every if _covers(permission, name)]
    sections = [BY_NAME[name] for name in covered or ["works"]]
    if environment.approval and not approved and not look:
        return Outcome("held", "approval")
    with held(hub, environment_id, orcid) as lease:
        if lease is None:
            return Outcome("busy", retry_ms=LENGTH // 4)
        return _Run(hub, environment, permission, token, lease, approved, sections).go()


def plan_for(hub: Hub, environment_id: int, orcid: str) -> list[Action] | Verdict:
    """What a push would do now: one read, nothing written. A verdict where the record can't be read."""
    with hub.db.reading() as tx:
        environment = organisations.environment(tx, environment_id, hub.keys)
        permission = people.permission(tx, environment_id, orcid, hub.keys, hub.clock.now())
        names = _sections(tx, environment_id, orcid)
    token, why = _usable(permission, hub.clock.now())
    if token is None:
        return Verdict("revoked", why)
    sections = [BY_NAME[name] for name in names or ["works"]]
    seen = read(_record(hub, environment, orcid, token), environment, sections)
    if isinstance(seen, Verdict):
        return seen
    with hub.db.reading() as tx:
        return picture(tx, environment_id, orcid, seen).actions


def read(
    record: Record, environment: Environment, sections: list[Section]
) -> dict[str, list[Shown]] | Verdict:
    """What the record shows of ours in these sections: one call for each part of the record they are of."""
    try:
        return {
            section.name: shown(section, items, environment.client_id)
            for section, items in _summaries(record, sections)
        }
    except (HttpError, Unavailable, OAuthProblem, Problem) as error:
        return judge("GET", error)


def _summaries(record: Record, sections: list[Section]) -> Iterator[tuple[Section, list[Item]]]:
    for part in ("activities", "person"):
        mine = [section for section in sections if section.part == part]
        if len(mine) == 1:
            yield mine[0], record.section(mine[0].summary)
        elif mine:
            whole = record.activities() if part == "activities" else record.person()
            for section in mine:
                held: Container | None = getattr(whole, section.attribute)
                yield section, [] if held is None else members(held)


def _record(hub: Hub, environment: Environment, orcid: str, token: str) -> Record:
    pace = pace_of(f"{environment.api_url} {environment.client_id}", hub.settings.calls_per_second)
    return Record(Api(Peer(hub.http, environment.api_url, trusted=True, pace=pace), token), orcid)


def _sections(tx: Connection, environment_id: int, orcid: str, *, waiting: bool = False) -> list[str]:
    """The sections in which the ledger has something for her record, or has something that waits."""
    c = tables.assertion.c
    found = select(c.section).distinct().where(c.environment_id == environment_id, c.orcid == orcid)
    if waiting:
        found = found.where(c.state.in_(WAITING))
    return list(tx.execute(found.order_by(c.section)).scalars())


def _covers(permission: Permission, name: str) -> bool:
    """Whether she allowed changes of this section."""
    section = BY_NAME[name]
    return bool(permission.scopes & {WIDE_SCOPES[section.part], *section.update_scopes})


def _usable(permission: Permission | None, now: int) -> tuple[str | None, str]:
    """The token, or why there is none to use: a code for pages."""
    if permission is None:
        return None, "no-permission"
    if not permission.usable(now) or permission.access_token is None:
        return None, permission.state if permission.state != "active" else "expired"
    if not any(_covers(permission, name) for name in BY_NAME):
        return None, "scope"
    return permission.access_token, ""


def _wait(
    tx: Connection, now: int, environment_id: int, orcid: str, why: str, sections: list[str] | None = None
) -> None:
    """In these sections, or in all. What is `sending` stays so: only reading can tell what became of it."""
    c = tables.assertion.c
    mine = [
        c.environment_id == environment_id,
        c.orcid == orcid,
        c.state.in_(("pending", "waiting-permission")),
    ]
    if sections is not None:
        mine.append(c.section.in_(sections))
    values = {"state": "waiting-permission", "reason": why, "modified": now}
    tx.execute(update(tables.assertion).where(*mine, c.reason.is_distinct_from(why)).values(**values))


class _Run:
    def __init__(
        self, hub: Hub, environment: Environment, permission: Permission, token: str, lease: Lease,
        approved: bool, sections: list[Section],
    ) -> None:  # fmt: skip
        self.hub, self.environment, self.permission, self.lease = hub, environment, permission, lease
        self.approved, self.orcid, self.sections = approved, permission.orcid, sections
        self.record = _record(hub, environment, permission.orcid, token)
        self.outcome = Outcome("done")

    def go(self) -> Outcome:
        with self.hub.db.writing() as tx:
            self.outcome.run_id = self._begin(tx)
        try:
            seen = read(self.record, self.environment, self.sections)
            if isinstance(seen, Verdict):
                self._stop(seen)
            else:
                self._carry_out(seen)
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

    def _carry_out(self, seen: dict[str, list[Shown]]) -> None:
        now = self.hub.clock.now()
        with self.hub.db.writing() as tx:
            people.mark_checked(tx, now, self.environment.id, self.orcid)
            before = picture(tx, self.environment.id, self.orcid, seen)
            standing = sum(row.put_code is not None for row in before.rows.values())
            todo = self._allowed(settle(tx, now, before), standing)
        self.outcome.counts.update(action.kind for action in before.actions if not action.writes)
        assert self.outcome.run_id is not None
        sender = Sender(self.hub, self.lease, self.outcome.run_id, self.record)
        queue = deque(calls_of(todo, before, BULK_LIMIT))
        while queue and self.outcome.state != "stopped":
            queue.extendleft(reversed(self._call(sender, queue.popleft())))

    def _allowed(self, todo: list[Action], standing: int) -> list[Action]:
        """A run that deletes much of a record is more often a source that went wrong than anyone's wish, so
        such deletes wait for a person, like everything does where staff approve each push."""
        if self.approved or not todo:
            return todo
        if self.environment.approval:
            self.outcome.state, self.outcome.reason = "held", "approval"
            return []
        deletes = sum(action.kind == "delete" for action in todo)
        if deletes <= max(FEW, standing * self.environment.delete_share // 100):
            return todo
        self.outcome.state, self.outcome.reason = "held", f"deletes-{deletes}-of-{standing}"
        return [action for action in todo if action.kind != "delete"]

    def _call(self, sender: Sender, call: Call) -> list[Call]:
        """Make the call; returns what has to follow it at once."""
        follow: list[Call] = []
        for row, verdict in sender.make(call):
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
                self._again(verdict, min(row.tries, TRIES))
            elif verdict.kind in STOPS:
                self._stop(verdict)
                break
        return follow

    def _again(self, verdict: Verdict, tries: int) -> None:
        """An answer that never came ends the run: the registry may be down. A mere 500 does not."""
        self.outcome.retry_ms = min(verdict.after_ms or 2 * SECOND * 4**tries, HOUR)
        if verdict.status is None:
            self.outcome.state, self.outcome.reason = "stopped", verdict.reason

    def _stop(self, verdict: Verdict) -> None:
        self.outcome.state, self.outcome.reason = "stopped", verdict.reason
        now, where = self.hub.clock.now(), (self.environment.id, self.orcid)
        why = " ".join(str(one) for one in (verdict.status, verdict.code, verdict.reason) if one)
        with self.hub.db.writing() as tx:
            if verdict.kind == "revoked":
                people.mark_revoked(tx, now, *where, why, granted=self.permission.granted)
            elif verdict.kind == "moved":
                people.mark_moved(tx, now, *where, verdict.primary or "")
            elif verdict.kind == "closed":
                people.mark_closed(tx, now, *where, why)
            elif verdict.kind == "halt":
                organisations.halt(tx, self.environment.id, why)
            if verdict.kind in ("revoked", "moved", "closed", "scope"):
                _wait(tx, now, *where, verdict.reason)
            else:
                self.outcome.retry_ms = min(verdict.after_ms or self._patience(tx, verdict.status), DAY)

    def _patience(self, tx: Connection, status: int | None) -> int:
        """The registry named no time: wait twice as long after each run that was stopped, so that one that is
        away all night is not asked by everybody every few seconds."""
        c = tables.run.c
        earlier = (c.environment_id == self.environment.id, c.orcid == self.orcid, c.kind == "push")
        states = select(c.state).where(*earlier, c.id < self.outcome.run_id).order_by(c.id.desc()).limit(10)
        stopped = sum(1 for _ in takewhile("stopped".__eq__, tx.execute(states).scalars()))
        return min((MINUTE if status == 429 else 5 * SECOND) << stopped, HOUR)

    def _begin(self, tx: Connection) -> int:
        values = {"environment_id": self.environment.id, "orcid": self.orcid, "kind": "push"}
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
