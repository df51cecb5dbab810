"""The address of a connect session: straight on to the registry, in one browser, for one person; and back to
the program that sent her, with what came of it. Nobody is signed in here by it."""

from urllib.parse import urlsplit

from laelia.client import oauth
from laelia.hub import people
from laelia.hub.organisations import Environment
from laelia.hub.people import connecting, inviting, links
from laelia.hub.people.connecting import Session
from laelia.hub.push import leaving
from laelia.hub.web import identity, invitation
from laelia.hub.web.entry import here, hub, session, show, trouble
from laelia.hub.web.under_way import give_back, not_open, set_out
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import OPEN, Call, Reply, Route, redirect

_ABOUT = "session:"


def go(call: Call) -> Reply:
    """GET: on to the registry at once; the program has said what it is for."""
    place, visitor = here(call).place, here(call).visitor
    found = connecting.opened(call.tx, call.now, place.id, call.params["secret"])
    who = inviting.person(call.tx, place.id, found.person_id) if found is not None else None
    if found is None or who is None:
        return _over(call)
    if visitor is not None and not who.may_be(visitor.orcid):
        return trouble(
            call, 403, _("This link is for another person"),
            _("You are signed in here as %(orcid)s; the link is another person's.",
              orcid=place.address_of(visitor.orcid)),
            _("Nothing was saved. If it is yours, sign out here and open it again."),
            again="settings", button=_("Open my settings"),
        )  # fmt: skip
    if not place.ready:
        return not_open(call)
    browser = identity.known_browser(session(call), call.tx, call.now)
    if not connecting.take(call.tx, call.now, found, browser):
        return _over(call)
    scopes = found.scopes or sorted(place.scopes, reverse=True)
    return set_out(
        call, "connect", scopes, about=f"{_ABOUT}{found.id}", another=False, **invitation.prefill(call, who)
    )


def which(link: links.Link) -> str | None:
    """The session whose address led to the registry, if one did."""
    named = link.about or ""
    return named.removeprefix(_ABOUT) if named.startswith(_ABOUT) else None


def denied(call: Call, name: str) -> Reply:
    """She said no at the registry."""
    place = here(call).place
    with hub(call).db.writing() as tx:
        ended = connecting.finish(tx, call.now, place.id, name, "denied")
        if ended is not None:
            inviting.refuse(tx, call.now, ended.person_id)
    return redirect(ended.way_back) if ended is not None else _over(call)


def arrived(call: Call, name: str, granted: oauth.Granted) -> Reply:
    """The token response is at hand. Another person's writes nothing but that it was another's."""
    place = here(call).place
    try:
        ended, former = _file(call, place, name, granted)
    except inviting.NotMeant:
        give_back(call, place, granted.access_token)
        with hub(call).db.writing() as tx:
            ended = connecting.finish(tx, call.now, place.id, name, "refused")
        return _another(call, ended, granted.orcid) if ended is not None else _over(call)
    if ended is None:
        give_back(call, place, granted.access_token)
        return _over(call)
    if former is not None and former.state == "active" and former.access_token:
        give_back(call, place, former.access_token)  # it is replaced
    return redirect(ended.way_back)


def _file(
    call: Call, place: Environment, name: str, granted: oauth.Granted
) -> tuple[Session | None, people.Permission | None]:
    keys = hub(call).keys
    with hub(call).db.writing() as tx:
        ended = connecting.finish(tx, call.now, place.id, name, "connected", granted.orcid)
        if ended is None:
            return None, None
        former = people.permission(tx, place.id, granted.orcid, keys, call.now)
        inviting.claim(tx, call.now, place.id, ended.person_id, granted.orcid)
        leaving.connected(tx, call.now, place.id, granted, keys)
    return ended, former


def _another(call: Call, ended: Session, orcid: str) -> Reply:
    host = urlsplit(ended.return_url).netloc
    return show(call, "session-refused.html", status=403, orcid=orcid, way_back=ended.way_back, host=host)


def _over(call: Call) -> Reply:
    return trouble(
        call, 410, _("This link is used up"),
        _("It works once, in one browser and for some minutes; or the system that made it took it back."),
        _("Nothing was saved. Go back to where you came from and start again there."),
        again="", button=_("Start page"),
    )  # fmt: skip


routes = [Route("GET", "/{place}/session/{secret}", go, OPEN, tx="write")]
