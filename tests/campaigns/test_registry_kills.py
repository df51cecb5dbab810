"""A registry that is killed under the writes of eight clients has all it acknowledged, and nothing half: each
work is there as it was last answered, or as the one call under way would have made it."""

import os
import pathlib
import random
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing

import orjson
import pytest
import sqlalchemy as sa

from campaigns import processes, proof
from campaigns.writers import ORCIDS, WRITERS, Memory, Writer, fixtures
from conftest import NewDatabase, size
from demo.conftest import free_block
from laelia.lib.database import Database
from laelia.lib.http import Http
from laelia.registry import tables
from laelia.sandbox.demo.services import REGISTRY, Neighbourhood

pytestmark = pytest.mark.soak

LONGEST = 1.5
"""Seconds after the first acknowledged write within which the kill falls."""


class Killed:
    """A registry on its way from kill to kill."""

    def __init__(self, database: str, folder: pathlib.Path) -> None:
        self.database, self.folder = database, folder
        self.place = Neighbourhood(folder, free_block(), {"LAELIA_REGISTRY_DATABASE": database})
        self.url = self.place.url(REGISTRY)
        self.memory = Memory()
        self.unknown = 0
        path = folder / "fixtures.json"
        path.write_bytes(orjson.dumps(fixtures()))
        self.process: subprocess.Popen[str] = processes.start(self.place, REGISTRY, "--fixtures", str(path))

    def again(self) -> None:
        self.process = processes.start(self.place, REGISTRY)

    def write_until_killed(self, name: str, seconds: float) -> None:
        self.memory.first.clear()
        writers = [Writer(self.url, name, place, self.memory) for place in range(WRITERS)]
        for writer in writers:
            writer.thread.start()
        assert self.memory.first.wait(60), [writer.problem for writer in writers]
        time.sleep(seconds)
        processes.kill(self.process)
        for writer in writers:
            writer.thread.join(60)
            assert not writer.thread.is_alive()
        assert [writer.problem for writer in writers if writer.problem] == []

    def check(self) -> None:
        """Every work the records show, against what was acknowledged; then it is known again."""
        found = dict(self._shown())
        assert set(found) <= set(self.memory.works), "nothing is there that nobody sent"
        for key, known in self.memory.works.items():
            title, code = found.get(key, (None, known.put_code))
            assert title in known.allowed, (key, title, known)
            assert known.put_code in (None, code), "the put-code that was answered stays"
            self.unknown += known.maybe is not None
            known.sure, known.maybe, known.put_code = title, None, code

    def _shown(self) -> Iterator[tuple[tuple[str, str], tuple[str, int]]]:
        seen: set[tuple[str, str]] = set()
        with closing(Http()) as http:
            for orcid in ORCIDS:
                answer = http.get(
                    f"{self.url}/v3.0/{orcid}/works", headers={"Accept": "application/json"}, trusted=True,
                    max_answer=100_000_000,
                )  # fmt: skip
                assert answer.status == 200, answer.text
                for one in (one for group in answer.json()["group"] for one in group["work-summary"]):
                    key = orcid, one["external-ids"]["external-id"][0]["external-id-value"]
                    assert key not in seen, "each work is there once"
                    seen.add(key)
                    yield key, (one["title"]["title"]["value"], one["put-code"])


def nothing_half(url: str) -> None:
    """The tables agree with each other: no part of an item without the rest, and each change in the log."""
    item, ids, change = tables.item.c, tables.external_id.c, tables.change.c
    database = Database(url)
    with database.reading() as tx:
        bare = sa.select(item.id).where(~sa.exists().where(ids.item == item.id))
        assert tx.execute(bare).all() == [], "an item without its identifiers"
        lone = sa.select(ids.item).where(~sa.exists().where(item.id == ids.item))
        assert tx.execute(lone).all() == [], "identifiers without their item"
        counted = dict(tx.execute(sa.select(item.orcid, sa.func.count()).group_by(item.orcid)).all())  # type: ignore[arg-type]
        works = tx.execute(sa.select(tables.record.c.orcid, tables.record.c.works)).all()
        assert dict(works) == {orcid: counted.get(orcid, 0) for orcid in ORCIDS}  # type: ignore[arg-type]
        events = sa.select(change.item).where(change.kind == "create", change.item.is_not(None))
        gone = sa.select(change.item).where(change.kind == "delete")
        logged = set(tx.execute(events).scalars()) - set(tx.execute(gone).scalars())
        assert logged == set(tx.execute(sa.select(item.put_code)).scalars()), "the change log tells of each"
    database.dispose()


def test_a_killed_registry_has_everything_it_acknowledged(
    backend: str, new_database: NewDatabase, tmp_path: pathlib.Path
) -> None:
    chance = random.Random(os.environ.get("LAELIA_SEED", "bees"))
    kills, begun = size(4, 60), time.monotonic()
    killed = Killed(new_database("laelia.registry.migrations"), tmp_path)
    try:
        for number in range(kills):
            killed.write_until_killed(f"{number}", chance.random() * LONGEST)
            killed.again()
            killed.check()
            nothing_half(killed.database)
            proof.progress(f"registry kill {number + 1} on {backend}: {killed.memory.answered} answers")
    finally:
        processes.kill(killed.process)
    assert killed.memory.answered > kills * WRITERS
    assert killed.unknown > 0, "some call was under way when the registry died"
    proof.tell(
        f"registry-kills-{backend}",
        [
            f"{proof.DATABASES[backend]}: {kills} kills of the registry under {WRITERS} writing clients, in "
            f"{time.monotonic() - begun:.0f} seconds: {killed.memory.answered} works acknowledged as added, "
            f"changed or deleted, 0 lost, 0 half-stored; {killed.unknown} were under way in a kill."
        ],
    )
