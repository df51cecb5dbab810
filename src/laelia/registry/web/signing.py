"""Coming in and going out: sign in, sign out, confirm an e-mail address."""

from laelia.lib.i18n import gettext as _
from laelia.lib.secret import Busy
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.lib.web.session import Session
from laelia.lib.web.wsgi import HEAD
from laelia.registry.account import brake, credentials, email_links, onward
from laelia.registry.record import people
from laelia.registry.web import arrivals, known
from laelia.registry.web.forms import SignIn
from laelia.registry.web.onwards import asking as _asking
from laelia.registry.web.onwards import prefilled as _prefilled
from laelia.registry.web.onwards import target as _target
from laelia.registry.web.sign_in import halfway

HOME = "/my-record"


def sign_in_form(call: Call) -> Reply:
    """GET /signin; who is signed in already goes on at once."""
    target, session = _target(call), _session(call)
    anew = onward.signs_in_anew(target, session.extra.get("arrived"))
    if session.subject is not None and not anew:
        return redirect(target or HOME)
    prefilled = _prefilled(target)
    return _sign_in_page(
        call, SignIn.of(call, **{**prefilled, "name": prefilled["name"] or session.subject or ""})
    )


def sign_in(call: Call) -> Reply:
    """POST /signin. The attempt is counted before the password is looked at, and the password is looked
    at outside of any transaction, because that takes a while on purpose."""
    form = SignIn.of(call)
    if not form.validate():
        return _sign_in_page(call, form, 422)
    name, address = form.name.data or "", call.req.remote_addr or ""
    with call.service.db.writing() as tx:
        account = credentials.find(tx, name)
        counts = brake.of_password(name, address, known.mark(call, tx, account.orcid))
        wait = brake.charge(tx, call.now, counts)
    if wait:
        return _braked(call, form, wait)
    try:
        right = call.service.passwords.verify(form.password.data or "", account.password_hash)
    except Busy:
        with call.service.db.writing() as tx:
            brake.give_back(tx, call.now, counts)
        return _busy(call, form)
    if right and account.orcid is not None:
        with call.service.db.writing() as tx:
            # Looking took a while: the password may have been changed, or the record closed.
            if credentials.find(tx, name) == account:
                brake.release(tx, call.now, counts)
                return halfway.enter(call, tx, account.orcid, _target(call), arrivals.PASSWORD)
    form.name.errors = [_("This address or iD and this password don't belong together.")]
    return _sign_in_page(call, form, 401)


def sign_out(call: Call) -> Reply:
    """POST /signout; `next` leads back, so that somebody else can answer a request for permission."""
    target = onward.local(call.field("next"))
    _session(call).end(call.tx)
    return redirect(onward.carry("/signin", target) if target else "/")


def verify_email(call: Call) -> Reply:
    """GET /verify-email/{token}: the link in the message."""
    if HEAD in call.req.env:
        return page(call, "verified.html", email=None)
    proven = email_links.use(call.tx, call.now, call.params["token"])
    if proven is not None:
        people.verify_email(call.tx, call.now, *proven)
    return page(call, "verified.html", status=200 if proven else 404, email=proven[1] if proven else None)


def _session(call: Call) -> Session:
    assert call.session is not None, "a page route reads cookies"
    return call.session


def _sign_in_page(call: Call, form: SignIn, status: int = 200) -> Reply:
    target = _target(call)
    return page(
        call,
        "signin.html",
        status=status,
        form=form,
        client=_asking(call, target),
        anew=_session(call).subject is not None,
        here=onward.carry("/signin", target),
        passkey_here=onward.carry("/signin/passkey", target),
        register_url=onward.carry("/register", target),
    )


def _braked(call: Call, form: SignIn, wait: int) -> Reply:
    seconds = -(-wait // 1000)
    form.name.errors = [_("Too many attempts. Please wait %(n)s seconds and try again.", n=seconds)]
    reply = _sign_in_page(call, form, 429)
    reply.headers["Retry-After"] = str(seconds)
    return reply


def _busy(call: Call, form: SignIn) -> Reply:
    form.password.errors = [_("Many people sign in at this moment. Please try again in a few seconds.")]
    reply = _sign_in_page(call, form, 503)
    reply.headers["Retry-After"] = "5"
    return reply
