"""The hub's jobs: pushes wake by what was filed, pulls and looks at whole records by the clock, and looks by
the registry's call as well."""

import threading
from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from laelia.hub import (
    assertions,
    callbacks,
    mirror,
    organisations,
    people,
    plans,
    processes,
    tables,
    uploads,
)
from laelia.hub.api import filing
from laelia.hub.assertions import wake
from laelia.hub.organisations import standing
from laelia.hub.people import inviting, letters
from laelia.hub.pull import forget_idle, look_back, pull, useful, verify
from laelia.hub.push import leaving, push
from laelia.hub.settings import Hub
from laelia.lib import mail, stopping
from laelia.lib.clock import DAY, MINUTE, SECOND
from laelia.lib.jobs import Job, Retry, Worker
from laelia.lib.log import get_logger
from laelia.lib.process import name

LEASE = 2 * MINUTE
"""How long a job is kept from others if its process ceases to renew it."""
ROUNDS = 48
"""So many times in the interval of the periodic read it is looked who is due."""
_AT_ONCE = 20

log = get_logger()


def make(hub: Hub) -> Worker:
    """A worker for all kinds; several threads and processes may run one for more records at once."""
    handlers: dict[str, Callable[[Job], None]] = {kind: partial(act, hub) for kind, act in _ACTS.items()}
    handlers[mail.KIND] = _post(hub)
    return Worker(hub.db, tables.job, hub.clock, handlers, lease_ms=LEASE, holder=name())


def _push_one(hub: Hub, job: Job) -> None:
    """The first push under a permission reads the whole record, so that what stands there is known."""
    environment_id, orcid = job.extra["environment_id"], job.payload["orcid"]
    for file_waiting in (uploads.file_waiting, filing.file_waiting):
        file_waiting(hub, environment_id, orcid)
    with hub.db.reading() as tx:
        first = mirror.unread(tx, environment_id, orcid)
    if first:
        with hub.db.writing() as tx:
            assertions.follow(tx, hub.clock.now(), environment_id, orcid)
    _go(hub, environment_id, orcid, look=first)


def _look_one(hub: Hub, job: Job) -> None:
    _go(hub, job.extra["environment_id"], job.payload["orcid"], look=True)


def _go(hub: Hub, environment_id: int, orcid: str, look: bool) -> None:
    outcome = push(hub, environment_id, orcid, look=look)
    if outcome.retry_ms is not None:
        raise Retry(outcome.retry_ms)


def _hook_one(hub: Hub, job: Job) -> None:
    again = mirror.hooks.tidy(hub, job.extra["environment_id"], job.payload["orcid"])
    if again is not None:
        raise Retry(again)


def _hook_all(hub: Hub, job: Job) -> None:
    environment_id = job.extra["environment_id"]
    amiss = mirror.hooks.amiss(hub, environment_id)
    with hub.db.writing() as tx:
        for orcid in amiss:
            people.wake_hook(tx, hub.clock.now(), environment_id, orcid)
    _next(hub, job, DAY, None)


def _pull_one(hub: Hub, job: Job) -> None:
    environment_id, connector = job.extra["environment_id"], job.payload["connector"]
    result = pull(hub, environment_id, connector) if useful(hub, environment_id, connector) else None
    if result is not None:
        forget_idle(hub, result)
    _next(hub, job, hub.settings.pull_seconds * SECOND, result.retry_ms if result else None)


def _verify_one(hub: Hub, job: Job) -> None:
    result = verify(hub, job.extra["environment_id"], job.payload["connector"])
    _next(hub, job, hub.settings.verify_seconds * SECOND, result.retry_ms)


def _look_back_one(hub: Hub, job: Job) -> None:
    result = look_back(hub, job.extra["environment_id"], job.payload["orcid"], job.payload["connector"])
    if result.retry_ms is not None:
        raise Retry(result.retry_ms)


def _upload_some(hub: Hub, job: Job) -> None:
    if not uploads.go_on(hub, job.extra["environment_id"], job.payload["upload"]):
        raise Retry(1)


def _call_back(hub: Hub, job: Job) -> None:
    pause = callbacks.deliver(
        hub, job.extra["environment_id"], job.payload["callback"], job.payload["person"]
    )
    if pause is not None:
        raise Retry(pause)


def _plan_some(hub: Hub, job: Job) -> None:
    """Make a stored plan, or push it: whichever is under way."""
    environment_id, number = job.extra["environment_id"], job.payload["plan"]
    if not plans.make_some(hub, environment_id, number):
        raise Retry(1)
    if (again := plans.push_some(hub, environment_id, number)) is not None:
        raise Retry(again)


def _check_all(hub: Hub, job: Job) -> None:
    with hub.db.writing() as tx:
        check(tx, hub.clock.now(), job.extra["environment_id"], hub.settings.look_seconds * SECOND)
    _next(hub, job, _round(hub.settings.look_seconds * SECOND), None)


def _remind_all(hub: Hub, job: Job) -> None:
    with hub.db.writing() as tx:
        place = organisations.environment(tx, job.extra["environment_id"], hub.keys)
        if place.ready:
            inviting.remind(tx, hub.clock.now(), place, hub.settings.public_url)
    _next(hub, job, DAY, None)


def _forget_all(hub: Hub, job: Job) -> None:
    with hub.db.writing() as tx:
        uploads.forget_unfinished(tx, hub.clock.now(), job.extra["environment_id"])
    more = True
    while more and not stopping.asked():
        with hub.db.writing() as tx:
            more = plans.forget_idle(tx, hub.clock.now(), job.extra["environment_id"])
    _next(hub, job, DAY, None)


def _ask_one(hub: Hub, job: Job) -> None:
    assertions.tell(hub, job.extra["environment_id"], job.payload["orcid"])


def _leave_one(hub: Hub, job: Job) -> None:
    again = leaving.leave(hub, job.extra["environment_id"], job.payload["orcid"])
    if again is not None:
        raise Retry(again)


_ACTS: dict[str, Callable[[Hub, Job], None]] = {
    "push": _push_one,
    "look": _look_one,
    "hook": _hook_one,
    "hooks": _hook_all,
    "pull": _pull_one,
    "verify": _verify_one,
    "look-back": _look_back_one,
    "upload": _upload_some,
    "plan": _plan_some,
    "check": _check_all,
    "remind": _remind_all,
    "forget": _forget_all,
    "callback": _call_back,
    "ask": _ask_one,
    "leave": _leave_one,
}
KINDS = frozenset((*_ACTS, mail.KIND))
"""Every kind of job that a worker does."""


def _post(hub: Hub) -> Callable[[Job], None]:
    """Letters go out by SMTP where that is configured, else to the outbox."""
    if hub.settings.smtp_url:
        return mail.to_smtp(
            hub.settings.smtp_url, hub.settings.mail_from, returns_to=hub.settings.bounce_address,
            refused=partial(_refused, hub),
        )  # fmt: skip
    return mail.to_outbox(hub.db, tables.outbox, hub.clock)


def _refused(hub: Hub, job: Job, said: str) -> bool:
    """A letter to someone that no server takes: said where she is, and not sent again."""
    with hub.db.writing() as tx:
        return letters.undelivered(tx, hub.clock.now(), job.payload.get("mark", ""), said)


def check(tx: Connection, now: int, environment_id: int, interval_ms: int) -> None:
    """Have those records read whole whose last read is older than the interval. Each round takes twice its
    share at most, and spreads them over its time, so that many who connected at once are not read at once."""
    round_ms = _round(interval_ms)
    share = len(people.permitted(tx, environment_id, now)) * round_ms // max(interval_ms, 1)
    late = mirror.due(tx, now, environment_id, interval_ms, most=max(_AT_ONCE, 2 * share))
    for place, orcid in enumerate(late):
        people.wake_look(tx, now, environment_id, orcid, now + place * round_ms // len(late))


def _round(interval_ms: int) -> int:
    return max(interval_ms // ROUNDS, MINUTE)


class Crew:
    """The workers of this process, as threads. They free what dead processes left, at the start and after."""

    def __init__(self, hub: Hub, worker: Worker, kind: str, count: int) -> None:
        self._hub, self._worker, self._kind, self._count = hub, worker, kind, count
        self._started = hub.clock.now()
        self._stop, self._over = threading.Event(), threading.Event()
        self._beat()
        self._threads = [
            threading.Thread(target=worker.run, args=(self._stop,), name=f"hub-worker-{number}", daemon=True)
            for number in range(count)
        ]
        self._heart = threading.Thread(target=self._go_on, name="hub-heart", daemon=True)
        for thread in (*self._threads, self._heart):
            thread.start()

    def end(self) -> None:
        """Return when each has ended what it has under way, to the next point where it can go on later."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._over.set()
        self._heart.join()
        with self._hub.db.writing() as tx:
            processes.leave(tx)

    def _go_on(self) -> None:
        while not self._over.wait(processes.BEAT_SECONDS):
            try:
                self._beat()
            except SQLAlchemyError as error:  # it is waited for, as the workers do
                log.error("this process can't say that it lives", error=type(error).__name__)

    def _beat(self) -> None:
        now = self._hub.clock.now()
        with self._hub.db.writing() as tx:
            processes.beat(tx, now, self._kind, self._count, self._started)
            self._worker.renew(tx)
            dead = processes.free(tx, now)
        if dead:
            log.warning("took over from dead processes", processes=dead)


def seed(hub: Hub) -> None:
    """At start: the standing jobs of every environment, and a push for what waits or was left under way."""
    with hub.db.writing() as tx:
        now = hub.clock.now()
        for environment in organisations.environments(tx, hub.keys):
            standing.start(tx, now, environment.id, environment.connectors)
        c = tables.assertion.c
        left = select(c.environment_id, c.orcid).where(c.state.in_(("pending", "sending"))).distinct()
        for environment_id, orcid in tx.execute(left).all():
            wake(tx, now, environment_id, orcid)


def _next(hub: Hub, job: Job, interval_ms: int, retry_ms: int | None) -> None:
    """A standing job is never done: it is put off until its next turn."""
    raise Retry(min(interval_ms, retry_ms) if retry_ms else interval_ms)
