"""Messages about the safety of an account: what changed, and what to do if it was somebody else."""

from sqlalchemy import Connection

from laelia.lib import mail
from laelia.lib.i18n import gettext as _
from laelia.lib.mail import Mail
from laelia.registry import tables
from laelia.registry.record import people


def tell(tx: Connection, now: int, orcid: str, site: str, subject: str, happened: str) -> None:
    """Queue a message to her primary address; nothing where she has none (a loaded record)."""
    addresses = people.emails(tx, orcid)
    if not addresses:
        return
    text = _(
        "Dear %(name)s,\n\n"
        "%(happened)s\n\n"
        "It concerns the iD %(site)s/%(orcid)s.\n\n"
        "If this was you, there is nothing to do. If it was not, choose a new password at once:\n\n"
        "  %(site)s/reset-password\n\n"
        "and look through your sessions at %(site)s/account/sessions\n",
        name=people.display_name(tx, orcid),
        happened=happened,
        site=site,
        orcid=orcid,
    )
    mail.queue(tx, tables.job, Mail(addresses[0].email, subject, text), now=now)
