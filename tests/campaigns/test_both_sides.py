"""A registry that is killed under a hub's run and comes back: the hub finds out what became of the call that
was under way, and brings the rest."""

import os
import random
import time
from collections.abc import Callable

import pytest

from campaigns import checks, proof
from campaigns.stage import Stage
from conftest import size

pytestmark = pytest.mark.soak

AWAY = 2.0


def test_a_registry_killed_under_a_hub_gets_everything_once(
    backend: str, stages: Callable[[], Stage]
) -> None:
    chance = random.Random(os.environ.get("LAELIA_SEED", "both"))
    stage, kills, begun = stages(), size(1, 12), time.monotonic()
    stage.start_hub()
    stage.await_rest()  # its first look at the DOI registry falls due with the start
    stage.file(stage.adds("first"))
    length, amid, needed = stage.await_rest(), 0, 200
    codes = checks.records(stage, {})
    for number in range(kills):
        change = stage.adds(f"run{number}") if number % 2 else stage.updates(f"run{number}", chance)
        needed += sum(change.calls.values())
        stage.file(change)
        time.sleep((0.2 + chance.random() * 0.7) * length)
        amid += not stage.at_rest()
        stage.restart_registry(chance.random() * AWAY)
        stage.await_rest()
        codes = checks.records(stage, codes)
        checks.ledger(stage, codes)
        proof.progress(f"registry under a hub on {backend}: {number + 1} of {kills}")
    assert amid * 2 >= kills, "most kills fall while there is something to lose"
    answered = len(stage.between.writes)
    assert answered <= needed + kills, "only the call under way is in doubt"
    proof.tell(
        f"both-sides-{backend}",
        [
            f"{proof.DATABASES[backend]}: {kills} kills of the registry under a hub's run of 200 calls, in "
            f"{time.monotonic() - begun:.0f} seconds, {amid} of them amid the run: every item there once, "
            f"{answered} calls answered where {needed} were needed."
        ],
    )
