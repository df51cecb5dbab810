"""How staff come in: with an iD for which this environment's registry vouches, or by a link that was mailed.
Opening a link changes nothing, since mail programs open links too; pressing its button does."""

from sqlalchemy import Connection

from laelia.client import oauth
from laelia.hub.organisations import Environment, letters, staff
from laelia.hub.organisations.staff import JOIN, SIGN_IN, NotMeant, Staff
from laelia.hub.people import links
from laelia.hub.web import identity
from laelia.hub.web.entry import StaffMay, here, hub, session, show, trouble
from laelia.hub.web.staff.frame import back, root
from laelia.hub.web.under_way import SIGN_IN_SCOPES, give_back, set_out
from laelia.lib.i18n import gettext as _
from laelia.lib.secret import digest
from laelia.lib.web.core import OPEN, Call, Reply, Route, redirect

# Why a member of the staff was under way to the registry (`about` says by which link, or who).
COME_IN, TAKE_UP, LINK_ID = PURPOSES = ("staff", "staff-join", "staff-id")


def ask(call: Call) -> Reply:
    """GET: the two ways in."""
    if here(call).staff is not None:
        return back(call)
    return show(call, "staff/signin.html", onward=call.arg("next"), sent=False)


def by_id(call: Call) -> Reply:
    return set_out(call, COME_IN, SIGN_IN_SCOPES, go_on=call.field("next"))


def send_link(call: Call) -> Reply:
    """Mail a link to someone who works here. The answer is the same for every address."""
    place, email = here(call).place, call.field("email").strip()
    who = staff.by_email(call.tx, place.id, email)
    if who is not None and not staff.lately_sent(call.tx, call.now, who):
        purpose = SIGN_IN if who.joined else JOIN
        secret = staff.link(call.tx, call.now, who, purpose, keep=True)
        url = letters.address(hub(call).settings.public_url, place, secret)
        letters.send(call.tx, call.now, place, who, purpose, url, asked_by=place.organisation_name)
    return show(call, "staff/signin.html", onward="", sent=True)


def look(call: Call) -> Reply:
    """GET a mailed link: whom it is for and what it does."""
    link = staff.opened(call.tx, call.now, here(call).place.id, call.params["secret"])
    if link is None or link.over:
        return _over(call)
    if (present := here(call).staff) is not None and present.id != link.staff.id:
        return _for_another(call, _("You are signed in here as %(who)s.", who=present.shown))
    return show(call, "staff/join.html", link=link, secret=call.params["secret"])


def take_up(call: Call) -> Reply:
    """POST: come in by the link, or first prove an iD that opens these pages from then on."""
    place, secret = here(call).place, call.params["secret"]
    link = staff.opened(call.tx, call.now, place.id, secret)
    if link is None or link.over:
        return _over(call)
    if (present := here(call).staff) is not None and present.id != link.staff.id:
        return _for_another(call, _("You are signed in here as %(who)s.", who=present.shown))
    if call.field("how") == "id" and place.ready:
        return set_out(call, TAKE_UP, SIGN_IN_SCOPES, about=digest(secret))
    who = staff.use(call.tx, call.now, place.id, digest(secret))
    if who is None:
        return _over(call)
    came = staff.enter(call.tx, call.now, who)
    identity.become_staff(session(call), call.tx, call.now, place.id, came.id)
    return back(call)


def link_id(call: Call) -> Reply:
    """POST: prove an iD, to sign in with it from now on."""
    return set_out(call, LINK_ID, SIGN_IN_SCOPES, about=str(here(call).worker.id))


def sign_out(call: Call) -> Reply:
    identity.leave_staff(session(call), call.tx, call.now, here(call).place.id)
    return redirect(f"{root(call)}/signin")


def arrived(call: Call, link: links.Link, granted: oauth.Granted) -> Reply:
    """Back from the registry with an iD: whose is it here? No person is filed, and no permission."""
    place = here(call).place
    try:
        with hub(call).db.writing() as tx:
            who = _whom(call, tx, place, link, granted)
            if who is not None:
                came = staff.enter(tx, call.now, who, orcid=granted.orcid, name=granted.name)
                identity.become_staff(session(call), tx, call.now, place.id, came.id)
    except NotMeant as other:
        give_back(call, place, granted.access_token)
        return _not_hers(call, other.why, granted.orcid)
    if who is None:
        give_back(call, place, granted.access_token)
        return _unknown(call, granted.orcid) if link.purpose == COME_IN else _over(call)
    if link.purpose == LINK_ID:
        call.flash(_("From now on you sign in with your iD."))
    return redirect(link.go_on or root(call))


def denied(call: Call, link: links.Link) -> Reply:
    return trouble(
        call, 200, _("You did not sign in"),
        _(
            "The registry did not tell us who you are, so nothing was changed. You can also come in "
            "by a link that is sent to you."),
        again="staff/signin", button=_("Sign in as staff"),
    )  # fmt: skip


def _whom(
    call: Call, tx: Connection, place: Environment, link: links.Link, granted: oauth.Granted
) -> Staff | None:
    """Who should come in; None where nobody of that iD works here or the link is used up. A link of another
    person stays unused."""
    if link.purpose == COME_IN:
        return staff.by_orcid(tx, place.id, granted.orcid)
    if link.purpose == LINK_ID:
        present = here(call).staff  # by the session, as she stands now
        return present if present is not None and str(present.id) == link.about else None
    return staff.use(tx, call.now, place.id, link.about or "")


def _over(call: Call) -> Reply:
    return trouble(
        call, 410, _("This link is used up"),
        _("It works once, and not for ever; or whoever sent it took it back."),
        _("If you work here, have a new one sent to you."),
        again="staff/signin", button=_("Send me a link"),
    )  # fmt: skip


def _for_another(call: Call, *why: str) -> Reply:
    return trouble(
        call, 403, _("This link is for another person"), *why,
        _(
            "Nothing was changed, and the link still works for whom it is meant. If it is yours, "
            "sign out first and open it again."),
        again="staff", button=_("Back to the staff pages"),
    )  # fmt: skip


def _not_hers(call: Call, why: str, orcid: str) -> Reply:
    shown = here(call).place.address_of(orcid)
    if why == "colleague":
        said = _(
            "You signed in at the registry as %(orcid)s, who works here already under another address.",
            orcid=shown,
        )
    else:
        said = _(
            "You signed in at the registry as %(orcid)s; the link was meant for another iD.", orcid=shown
        )
    return trouble(
        call, 403, _("This link is for another person"), said,
        _(
            "Nothing was changed, and the link still works for whom it is meant. Sign out at the "
            "registry if you are someone else."),
        again="staff/signin", button=_("Sign in as staff"),
    )  # fmt: skip


def _unknown(call: Call, orcid: str) -> Reply:
    place = here(call).place
    return trouble(
        call, 403, _("You are not among the staff"),
        _(
            "You signed in at the registry as %(orcid)s. This iD does not work for %(name)s here.",
            orcid=place.address_of(orcid), name=place.organisation_name,
        ),
        _("If you were invited, open the link in the letter. Otherwise ask an owner to invite you."),
        again="staff/signin", button=_("Sign in another way"),
    )  # fmt: skip


routes = [
    Route("GET", "/{place}/staff/signin", ask, OPEN),
    Route("POST", "/{place}/staff/signin/id", by_id, OPEN),
    Route("POST", "/{place}/staff/signin/link", send_link, OPEN),
    Route("GET", "/{place}/staff/join/{secret}", look, OPEN),
    Route("POST", "/{place}/staff/join/{secret}", take_up, OPEN),
    Route("POST", "/{place}/staff/link-id", link_id, StaffMay("look")),
    Route("POST", "/{place}/staff/signout", sign_out, OPEN),
]
