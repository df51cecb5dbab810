"""Registering for an iD (registry-ui.md §2)."""

from dataclasses import dataclass

from sqlalchemy import Connection

from laelia.lib import mail
from laelia.lib.i18n import gettext as _
from laelia.lib.mail import Mail
from laelia.registry import tables
from laelia.registry.account import credentials, email_links
from laelia.registry.record import people


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """What the form asks for. The name is public; the address is hers alone until she says otherwise."""

    given: str
    family: str
    email: str
    password_hash: str
    visibility: str


def register(tx: Connection, now: int, new: Newcomer, site: str) -> str:
    """Make the record, the account and the mail with the link that proves the address; returns the iD.
    Raises people.AddressTaken, which has to roll everything back."""
    orcid = people.create_record(
        tx, now, given=new.given, family=new.family, email=new.email, default_visibility=new.visibility
    )
    credentials.set_password(tx, now, orcid, new.password_hash)
    send_verification(tx, now, orcid, new.email, new.given, site)
    return orcid


def send_verification(tx: Connection, now: int, orcid: str, email: str, given: str, site: str) -> None:
    """Queue the mail with the link; it is sent after the transaction."""
    link = f"{site}/verify-email/{email_links.make(tx, now, orcid, email)}"
    text = _(
        "Dear %(name)s,\n\n"
        "welcome. Your iD is\n\n  %(site)s/%(orcid)s\n\n"
        "Please confirm that this e-mail address is yours by opening the link below within three days:\n\n"
        "  %(link)s\n\n"
        "If you did not register, ignore this message: nothing is done with an address nobody confirms.\n",
        name=given,
        site=site,
        orcid=orcid,
        link=link,
    )
    mail.queue(tx, tables.job, Mail(email, _("Confirm your e-mail address"), text), now=now)
