"""The hub's jobs: pushes wake by what was filed, pulls by the clock; once a day every permission is tried."""

from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection, select, update

from laelia.hub import organisations, people, tables, uploads
from laelia.hub.assertions import wake
from laelia.hub.organisations import standing
from laelia.hub.people import inviting
from laelia.hub.pull import forget_idle, look_back, pull, useful, verify
from laelia.hub.push import push
from laelia.hub.settings import Hub
from laelia.lib import mail
from laelia.lib.clock import DAY, SECOND
from laelia.lib.jobs import Job, Retry, Worker, enqueue


def make(hub: Hub) -> Worker:
    """A worker for all kinds; start several for more records at once."""
    handlers = {kind: partial(act, hub) for kind, act in _ACTS.items()}
    return Worker(hub.db, tables.job, hub.clock, {**handlers, mail.KIND: _post(hub)})


def _push_one(hub: Hub, job: Job) -> None:
    uploads.file_waiting(hub, job.extra["environment_id"], job.payload["orcid"])
    outcome = push(
        hub, job.extra["environment_id"], job.payload["orcid"], look=job.payload.get("look", False)
    )
    if outcome.retry_ms is not None:
        raise Retry(outcome.retry_ms)


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


def _check_all(hub: Hub, job: Job) -> None:
    with hub.db.writing() as tx:
        check(tx, hub.clock.now(), job.extra["environment_id"])
    _next(hub, job, DAY, None)


def _remind_all(hub: Hub, job: Job) -> None:
    with hub.db.writing() as tx:
        place = organisations.environment(tx, job.extra["environment_id"], hub.keys)
        if place.ready:
            inviting.remind(tx, hub.clock.now(), place, hub.settings.public_url)
    _next(hub, job, DAY, None)


_ACTS: dict[str, Callable[[Hub, Job], None]] = {
    "push": _push_one,
    "pull": _pull_one,
    "verify": _verify_one,
    "look-back": _look_back_one,
    "upload": _upload_some,
    "check": _check_all,
    "remind": _remind_all,
}


def _post(hub: Hub) -> Callable[[Job], None]:
    """Letters go out by SMTP where that is configured, else to the outbox."""
    if hub.settings.smtp_url:
        return mail.to_smtp(hub.settings.smtp_url, hub.settings.mail_from)
    return mail.to_outbox(hub.db, tables.outbox, hub.clock)


def check(tx: Connection, now: int, environment_id: int) -> None:
    """Have every standing permission tried by one read of the record; it also finds what people removed."""
    for orcid in people.permitted(tx, environment_id, now):
        enqueue(
            tx,
            tables.job,
            kind="push",
            key=f"{environment_id}/{orcid}",
            payload={"orcid": orcid, "look": True},
            now=now,
            environment_id=environment_id,
        )


def recover(hub: Hub, worker: Worker) -> None:
    """At the start of the process that works: what the last one had under way when it died is free again."""
    worker.reclaim()
    c = tables.run.c
    with hub.db.writing() as tx:
        ended = {"state": "stopped", "message": "crash", "finished": hub.clock.now()}
        tx.execute(update(tables.run).where(c.state == "running").values(**ended))


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
