"""To the registry and back (RFC 6749 §4.1). The start address is what Search & Link wizards open: the hub
makes `state` itself and sends her on; who she is and what she allows comes from the token response alone."""

from laelia.client import oauth
from laelia.hub import people
from laelia.hub.people import inviting, links
from laelia.hub.push import leaving
from laelia.hub.web import identity, institution, invitation, sessions
from laelia.hub.web.entry import PERSON, here, hub, session, show, start_again, visitor
from laelia.hub.web.refusals import exchange_failed, refused
from laelia.hub.web.staff import door
from laelia.hub.web.under_way import SIGN_IN_SCOPES, exchange, give_back, set_out
from laelia.lib.http import HttpError
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import OPEN, Call, Reply, Route, redirect


def connect(call: Call) -> Reply:
    """The start address: to the registry, to ask for everything the organisation needs."""
    scopes = sorted(here(call).place.scopes, reverse=True)
    if call.arg("only") == "read":
        scopes = list(invitation.READ_ONLY)
    who, another = institution.guest(call), call.arg("as") == "other"
    more = invitation.prefill(call, who) if who is not None and not another else {}
    return set_out(
        call, "connect", scopes, go_on=call.arg("next"), another=another,
        about=invitation.about(who) if who is not None else None, **more,
    )  # fmt: skip


def sign_in(call: Call) -> Reply:
    """To the registry, only to learn who she is."""
    return set_out(call, "signin", SIGN_IN_SCOPES, go_on=call.arg("next"))


def callback(call: Call) -> Reply:
    """Back from the registry. A state that this browser did not bring into being writes nothing, nor does an
    answer that another registry gives (RFC 9207; ORCID does not say who it is)."""
    service, place = hub(call), here(call).place
    state, browser = call.arg("state"), identity.browser(session(call))
    if not state or browser is None or call.arg("iss") not in ("", place.site_url.rstrip("/")):
        return start_again(call)
    with service.db.writing() as tx:
        link = links.spend(tx, call.now, place.id, browser, state)
    if link is None or link.purpose == institution.PURPOSE:
        return start_again(call)
    invited, going = invitation.whom(link), sessions.which(link)
    if error := call.arg("error"):
        if error == "access_denied" and invited is not None:
            return invitation.denied(call, invited)
        if error == "access_denied" and going is not None:
            return sessions.denied(call, going)
        return door.denied(call, link) if link.purpose in door.PURPOSES else refused(call, error)
    try:
        granted = exchange(call)
    except (oauth.OAuthRefused, HttpError) as problem:
        return exchange_failed(call, problem)
    if link.purpose in door.PURPOSES:
        return door.arrived(call, link, granted)
    if going is not None:
        return sessions.arrived(call, going, granted)
    try:
        return _arrived(call, link, granted)
    except inviting.NotMeant as other:
        give_back(call, place, granted.access_token)
        return invitation.not_hers(call, other.why, granted.orcid)


def _arrived(call: Call, link: links.Link, granted: oauth.Granted) -> Reply:
    """The token response is at hand: file what it says, then see whose session this is."""
    service, place, at = hub(call), here(call).place, session(call)
    orcid = granted.orcid
    with service.db.writing() as tx:
        former = people.permission(tx, place.id, orcid, service.keys, call.now)
        if (invited := invitation.whom(link)) is not None:
            inviting.claim(tx, call.now, place.id, invited, orcid)
        if link.purpose == "connect":
            leaving.connected(tx, call.now, place.id, granted, service.keys)
        else:
            people.meet(tx, call.now, place.id, orcid, granted.name)
        current = identity.signed_in(at, place.id)
        another = current is not None and current != orcid
        if another:
            identity.offer(at, tx, call.now, place.id, orcid)
        else:
            identity.become(at, tx, call.now, place.id, orcid)
    if link.purpose == "connect" and former is not None and former.state == "active" and former.access_token:
        give_back(call, place, former.access_token)  # it is replaced
    if another:
        return redirect(f"/{place.handle}/switch")
    if link.purpose == "connect":
        call.flash(_("Connected. %(name)s has your permission.", name=place.organisation_name))
    return redirect(link.go_on or f"/{place.handle}/settings")


def ask_switch(call: Call) -> Reply:
    """She came back as another than the one signed in here; neither replaces the other in silence."""
    place = here(call).place
    other = identity.offered(session(call), place.id)
    if other is None:
        return redirect(f"/{place.handle}/settings")
    return show(call, "other-person.html", other=visitor(call, call.tx, place, other))


def switch(call: Call) -> Reply:
    place, at = here(call).place, session(call)
    other = identity.offered(at, place.id)
    if other is not None and call.field("to") == "other":
        identity.become(at, call.tx, call.now, place.id, other)
    else:
        identity.decline(at, call.tx, call.now, place.id)
    return redirect(f"/{place.handle}/settings")


def sign_out(call: Call) -> Reply:
    place = here(call).place
    identity.leave(session(call), call.tx, call.now, place.id)
    return redirect(f"/{place.handle}/")


routes = [
    Route("GET", "/{place}/connect", connect, OPEN, tx="write"),
    Route("GET", "/{place}/signin", sign_in, OPEN, tx="write"),
    Route("GET", "/{place}/callback", callback, OPEN, tx="none"),
    Route("GET", "/{place}/switch", ask_switch, PERSON),
    Route("POST", "/{place}/switch", switch, PERSON),
    Route("POST", "/{place}/signout", sign_out, OPEN),
]
