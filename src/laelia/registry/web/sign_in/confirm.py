"""Asking again who she is, before something delicate: see `freshly_signed_in`."""

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.registry.account import credentials, onward
from laelia.registry.account.sign_in import passkeys
from laelia.registry.web import arrivals
from laelia.registry.web.door import is_fresh, signed_in
from laelia.registry.web.sign_in import challenges, guesses
from laelia.registry.web.sign_in.forms import Confirm
from laelia.registry.web.sign_in.guesses import Refused

PURPOSE = "confirm"


@signed_in
def form(call: Call, orcid: str) -> Reply:
    """GET /confirm; who has just signed in goes on at once."""
    return redirect(_target(call)) if is_fresh(call) else _page(call, orcid, Confirm.of(call))


@signed_in
def with_password(call: Call, orcid: str) -> Reply:
    """POST /confirm."""
    form = Confirm.of(call)
    if not form.validate():
        return _page(call, orcid, form, 422)
    try:
        guesses.check_password(call, orcid, form.password.data or "")
    except Refused as refused:
        form.password.errors = [refused.sentence]
        return refused.on(_page(call, orcid, form, refused.status))
    with call.service.db.writing() as tx:
        arrivals.confirm(call, tx, arrivals.PASSWORD)
    return redirect(_target(call))


@signed_in
def options(call: Call, orcid: str) -> Reply:
    """POST /confirm/passkey/options: what her device has to sign."""
    site = passkeys.site_of(call.service.settings.public_url)
    return challenges.give(call, PURPOSE, *passkeys.to_sign(call.tx, site, orcid))


@signed_in
def with_passkey(call: Call, orcid: str) -> Reply:
    """POST /confirm/passkey."""
    challenge = challenges.take(call, PURPOSE)
    site = passkeys.site_of(call.service.settings.public_url)
    with call.service.db.writing() as tx:
        right = challenge is not None and passkeys.check(
            tx, call.now, site, challenge, call.field("credential"), orcid
        )
        if right:
            arrivals.confirm(call, tx, arrivals.KEY)
            return redirect(_target(call))
    return _page(call, orcid, Confirm.of(call), 401, _("This passkey did not work. Please try again."))


def _target(call: Call) -> str:
    return onward.local(call.arg("next")) or "/account"


def _page(call: Call, orcid: str, form: Confirm, status: int = 200, trouble: str = "") -> Reply:
    target = _target(call)
    with call.service.db.reading() as tx:
        has_password = credentials.password_hash(tx, orcid) is not None
        has_passkey = bool(passkeys.listed(tx, orcid))
    return page(
        call,
        "sign_in/confirm.html",
        status=status,
        form=form,
        has_password=has_password,
        has_passkey=has_passkey,
        here=onward.carry("/confirm", target),
        passkey_here=onward.carry("/confirm/passkey", target),
        target=target,
        trouble=trouble,
    )
