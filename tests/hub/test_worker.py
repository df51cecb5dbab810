"""The hub's standing jobs, and what a start finds to do."""

import os
import pathlib
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from conftest import NewDatabase
from hub.engine import ANNA, Engine, engine
from hub.push.script import Script, error
from laelia.hub import tables, worker
from laelia.hub.push import push
from laelia.hub.push.lease import held
from laelia.lib import process, stopping
from laelia.lib.clock import DAY, MINUTE
from laelia.lib.http import Http


@pytest.fixture
def registry() -> Script:
    return Script()


@pytest.fixture
def hub(new_database: NewDatabase, registry: Script, tmp_path: pathlib.Path) -> Iterator[Engine]:
    url = new_database("laelia.hub.migrations")
    made = engine(url, Http(apps={"https://registry.test": registry}), tmp_path)
    yield made
    made.db.dispose()


def jobs(hub: Engine) -> list[tuple[str, str]]:
    with hub.db.reading() as tx:
        c = tables.job.c
        return [(row.kind, row.key) for row in tx.execute(sa.select(c.kind, c.key).order_by(c.kind, c.key))]


def test_a_start_makes_the_standing_jobs_once(hub: Engine) -> None:
    environment = hub.environment()
    for _ in range(2):
        worker.seed(hub)
    key = f"{environment}/datacite"
    here = str(environment)
    assert jobs(hub) == [
        ("check", here), ("forget", here), ("hooks", here), ("pull", key), ("remind", here), ("verify", key),
    ]  # fmt: skip


def test_standing_jobs_stay(hub: Engine) -> None:
    hub.environment()
    worker.seed(hub)
    before = jobs(hub)
    for _ in range(3):
        hub.clock.advance(2 * DAY)
        assert worker.make(hub).run_due() == 6
    assert jobs(hub) == before


def test_a_grant_sends_what_waited(hub: Engine, registry: Script) -> None:
    environment = hub.environment()
    hub.want(environment, 1)
    worker.seed(hub)
    worker.make(hub).run_due()
    assert hub.states(environment) == [("waiting-permission", "no-permission")]
    hub.grant(environment)
    worker.make(hub).run_due()
    assert hub.states(environment) == [("in-record", None)]


def test_once_a_day_every_permission_is_tried(hub: Engine, registry: Script) -> None:
    environment = hub.environment()
    hub.grant(environment)
    hub.want(environment, 1)
    worker.seed(hub)
    worker.make(hub).run_due()
    registry.calls.clear()
    hub.clock.advance(DAY + MINUTE)
    worker.make(hub).run_due()
    assert [verb for verb, _, _ in registry.calls] == ["GET"]
    registry.token = "another"
    hub.clock.advance(DAY + MINUTE)
    worker.make(hub).run_due()
    permission = hub.permission(environment)
    assert permission is not None
    assert permission.state == "revoked"
    registry.calls.clear()
    hub.clock.advance(DAY + MINUTE)
    worker.make(hub).run_due()
    assert registry.calls == []


def test_a_registry_that_asks_for_patience_gets_it(hub: Engine, registry: Script) -> None:
    environment = hub.environment()
    hub.grant(environment)
    hub.want(environment, 1)
    registry.next = [("POST", (429, {"Retry-After": "30"}, None)), ("POST", error(409, 9018))]
    work = worker.make(hub)
    work.run_due()
    hub.clock.advance(29_000)
    work.run_due()
    assert len(registry.writes) == 1
    hub.clock.advance(1_000)
    work.run_due()
    assert len(registry.writes) == 2
    hub.clock.advance(61 * MINUTE)
    work.run_due()
    assert hub.states(environment) == [("in-record", None)]


def test_a_record_is_pushed_by_one_at_a_time(hub: Engine, registry: Script) -> None:
    environment = hub.environment()
    hub.grant(environment)
    hub.want(environment, 1)
    with held(hub, environment, ANNA) as lease:
        assert lease is not None
        outcome = push(hub, environment, ANNA)
        assert (outcome.state, registry.calls) == ("busy", [])
    assert push(hub, environment, ANNA).state == "done"


@pytest.mark.parametrize(
    "holder", ["{host}/{dead}/ab12/1", "{host}/{own}/ab12/1", "{me}/gone", "elsewhere/1/ab12/1"]
)
def test_what_a_dead_process_held_is_free(hub: Engine, registry: Script, holder: str) -> None:
    environment = hub.environment()
    hub.grant(environment)
    hub.want(environment, 1)
    name: dict[str, Any] = {
        "host": process.host(), "dead": 2**22 + 1, "own": os.getpid(), "me": process.name(),
    }  # fmt: skip
    values = {"environment_id": environment, "orcid": ANNA, "holder": holder.format(**name)}
    with hub.db.writing() as tx:
        tx.execute(tables.lease.insert().values(**values, until=hub.clock.now() + MINUTE))
    if holder.startswith("elsewhere"):
        assert push(hub, environment, ANNA).state == "busy"
        hub.clock.advance(2 * MINUTE)
    assert push(hub, environment, ANNA).state == "done"


def test_being_told_to_stop_ends_a_push_after_the_call_at_hand(hub: Engine, registry: Script) -> None:
    environment = hub.environment()
    hub.grant(environment)
    for number in range(150):
        hub.want(environment, number)
    registry.after = [stopping.ask]
    try:
        outcome = push(hub, environment, ANNA)
    finally:
        stopping.event().clear()
    assert (outcome.state, outcome.reason, len(registry.works)) == ("stopped", "shutdown", 100)
    assert outcome.retry_ms is not None
    assert [one for one in hub.attempts() if one.finished is None] == []
    assert push(hub, environment, ANNA).state == "done"
    assert len(registry.works) == 150


def test_a_lease_that_was_lost_stops_the_writing(hub: Engine, registry: Script) -> None:
    environment = hub.environment()
    hub.grant(environment)
    for number in range(150):
        hub.want(environment, number)

    def steal() -> None:
        with hub.db.writing() as tx:
            tx.execute(tables.lease.update().values(holder="another", until=hub.clock.now() + MINUTE))

    registry.after = [steal]
    outcome = push(hub, environment, ANNA)
    assert (outcome.state, outcome.reason, len(registry.works)) == ("stopped", "lease-lost", 100)
    hub.clock.advance(2 * MINUTE)
    assert push(hub, environment, ANNA).state == "done"
    assert len(registry.works) == 150
