"""What to do with a record, decided before anything is written: a pure function of what is wanted, what the
record shows of our own items, and what people answered when asked."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["add", "update", "adopt", "delete", "keep", "ask", "conflict"]
Answer = Literal["yes", "no", "again"]
Id = tuple[str, str]
Ids = frozenset[Id]

WRITES: frozenset[Kind] = frozenset({"add", "update", "delete"})


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One row of the ledger. `ids` are its identifiers with relationship self: (type, normalised value)."""

    key: str
    ids: Ids
    hash: str
    wanted: bool = True
    put_code: int | None = None
    sent_hash: str | None = None  # of what the registry last took
    sending_hash: str | None = None  # of a call whose answer never came
    sending_ids: Ids | None = None  # what it was known by, if that is not `ids`
    deleting: bool = False  # a call of ours to delete it got no answer
    state: str = "pending"
    ask: str | None = None  # why a person has to confirm it first


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One item of the summary read. `own` is true only where the source is exactly this client; `source` is
    what the record calls it."""

    put_code: int
    ids: Ids
    own: bool = True
    source: str | None = None


@dataclass(frozen=True, kw_only=True)
class Action:
    """`reason` is a code for pages and the ledger; `put_codes` names what stands in the way of a conflict. A
    plan is of one section; who puts several together names it."""

    kind: Kind
    key: str
    put_code: int | None = None
    reason: str | None = None
    put_codes: tuple[int, ...] = field(default=())
    section: str = "works"

    @property
    def writes(self) -> bool:
        return self.kind in WRITES


def plan(wanted: Iterable[Wanted], shown: Iterable[Shown], answers: Mapping[str, Answer]) -> list[Action]:
    """The actions in the order in which to carry them out; none names an item of another source.

    Each is tried on a picture of the record first, so none meets an identifier that is still in use there
    (9021), and once all are done a new plan holds no action that writes.
    """
    rows = sorted(wanted, key=lambda row: row.key)
    record = _Record(item for item in shown if item.own)
    record.held = {row.put_code for row in rows if row.put_code in record.ids}
    live = {one for row in rows if row.wanted for one in row.ids}
    actions = [_withdraw(row, record, live) for row in rows if not row.wanted]
    waiting = [row for row in rows if row.wanted]
    while True:  # an update may free the identifier that another waits for
        blocked, conflicts = [], []
        for row in waiting:
            decided = _decide(row, record, answers.get(row.key))
            if any(action.kind == "conflict" for action in decided):
                blocked.append(row)
                conflicts += decided
            else:
                actions += decided
        if len(blocked) == len(waiting):
            return actions + conflicts
        waiting = blocked


class _Record:
    """Our own items as they stand after the actions decided so far; `held` belong to a row of the ledger."""

    def __init__(self, items: Iterable[Shown]) -> None:
        self.ids: dict[int | None, Ids] = {}
        self.held: set[int | None] = set()
        self._users: dict[Id, set[int | None]] = {}
        self._added = 0
        for item in items:
            self.put(item.put_code, item.ids)

    def put(self, code: int | None, ids: Ids) -> None:
        self.drop(code)
        self.ids[code] = ids
        for one in ids:
            self._users.setdefault(one, set()).add(code)

    def drop(self, code: int | None) -> None:
        for one in self.ids.pop(code, frozenset()):
            self._users[one].discard(code)

    def add(self, ids: Ids) -> None:
        """A new item; numbers below zero stand for put-codes the registry has yet to give."""
        self._added -= 1
        self.put(self._added, ids)
        self.held.add(self._added)

    def users(self, ids: Ids) -> set[int | None]:
        return {code for one in ids for code in self._users.get(one, ())}


def _at_rest(row: Wanted, record: _Record, answer: Answer | None) -> str | None:
    """Why nothing is tried until someone asks: the registry refused exactly this content, or the item stood
    there and stands there no more, so she removed it, unless we did so ourselves."""
    if answer == "again":
        return None
    if row.state in ("declined", "refused"):
        return row.state
    gone = row.put_code is not None and row.put_code not in record.ids
    return "declined" if gone and not row.deleting else None


def _left(row: Wanted, record: _Record, live: Set[Id] = frozenset()) -> int | None:
    """What an add whose answer never came left behind: exactly the item that was sent."""
    sent = row.ids if row.sending_ids is None else row.sending_ids
    if row.sending_hash is None or sent & live:
        return None
    left = {one for one in record.users(sent) - record.held if record.ids[one] == sent}
    return left.pop() if left else None


def _withdraw(row: Wanted, record: _Record, live: set[Id]) -> Action:
    code = row.put_code if row.put_code in record.ids else None
    if code is None and row.put_code is None:
        code = _left(row, record, live)
    if code is None:
        return Action(kind="keep", key=row.key, reason="gone")
    record.drop(code)
    return Action(kind="delete", key=row.key, put_code=code)


def _decide(row: Wanted, record: _Record, answer: Answer | None) -> list[Action]:
    code = row.put_code
    if reason := _at_rest(row, record, answer):
        return [Action(kind="keep", key=row.key, put_code=code, reason=reason)]
    if code is None or code not in record.ids:
        return _place(row, record, answer)
    if row.sent_hash == row.hash:
        return [Action(kind="keep", key=row.key, put_code=code)]
    if others := record.users(row.ids) - {code}:
        return [_conflict(row, "same-identifier", others)]
    record.put(code, row.ids)
    return [Action(kind="update", key=row.key, put_code=code)]


def _place(row: Wanted, record: _Record, answer: Answer | None) -> list[Action]:
    """For what has no place on the record, yet or any more: take over our own item with that identifier, or
    add."""
    stood, row = row.put_code is not None, replace(row, put_code=None)
    users = record.users(row.ids)
    if held := users & record.held:
        return [_conflict(row, "same-identifier", held)]
    if len(users) > 1:
        return [_conflict(row, "several-items", users)]
    if not users and (left := _left(row, record)) is not None:
        users = {left}  # it was sent under another name
    if users:
        return _adopt(row, record, users.pop())
    if answer == "no":
        return [Action(kind="keep", key=row.key, reason="not-hers")]
    if row.ask is not None and answer is None and not stood:
        return [Action(kind="ask", key=row.key, reason=row.ask)]
    record.add(row.ids)
    return [Action(kind="add", key=row.key)]


def _conflict(row: Wanted, reason: str, others: set[int | None]) -> Action:
    """With the items that stand in the way, as far as the registry has given them numbers."""
    codes = tuple(sorted(code for code in others if code is not None and code > 0))
    return Action(kind="conflict", key=row.key, put_code=row.put_code, reason=reason, put_codes=codes)


def _adopt(row: Wanted, record: _Record, code: int | None) -> list[Action]:
    record.held.add(code)
    adopted = Action(kind="adopt", key=row.key, put_code=code)
    if row.sending_hash == row.hash:  # it came from the call whose answer was lost, so its content is known
        return [adopted]
    record.put(code, row.ids)
    return [adopted, Action(kind="update", key=row.key, put_code=code)]
