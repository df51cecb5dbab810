"""Registering for an iD (registry-ui.md §2)."""

from dataclasses import dataclass

from sqlalchemy import Connection, update

from laelia.lib.i18n import gettext as _
from laelia.model.affiliation import Employment
from laelia.model.sections import BY_NAME
from laelia.registry import tables
from laelia.registry.access import person
from laelia.registry.account import credentials, email_links, letters, terms
from laelia.registry.record import items, people


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """What the steps ask for. The name is public; the addresses are hers alone until she says otherwise.
    `referred` says whether an organisation sent her."""

    given: str
    family: str
    email: str
    others: tuple[str, ...] = ()
    password_hash: str
    visibility: str
    employment: Employment | None = None
    terms: str = terms.FIRST
    locale: str = "en"
    referred: bool = False


def register(tx: Connection, now: int, new: Newcomer, site: str) -> str:
    """Make the record, the account and the mails with the links that prove the addresses; returns the iD.
    Raises people.AddressTaken, which has to roll everything back."""
    orcid = people.create_record(
        tx, now, given=new.given, family=new.family, email=new.email, default_visibility=new.visibility
    )
    method = "Member-referred" if new.referred else "Direct"
    own = tables.record.c.orcid == orcid
    tx.execute(update(tables.record).where(own).values(locale=new.locale, creation_method=method))
    terms.accept(tx, now, orcid, new.terms)
    credentials.set_password(tx, now, orcid, new.password_hash)
    if new.employment is not None:
        items.add(tx, now, person(orcid), orcid, BY_NAME["employments"], new.employment)
    _welcome(tx, now, orcid, new.email, site)
    for other in new.others:
        if not people.add_email(tx, now, orcid, other):
            raise people.AddressTaken(other)
        send_verification(tx, now, orcid, other, site)
    return orcid


def _welcome(tx: Connection, now: int, orcid: str, email: str, site: str) -> None:
    with letters.speaking(letters.language(tx, orcid)):
        said = [
            _("welcome. Your iD is"),
            f"  {site}/{orcid}",
            *_asks(tx, now, orcid, email, site),
            _("If you did not register, ignore this message: an address nobody confirms is not used."),
        ]
        letters.send(tx, now, orcid, email, _("Confirm your e-mail address"), said, site)


def send_verification(tx: Connection, now: int, orcid: str, email: str, site: str) -> None:
    """Queue the letter with the link that proves an address of a record that is there already."""
    with letters.speaking(letters.language(tx, orcid)):
        said = [
            *_asks(tx, now, orcid, email, site),
            _("If you did not ask for this, ignore this message: an address nobody confirms is not used."),
        ]
        letters.send(tx, now, orcid, email, _("Confirm your e-mail address"), said, site)


def _asks(tx: Connection, now: int, orcid: str, email: str, site: str) -> list[str]:
    return [
        _("Please confirm that this e-mail address is yours by opening the link below within three days:"),
        f"  {site}/verify-email/{email_links.make(tx, now, orcid, email)}",
    ]
