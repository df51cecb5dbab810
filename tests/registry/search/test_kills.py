"""Whoever writes the index is killed at random points; the next one ends with what a rebuild would make."""

import multiprocessing
import os
import pathlib
import random
import signal
import threading
import time
from collections import Counter
from multiprocessing.synchronize import Event

import pytest

from campaigns import proof
from conftest import size
from laelia.lib import faults
from laelia.lib.database import Database
from laelia.registry.search.index import Search
from registry.place import Place
from registry.search.acts import act, gather
from registry.search.test_following import rebuilt, stored

POINTS = ("registry.search.building", "registry.search.built", "registry.search.committed",
          "registry.search.renaming")  # fmt: skip
KILLS = size(6, 200)


def write(database: str, folder: pathlib.Path, point: str | None, after: int, begun: Event) -> None:
    """A process that keeps the index right until it is killed."""
    if point is not None:
        faults.arm(point, "kill", after)
    begun.set()
    Search(Database(database), folder).run(threading.Event())


@pytest.mark.soak
def test_killed_at_random_points(backend: str, place: Place) -> None:
    chance, fell, compared, begun = random.Random(7), Counter[str](), 0, time.monotonic()
    orcids = gather(place, "Killed")
    folder, context = place.settings.search, multiprocessing.get_context("spawn")
    for number in range(KILLS):
        point = chance.choice([None, *POINTS])
        if chance.random() < 0.3:
            place.service.search.shelf.want("test")
        lives = context.Event()
        writer = context.Process(
            target=write,
            args=(place.settings.database, folder, point, chance.randint(1, 4), lives),
            daemon=True,
        )
        writer.start()
        assert lives.wait(60)
        until = time.monotonic() + chance.uniform(0.0, 1.5)
        while time.monotonic() < until and writer.is_alive():
            act(place, orcids, chance)
            time.sleep(0.02)
        if writer.is_alive():
            assert writer.pid is not None
            os.kill(writer.pid, signal.SIGKILL)
            fell["at a random moment"] += 1
        else:
            fell[f"at {point}"] += 1
        writer.join()
        if number % size(2, 20) == 0:
            place.service.search.work()
            assert stored(place) == rebuilt(place)
            compared += 1
    place.service.search.work()
    assert stored(place) == rebuilt(place)
    where = ", ".join(f"{count} {name}" for name, count in sorted(fell.items()))
    proof.tell(
        f"search-kills-{backend}",
        [
            f"{proof.DATABASES[backend]}: {KILLS} kills of whoever writes the search index, amid changes of "
            f"records ({where}), in {time.monotonic() - begun:.0f} seconds; {compared} times and at the end "
            "the index was compared with one made anew, and held the same.",
        ],
    )
