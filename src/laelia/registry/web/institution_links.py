"""Linking an account at an organisation to an iD, seeing what is linked, unlinking it."""

from urllib.parse import urlencode

from sqlalchemy import Connection

from laelia.lib import i18n, mail
from laelia.lib.database import Refusal
from laelia.lib.i18n import gettext as _
from laelia.lib.mail import Mail
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.registry import tables
from laelia.registry.account import onward
from laelia.registry.account.institutions import links, providers, visits
from laelia.registry.account.institutions.guest import Guest
from laelia.registry.grants import words
from laelia.registry.notify import invitations
from laelia.registry.record import people
from laelia.registry.web.door import signed_in
from laelia.registry.web.institutions import HOME, PENDING, after, refusals, session

LINK = "/institutions/link"


def form(call: Call) -> Reply:
    """GET /institutions/link: who came from an organisation says which iD is hers, signed in or not."""
    found = visits.waiting(call.tx, call.now, call.service.keys, session(call).data.get(PENDING))
    if found is None:
        return redirect("/institutions")
    guest, target = found
    at = providers.find(call.tx, guest.institution_id)
    if at is None:
        return redirect("/institutions")
    orcid = session(call).subject
    return page(
        call,
        "institution_link.html",
        at=at,
        guest=guest,
        orcid=orcid,
        name=people.display_name(call.tx, orcid) if orcid else "",
        signin_url=onward.carry("/signin", _back(email=guest.email)),
        register_url=onward.carry(
            "/register", _back(given_names=guest.given, family_names=guest.family, email=guest.email)
        ),
        here=LINK,
        onward=target or HOME,
    )


def _back(**known: str) -> str:
    """This page with what is known of her, in the words of an authorisation request (oauth.md §1.1), from
    which signing in and registering fill in their forms."""
    told = {name: value for name, value in known.items() if value}
    return f"{LINK}?{urlencode(told)}" if told else LINK


@refusals
def link(call: Call) -> Reply:
    """POST /institutions/link: the account signs in to her iD from now on."""
    key = session(call).data.get(PENDING)
    with call.service.db.writing() as tx:
        found = visits.waiting(tx, call.now, call.service.keys, key)
        orcid = session(call).subject
        if key is None or found is None or orcid is None:
            return redirect(LINK if found else "/institutions")
        guest, target = found
        if call.field("account") != orcid:  # she signed in as somebody else in the meantime
            return redirect(LINK)
        links.link(tx, call.now, orcid, guest)
        visits.end(tx, key)
        del session(call).data[PENDING]
        session(call).save(tx, call.now)
        name = _name(providers.find(tx, guest.institution_id), guest)
        _tell(call, tx, orcid, _linked(name))
        onto = after(call, tx, orcid, guest, target)
    call.flash(_("From now on you can sign in through %(name)s.", name=name))
    return redirect(onto)


def leave(call: Call) -> Reply:
    """POST /institutions/leave: not now; she goes on to where she was going."""
    key = session(call).data.pop(PENDING, None)
    target = None
    if key is not None:
        found = visits.waiting(call.tx, call.now, call.service.keys, key)
        target = found[1] if found else None
        visits.end(call.tx, key)
        session(call).save(call.tx, call.now)
    if session(call).subject is None:
        return redirect(onward.carry("/signin", target))
    return redirect(target or HOME)


@signed_in
def linked(call: Call, orcid: str) -> Reply:
    """GET /account/institutions: what signs in to her iD, and who waits for an answer."""
    found = links.of_person(call.tx, orcid)
    return page(
        call,
        "institution_account.html",
        links=[{"link": one, "name": i18n.pick(one.names, one.issuer)} for one in found],
        last=len(found) == 1 and not links.other_ways_in(call.tx, orcid),
        invitations=_invitations(call, orcid),
    )


@signed_in
def unlink(call: Call, orcid: str) -> Reply | Refusal:
    """POST /account/institutions/{number}/unlink."""
    number = call.params["number"]
    here = "/account/institutions"
    if not (number.isascii() and number.isdigit() and len(number) < 12):
        return redirect(here)
    try:
        gone = links.unlink(call.tx, orcid, int(number))
    except links.LastWayIn:
        call.flash(_("Without this account you could not sign in any more. Set a password first."), "bad")
        return redirect(here)
    if gone is not None:
        name = i18n.pick(gone.names, gone.issuer)
        _tell(call, call.tx, orcid, _unlinked(name))
        call.flash(_("You can't sign in through %(name)s any more.", name=name))
    return redirect(here)


@signed_in
def invited(call: Call, orcid: str) -> Reply:
    """GET /institutions/invitations: what was just made, or still waits."""
    found = _invitations(call, orcid)
    return page(call, "institution_invitations.html", invitations=found) if found else redirect(HOME)


def _invitations(call: Call, orcid: str) -> list[dict[str, object]]:
    if not people.active(call.tx, orcid):
        return []
    found = invitations.waiting(call.tx, call.now, orcid)
    return [{"one": one, "able": [line.may for line in words.lines(one.scopes)]} for one in found]


def _name(at: providers.Institution | None, guest: Guest) -> str:
    return at.name if at is not None else guest.label


def _linked(name: str) -> tuple[str, str]:
    return _("An account was linked to your iD"), _(
        "your account at %(name)s can sign in to your iD from now on.\n\n"
        "If it was not you who linked it, unlink it under Account → Linked accounts and change your "
        "password:",
        name=name,
    )


def _unlinked(name: str) -> tuple[str, str]:
    return _("An account was unlinked from your iD"), _(
        "your account at %(name)s can't sign in to your iD any more.\n\n"
        "If it was not you who unlinked it, change your password and look at your linked accounts:",
        name=name,
    )


def _tell(call: Call, tx: Connection, orcid: str, told: tuple[str, str]) -> None:
    """She hears of it by mail, in case it was not she who did it."""
    subject, sentence = told
    to = next((one.email for one in people.emails(tx, orcid) if one.is_primary), None)
    if to is not None:
        dear = _("Dear %(name)s,", name=people.display_name(tx, orcid))
        text = f"{dear}\n\n{sentence}\n\n  {call.url('/account/institutions')}\n"
        mail.queue(tx, tables.job, Mail(to, subject, text), now=call.now)
