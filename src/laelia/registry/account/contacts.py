"""Letters to the people who look after an organisation's clients: that somebody said of an item that it is
not hers. At most one a day for each client, in the morning (UTC)."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, select, update

from laelia.lib.clock import DAY, HOUR, Clock
from laelia.lib.database import Database
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import ngettext
from laelia.lib.jobs import Job, enqueue
from laelia.registry import tables
from laelia.registry.account import letters

KIND = "not-mine"
"""The kind of the job."""
MORNING = 6 * HOUR
MOST = 20
TITLE = 120

_mark, _contact, _email = tables.not_mine.c, tables.member_contact.c, tables.email.c


def wake(tx: Connection, now: int, client: str) -> None:
    """Have those who look after a client written to the next morning."""
    due = (now // DAY + 1) * DAY + MORNING
    enqueue(tx, tables.job, kind=KIND, key=client, payload={"client": client}, now=now, due=due)


def handler(database: Database, clock: Clock, site: str) -> Callable[[Job], None]:
    """What does a job: one letter to each contact about all that none was written of."""

    def write(job: Job) -> None:
        with database.writing() as tx:
            _write(tx, clock.now(), job.payload["client"], site)

    return write


def _write(tx: Connection, now: int, client_id: str, site: str) -> None:
    table = tables.client.c
    client = tx.execute(select(table.name, table.member_id).where(table.client_id == client_id)).first()
    fresh = (_mark.client == client_id, _mark.told.is_(None))
    columns = (_mark.orcid, _mark.section, _mark.put_code, _mark.title)
    rows = tx.execute(select(*columns).distinct().where(*fresh).order_by(_mark.put_code)).all()
    if client is None or not rows:
        return
    for orcid, locale, address in tx.execute(_readers(client.member_id)).all():
        with letters.speaking(locale):
            letters.send(tx, now, orcid, address, *_said(client.name, client_id, list(rows), site), site)
    # By the rows that were told: others may have come meanwhile.
    told = {(row.orcid, row.section, row.put_code) for row in rows}
    for of, section, number in told:
        those = (_mark.orcid == of, _mark.section == section, _mark.put_code == number)
        tx.execute(update(tables.not_mine).where(*those).values(told=now))


def _readers(member: int | None) -> Any:
    """The contacts of a member who can be written to."""
    record = tables.record.c
    return (
        select(record.orcid, record.locale, _email.email)
        .join(tables.member_contact, _contact.orcid == record.orcid)
        .join(tables.email, _email.orcid == record.orcid)
        .where(_contact.member_id == member, record.state == "active", _email.is_primary, _email.verified)
        .order_by(record.orcid)
    )


def _said(name: str, client_id: str, rows: list[Any], site: str) -> tuple[str, list[str]]:
    """The subject and the paragraphs."""
    lines = [
        f"  {' '.join(row.title.split())[:TITLE] or _('Untitled')} ({row.put_code}): {site}/{row.orcid}"
        for row in rows[:MOST]
    ]
    if len(rows) > MOST:
        lines.append(f"  {ngettext('and one more', 'and %(n)s more', len(rows) - MOST)}")
    subject = _("Not theirs: what %(name)s added to records", name=" ".join(name.split())[:TITLE])
    return subject, [
        ngettext(
            "Somebody says that an item which your client added is about another person. It was removed, and "
            "is not taken again:",
            "People say that %(n)s items which your client added are about other people. They were removed, "
            "and are not taken again:",
            len(rows),
        ),
        "\n".join(lines),
        _("Please correct this in your own data. All of it is listed here:"),
        f"  {site}/clients/{client_id}",
    ]
