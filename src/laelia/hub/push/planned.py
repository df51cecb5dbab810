"""What a stored plan says of one record, and whether a plan made now still says the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from laelia.hub import tables
from laelia.hub.plan import Action, Kind
from laelia.hub.push.look import Of
from laelia.hub.push.picture import Picture


@dataclass(frozen=True, kw_only=True)
class Step:
    """One action of a plan with the row of the ledger it is of; `hash` is of the item that is wanted."""

    kind: Kind
    section: str
    key: str
    assertion: int
    hash: str | None
    put_code: int | None = None
    put_codes: tuple[int, ...] = ()
    reason: str | None = None


class Changed(Exception):
    """The record or the ledger is not as it was when the plan was made: nothing may be written."""


@dataclass(frozen=True, kw_only=True)
class Planned:
    """`of` says which rows the plan is of; `restore` makes the ledger want again what the plan goes back to,
    False where it came to want something else meanwhile. `begun`: a push of it began before and was cut off.
    `begin` is called in the transaction that settles what will be written, with the number of the run."""

    plan_id: int
    of: Of
    steps: Sequence[Step]
    begun: bool
    restore: Callable[[Connection], bool]
    begin: Callable[[Connection, int], None]

    @property
    def meant(self) -> dict[int, str | None]:
        """The content that was approved, by row of the ledger."""
        return {step.assertion: step.hash for step in self.steps}

    def check(self, seen: Picture) -> None:
        """Raise where the actions that would be taken now are not those that were planned. Of a push that was
        cut off some are done already, and what a call without an answer added is taken over."""
        now = [step for step in steps_of(seen) if step.kind != "keep"]
        then = {_said(step) for step in self.steps if step.kind != "keep"}
        if not self.begun:
            fits = {_said(step) for step in now} == then
        else:
            added = {(step.assertion, step.hash) for step in self.steps if step.kind == "add"}
            fits = all(
                _said(step) in then
                or (step.kind in ("adopt", "update") and (step.assertion, step.hash) in added)
                for step in now
            )
        if not fits:
            raise Changed


def rows_in(tx: Connection, environment_id: int, orcid: str, of: Of) -> frozenset[int]:
    """The ids of her rows of the ledger that meet all conditions."""
    c = tables.assertion.c
    mine = select(c.id).where(c.environment_id == environment_id, c.orcid == orcid, *of)
    return frozenset(tx.execute(mine).scalars())


def steps_of(seen: Picture) -> list[Step]:
    return [_step(seen, action) for action in seen.actions]


def _step(seen: Picture, action: Action) -> Step:
    row = seen.row(action)
    return Step(
        kind=action.kind, section=action.section, key=action.key, assertion=row.id, hash=row.hash,
        put_code=action.put_code, put_codes=action.put_codes, reason=action.reason,
    )  # fmt: skip


def _said(step: Step) -> tuple[object, ...]:
    return step.kind, step.assertion, step.hash, step.put_code, step.put_codes
