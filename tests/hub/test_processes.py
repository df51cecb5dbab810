"""Several processes on one database: what a dead one left is free, what a living one has stays, and all of
them keep one pace."""

import os
import pathlib
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from conftest import NewDatabase
from hub.engine import ANNA, Engine, engine
from laelia.hub import processes, tables, worker
from laelia.hub.pace import SECOND, SharedPace
from laelia.hub.settings import Settings, SettingsError, check
from laelia.lib import process
from laelia.lib.clock import DAY, MINUTE
from laelia.lib.http import Http
from laelia.lib.jobs import Job, enqueue

NOBODY = 2**22 + 1  # Linux counts processes up to 2**22
BEFORE = f"{process.host()}/{os.getpid()}/before"
KILLED = f"{process.host()}/{NOBODY}/killed"
NEIGHBOUR = f"{process.host()}/1/neighbour"
ELSEWHERE = "elsewhere~1/1/afar"


@pytest.fixture
def hub(new_database: NewDatabase, tmp_path: pathlib.Path) -> Iterator[Engine]:
    made = engine(new_database("laelia.hub.migrations"), Http(apps={}), tmp_path)
    yield made
    made.db.dispose()


def begin(hub: Engine, environment: int, holder: str) -> None:
    """A run and a job that a process has under way."""
    now = hub.clock.now()
    with hub.db.writing() as tx:
        run = {"environment_id": environment, "kind": "push", "orcid": ANNA, "state": "running"}
        tx.execute(tables.run.insert().values(**run, started=now, holder=holder))
        lease = {"environment_id": environment, "orcid": holder[-19:], "holder": f"{holder}/1"}
        tx.execute(tables.lease.insert().values(**lease, until=now + 2 * MINUTE))
        enqueue(tx, tables.job, kind="push", key=holder, payload={}, now=now, environment_id=environment)
        mine = tables.job.update().where(tables.job.c.key == holder)
        tx.execute(mine.values(holder=holder, leased_until=now + 2 * MINUTE))


def under_way(hub: Engine) -> tuple[set[str], set[str]]:
    r, j = tables.run.c, tables.job.c
    with hub.db.reading() as tx:
        runs = tx.execute(sa.select(r.holder).where(r.state == "running")).scalars().all()
        jobs = tx.execute(sa.select(j.holder).where(j.leased_until > hub.clock.now())).scalars().all()
    return set(runs), set(jobs)


def free(hub: Engine) -> list[str]:
    with hub.db.writing() as tx:
        return processes.free(tx, hub.clock.now())


def test_a_start_frees_what_the_dead_left_and_nothing_of_the_living(hub: Engine) -> None:
    environment = hub.environment()
    for holder in (process.name(), BEFORE, KILLED, NEIGHBOUR, ELSEWHERE):
        begin(hub, environment, holder)
    assert free(hub) == sorted([BEFORE, KILLED])
    living = {process.name(), NEIGHBOUR, ELSEWHERE}
    assert under_way(hub) == (living, living)
    with hub.db.reading() as tx:
        c = tables.run.c
        leases = set(tx.execute(sa.select(tables.lease.c.holder)).scalars())
        assert leases == {f"{one}/1" for one in living}
        ended = tx.execute(sa.select(c.holder, c.state, c.message).where(c.state != "running")).all()
    assert {(*row,) for row in ended} == {(one, "stopped", "crash") for one in (BEFORE, KILLED)}


def test_a_process_of_another_machine_is_dead_when_it_has_long_been_silent(hub: Engine) -> None:
    environment = hub.environment()
    begin(hub, environment, ELSEWHERE)
    with hub.db.writing() as tx:
        said = {"name": ELSEWHERE, "kind": "work", "workers": 1, "started": 1, "seen": hub.clock.now()}
        tx.execute(tables.process.insert().values(**said))
    hub.clock.advance(processes.SILENT)
    assert free(hub) == []
    hub.clock.advance(1)
    assert free(hub) == [ELSEWHERE]
    assert under_way(hub) == (set(), set())


def test_a_run_that_nobody_speaks_for_ends_some_time(hub: Engine) -> None:
    begin(hub, hub.environment(), ELSEWHERE)
    hub.clock.advance(DAY + 1)
    free(hub)
    assert under_way(hub)[0] == set()


def test_a_crew_says_that_it_lives_and_leaves_nothing(hub: Engine) -> None:
    crew = worker.Crew(hub, worker.make(hub), "work", 2)
    with hub.db.reading() as tx:
        [row] = tx.execute(sa.select(tables.process)).all()
    assert (row.name, row.kind, row.workers) == (process.name(), "work", 2)
    crew.end()
    with hub.db.reading() as tx:
        assert tx.execute(sa.select(tables.process)).all() == []


def test_a_long_job_keeps_its_lease_while_its_process_lives(hub: Engine) -> None:
    environment = hub.environment()
    seen = []

    def takes_long(job: Job) -> None:
        hub.clock.advance(worker.LEASE - 1)
        with hub.db.writing() as tx:
            crew.renew(tx)
        hub.clock.advance(worker.LEASE - 1)
        seen.append(under_way(hub)[1])

    crew = worker.make(hub)
    crew._handlers = {"push": takes_long}
    with hub.db.writing() as tx:
        enqueue(tx, tables.job, kind="push", key="x", payload={}, now=1, due=1, environment_id=environment)
    crew.run_due()
    assert seen == [{process.name()}]


def test_all_processes_together_keep_one_pace(hub: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000_000)
    one, other = (SharedPace(hub.db, "registry client", rate=10, burst=5) for _ in range(2))
    for number in range(10):
        (one if number % 2 else other).wait()
    assert slept == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])
    SharedPace(hub.db, "registry another", rate=10, burst=5).wait()
    assert len(slept) == 5
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000_000 + 10 * SECOND * 1_000)
    one.wait()
    assert len(slept) == 5


@pytest.mark.parametrize("values", [{"processes": 2}, {"processes": 0}, {"workers": -1}, {"workers": 99}])
def test_what_can_not_be_run_is_refused_at_the_start(values: dict[str, int]) -> None:
    with pytest.raises(SettingsError):
        check(Settings(**values))  # type: ignore[arg-type]
