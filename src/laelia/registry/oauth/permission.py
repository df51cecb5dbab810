"""The page of the authorisation endpoint: sign in on the way, ask the person, send the browser back."""

from urllib.parse import quote, urlsplit

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.model.problems import OAuthProblem
from laelia.registry.account import onward
from laelia.registry.grants import consents, tokens, words
from laelia.registry.oauth import rfc6749_authorize as authorize
from laelia.registry.oauth.rfc6749_authorize import Ask, SendBack
from laelia.registry.record import people

_SIGNING_IN = {"openid", "/authenticate"}
# What stands in these addresses and pages is nobody else's business (RFC 9700 §4.2.4).
QUIET = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


def ask(call: Call) -> Reply:
    """GET /oauth/authorize."""
    request = _read(call)
    if isinstance(request, Reply):
        return request
    orcid = call.who.orcid
    if orcid is None:
        first = "/register" if call.arg("show_login") == "false" else "/signin"
        return _quiet(redirect(onward.carry(first, _here(call))))
    if refused := _inactive(call, orcid) or _for_another(call, request):
        return refused
    location = None if call.arg("prompt") == "confirm" else _at_once(call, request, orcid)
    return _quiet(redirect(location)) if location else _form(call, request, orcid)


def answer(call: Call) -> Reply:
    """POST /oauth/authorize: the form goes to the address it was shown at, and the request is read and
    checked again from there, so that nothing has to be kept between the two."""
    request = _read(call)
    if isinstance(request, Reply):
        return request
    orcid = call.who.orcid
    if orcid is None:
        return _quiet(redirect(onward.carry("/signin", _here(call))))
    if refused := _inactive(call, orcid) or _for_another(call, request):
        return refused
    if call.field("account") != orcid:
        return _form(call, request, orcid, changed_account=True)
    if call.field("decision") != "allow":
        return _quiet(redirect(authorize.deny(request)))
    until_revoked = call.field("until_revoked") == "yes"
    with call.service.db.writing() as tx:
        location = authorize.allow(
            tx, call.now, request, orcid, until_revoked=until_revoked, short=_short(call)
        )
    return _quiet(redirect(location))


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
        return authorize.give_code(tx, call.now, request, orcid, until_revoked=True, short=_short(call))


def _read(call: Call) -> Ask | Reply:
    try:
        with call.service.db.reading() as tx:
            return authorize.read(tx, call.query())
    except SendBack as back:
        return _quiet(redirect(back.location))
    except OAuthProblem as problem:
        # Not sent on: nobody knows yet that this address is the client's own (RFC 6749 §4.1.2.1).
        error, sentence = problem.error, problem.description
        return _quiet(page(call, "oauth_error.html", status=problem.status, error=error, sentence=sentence))


def _form(call: Call, request: Ask, orcid: str, changed_account: bool = False) -> Reply:
    with call.service.db.reading() as tx:
        name = people.display_name(tx, orcid)
    goes_to = urlsplit(request.redirect_uri)
    reply = page(
        call,
        "permission.html",
        client=request.client,
        orcid=orcid,
        name=name,
        able=words.able_to(request.scopes),
        unable=words.not_able_to(request.scopes),
        scopes=" ".join(request.scopes),
        goes_to=f"{goes_to.scheme}://{goes_to.netloc}" if goes_to.netloc else f"{goes_to.scheme}:",
        here=_here(call),
        changed_account=changed_account,
    )
    return _quiet(reply)


def _here(call: Call) -> str:
    # What a browser leaves as it is but an address here does not hold, is encoded, so that nothing is lost.
    return "/oauth/authorize?" + quote(call.req.query_string or "", safe="%/:?@!$&'()*+,;=~[]-._")


def _short(call: Call) -> bool:
    settings = call.service.settings
    return bool(settings.sandbox and settings.short_codes)


def _quiet(reply: Reply) -> Reply:
    reply.headers.update(QUIET)
    return reply
