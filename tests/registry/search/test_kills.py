"""Whoever writes the index is killed at random points; the next one ends with what a rebuild would make."""

import multiprocessing
import os
import pathlib
import random
import signal
import threading
import time

import pytest

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


def write(database: str, folder: pathlib.Path, point: str | None, after: int) -> None:
    """A process that keeps the index right until it is killed."""
    if point is not None:
        faults.arm(point, "kill", after)
    Search(Database(database), folder).run(threading.Event())


@pytest.mark.soak
def test_killed_at_random_points(place: Place) -> None:
    chance = random.Random(7)
    orcids = gather(place, "Killed")
    folder, context = place.settings.search, multiprocessing.get_context("spawn")
    for number in range(KILLS):
        point = chance.choice([None, *POINTS])
        if chance.random() < 0.3:
            place.service.search.shelf.want("test")
        writer = context.Process(
            target=write, args=(place.settings.database, folder, point, chance.randint(1, 4)), daemon=True
        )
        writer.start()
        until = time.monotonic() + chance.uniform(1.0, 2.5)
        while time.monotonic() < until and writer.is_alive():
            act(place, orcids, chance)
            time.sleep(0.02)
        if writer.is_alive():
            assert writer.pid is not None
            os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        if number % size(2, 20) == 0:
            place.service.search.work()
            assert stored(place) == rebuilt(place)
    place.service.search.work()
    assert stored(place) == rebuilt(place)
