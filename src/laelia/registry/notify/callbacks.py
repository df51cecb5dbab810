"""Callbacks: a follower of the change log has a job made for each webhook of each changed record, and the
job calls its receiver.

Both may run in several processes at once. A job is one row however often it is wanted, and calls only if the
receiver does not know the record's present revision; one that is wanted while it calls runs again.
"""

import time
from collections.abc import Callable, Collection, Sequence
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row

from laelia.lib.changes import Follower
from laelia.lib.clock import Clock
from laelia.lib.database import Database
from laelia.lib.http import Http, HttpError
from laelia.lib.jobs import Job, Retry, enqueue
from laelia.registry import tables
from laelia.registry.notify import webhooks
from laelia.registry.notify.hosts import Hosts

KIND = "callback"
SECONDS = 20.0
BATCH = 500


def follower(database: Database, clock: Clock) -> Follower:
    """Follows the change log and wakes the webhooks of what changed."""

    def changed(rows: Sequence[Row[Any]]) -> None:
        wake_all(database, clock, {row.orcid for row in rows})

    return Follower(database, tables.change, "callbacks", changed)


def wake_all(database: Database, clock: Clock, orcids: Collection[str] | None = None) -> None:
    """Have all calls made that are owed, to the webhooks of these records or, for the worker's sweep, of any:
    that finds what nobody followed for too long. Most records have no webhook, and then nothing is written.
    """
    with database.reading() as tx:
        found = webhooks.owed(tx, clock.now(), orcids=orcids)
    for start in range(0, len(found), BATCH):
        with database.writing() as tx:
            _want(tx, clock.now(), found[start : start + BATCH])


def wake(tx: Connection, now: int, orcid: str) -> None:
    """The same for one record, in the caller's transaction."""
    _want(tx, now, webhooks.owed(tx, now, orcids=[orcid]))


def _want(tx: Connection, now: int, calls: Sequence[webhooks.Owed]) -> None:
    for call in calls:
        payload = {"orcid": call.orcid, "uri_hash": call.uri_hash}
        key = f"{call.orcid}/{call.uri_hash}"
        enqueue(tx, tables.job, kind=KIND, key=key, payload=payload, now=now, due=call.due)


def handler(database: Database, clock: Clock, http: Http, *, private: bool) -> Callable[[Job], None]:
    """What does a job: calls if a call is owed and due, and writes down what came of it."""
    hosts = Hosts(clock)

    def call(job: Job) -> None:
        orcid, uri_hash = job.payload["orcid"], job.payload["uri_hash"]
        with database.reading() as tx:
            owed = next(iter(webhooks.owed(tx, clock.now(), orcids=[orcid], uri_hash=uri_hash)), None)
        if owed is None:
            return
        if owed.due > clock.now():
            raise Retry(owed.due - clock.now())
        taken, status = _call(http, hosts, webhooks.address(owed.uri), private)
        with database.writing() as tx:
            told = webhooks.taken if taken else webhooks.failed
            pause = told(tx, clock.now(), owed, status)
        if pause is not None:
            raise Retry(pause)

    return call


def _call(http: Http, hosts: Hosts, url: str, private: bool) -> tuple[bool, str]:
    """Whether the receiver took it (any 2xx), and what it said. Its body is of no interest."""
    host = urlsplit(url).netloc.rpartition("@")[2]
    if not hosts.may_call(host):
        return False, f"put aside: {host} left the last calls unanswered"
    started = time.monotonic()
    try:
        with http.stream("POST", url, content=b"", trusted=private, timeout=SECONDS) as (answer, _):
            hosts.answered(host)
            return 200 <= answer.status < 300, str(answer.status)
    except HttpError as error:
        hosts.unanswered(host, time.monotonic() - started)
        return False, str(error)
