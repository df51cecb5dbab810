"""Coming in and going out: register, sign in, sign out, confirm an e-mail address."""

from urllib.parse import parse_qs, urlsplit

from laelia.lib.i18n import gettext as _
from laelia.lib.secret import Busy
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.lib.web.session import Session
from laelia.lib.web.wsgi import HEAD
from laelia.registry.account import brake, credentials, email_links, onward, registration
from laelia.registry.account.registration import Newcomer
from laelia.registry.grants import clients
from laelia.registry.grants.clients import Client
from laelia.registry.record import people
from laelia.registry.web import arrivals
from laelia.registry.web.forms import Register, SignIn

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
        wait = brake.charge(tx, call.now, name, address)
        account = credentials.find(tx, name)
    if wait:
        return _braked(call, form, wait)
    try:
        right = call.service.passwords.verify(form.password.data or "", account.password_hash)
    except Busy:
        return _busy(call, form)
    if not right or account.orcid is None:
        form.name.errors = [_("This address or iD and this password don't belong together.")]
        return _sign_in_page(call, form, 401)
    with call.service.db.writing() as tx:
        brake.release(tx, call.now, name, address)
        arrivals.arrive(call, tx, account.orcid, arrivals.PASSWORD)
    return redirect(_target(call) or HOME)


def sign_out(call: Call) -> Reply:
    """POST /signout; `next` leads back, so that somebody else can answer a request for permission."""
    target = onward.local(call.field("next"))
    _session(call).end(call.tx)
    return redirect(onward.carry("/signin", target) if target else "/")


def register_form(call: Call) -> Reply:
    """GET /register."""
    target = _target(call)
    if _session(call).subject is not None:
        return redirect(target or HOME)
    return _register_page(call, Register.of(call, **_prefilled(target)))


def register(call: Call) -> Reply:
    """POST /register: makes the iD, signs in and goes on to where she was going."""
    form = Register.of(call)
    if not form.validate():
        return _register_page(call, form, 422)
    try:
        hashed = call.service.passwords.hash(form.password.data or "")
    except Busy:
        return _busy(call, form)
    new = Newcomer(
        given=(form.given.data or "").strip(),
        family=(form.family.data or "").strip(),
        email=form.email.data or "",
        password_hash=hashed,
        visibility=form.visibility.data,
    )
    try:
        with call.service.db.writing() as tx:
            orcid = registration.register(tx, call.now, new, call.service.settings.public_url)
            arrivals.arrive(call, tx, orcid, arrivals.PASSWORD)
    except people.AddressTaken:
        form.email.errors = [_("Somebody has registered with this address. If it was you, sign in instead.")]
        return _register_page(call, form, 422)
    return redirect(_target(call) or HOME)


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


def _target(call: Call) -> str | None:
    return onward.local(call.arg("next"))


def _prefilled(target: str | None) -> dict[str, str]:
    """What an authorisation request says about the person (oauth.md §1.1): `email` or `orcid` for the
    sign-in, names for registering."""
    query = parse_qs(urlsplit(target or "").query)
    first = {name: values[0] for name, values in query.items()}
    # A plus sign in an address that was not encoded arrives as a space.
    email = first.get("email", "").strip().replace(" ", "+")
    return {
        "name": first.get("orcid") or email or first.get("login_hint") or "",
        "email": email,
        "given": first.get("given_names") or "",
        "family": first.get("family_names") or "",
    }


def _asking(call: Call, target: str | None) -> Client | None:
    """The organisation she goes on to, so that the page can say its name."""
    parts = urlsplit(target or "")
    if parts.path != "/oauth/authorize":
        return None
    with call.service.db.reading() as tx:
        return clients.find(tx, parse_qs(parts.query).get("client_id", [""])[0])


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
        register_url=onward.carry("/register", target),
    )


def _register_page(call: Call, form: Register, status: int = 200) -> Reply:
    target = _target(call)
    return page(
        call,
        "register.html",
        status=status,
        form=form,
        client=_asking(call, target),
        here=onward.carry("/register", target),
        signin_url=onward.carry("/signin", target),
    )


def _braked(call: Call, form: SignIn, wait: int) -> Reply:
    seconds = -(-wait // 1000)
    form.name.errors = [_("Too many attempts. Please wait %(n)s seconds and try again.", n=seconds)]
    reply = _sign_in_page(call, form, 429)
    reply.headers["Retry-After"] = str(seconds)
    return reply


def _busy(call: Call, form: SignIn | Register) -> Reply:
    sentence = _("Many people sign in at this moment. Please try again in a few seconds.")
    form.password.errors = [sentence]
    reply = _sign_in_page(call, form, 503) if isinstance(form, SignIn) else _register_page(call, form, 503)
    reply.headers["Retry-After"] = "5"
    return reply
