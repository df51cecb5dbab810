"""The page of the authorisation endpoint: sign in on the way, ask the person, send the browser back."""

from typing import Any
from urllib.parse import quote, urlsplit

from sqlalchemy import Connection, Row

from laelia.lib import i18n
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import LOCALE_COOKIE, Call, Reply, page, redirect
from laelia.model.problems import OAuthProblem
from laelia.registry.access import expand
from laelia.registry.account import onward, terms
from laelia.registry.grants import consents, tokens, trusted, words
from laelia.registry.notify import permissions
from laelia.registry.oauth import openid_id_token, openid_prompt
from laelia.registry.oauth import rfc6749_authorize as authorize
from laelia.registry.oauth import rfc6749_implicit as implicit
from laelia.registry.oauth.openid_id_token import Arrival
from laelia.registry.oauth.rfc6749_authorize import Ask, SendBack
from laelia.registry.record import people

_SIGNING_IN = {"openid", "/authenticate"}
# What stands in these addresses and pages is nobody else's business (RFC 9700 §4.2.4).
QUIET = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
INTERACTION = "The person has to be asked first, or can't give a permission at present."
LANGUAGE_KEPT = 365 * 86400  # seconds


def ask(call: Call) -> Reply:
    """GET /oauth/authorize."""
    _speak(call)
    request = _read(call)
    if isinstance(request, Reply):
        return request
    orcid = call.who.orcid
    silent, location = request.meeting.silent, None
    if orcid is None or request.meeting.too_old(call.now, _arrival(call).time):
        if silent:
            return _back(request, "login_required", "Nobody is signed in, or it was too long ago.")
        return _to_sign_in(call, request)
    if asked := terms.first(call.session, _here(call)):
        return _back(request, "interaction_required", INTERACTION) if silent else _quiet(redirect(asked))
    if refused := _inactive(call, orcid) or _for_another(call, request):
        return _back(request, "interaction_required", INTERACTION) if silent else refused
    if not request.meeting.asks_anyway:
        location = _at_once(call, request, orcid)
    if location is None and silent:
        return _back(request, "interaction_required", INTERACTION)
    return _quiet(redirect(location)) if location else _form(call, request, orcid)


def answer(call: Call) -> Reply:
    """POST /oauth/authorize: the form goes to the address it was shown at, and the request is read and
    checked again from there, so that nothing has to be kept between the two."""
    _speak(call)
    request = _read(call)
    if isinstance(request, Reply):
        return request
    orcid = call.who.orcid
    if orcid is None or request.meeting.too_old(call.now, _arrival(call).time):
        return _to_sign_in(call, request)
    if asked := terms.first(call.session, _here(call)):
        return _quiet(redirect(asked))
    if refused := _inactive(call, orcid) or _for_another(call, request):
        return refused
    if call.field("account") != orcid:
        again = _("You have signed in as somebody else since this page was opened.")
        return _form(call, request, orcid, f"{again} {_('Please look again at who is asked.')}")
    if call.field("decision") != "allow":
        return _quiet(redirect(authorize.deny(request)))
    until_revoked = call.field("until_revoked") == "yes"
    location = _allowed(call, request, orcid, until_revoked)
    if location is None:
        again = _(
            "You took a permission back from %(name)s since this page was opened.", name=request.client.name
        )
        return _form(call, request, orcid, f"{again} {_('Please look again at what is asked.')}")
    return _quiet(redirect(location))


def _allowed(call: Call, request: Ask, orcid: str, until_revoked: bool) -> str | None:
    """Where she goes after a yes; None where the page she answered is older than her last act of taking back:
    a form that is sent again must not undo it."""
    client = request.client
    with call.service.db.writing() as tx:
        tokens.hold(tx, orcid)
        last = consents.last_taken_back(tx, orcid, client.client_id)
        if call.field("shown") != _mark(last):
            return None
        new = until_revoked and not consents.lasting(tx, call.now, orcid, client.client_id)
        authorize.consent(tx, call.now, request, orcid, until_revoked=until_revoked)
        if until_revoked and request.response != authorize.CODE:
            implicit.remember(tx, call.now, request, orcid)
        location = _give(tx, call, request, orcid, until_revoked=until_revoked)
        if new:
            permissions.given(tx, call.now, orcid, client)
        return location


def _mark(taken_back: Row[Any] | None) -> str:
    """Which act of taking back the form was shown after."""
    return str(taken_back.id) if taken_back is not None else ""


def _give(tx: Connection, call: Call, request: Ask, orcid: str, *, until_revoked: bool) -> str:
    """Where she goes with what was asked for."""
    arrival = _arrival(call)
    if request.response != authorize.CODE:
        return implicit.give(tx, call.now, call.service, request, orcid, arrival)
    return authorize.give_code(
        tx, call.now, request, orcid, arrival, until_revoked=until_revoked, short=_short(call)
    )


def _back(request: Ask, error: str, description: str) -> Reply:
    return _quiet(redirect(request.refused(error, description)))


def _to_sign_in(call: Call, request: Ask) -> Reply:
    """Sign in, and come back to the same request. Where it minds how long ago that was, the address says
    since when it counts, so that she is not sent twice."""
    known = call.session is not None and call.session.subject is not None
    newcomer = call.arg("show_login") == "false" and call.method == "GET" and not known
    query = call.req.query_string or ""
    if request.meeting.minds_age:
        query = openid_prompt.marked(query, call.now)
    return _quiet(redirect(onward.carry("/register" if newcomer else "/signin", _address(query))))


def _arrival(call: Call) -> Arrival:
    extra = call.session.extra if call.session is not None else {}
    return Arrival(extra.get("arrived"), extra.get("methods"))


def _speak(call: Call) -> None:
    """The language the client asks for, `lang` as ORCID has it or `ui_locales`, if it is one of ours: for
    this page and those on the way."""
    wanted = call.arg("lang").replace("_", "-").split() or call.arg("ui_locales").split()
    tag = next((found for found in map(i18n.match, wanted) if found), None)
    if tag is not None:
        i18n.set_locale(tag)
        call.set_cookie(LOCALE_COOKIE, tag, max_age=LANGUAGE_KEPT)


def _inactive(call: Call, orcid: str) -> Reply | None:
    """Who has a locked record can't give permissions; she is told here, the client learns nothing."""
    with call.service.db.reading() as tx:
        if people.active(tx, orcid):
            return None
    sentence = _("Your record is locked for the present, and no permission can be given for it.")
    return _quiet(page(call, "oauth_error.html", status=403, error="access_denied", sentence=sentence))


def _for_another(call: Call, request: Ask) -> Reply | None:
    """A trusted individual gives organisations permission for the record she acts in, as its owner would. She
    does not sign in elsewhere as its owner: that would say that the owner was there."""
    if call.who.actor == call.who.orcid or not _SIGNING_IN & set(request.scopes):
        return None
    sentence = _(
        "You act in the record of somebody else, and can't sign in at %(name)s as that person. Stop acting "
        "to sign in there as yourself.",
        name=request.client.name,
    )
    return _quiet(page(call, "oauth_error.html", status=403, error="access_denied", sentence=sentence))


def _at_once(call: Call, request: Ask, orcid: str) -> str | None:
    """Where she goes without being asked, because the same permission stands already. It is looked up
    again under the lock: she may take it back at this very moment."""
    wanted = (request.client.client_id, frozenset(request.scopes))
    with call.service.db.reading() as tx:
        if not consents.already_given(tx, call.now, orcid, *wanted):
            return None
    with call.service.db.writing() as tx:
        tokens.hold(tx, orcid)
        if not consents.already_given(tx, call.now, orcid, *wanted):
            return None
        return _give(tx, call, request, orcid, until_revoked=True)


def _read(call: Call) -> Ask | Reply:
    try:
        with call.service.db.reading() as tx:
            return authorize.read(tx, call.query(), openid_id_token.name_of(call.service))
    except SendBack as back:
        return _quiet(redirect(back.location))
    except OAuthProblem as problem:
        # Not sent on: nobody knows yet that this address is the client's own (RFC 6749 §4.1.2.1).
        error, sentence = problem.error, problem.description
        return _quiet(page(call, "oauth_error.html", status=problem.status, error=error, sentence=sentence))


def _form(call: Call, request: Ask, orcid: str, again: str = "") -> Reply:
    """The page that asks; `again` says why it is shown once more."""
    client_id = request.client.client_id
    with call.service.db.reading() as tx:
        name = people.display_name(tx, orcid)
        held = trusted.held(tx, call.now, orcid, client_id)
        taken_back = consents.last_taken_back(tx, orcid, client_id)
    standing = expand(held.scopes if held else ())
    goes_to = urlsplit(request.redirect_uri)
    reply = page(
        call,
        "permission.html",
        client=request.client,
        orcid=orcid,
        name=name,
        new=[line for line in words.lines(request.scopes) if not line.scopes <= standing],
        standing=words.lines(held.scopes) if held else [],
        held=held,
        taken_back=taken_back,
        unable=words.not_able_to({*request.scopes, *standing}),
        scopes=" ".join(request.scopes),
        goes_to=f"{goes_to.scheme}://{goes_to.netloc}" if goes_to.netloc else f"{goes_to.scheme}:",
        here=_here(call),
        shown=_mark(taken_back),
        again=again,
    )
    return _quiet(reply)


def _here(call: Call) -> str:
    return _address(call.req.query_string or "")


def _address(query_string: str) -> str:
    # What a browser leaves as it is but an address here does not hold, is encoded, so that nothing is lost.
    return "/oauth/authorize?" + quote(query_string, safe="%/:?@!$&'()*+,;=~[]-._")


def _short(call: Call) -> bool:
    settings = call.service.settings
    return bool(settings.sandbox and settings.short_codes)


def _quiet(reply: Reply) -> Reply:
    reply.headers.update(QUIET)
    return reply
