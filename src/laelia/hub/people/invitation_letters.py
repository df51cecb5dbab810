"""The letter that asks someone to connect, in the organisation's words."""

from sqlalchemy import Connection

from laelia.hub.organisations import texts
from laelia.hub.organisations.environments import Environment
from laelia.lib.i18n import gettext as _
from laelia.lib.mail import Mail


def letter(tx: Connection, place: Environment, *, to: str, name: str, url: str, again: bool) -> Mail:
    """`again`: a reminder, which says that it is one."""
    said = {
        key: texts.fill(body, place, name=name, link=url) for key, body in texts.said(tx, place.id).items()
    }
    subject = _("Reminder: %(subject)s", subject=said["subject"]) if again else said["subject"]
    return Mail(to, subject, f"{said['invitation']}\n\n{said['help']}\n")
