"""The messages about closing a record and about trusted individuals, each in its reader's language."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, select

from laelia.lib import i18n, mail
from laelia.lib.i18n import gettext as _
from laelia.lib.mail import Mail
from laelia.registry import tables
from laelia.registry.record import people


def closing(tx: Connection, now: int, orcid: str, email: str, link: str, *, erase: bool) -> None:
    """The link to the page where a record is deactivated or erased."""
    with _language_of(tx, orcid):
        name = people.display_name(tx, orcid)
        asked = (
            _("somebody who is signed in as you asked to erase your record %(orcid)s.", orcid=orcid)
            if erase
            else _("somebody who is signed in as you asked to deactivate your record %(orcid)s.", orcid=orcid)
        )
        text = _(
            "Dear %(name)s,\n\n%(asked)s If it was you, open this link within four hours and give your "
            "password there:\n\n  %(link)s\n\nIf it was not you, change your password: nothing happens "
            "without the link and the password.\n",
            name=name,
            asked=asked,
            link=link,
        )
        _queue(tx, now, email, _("Closing your record"), text)


def deactivated(tx: Connection, now: int, orcid: str, email: str, name: str, site: str) -> None:
    """After a record was deactivated. Its name is gone by then, and is handed on."""
    text = _(
        "Dear %(name)s,\n\nyour record %(orcid)s is deactivated: what was in it is deleted, and every "
        "permission has ended. The iD stays yours. To use it again, ask for a link at\n\n  "
        "%(site)s/reactivate\n\nwith this address.\n",
        name=name,
        orcid=orcid,
        site=site,
    )
    _queue(tx, now, email, _("Your record is deactivated"), text)


def reactivation(tx: Connection, now: int, orcid: str, email: str, link: str) -> None:
    """The link that opens a deactivated record again."""
    text = _(
        "Somebody asked to use the iD %(orcid)s again, which was deactivated and had this address. If it was "
        "you, open this link within four hours:\n\n  %(link)s\n\nIf it was not you, ignore this message.\n",
        orcid=orcid,
        link=link,
    )
    _queue(tx, now, email, _("Use your iD again"), text)


def merged(tx: Connection, now: int, primary: str, duplicate: str, site: str) -> None:
    """After a duplicate was closed, to the owner of both."""

    def text(name: str) -> tuple[str, str]:
        return _("Your duplicate record is closed"), _(
            "Dear %(name)s,\n\nyour record %(duplicate)s is closed and leads to %(primary)s from now on. Its "
            "e-mail addresses have moved there; all else that was on it is deleted.\n\nIf it was not you, "
            "tell us: %(site)s/contact\n",
            name=name,
            duplicate=duplicate,
            primary=primary,
            site=site,
        )

    _to(tx, now, primary, text)


def trusted(tx: Connection, now: int, orcid: str, actor: str, site: str) -> None:
    """To somebody who has become a trusted individual."""
    owner = people.public_name(tx, orcid) or orcid

    def text(name: str) -> tuple[str, str]:
        return _("You may act in the record of %(owner)s", owner=owner), _(
            "Dear %(name)s,\n\n%(owner)s (%(orcid)s) has made you a trusted individual: you may act in that "
            "record. Your page of trusted individuals shows how, and lets you give it up:\n\n  "
            "%(site)s/account/individuals\n",
            name=name,
            owner=owner,
            orcid=orcid,
            site=site,
        )

    _to(tx, now, actor, text)


def given_up(tx: Connection, now: int, orcid: str, actor: str, site: str) -> None:
    """To the owner of a record, when somebody she trusted no longer wants to be."""
    other = people.public_name(tx, actor) or actor

    def text(name: str) -> tuple[str, str]:
        return _("%(other)s is no longer your trusted individual", other=other), _(
            "Dear %(name)s,\n\n%(other)s (%(actor)s) has given up being a trusted individual of your record "
            "%(orcid)s. Whom you trust is listed at\n\n  %(site)s/account/individuals\n",
            name=name,
            other=other,
            actor=actor,
            orcid=orcid,
            site=site,
        )

    _to(tx, now, orcid, text)


def _to(tx: Connection, now: int, orcid: str, text: Callable[[str], tuple[str, str]]) -> None:
    """To somebody's primary address, if she has one."""
    found = people.emails(tx, orcid)
    with _language_of(tx, orcid):
        if found:
            _queue(tx, now, found[0].email, *text(people.display_name(tx, orcid)))


def _queue(tx: Connection, now: int, email: str, subject: str, text: str) -> None:
    mail.queue(tx, tables.job, Mail(email, subject, text), now=now)


@contextmanager
def _language_of(tx: Connection, orcid: str) -> Iterator[None]:
    """Sentences in the language of this person's account."""
    before = i18n.locale()
    record = tables.record.c
    i18n.set_locale(tx.execute(select(record.locale).where(record.orcid == orcid)).scalar())
    try:
        yield
    finally:
        i18n.set_locale(before)
