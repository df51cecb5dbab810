"""The index is written by a process of its own, which comes back when it dies and goes when it is told."""

import subprocess
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from laelia.registry.record import people
from laelia.registry.search import apart
from registry.place import Place

WITHIN_SECONDS = 60


def until(holds: Callable[[], bool]) -> None:
    """Fails after a minute."""
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < WITHIN_SECONDS
        time.sleep(0.05)


def found(place: Place, name: str) -> bool:
    answer = place.http.get(
        place.at(f"/v3.0/search?q=given-names:{name}"), headers={"Accept": "application/json"}
    )
    return answer.status == 200 and answer.json()["num-found"] == 1


def test_it_follows_comes_back_and_goes(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    begin, children = subprocess.Popen, []

    def noted(*args: Any, **more: Any) -> Any:
        children.append(begin(*args, **more))
        return children[-1]

    monkeypatch.setattr(apart.subprocess, "Popen", noted)
    stop = threading.Event()
    keeping = [threading.Thread(target=place.service.search.run_apart, args=(stop,)) for _ in range(2)]
    for thread in keeping:
        thread.start()
    try:
        for name in ("Before", "After"):
            with place.service.db.writing() as tx:
                people.create_record(tx, place.clock.now(), given=name, default_visibility="public")
            until(lambda name=name: found(place, name))  # type: ignore[misc]  # its only argument is given
            children[-1].kill()
    finally:
        stop.set()
        for thread in keeping:
            thread.join()
    assert len(children) >= 2
    assert all(child.poll() is not None for child in children)
    assert place.settings.database not in str([child.args for child in children])


def test_it_ends_with_whoever_started_it(place: Place) -> None:
    starter = (
        "import sys, threading; from pathlib import Path; from laelia.registry.search import apart;"
        "apart.run(sys.argv[1], Path(sys.argv[2]), threading.Event())"
    )
    folder = place.settings.search
    with subprocess.Popen(
        [apart.sys.executable, "-c", starter, place.settings.database, str(folder)]
    ) as process:
        until(lambda: place.service.search.shelf.current() is not None)
        with place.service.search.shelf.writing() as may:
            assert not may
        process.kill()

    def free() -> bool:
        with place.service.search.shelf.writing() as may:
            return may

    until(free)
