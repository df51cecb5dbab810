"""Letters to people: one frame for all of them, in plain text and in the reader's language."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from laelia.lib import mail
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import speaking
from laelia.registry import tables
from laelia.registry.record import people

# Names come from outside and become part of a greeting: a long one would be used to write something else.
LONGEST_NAME = 100

__all__ = ["framed", "language", "send", "speaking"]


def language(tx: Connection, orcid: str) -> str:
    """The language in which this person reads letters. Whoever writes one makes its sentences inside of
    `speaking(language(…))`."""
    locale = tables.record.c.locale
    return str(tx.execute(select(locale).where(tables.record.c.orcid == orcid)).scalar() or "en")


def send(
    tx: Connection,
    now: int,
    orcid: str,
    to: str,
    subject: str,
    paragraphs: Sequence[str],
    site: str,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Queue a letter; it is sent once this transaction has committed. `site` is the public address."""
    text = framed(people.display_name(tx, orcid), paragraphs, f"{site}/{orcid}", site)
    mail.queue(tx, tables.job, mail.Mail(to, subject, text, headers or {}), now=now)


def framed(name: str, paragraphs: Sequence[str], record: str, site: str) -> str:
    """Greeting, the paragraphs, and who wrote. A paragraph that is an address or a list is indented by its
    writer."""
    called = " ".join(name.split())[:LONGEST_NAME]
    greeting = _("Dear %(name)s,", name=called) if called else _("Hello,")
    about = _("This message is about the record %(record)s at %(site)s.", record=record, site=site)
    return "\n\n".join([greeting, *paragraphs, "-- \n" + about]) + "\n"
