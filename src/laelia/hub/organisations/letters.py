"""Letters to staff: their links. Queued in the caller's transaction, sent when it has committed."""

from sqlalchemy import Connection

from laelia.hub import tables
from laelia.hub.organisations import roles, staff
from laelia.hub.organisations.environments import Environment
from laelia.lib import mail
from laelia.lib.i18n import gettext as _


def address(public_url: str, place: Environment, secret: str) -> str:
    """Where a staff link leads."""
    return f"{public_url.rstrip('/')}/{place.handle}/staff/join/{secret}"


def send(
    tx: Connection, now: int, place: Environment, to: staff.Staff, purpose: str, url: str, *, asked_by: str
) -> None:
    """The link by mail; asked_by: who invites."""
    name = place.organisation_name
    if purpose == staff.SIGN_IN:
        subject = _("Sign in to the pages of %(name)s", name=name)
        lines = [
            _("This link signs you in as staff of %(name)s, once, in the next half hour:", name=name),
            url,
            _("If you did not ask for it, ignore this letter: nothing happens."),
        ]
    else:
        subject = _("You are invited to work for %(name)s", name=name)
        role, can = roles.WORDS[to.role]
        lines = [
            _("%(who)s invites you to the staff of %(name)s (%(environment)s), as %(role)s: %(can)s.",
              who=asked_by, name=name, environment=place.name, role=role, can=can),
            _("The link is for you alone. It works once, for fourteen days:"),
            url,
            _("If you don't expect this, ignore this letter: nothing happens."),
        ]  # fmt: skip
    letter = mail.Mail(to.email, subject, "\n\n".join(lines) + "\n")
    mail.queue(tx, tables.job, letter, now=now, environment_id=place.id)
