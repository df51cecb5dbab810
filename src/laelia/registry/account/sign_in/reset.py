"""A forgotten password: asked for by anybody, sent to the owner only, by a link that works once.

Who asks is answered before anybody looks whether there is such an account: the asking is a job, and the
worker writes the message. So the answer, and the time it takes, are the same for every address.
"""

from collections.abc import Callable

from sqlalchemy import Connection, delete, select

from laelia.lib import mail
from laelia.lib.clock import HOUR, Clock
from laelia.lib.database import Database
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import set_locale
from laelia.lib.jobs import Job, enqueue
from laelia.lib.mail import Mail
from laelia.lib.secret import digest
from laelia.model.identifiers import normalise_orcid
from laelia.registry import tables
from laelia.registry.account import credentials, email_links
from laelia.registry.record import people

KIND = "password-reset"
PURPOSE = "reset"
LIFE = 4 * HOUR


def ask(tx: Connection, now: int, name: str, locale: str) -> None:
    """Have a link sent to whoever this address or iD belongs to."""
    enqueue(tx, tables.job, kind=KIND, key=None, payload={"name": name, "locale": locale}, now=now)


def handler(database: Database, clock: Clock, site: str) -> Callable[[Job], None]:
    """What the worker does with it."""

    def handle(job: Job) -> None:
        set_locale(job.payload["locale"])
        with database.writing() as tx:
            _write(tx, clock.now(), job.payload["name"].strip(), site)

    return handle


def look(tx: Connection, now: int, token: str) -> str | None:
    """Whose link this is, without using it: opening a page uses nothing up."""
    c = tables.email_link.c
    good = (c.token_hash == digest(token), c.purpose == PURPOSE, c.used.is_(None), c.expires > now)
    orcid = tx.execute(select(c.orcid).where(*good)).scalar()
    return orcid if orcid is not None and credentials.may_enter(tx, orcid) else None


def use(tx: Connection, now: int, token: str) -> str | None:
    """Spend the link: whose it was, or None when it is no good (any more)."""
    spent = email_links.use(tx, now, token, PURPOSE)
    return spent[0] if spent is not None and credentials.may_enter(tx, spent[0]) else None


def _write(tx: Connection, now: int, name: str, site: str) -> None:
    """The message to the owner; to an address that is nobody's, a message that says so: whoever typed it
    may have another. An iD that is nobody's has no address to write to."""
    orcid = people.by_email(tx, name) if "@" in name else normalise_orcid(name)
    known = people.emails(tx, orcid) if orcid and credentials.may_enter(tx, orcid) else []
    # An address that nobody has confirmed proves nothing, but for the one she registered with.
    fit = [one for one in known if one.verified or one.is_primary]
    chosen = [one for one in fit if one.folded == name.lower()] if "@" in name else fit
    if orcid and chosen:
        _send(
            tx,
            now,
            chosen[0].email,
            _("Choose a new password"),
            _with_link(tx, now, orcid, chosen[0].email, site),
        )
    elif "@" in name:
        _send(tx, now, name, _("No account with this address"), _without(site))


def _send(tx: Connection, now: int, to: str, subject: str, text: str) -> None:
    mail.queue(tx, tables.job, Mail(to, subject, text), now=now)


def _with_link(tx: Connection, now: int, orcid: str, email: str, site: str) -> str:
    c = tables.email_link.c
    # Only the newest link works.
    tx.execute(delete(tables.email_link).where(c.orcid == orcid, c.purpose == PURPOSE, c.used.is_(None)))
    link = f"{site}/reset-password/{email_links.make(tx, now, orcid, email, PURPOSE, LIFE)}"
    return _(
        "Dear %(name)s,\n\n"
        "somebody, most likely you, wants to choose a new password for the iD\n\n"
        "  %(site)s/%(orcid)s\n\n"
        "This link leads there. It works once, and for four hours:\n\n"
        "  %(link)s\n\n"
        "If it was not you, ignore this message: your password stays as it is.\n",
        name=people.display_name(tx, orcid),
        site=site,
        orcid=orcid,
        link=link,
    )


def _without(site: str) -> str:
    return _(
        "Somebody, most likely you, wants to choose a new password at %(site)s and wrote this e-mail "
        "address. No account here has it, or nobody has confirmed it yet.\n\n"
        "If you have an iD, try another of your addresses, or the iD itself. If you have none, register "
        "at\n\n"
        "  %(site)s/register\n\n"
        "If it was not you, ignore this message.\n",
        site=site,
    )
