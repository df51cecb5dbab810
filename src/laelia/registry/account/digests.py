"""Letters with news: what organisations ask for, what they changed on the record, and whom it trusts.

A job for each person looks whether a letter is due. It runs soon after news came, and again when the time has
come that she chose; nothing looks through all records.
"""

from collections.abc import Callable

from sqlalchemy import Connection

from laelia.lib.clock import DAY, Clock
from laelia.lib.database import Database
from laelia.lib.i18n import gettext as _
from laelia.lib.jobs import Job, Retry
from laelia.registry.account import email_links, letters, preferences, tidings
from laelia.registry.account.tidings import Tidings
from laelia.registry.record import people, states

LIFE = 180 * DAY
"""How long the link works that ends the letters."""


def handler(database: Database, clock: Clock, site: str) -> Callable[[Job], None]:
    """What does a job: writes the letter that is due, and comes back for what is not."""

    def look(job: Job) -> None:
        with database.writing() as tx:
            pause = write(tx, clock.now(), job.payload["orcid"], site)
        if pause is not None:
            raise Retry(pause)

    return look


def write(tx: Connection, now: int, orcid: str, site: str) -> int | None:
    """Queue the letter with all kinds of news that are due; returns the milliseconds until there may be
    another one to write, None when there is nothing to tell."""
    record = states.lock(tx, orcid)
    to = next((one.email for one in people.emails(tx, orcid) if one.is_primary and one.verified), None)
    if record is None or record.state != "active" or to is None:
        return None
    due: dict[str, Tidings] = {}
    pauses: list[int] = []
    with letters.speaking(record.locale):
        for kind, (frequency, last) in preferences.mailing(tx, orcid).items():
            told, pace = tidings.of(tx, orcid, kind), preferences.FREQUENCIES[frequency]
            if told is None or pace is None:
                continue
            period, wait = pace
            pause = max(told.since + wait, (last or 0) + period) - now
            if pause > 0:
                pauses.append(pause)
            else:
                due[kind] = told
        if due:
            _send(tx, now, orcid, to, list(due.values()), site)
    for told in due.values():
        told.settle(now)
    preferences.sent(tx, now, orcid, list(due))
    return min(pauses, default=None)


def _send(tx: Connection, now: int, orcid: str, to: str, told: list[Tidings], site: str) -> None:
    link = f"{site}/unsubscribe/{email_links.make(tx, now, orcid, to, 'unsubscribe', LIFE)}"
    said = [
        *("\n\n".join([one.heading, *one.lines]) for one in told),
        _("Look at it here:"),
        f"  {site}/inbox\n  {site}/my-record",
        _("How often we write is your choice:"),
        f"  {site}/account/preferences",
        _("No more of these messages, without signing in:"),
        f"  {link}",
    ]
    # RFC 8058: programs that read mail offer to end it by one click.
    headers = {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    letters.send(tx, now, orcid, to, _("What is new on your record"), said, site, headers)
