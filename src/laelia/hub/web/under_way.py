"""The way to the registry and back, whatever it is for: `state` goes along (RFC 6749 §10.12), and a code is
exchanged for what the registry says."""

from collections.abc import Iterable

from laelia.client import oauth
from laelia.hub.organisations import Environment, traffic
from laelia.hub.people import links
from laelia.hub.web import identity
from laelia.hub.web.entry import here, hub, session, trouble
from laelia.lib.http import HttpError
from laelia.lib.i18n import gettext as _
from laelia.lib.log import get_logger
from laelia.lib.web.core import Call, Reply, redirect

log = get_logger()
SIGN_IN_SCOPES = ("/authenticate",)
# ORCID heeds `prompt` only where `openid` is asked for.
ANOTHER = {"prompt": "login", "show_login": "true"}


def set_out(
    call: Call, purpose: str, scopes: Iterable[str], *, go_on: str | None = None, about: str | None = None,
    another: bool = False, **hints: str,
) -> Reply:  # fmt: skip
    """To the registry, if the organisation has a client there. `go_on` is kept only where it leads to a page
    of the same place. `hints` fill in the registry's form for someone new. `another`: the registry asks for a
    sign-in although somebody is signed in there, as on a shared machine."""
    if another:
        scopes, hints = [*scopes, "openid"], {**hints, **ANOTHER}
    place = here(call).place
    if not place.ready:
        return not_open(call)
    inside = go_on is not None and go_on.startswith(f"/{place.handle}/") and go_on.isprintable()
    browser = identity.known_browser(session(call), call.tx, call.now)
    state = links.start(call.tx, call.now, place.id, browser, purpose, go_on if inside else None, about)
    url = oauth.authorize_url(
        place.site_url, client_id=place.client_id, scopes=scopes, redirect_uri=redirect_uri(call),
        state=state, **hints,
    )  # fmt: skip
    return redirect(url)


def redirect_uri(call: Call) -> str:
    return call.url(f"/{here(call).place.handle}/callback")


def exchange(call: Call) -> oauth.Granted:
    """What the registry gives for the code of this callback, or OAuthRefused or HttpError."""
    place = here(call).place
    with traffic.noted(hub(call), place) as http:
        return oauth.exchange(
            http, place.token_url, client_id=place.client_id, client_secret=place.client_secret,
            code=call.arg("code"), redirect_uri=redirect_uri(call), trusted=True,
        )  # fmt: skip


def give_back(call: Call, place: Environment, token: str) -> None:
    """A token that nobody will use should not live on at the registry."""
    try:
        revoke(call, place, token)
    except (oauth.OAuthRefused, HttpError) as problem:
        log.warning("token not revoked", environment=place.id, problem=type(problem).__name__)


def revoke(call: Call, place: Environment, token: str) -> None:
    """Have the registry end a token, or OAuthRefused or HttpError."""
    with traffic.noted(hub(call), place) as http:
        oauth.revoke(
            http, place.revoke_url, client_id=place.client_id, client_secret=place.client_secret,
            token=token, trusted=True,
        )  # fmt: skip


def not_open(call: Call) -> Reply:
    """The organisation has not named its client yet."""
    name = here(call).place.organisation_name
    return trouble(
        call, 409, _("Not open yet"),
        _("%(name)s is still setting this up, so nobody can connect here yet.", name=name),
        again="", button=_("Back to the start"),
    )  # fmt: skip
