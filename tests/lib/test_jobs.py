"""Jobs are done at least once, in the caller's transaction, one key at a time, and never get lost."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from laelia.lib.clock import HOUR, SECOND, StoppedClock
from laelia.lib.database import Database
from laelia.lib.jobs import Job, Retry, Worker, enqueue, job_table

metadata = sa.MetaData()
job = job_table(metadata, sa.Column("environment_id", sa.Integer))


@dataclass
class Place:
    database: Database
    clock: StoppedClock

    def add(self, kind: str, key: str | None = None, due: int | None = None, **payload: Any) -> None:
        with self.database.writing() as tx:
            values = {"kind": kind, "key": key, "payload": payload, "due": due}
            enqueue(tx, job, now=self.clock.now(), environment_id=1, **values)

    def worker(self, handle: Any, **options: Any) -> Worker:
        return Worker(self.database, job, self.clock, {"k": handle}, **options)

    def rows(self) -> list[Any]:
        with self.database.reading() as tx:
            return list(tx.execute(sa.select(job).order_by(job.c.id)))


@pytest.fixture
def place(new_database: Any) -> Iterator[Place]:
    database = Database(new_database())
    with database.writing() as tx:
        metadata.create_all(tx)
    yield Place(database, StoppedClock())
    database.dispose()


def test_a_job_of_a_transaction_that_fails_never_was(place: Place) -> None:
    def fail_half_way() -> None:
        with place.database.writing() as tx:
            enqueue(tx, job, kind="k", key=None, payload={}, now=0)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert place.rows() == []


def test_jobs_run_in_order_of_their_time_with_their_payload(place: Place) -> None:
    now = place.clock.now()
    seen: list[Job] = []
    place.add("k", n=1, due=now + HOUR)
    place.add("k", n=2)
    place.add("k", n=3)
    place.add("other", n=4)
    assert place.worker(seen.append).run_due() == 2
    assert [each.payload["n"] for each in seen] == [2, 3]
    assert seen[0].extra == {"environment_id": 1}
    place.clock.advance(HOUR)
    assert place.worker(seen.append).run_due() == 1
    assert [row.kind for row in place.rows()] == ["other"]


def test_waiting_jobs_of_one_key_are_one(place: Place) -> None:
    now = place.clock.now()
    seen: list[Job] = []
    place.add("k", "a", due=now + HOUR, n=1)
    place.add("k", "a", n=2)
    place.add("k", "b", n=3)
    place.add("k", "b", due=now + HOUR, n=4)
    assert place.worker(seen.append).run_due() == 2
    assert sorted(each.payload["n"] for each in seen) == [2, 4]


def test_enqueued_while_it_runs_it_runs_once_more(place: Place) -> None:
    seen: list[int] = []

    def handle(each: Job) -> None:
        seen.append(each.payload["n"])
        if len(seen) == 1:
            place.add("k", "a", n=2)

    place.add("k", "a", n=1)
    place.worker(handle).run_due()
    assert seen == [1, 2]
    assert place.rows() == []


def test_a_failure_backs_off_doubling_and_the_last_one_is_kept_for_people(place: Place) -> None:
    pauses = []

    def handle(each: Job) -> None:
        raise ValueError("no such thing")

    place.add("k", "a")
    worker = place.worker(handle, tries=4)
    for _ in range(3):
        assert worker.run_due() == 1
        pauses.append(place.rows()[0].due - place.clock.now())
        place.clock.advance(pauses[-1])
    assert pauses == [2 * SECOND, 4 * SECOND, 8 * SECOND]
    assert worker.run_due() == 1
    assert worker.run_due() == 0
    (row,) = place.rows()
    assert row.dead is not None
    assert row.error == "ValueError: no such thing"
    place.add("k", "a")  # the key is free again
    assert len(place.rows()) == 2


def test_retry_is_no_failure(place: Place) -> None:
    calls: list[int] = []

    def handle(each: Job) -> None:
        calls.append(each.failures)
        if len(calls) < 20:
            raise Retry(5 * SECOND)

    place.add("k")
    worker = place.worker(handle, tries=2)
    for _ in range(20):
        worker.run_due()
        place.clock.advance(5 * SECOND)
    assert calls == [0] * 20
    assert place.rows() == []


def test_a_lease_ends_and_a_late_worker_ends_nothing_of_the_next(place: Place) -> None:
    order: list[str] = []

    def slow(each: Job) -> None:
        order.append("slow")
        place.clock.advance(10 * SECOND)
        assert second.run_due() == 1  # it takes the job over while the first still works on it

    def stuck(each: Job) -> None:
        order.append("second")
        raise Retry(SECOND)

    second = place.worker(stuck, lease_ms=5 * SECOND)
    place.add("k", "a")
    assert place.worker(slow, lease_ms=5 * SECOND).run_due(most=1) == 1
    assert order == ["slow", "second"]
    assert len(place.rows()) == 1, "the slow one, done late, must not delete what the second holds"


def test_leases_of_a_dead_process_are_forgotten_at_start(place: Place) -> None:
    place.add("k", "a")

    def die(each: Job) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        place.worker(die).run_due()
    seen: list[Job] = []
    worker = place.worker(seen.append)
    assert worker.run_due() == 0
    worker.reclaim()
    assert worker.run_due() == 1


def test_two_workers_share_the_work_and_run_nothing_twice(place: Place) -> None:
    for n in range(60):
        place.add("k", str(n), n=n)
    seen: list[int] = []
    lock = threading.Lock()

    def handle(each: Job) -> None:
        with lock:
            seen.append(each.payload["n"])

    stop = threading.Event()
    threads = [
        threading.Thread(target=place.worker(handle).run, args=(stop,), kwargs={"poll_seconds": 0.01})
        for _ in range(2)
    ]
    for each in threads:
        each.start()
    for _ in range(500):
        if len(seen) >= 60 and not place.rows():
            break
        stop.wait(0.02)
    stop.set()
    for each in threads:
        each.join()
    assert sorted(seen) == list(range(60))
    assert place.rows() == []


def test_a_worker_outlives_whatever_its_database_does(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    done, stop, troubles = (
        threading.Event(),
        threading.Event(),
        [sa.exc.InterfaceError, sa.exc.ProgrammingError],
    )
    worker = place.worker(lambda job: done.set())
    run_due = worker.run_due

    def troubled(most: int | None = None) -> int:
        if troubles:
            raise troubles.pop()("SELECT", {}, Exception("not now"))
        return run_due(most)

    monkeypatch.setattr(worker, "run_due", troubled)
    monkeypatch.setattr(stop, "wait", lambda seconds: threading.Event().wait(0.01))
    place.add("k")
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    assert done.wait(20)
    stop.set()
    thread.join()
