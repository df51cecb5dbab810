"""What the registry does besides answering: mail, callbacks, the call log, and putting away what is old."""

import itertools
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from sqlalchemy import delete, select

from laelia.lib import mail
from laelia.lib.changes import Follower, forget
from laelia.lib.clock import DAY, MINUTE, Clock
from laelia.lib.database import Database
from laelia.lib.http import Http
from laelia.lib.jobs import Worker
from laelia.lib.log import Lines, get_logger
from laelia.lib.web.session import Sessions
from laelia.registry import tables
from laelia.registry.account import contacts, digests
from laelia.registry.account.closing import erasure
from laelia.registry.account.institutions import sources, visits
from laelia.registry.account.sign_in import reset
from laelia.registry.grants import news
from laelia.registry.grants.calls import CallLog
from laelia.registry.notify import callbacks, notices, notifications
from laelia.registry.record import waiting
from laelia.registry.search.index import Search
from laelia.registry.settings import Settings

POLL_SECONDS = 0.1
SWEEP_SECONDS = 3600.0

# Receivers of callbacks may take their time: several are called at once, and mail does not wait for them.
CALLERS = 4
CALL_POLL_SECONDS = 0.25
LOAD_POLL_SECONDS = 10.0

KEPT = 30 * DAY
# What nobody asks for any more thirty days after the moment in this column.
PAST = {
    tables.former: "time",
    tables.code: "expires",
    tables.email_link: "expires",
    tables.guess: "last",
    tables.job: "dead",
    tables.news: "time",
}

log = get_logger()


class Running(Protocol):
    """What the worker needs of the service."""

    @property
    def db(self) -> Database: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def lines(self) -> Lines: ...
    @property
    def calls(self) -> CallLog: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def offset(self) -> "Offset": ...
    @property
    def jobs(self) -> Worker: ...
    @property
    def followers(self) -> Sequence[Follower]: ...
    @property
    def callers(self) -> Worker: ...
    @property
    def loaders(self) -> Worker: ...
    @property
    def search(self) -> Search: ...


class Offset:
    """How far a sandbox's clock is moved: one row for all processes, read again by each worker's round."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.ms = 0

    def refresh(self) -> None:
        with self._database.reading() as tx:
            self.ms = tx.execute(select(tables.clock.c.offset)).scalar() or 0


def jobs(database: Database, clock: Clock, settings: Settings) -> Worker:
    """The worker of jobs. Mail goes out by SMTP where that is configured, else to the outbox."""
    if settings.smtp_url:
        send = mail.to_smtp(settings.smtp_url, settings.mail_from)
    else:
        send = mail.to_outbox(database, tables.outbox, clock)
    kinds = {
        mail.KIND: send,
        news.KIND: digests.handler(database, clock, settings.public_url.rstrip("/")),
        contacts.KIND: contacts.handler(database, clock, settings.public_url.rstrip("/")),
        reset.KIND: reset.handler(database, clock, settings.public_url),
        erasure.KIND: erasure.handler(database, clock),
    }
    return Worker(database, tables.job, clock, kinds)


def followers(database: Database, clock: Clock) -> tuple[Follower, ...]:
    """Who reads the change log."""
    return callbacks.follower(database, clock), notices.follower(database, clock)


def callers(database: Database, clock: Clock, http: Http, settings: Settings) -> Worker:
    """The worker of callbacks. A process that dies while it calls holds the call up for a minute."""
    call = callbacks.handler(database, clock, http, private=settings.private_webhooks)
    return Worker(database, tables.job, clock, {callbacks.KIND: call}, lease_ms=MINUTE)


def loaders(database: Database, clock: Clock, http: Http, settings: Settings) -> Worker:
    """The worker of what takes minutes and nobody waits for: a federation's metadata."""
    load = sources.handler(database, clock, http, settings.institutions_refresh)
    kinds = {sources.KIND: load}
    return Worker(database, tables.job, clock, kinds, lease_ms=30 * MINUTE)


def work(service: Running) -> int:
    """Do all that is due, here and now; returns how much that was."""
    return _round(service) + _follow(service) + service.callers.run_due() + service.loaders.run_due()


def start(service: Running, stop: threading.Event) -> list[threading.Thread]:
    """Do all that becomes due, in threads of this process, until told to stop; returns the threads."""
    calling = partial(service.callers.run, stop, CALL_POLL_SECONDS)
    loading = partial(service.loaders.run, stop, LOAD_POLL_SECONDS)
    rounds, following = partial(_rounds, service, stop), partial(_following, service, stop)
    searching = partial(service.search.run_apart, stop)
    loops = (rounds, following, loading, searching, *[calling] * CALLERS)
    threads = [threading.Thread(target=loop, name="registry-worker", daemon=True) for loop in loops]
    for thread in threads:
        thread.start()
    return threads


def _rounds(service: Running, stop: threading.Event) -> None:
    rounds = itertools.count()

    def once() -> None:
        _round(service)
        if next(rounds) % int(SWEEP_SECONDS / POLL_SECONDS) == 0:
            sweep(service)

    _again_and_again(once, stop)


def _following(service: Running, stop: threading.Event) -> None:
    _again_and_again(lambda: _follow(service), stop)


def _again_and_again(once: Callable[[], object], stop: threading.Event) -> None:
    """What goes wrong is logged and tried again."""
    while not stop.wait(POLL_SECONDS):
        try:
            once()
        except Exception:
            log.exception("the worker's round failed")
            stop.wait(1)


def _round(service: Running) -> int:
    service.lines.flush()
    if service.settings.sandbox:
        service.offset.refresh()
    return service.jobs.run_due() + service.calls.flush()


def _follow(service: Running) -> int:
    """Read the change log to its end."""
    done = 0
    for follower in service.followers:
        while rows := follower.step():
            done += rows
    return done


def sweep(service: Running) -> None:
    """Put away what is old; the worker does it every hour."""
    now = service.clock.now()
    service.calls.sweep(now)
    with service.db.writing() as tx:
        service.sessions.sweep(tx, now)
        notifications.sweep(tx, now)
        visits.sweep(tx, now)
        waiting.sweep(tx, now)
        # A follower of the change log that is further behind rebuilds from the tables.
        forget(tx, tables.change, tables.change.c.time < now - KEPT)
        for table, ended in PAST.items():
            tx.execute(delete(table).where(table.c[ended] < now - KEPT))
    callbacks.wake_all(service.db, service.clock)
