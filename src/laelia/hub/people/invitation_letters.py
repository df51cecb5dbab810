"""The letters that ask someone to connect: in the organisation's words, and anew after her iD changed."""

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


def moved_letter(place: Environment, *, to: str, name: str, old: str, new: str, url: str) -> Mail:
    """She gave permission for an iD that the registry has merged into another one."""
    hello = _("Dear %(name)s,", name=name) if name else _("Hello,")
    said = _(
        "the registry says that your ORCID iD %(old)s is now %(new)s. The permission that you gave to "
        "%(organisation)s was for the old one and has ended with it. To go on, connect again and sign in "
        "with the new one:",
        old=old, new=new, organisation=place.organisation_name,
    )  # fmt: skip
    after = _("If you do nothing, nothing more is read from your record or added to it.")
    subject = _("Your ORCID iD has changed: please connect again")
    return Mail(to, subject, f"{hello}\n\n{said}\n\n{url}\n\n{after}\n\n{place.organisation_name}\n")
