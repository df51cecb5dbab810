"""The second step of signing in: a code, or a passkey. Who stands here is nobody yet."""

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.registry.account import onward
from laelia.registry.account.sign_in import passkeys
from laelia.registry.web import arrivals
from laelia.registry.web.sign_in import challenges, guesses, halfway
from laelia.registry.web.sign_in.forms import SecondStep
from laelia.registry.web.sign_in.guesses import Refused

PURPOSE = "second-step"


def form(call: Call) -> Reply:
    """GET /signin/code."""
    with call.service.db.reading() as tx:
        who = halfway.who(call, tx)
    return _page(call, who.orcid, SecondStep.of(call)) if who else _from_the_start(call)


def with_code(call: Call) -> Reply:
    """POST /signin/code."""
    with call.service.db.reading() as tx:
        who = halfway.who(call, tx)
    if who is None:
        return _from_the_start(call)
    form = SecondStep.of(call)
    if not form.validate():
        return _page(call, who.orcid, form, 422)
    try:
        guesses.check_code(call, who.orcid, form.code.data or "")
    except Refused as refused:
        form.code.errors = [refused.sentence]
        return refused.on(_page(call, who.orcid, form, refused.status))
    with call.service.db.writing() as tx:
        arrivals.arrive(call, tx, who.orcid, *who.methods, arrivals.CODE)
    return redirect(_target(call) or halfway.HOME)


def options(call: Call) -> Reply:
    """POST /signin/code/passkey/options."""
    who = halfway.who(call, call.tx)
    if who is None:
        return Reply(403, b"", {"Cache-Control": "no-store"})
    site = passkeys.site_of(call.service.settings.public_url)
    return challenges.give(call, PURPOSE, *passkeys.to_sign(call.tx, site, who.orcid))


def with_passkey(call: Call) -> Reply:
    """POST /signin/code/passkey."""
    challenge = challenges.take(call, PURPOSE)
    site = passkeys.site_of(call.service.settings.public_url)
    with call.service.db.writing() as tx:
        who = halfway.who(call, tx)
        if who is None:
            return _from_the_start(call)
        if challenge and passkeys.check(tx, call.now, site, challenge, call.field("credential"), who.orcid):
            arrivals.arrive(call, tx, who.orcid, *who.methods, arrivals.KEY)
            return redirect(_target(call) or halfway.HOME)
    trouble = _("This passkey did not work. Please try again, or use a code.")
    return _page(call, who.orcid, SecondStep(), 401, trouble)


def _target(call: Call) -> str | None:
    return onward.local(call.arg("next"))


def _from_the_start(call: Call) -> Reply:
    """Ten minutes have passed, or nobody was here."""
    if call.session is not None and call.session.subject is not None:
        return redirect(_target(call) or halfway.HOME)
    call.flash(_("Please sign in from the start: the second step follows within ten minutes."), "warn")
    return redirect(onward.carry("/signin", _target(call)))


def _page(call: Call, orcid: str, form: SecondStep, status: int = 200, trouble: str = "") -> Reply:
    with call.service.db.reading() as tx:
        has_passkey = bool(passkeys.listed(tx, orcid))
    return page(
        call,
        "sign_in/second_step.html",
        status=status,
        form=form,
        has_passkey=has_passkey,
        here=onward.carry(halfway.SECOND_STEP, _target(call)),
        passkey_here=onward.carry("/signin/code/passkey", _target(call)),
        signin_url=onward.carry("/signin", _target(call)),
        trouble=trouble,
    )
