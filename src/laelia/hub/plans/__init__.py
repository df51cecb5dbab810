"""Plans that are kept, shown, approved and pushed; the runs that came of them, and the way back."""

from laelia.hub.plans.carry import Much, confirm, drop, push_some, take_new, wake_waiting, weight
from laelia.hub.plans.difference import difference
from laelia.hub.plans.make import ask, make_some, undo
from laelia.hub.plans.runs import Attempt, Run, attempts, attempts_of, forget_idle, run, runs
from laelia.hub.plans.scope import Scope
from laelia.hub.plans.stored import (
    Person,
    Plan,
    Told,
    as_json,
    environment_of,
    people,
    plan,
    plans,
    stopped,
    waits,
)
from laelia.hub.plans.undoing import Target

__all__ = [
    "Attempt",
    "Much",
    "Person",
    "Plan",
    "Run",
    "Scope",
    "Target",
    "Told",
    "as_json",
    "ask",
    "attempts",
    "attempts_of",
    "confirm",
    "difference",
    "drop",
    "environment_of",
    "forget_idle",
    "make_some",
    "people",
    "plan",
    "plans",
    "push_some",
    "run",
    "runs",
    "stopped",
    "take_new",
    "undo",
    "waits",
    "wake_waiting",
    "weight",
]
