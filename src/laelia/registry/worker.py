"""What the registry does besides answering: mail, the call log, and putting away what is old."""

import threading
from typing import Protocol

from sqlalchemy import delete, select

from laelia.lib import mail
from laelia.lib.clock import DAY, Clock
from laelia.lib.database import Database
from laelia.lib.jobs import Worker
from laelia.lib.log import Lines, get_logger
from laelia.lib.web.session import Sessions
from laelia.registry import tables
from laelia.registry.grants.calls import CallLog
from laelia.registry.notify import notifications
from laelia.registry.settings import Settings

POLL_SECONDS = 0.1
SWEEP_SECONDS = 3600.0

KEPT = 30 * DAY
# What nobody asks for any more thirty days after the moment in this column. A follower of the change log that
# is further behind rebuilds from the tables.
PAST = {tables.change: "time", tables.code: "expires", tables.email_link: "expires", tables.guess: "last"}

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
    return Worker(database, tables.job, clock, {mail.KIND: send})


def work(service: Running) -> int:
    """Do all that is due, here and now; returns how much that was."""
    service.lines.flush()
    if service.settings.sandbox:
        service.offset.refresh()
    return service.jobs.run_due() + service.calls.flush()


def run(service: Running, stop: threading.Event) -> None:
    """Work until told to stop; what goes wrong is logged and tried again."""
    rounds = 0
    while not stop.wait(POLL_SECONDS):
        try:
            work(service)
            if rounds % int(SWEEP_SECONDS / POLL_SECONDS) == 0:
                sweep(service)
        except Exception:
            log.exception("the worker's round failed")
            stop.wait(1)
        rounds += 1


def sweep(service: Running) -> None:
    """Put away what is old; the worker does it every hour."""
    now = service.clock.now()
    service.calls.sweep(now)
    with service.db.writing() as tx:
        service.sessions.sweep(tx, now)
        notifications.sweep(tx, now)
        for table, ended in PAST.items():
            tx.execute(delete(table).where(table.c[ended] < now - KEPT))
