"""The e-mail addresses of a person: add, confirm, choose the first, take off, and who sees each.

Whatever changes in the list, the address that was the first one before is told: a stranger at her account
can't take it over unnoticed.
"""

from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from laelia.lib.clock import HOUR
from laelia.lib.i18n import gettext as _
from laelia.registry import tables
from laelia.registry.access import person
from laelia.registry.account import letters, registration
from laelia.registry.record import changes, people, states

MOST = 30
LINKS_AN_HOUR = 10
"""Letters with links to addresses of one person: nobody's mailbox is flooded from here."""

_email, _domain, _link = tables.email.c, tables.email_domain.c, tables.email_link.c


class Refused(ValueError):
    """An address can't be changed like this; the sentence is for the person."""


def domains(tx: Connection, orcid: str) -> list[Row[Any]]:
    """The domains at which she has confirmed an address."""
    own = select(tables.email_domain).where(_domain.orcid == orcid)
    return list(tx.execute(own.order_by(_domain.domain)))


def add(tx: Connection, now: int, orcid: str, email: str, site: str) -> None:
    """Add an address and send it a link. Raises Refused, and people.AddressTaken where somebody has it."""
    states.lock(tx, orcid)
    if len(people.emails(tx, orcid)) >= MOST:
        raise Refused(_("At most %(n)s addresses can be kept.", n=MOST))
    _limit_links(tx, now, orcid)  # before anything is written: a refusal leaves nothing behind
    if not people.add_email(tx, now, orcid, email):
        raise people.AddressTaken(email)
    _log(tx, now, orcid)
    registration.send_verification(tx, now, orcid, email, site)
    _tell_first(tx, now, orcid, "added", email, site)


def send_link(tx: Connection, now: int, orcid: str, email: str, site: str) -> None:
    """Send a link to an address that is not confirmed. Raises Refused after too many in an hour."""
    states.lock(tx, orcid)
    _limit_links(tx, now, orcid)
    registration.send_verification(tx, now, orcid, email, site)


def _limit_links(tx: Connection, now: int, orcid: str) -> None:
    recent = select(func.count()).where(
        _link.orcid == orcid, _link.purpose == "verify", _link.created > now - HOUR
    )
    if tx.execute(recent).scalar_one() >= LINKS_AN_HOUR:
        raise Refused(
            _("Many links were sent in the last hour. Please look into your mailbox, or wait a while.")
        )


def make_first(tx: Connection, now: int, orcid: str, email: str, site: str) -> None:
    """Make a confirmed address the one that letters go to. Raises Refused."""
    row = _own(tx, orcid, email)
    if not row.verified:
        raise Refused(_("Confirm this address first: open the link that we sent to it."))
    if row.is_primary:
        return
    _tell_first(tx, now, orcid, "first", row.email, site)
    own = update(tables.email).where(_email.orcid == orcid)
    tx.execute(own.where(_email.is_primary).values(is_primary=False, modified=now))
    tx.execute(own.where(_email.folded == row.folded).values(is_primary=True, modified=now, loaded=False))
    _log(tx, now, orcid)


def remove(tx: Connection, now: int, orcid: str, email: str, site: str) -> None:
    """Take an address off, and its domain where no other confirmed address is at it. Raises Refused for the
    first address."""
    row = _own(tx, orcid, email)
    if row.is_primary:
        raise Refused(_("This is the address we write to. Make another one the first before you remove it."))
    tx.execute(delete(tables.email).where(_email.folded == row.folded))
    domain = _domain_of(row.folded)
    others = [one for one in people.emails(tx, orcid) if one.verified]
    if all(_domain_of(one.folded) != domain for one in others):
        tx.execute(delete(tables.email_domain).where(_domain.orcid == orcid, _domain.domain == domain))
    _log(tx, now, orcid)
    _tell_first(tx, now, orcid, "removed", row.email, site)


def show(tx: Connection, now: int, orcid: str, email: str, visibility: str) -> None:
    """Choose who sees an address. Raises Refused for one that is not confirmed: it may be somebody else's."""
    row = _own(tx, orcid, email)
    if not row.verified and visibility != "private":
        raise Refused(_("Confirm this address first: until then nobody but you sees it."))
    own = update(tables.email).where(_email.folded == row.folded)
    tx.execute(own.values(visibility=visibility, modified=now, loaded=False))
    _log(tx, now, orcid)


def show_domain(tx: Connection, now: int, orcid: str, domain: str, visibility: str) -> None:
    """Choose who sees a domain; one that is not hers changes nothing."""
    states.lock(tx, orcid)
    own = update(tables.email_domain).where(_domain.orcid == orcid, _domain.domain == domain)
    if tx.execute(own.values(visibility=visibility)).rowcount:
        _log(tx, now, orcid)


def _own(tx: Connection, orcid: str, email: str) -> Row[Any]:
    """One of her addresses; the record is locked, so that the list stays as it was looked at."""
    states.lock(tx, orcid)
    own = select(tables.email).where(_email.orcid == orcid, _email.folded == email.lower())
    row = tx.execute(own).first()
    if row is None:
        raise Refused(_("This address was not on your record any more."))
    return row


def _domain_of(email: str) -> str:
    return email.rpartition("@")[2].lower()


def _log(tx: Connection, now: int, orcid: str) -> None:
    changes.log(tx, now, person(orcid), orcid, kind="person", section="email")


def _tell_first(tx: Connection, now: int, orcid: str, what: str, email: str, site: str) -> None:
    """Write to the present first address what has changed: one was added, removed, or made the first."""
    first = next((one.email for one in people.emails(tx, orcid) if one.is_primary), None)
    if first is None:
        return
    with letters.speaking(letters.language(tx, orcid)):
        changed = {
            "added": _("An address was added to your record: %(email)s.", email=email),
            "removed": _("An address was removed from your record: %(email)s.", email=email),
            "first": _(
                "Messages about your record go to another address from now on: %(email)s.", email=email
            ),
        }
        said = [
            changed[what],
            _("If it was not you, sign in at once, change your password and look at your addresses:"),
            f"  {site}/account/emails",
        ]
        letters.send(tx, now, orcid, first, _("Your e-mail addresses have changed"), said, site)
