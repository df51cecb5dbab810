"""The hub in numbers, for Prometheus: what counts for all processes comes from the database when it is asked
for, beside what the process that answers has counted itself. No label names a person."""

import threading
from collections.abc import Iterable, Iterator
from typing import Any, cast
from weakref import WeakKeyDictionary

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy import ColumnElement, Connection, case, func, select

from laelia.hub import organisations, tables
from laelia.lib.clock import MINUTE
from laelia.lib.metrics import HERE, kind
from laelia.lib.secret import KeyRing

KEPT = MINUTE
"""So long counts that go over all of a table are told again: however often anybody asks, and however large
the ledger is, they are made once in it by each process."""

_kept: WeakKeyDictionary[object, tuple[int, list[Metric]]] = WeakKeyDictionary()
_lock = threading.Lock()


class _Everything:
    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        yield from self._families
        yield from HERE.collect()


def text(tx: Connection, now: int, keys: KeyRing) -> bytes:
    """The exposition, in the text format of Prometheus."""
    handles = {one.id: one.handle for one in organisations.environments(tx, keys)}
    return generate_latest(cast(CollectorRegistry, _Everything(_families(tx, now, handles))))


def _families(tx: Connection, now: int, handles: dict[int, str]) -> Iterator[Metric]:
    yield from _jobs(tx, now)
    yield from _large(tx, now, handles)
    s = tables.plan.c
    yield _by_environment(
        tx, handles, "laelia_plans", "Plans by what made them and how far they are.",
        s.environment_id, kind=s.kind, state=s.state,
    )  # fmt: skip
    yield _lag(tx, now, handles)
    yield _processes(tx, now)


def _large(tx: Connection, now: int, handles: dict[int, str]) -> list[Metric]:
    with _lock:
        made, found = _kept.get(tx.engine, (0, []))
        if not found or not 0 <= now - made < KEPT:
            found = [*_whole_tables(tx, handles)]
            _kept[tx.engine] = (now, found)
        return found


def _whole_tables(tx: Connection, handles: dict[int, str]) -> Iterator[Metric]:
    """Each is counted from an index that has all columns it needs."""
    p, r, c = tables.person.c, tables.run.c, tables.assertion.c
    yield _by_environment(
        tx, handles, "laelia_people", "People by what they allowed.", p.environment_id, state=p.state
    )
    yield _by_environment(
        tx, handles, "laelia_assertions", "Rows of the ledger by state.", c.environment_id, state=c.state
    )
    yield _by_environment(
        tx, handles, "laelia_runs", "Runs by how they ended; those that found nothing are not kept.",
        r.environment_id, kind=r.kind, state=r.state,
    )  # fmt: skip
    yield from _writes(tx, handles)


def _by_environment(
    tx: Connection, handles: dict[int, str], name: str, about: str, environment: ColumnElement[int],
    **labels: ColumnElement[Any],
) -> Metric:  # fmt: skip
    """How many rows there are, by environment and these columns."""
    family = GaugeMetricFamily(name, about, labels=("environment", *labels))
    by = (environment, *labels.values())
    for place, *values, count in tx.execute(select(*by, func.count()).group_by(*by)):
        family.add_metric([handles[place], *map(str, values)], count)
    return family


def _jobs(tx: Connection, now: int) -> Iterator[Metric]:
    c = tables.job.c
    state = case(
        (c.dead.is_not(None), "dead"), (c.leased_until > now, "running"), (c.due > now, "later"),
        else_="waiting",
    )  # fmt: skip
    jobs = GaugeMetricFamily(
        "laelia_jobs", "Jobs by kind; waiting: due, and nobody is at it; later: not due.",
        labels=("kind", "state"),
    )  # fmt: skip
    oldest = GaugeMetricFamily(
        "laelia_job_wait_seconds", "How long the job that waits longest has been due.", labels=("kind",)
    )
    by = select(c.kind, state.label("state"), func.count(), func.min(c.due)).group_by(c.kind, "state")
    for kind_of_job, name, count, due in tx.execute(by):
        jobs.add_metric([kind_of_job, name], count)
        if name == "waiting":
            oldest.add_metric([kind_of_job], (now - due) / 1000)
    yield from (jobs, oldest)


def _writes(tx: Connection, handles: dict[int, str]) -> Iterator[Metric]:
    """Items sent to registries. An item that went well has no status in its attempt: only refusals have."""
    a = tables.attempt.c
    items = GaugeMetricFamily(
        "laelia_sent_items", "Items sent, by the class of the answer; open: its end is not known yet.",
        labels=("environment", "action", "status"),
    )  # fmt: skip
    by = (a.environment_id, a.action, a.status // 100, a.finished.is_(None))
    for place, action, hundreds, is_open, count in tx.execute(select(*by, func.count()).group_by(*by)):
        said = "open" if is_open else "2xx" if hundreds is None else kind(int(hundreds) * 100)
        items.add_metric([handles[place], action, said], count)
    yield items


def _lag(tx: Connection, now: int, handles: dict[int, str]) -> Metric:
    c = tables.cursor.c
    lag = GaugeMetricFamily(
        "laelia_source_age_seconds", "Since the cursor of a source last moved.",
        labels=("environment", "connector"),
    )  # fmt: skip
    for place, connector, modified in tx.execute(select(c.environment_id, c.connector, c.modified)):
        lag.add_metric([handles[place], connector], (now - modified) / 1000)
    return lag


def _processes(tx: Connection, now: int) -> Metric:
    c = tables.process.c
    seen = GaugeMetricFamily(
        "laelia_process_silence_seconds", "Since a process last said that it lives, which it does every ten.",
        labels=("process", "kind"),
    )  # fmt: skip
    for name, what, last in tx.execute(select(c.name, c.kind, c.seen)):
        seen.add_metric([name, what], (now - last) / 1000)
    return seen
