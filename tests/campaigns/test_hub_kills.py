"""A hub that is killed at any moment of a run and started again leaves no duplicate and loses no item.

Three ways to die, in turn: at a random millisecond; after the registry has committed and answered but before
the answer arrives; at a named point of the hub's own. Every other run adds, the others change and delete.
Each kill has a run of its own of at least 200 calls that write; every fourth hub dies again as it recovers.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from campaigns import checks, proof
from campaigns.stage import PEOPLE, Change, Stage
from conftest import size

pytestmark = pytest.mark.soak

WAYS = ("moment", "unheard", "point")
PUSH_POINTS = tuple(f"hub.push.{name}" for name in ("before-intent", "intended", "answered", "recorded"))
PULL_POINTS = ("hub.pull.read", "hub.pull.filed")
PER_STAGE = 20


@dataclass
class Told:
    """What a campaign came to."""

    kills: int = 0
    again: int = 0
    ways: Counter[str] = field(default_factory=Counter)
    fell: Counter[str] = field(default_factory=Counter)
    open_calls: int = 0
    needed: int = 0
    made: int = 0
    seconds: float = 0.0

    def lines(self, where: str) -> list[str]:
        fell = ", ".join(f"{count} {name}" for name, count in self.fell.most_common())
        return [
            f"{where}: {self.kills} kills of the hub, each in a run of its own of 200 calls or more, in "
            f"{self.seconds:.0f} seconds; 0 duplicates, 0 items lost, 0 put-codes changed.",
            f"Of them {self.ways['moment']} at a random millisecond, {self.ways['unheard']} between the "
            f"registry's commit and its answer, {self.ways['point']} at a named point of the hub.",
            f"{self.again} hubs were killed once more while they made good what the first kill had left.",
            f"The first kills fell: {fell}; {self.open_calls} left a call whose end only reading the record "
            "could tell.",
            f"Calls that write: {self.needed} needed, {self.made} made.",
        ]


def test_a_killed_hub_leaves_nothing_twice_and_loses_nothing(
    backend: str, stages: Callable[[], Stage]
) -> None:
    chance = random.Random(os.environ.get("LAELIA_SEED", "orchid"))
    kills = size(6, 200) if backend == "sqlite" else size(3, 24)
    told, begun = Told(), time.monotonic()
    while told.kills < kills:
        _campaign(stages(), chance, told, min(PER_STAGE, kills - told.kills))
        told.seconds = time.monotonic() - begun
        proof.progress(f"hub on {backend}: {told.kills} of {kills} kills; fell {dict(told.fell)}")
    # Half of many, a third of a few: how long a run takes differs from hour to hour on a busy machine.
    amid = told.fell["amid the pushes"] * size(3, 2)
    assert amid >= kills, f"most kills should fall while there is something to lose: {told.fell}"
    proof.tell(f"hub-kills-{backend}", told.lines(proof.DATABASES[backend]))


def _campaign(stage: Stage, chance: random.Random, told: Told, kills: int) -> None:
    """An undisturbed run, which tells how long one takes, then one run for each kill."""
    stage.start_hub()
    stage.await_rest()  # its first look at the DOI registry falls due with the start
    stage.file(stage.adds("first"))
    length = stage.await_rest()
    codes = checks.records(stage, {})
    for _ in range(kills):
        way, name = WAYS[told.kills % 3], f"run{told.kills}"
        change = stage.adds(name) if told.kills % 2 else stage.updates(name, chance)
        assert sum(change.calls.values()) >= PEOPLE
        earlier = len(stage.between.writes)
        _run_and_kill(stage, change, way, length, chance)
        told.kills, told.ways[way] = told.kills + 1, told.ways[way] + 1
        if _look(stage, way, told) == "at rest":
            length *= 0.8  # the machine has become faster since
        more = _recover(stage, chance, again=told.kills % 4 == 0)
        told.again += more
        codes = checks.records(stage, codes)
        checks.ledger(stage, codes)
        _count(stage.between.writes[earlier:], change, told, 1 + more)
        proof.progress(f"hub kill {told.kills} ({way}) settled")


def _run_and_kill(stage: Stage, change: Change, way: str, length: float, chance: random.Random) -> None:
    if way == "point":
        name = chance.choice(PUSH_POINTS * 2 + PULL_POINTS)
        nth = chance.randrange(1, 4) if name in PULL_POINTS else chance.randrange(1, PEOPLE - 10)
        stage.shoot()
        stage.await_death()  # or it would begin the run before the one that is to die of it
        stage.file(change)
        stage.start_hub(f"{name}:kill:{nth}")
    else:
        if way == "unheard":
            stage.between.kill_at(chance.randrange(1, PEOPLE - 10), stage.shoot)
        stage.file(change)
        if way == "moment":
            time.sleep(chance.random() * length * 0.95)
            stage.shoot()
    stage.await_death()


def _look(stage: Stage, way: str, told: Told) -> str:
    """Where the kill fell, by what the dead hub left behind."""
    left = stage.tally()
    told.open_calls += left["unanswered"]
    waits = left.get("pending", 0) + left.get("sending", 0)
    where = "amid the look at the source" if left.get("pull") else "amid the pushes" if waits else "at rest"
    told.fell[where] += 1
    if way == "unheard":
        assert left["unanswered"] == 1, "the registry had committed what the hub never heard of"
        assert stage.between.writes[-1][1] in (200, 201, 204), "the registry had committed"
    return where


def _recover(stage: Stage, chance: random.Random, again: bool) -> int:
    """Start the hub until it comes to rest; how often it was killed on the way."""
    stage.start_hub()
    if again:
        time.sleep(chance.random())
        stage.shoot()
        stage.await_death()
        stage.start_hub()
    stage.await_rest()
    return int(again)


def _count(writes: list[tuple[str, int]], change: Change, told: Told, kills: int) -> None:
    """No call is lost, and a kill costs one call more at most."""
    good = Counter(method for method, status in writes if status < 300)
    assert all(good[method] >= count for method, count in change.calls.items()), (good, change.calls)
    assert good["POST"] == change.calls.get("POST", 0), "what was added once is not added again"
    needed = sum(change.calls.values())
    assert len(writes) <= needed + kills, (Counter(writes), change.calls)
    told.needed, told.made = told.needed + needed, told.made + len(writes)
