"""Random histories of what an organisation asserts, its people do, other sources add, and machines lose: each
ends with everything at rest, an empty plan, nothing foreign changed, one item for each key, and what she
declined still away.

LAELIA_SEED picks other histories. One that fails is printed with its seed, cut down to the steps it needs.
"""

import itertools
import os
import pathlib
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from campaigns import proof
from conftest import NewDatabase, size
from hub.histories import checks
from hub.histories.steps import WEATHER, Step, history
from hub.histories.world import Ground, World
from laelia.lib import faults

SHRINKING = 60
"""Seconds that are spent on cutting a history down."""


@pytest.fixture
def ground(new_database: NewDatabase, tmp_path: pathlib.Path) -> Iterator[Ground]:
    made = Ground(new_database, tmp_path)
    yield made
    made.close()


def lived(ground: Ground, steps: list[Step], monkeypatch: Any) -> World:
    """Raises AssertionError where it does not end as it should."""
    world = World(ground)
    monkeypatch.setattr(faults, "point", world.point)
    for orcid in world.people:
        world.grant(orcid, "Ada")
    for step in steps:
        step.happens(world)
    checks.end(world)
    return world


def cut_down(ground: Ground, steps: list[Step], monkeypatch: Any) -> list[Step]:
    """The same without what it fails without."""
    until = time.monotonic() + SHRINKING
    for length in (8, 4, 2, 1):
        at = 0
        while at < len(steps) and time.monotonic() < until:
            less = steps[:at] + steps[at + length :]
            if why_not(ground, less, monkeypatch) is not None:
                steps = less
            else:
                at += length
    return steps


def why_not(ground: Ground, steps: list[Step], monkeypatch: Any) -> Exception | None:
    try:
        lived(ground, steps, monkeypatch)
    except Exception as error:
        return error
    return None


@pytest.mark.soak
def test_every_history_ends_well(backend: str, ground: Ground, monkeypatch: Any) -> None:
    # They are one list of histories; SQLite lives more of them because it does so in less time.
    many = size(150, 7500) if backend == "sqlite" else size(50, 2500)
    first = int(os.environ.get("LAELIA_SEED", "1")) * 1_000_000 + 500_000 * (backend == "postgresql")
    told, begun = Counter[str](), time.monotonic()
    for seed in range(first, first + many):
        steps = history(seed)
        if (error := why_not(ground, steps, monkeypatch)) is not None:
            least = cut_down(ground, steps, monkeypatch)
            needed = "\n".join(f"    {step}," for step in least)
            last = why_not(ground, least, monkeypatch) or error
            raise AssertionError(f"history {seed} on {backend}: {last}\n[\n{needed}\n]") from last
        told.update(step.name for step in steps)
        if seed % 500 == 0:
            proof.progress(f"{seed - first + 1} histories on {backend}")
    met = ground.http.met
    assert all(met[name] for name in (*WEATHER, "death")), f"histories should meet everything: {met}"
    proof.tell(f"histories-{backend}", lines(backend, many, told, met, time.monotonic() - begun))


def lines(backend: str, many: int, told: Counter[str], met: Counter[str], seconds: float) -> list[str]:
    lost = ", ".join(f"{met[name]} {name}" for name in sorted(set(WEATHER)))
    each = ", ".join(f"{count} {name}" for name, count in told.most_common())
    return [
        f"{proof.DATABASES[backend]}: {many} random histories of {told.total()} steps, in {seconds:.0f} "
        "seconds; each came to rest with an empty plan, nothing foreign changed, one item for each key, and "
        "what she declined still away.",
        f"Steps: {each}.",
        f"Met in {met['calls']} calls of the API: {lost}; and {met['death']} deaths of the hub.",
    ]


def test_histories_differ_and_can_be_had_again() -> None:
    assert history(1) == history(1)
    made = list(itertools.chain.from_iterable(history(seed) for seed in range(30)))
    assert len({step.name for step in made}) == 16
