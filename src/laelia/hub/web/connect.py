"""To the registry and back (RFC 6749 §4.1). The start address is what Search & Link wizards open: the hub
makes `state` itself and sends her on; who she is and what she allows comes from the token response alone."""

from laelia.client import oauth
from laelia.hub import assertions, people
from laelia.hub.organisations import Environment
from laelia.hub.people import links
from laelia.hub.web import identity
from laelia.hub.web.entry import PERSON, here, hub, session, show, start_again, visitor
from laelia.hub.web.refusals import exchange_failed, refused
from laelia.lib.http import HttpError
from laelia.lib.i18n import gettext as _
from laelia.lib.log import get_logger
from laelia.lib.web.core import OPEN, Call, Reply, Route, redirect

log = get_logger()
SIGN_IN_SCOPES = ("/authenticate",)


def connect(call: Call) -> Reply:
    """The start address: to the registry, to ask for everything the organisation needs."""
    return _set_out(call, "connect", sorted(here(call).place.scopes, reverse=True))


def sign_in(call: Call) -> Reply:
    """To the registry, only to learn who she is."""
    return _set_out(call, "signin", SIGN_IN_SCOPES)


def _set_out(call: Call, purpose: str, scopes: list[str] | tuple[str, ...]) -> Reply:
    place = here(call).place
    wanted = call.arg("next")
    go_on = wanted if wanted.startswith(f"/{place.handle}/") and wanted.isprintable() else None
    browser = identity.known_browser(session(call), call.tx, call.now)
    state = links.start(call.tx, call.now, place.id, browser, purpose, go_on)
    url = oauth.authorize_url(
        place.site_url,
        client_id=place.client_id,
        scopes=scopes,
        redirect_uri=_redirect_uri(call),
        state=state,
    )
    return redirect(url)


def callback(call: Call) -> Reply:
    """Back from the registry. A state that this browser did not bring into being writes nothing, nor does an
    answer that another registry gives (RFC 9207; ORCID does not say who it is)."""
    service, place = hub(call), here(call).place
    state, browser = call.arg("state"), identity.browser(session(call))
    if not state or browser is None or call.arg("iss") not in ("", place.site_url.rstrip("/")):
        return start_again(call)
    with service.db.writing() as tx:
        link = links.spend(tx, call.now, place.id, browser, state)
    if link is None:
        return start_again(call)
    if error := call.arg("error"):
        return refused(call, error)
    try:
        granted = oauth.exchange(
            service.http, place.token_url, client_id=place.client_id, client_secret=place.client_secret,
            code=call.arg("code"), redirect_uri=_redirect_uri(call), trusted=True,
        )  # fmt: skip
    except (oauth.OAuthRefused, HttpError) as problem:
        return exchange_failed(call, problem)
    return _arrived(call, link, granted)


def _arrived(call: Call, link: links.Link, granted: oauth.Granted) -> Reply:
    """The token response is at hand: file what it says, then see whose session this is."""
    service, place, at = hub(call), here(call).place, session(call)
    orcid = granted.orcid
    with service.db.writing() as tx:
        former = people.permission(tx, place.id, orcid, service.keys, call.now)
        if link.purpose == "connect":
            people.grant(tx, call.now, place.id, granted, service.keys)
            assertions.wake(tx, call.now, place.id, orcid)
        else:
            people.meet(tx, call.now, place.id, orcid, granted.name)
        current = identity.signed_in(at, place.id)
        another = current is not None and current != orcid
        if another:
            identity.offer(at, tx, call.now, place.id, orcid)
        else:
            identity.become(at, tx, call.now, place.id, orcid)
    if link.purpose == "connect" and former is not None and former.state == "active":
        _give_back(call, place, former)
    if another:
        return redirect(f"/{place.handle}/switch")
    if link.purpose == "connect":
        call.flash(_("Connected. %(name)s has your permission.", name=place.organisation_name))
    return redirect(link.go_on or f"/{place.handle}/settings")


def _give_back(call: Call, place: Environment, former: people.Permission) -> None:
    """A permission that was replaced is of no use any more: its token should not live on at the registry."""
    if former.access_token is None:
        return
    try:
        oauth.revoke(
            hub(call).http, place.revoke_url, client_id=place.client_id, client_secret=place.client_secret,
            token=former.access_token, trusted=True,
        )  # fmt: skip
    except (oauth.OAuthRefused, HttpError) as problem:
        log.warning("former token not revoked", environment=place.id, problem=type(problem).__name__)


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


def _redirect_uri(call: Call) -> str:
    return call.url(f"/{here(call).place.handle}/callback")


routes = [
    Route("GET", "/{place}/connect", connect, OPEN, tx="write"),
    Route("GET", "/{place}/signin", sign_in, OPEN, tx="write"),
    Route("GET", "/{place}/callback", callback, OPEN, tx="none"),
    Route("GET", "/{place}/switch", ask_switch, PERSON),
    Route("POST", "/{place}/switch", switch, PERSON),
    Route("POST", "/{place}/signout", sign_out, OPEN),
]
