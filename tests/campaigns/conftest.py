"""Stages for the campaigns."""

import os
import pathlib
import shutil
import tempfile
from collections.abc import Callable, Iterator

import pytest

from campaigns.stage import Stage
from conftest import NewDatabase

ROOM = 256 * 1024 * 1024


@pytest.fixture
def stages(backend: str, new_database: NewDatabase, tmp_path: pathlib.Path) -> Iterator[Callable[[], Stage]]:
    """Makes stages, the next when the one before has ended. SQLite's files lie in memory where there is room:
    what a killed process has written the kernel keeps in any case, and the disk costs half of the time."""
    shared = pathlib.Path("/dev/shm")
    fast = shared.is_dir() and os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > ROOM
    opened: list[tuple[Stage, pathlib.Path]] = []

    def end() -> None:
        for stage, folder in opened:
            stage.close()
            shutil.rmtree(folder, ignore_errors=True)
        opened.clear()

    def make() -> Stage:
        end()
        folder = pathlib.Path(tempfile.mkdtemp(prefix="laelia-kill-", dir=shared if fast else tmp_path))

        def database(package: str) -> str:
            url = new_database(package)
            if not url.startswith("sqlite:"):
                return url
            moved = shutil.move(url.removeprefix("sqlite:///"), folder / f"{package}.db")
            return f"sqlite:///{moved}"

        stage = Stage(database, folder)
        opened.append((stage, folder))
        return stage

    yield make
    end()
