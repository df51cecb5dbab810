"""Account → two steps: turn the second step on and off, and make recovery codes."""

import segno
from sqlalchemy import Connection

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.registry.account import credentials
from laelia.registry.account.sign_in import notices, passkeys, second_factor
from laelia.registry.web.door import freshly_signed_in, is_fresh, signed_in
from laelia.registry.web.sign_in import guesses
from laelia.registry.web.sign_in.forms import FirstCode, TurnOff, TurnOffWithoutPassword
from laelia.registry.web.sign_in.guesses import Refused

HERE = "/account/two-steps"


@signed_in
def overview(call: Call, orcid: str) -> Reply:
    """GET /account/two-steps."""
    return _overview(call, orcid, _off_form(call, orcid))


@freshly_signed_in
def start(call: Call, orcid: str) -> Reply:
    """POST /account/two-steps/start: a new secret for her app, which does not count yet."""
    second_factor.begin(call.tx, call.service.keys, call.now, orcid)
    return redirect(f"{HERE}/set-up")


@freshly_signed_in
def set_up(call: Call, orcid: str) -> Reply:
    """GET /account/two-steps/set-up: the secret as a QR code and as text."""
    return _set_up(call, orcid, FirstCode.of(call))


@freshly_signed_in
def confirm(call: Call, orcid: str) -> Reply:
    """POST /account/two-steps/set-up: with a first right code it counts; shows the recovery codes."""
    form = FirstCode.of(call)
    if not form.validate():
        return _set_up(call, orcid, form, 422)
    keys, real = call.service.keys, guesses.real(call)
    with call.service.db.writing() as tx:
        codes = second_factor.confirm(tx, keys, call.now, real, orcid, form.code.data or "")
        if codes is not None:
            happened = _(
                "From now on, signing in with your password asks for a second step: a code from your app, a "
                "recovery code or a passkey."
            )
            _tell(call, tx, orcid, _("Signing in takes two steps now"), happened)
    if codes is None:
        form.code.errors = [
            _("This is not the code that belongs to the picture. Is your phone's clock right?")
        ]
        return _set_up(call, orcid, form, 422)
    return page(call, "sign_in/recovery_codes.html", codes=codes, first=True)


@freshly_signed_in
def renew_codes(call: Call, orcid: str) -> Reply:
    """POST /account/two-steps/codes."""
    if not second_factor.asked(call.tx, orcid):
        return redirect(HERE)
    codes = second_factor.renew_codes(call.tx, call.service.keys, call.now, orcid)
    happened = _("New recovery codes were made; the old ones don't work any more.")
    _tell(call, call.tx, orcid, _("New recovery codes"), happened)
    return page(call, "sign_in/recovery_codes.html", codes=codes, first=False)


@signed_in
def turn_off(call: Call, orcid: str) -> Reply:
    """POST /account/two-steps/off: takes the password and a code. Who has no password has to be fresh."""
    form = _off_form(call, orcid)
    if not isinstance(form, TurnOff) and not is_fresh(call):
        return redirect(f"/confirm?next={HERE}")
    if not form.validate():
        return _overview(call, orcid, form, 422)
    field = form.code
    try:
        if isinstance(form, TurnOff):
            field = form.password
            guesses.check_password(call, orcid, form.password.data or "")
            field = form.code
        guesses.check_code(call, orcid, form.code.data or "")
    except Refused as refused:
        field.errors = [refused.sentence]
        return refused.on(_overview(call, orcid, form, refused.status))
    with call.service.db.writing() as tx:
        second_factor.turn_off(tx, orcid)
        happened = _("From now on your password alone signs you in. The recovery codes don't work any more.")
        _tell(call, tx, orcid, _("Signing in takes one step again"), happened)
    call.flash(_("The second step is off."))
    return redirect(HERE)


def _tell(call: Call, tx: Connection, orcid: str, subject: str, happened: str) -> None:
    notices.tell(tx, call.now, orcid, call.service.settings.public_url, subject, happened)


def _off_form(call: Call, orcid: str) -> TurnOff | TurnOffWithoutPassword:
    with call.service.db.reading() as tx:
        has_password = credentials.password_hash(tx, orcid) is not None
    return TurnOff.of(call) if has_password else TurnOffWithoutPassword.of(call)


def _overview(call: Call, orcid: str, form: TurnOff | TurnOffWithoutPassword, status: int = 200) -> Reply:
    with call.service.db.reading() as tx:
        state = second_factor.state(tx, orcid)
        keys = len(passkeys.listed(tx, orcid))
    return page(call, "sign_in/two_steps.html", status=status, state=state, passkeys=keys, form=form)


def _set_up(call: Call, orcid: str, form: FirstCode, status: int = 200) -> Reply:
    with call.service.db.reading() as tx:
        secret = second_factor.being_set_up(tx, call.service.keys, orcid)
    if secret is None:
        return redirect(HERE)
    issuer = passkeys.site_of(call.service.settings.public_url).host
    address = second_factor.address(secret, orcid, issuer)
    picture = segno.make(address, micro=False, error="m")
    return page(
        call,
        "sign_in/set_up.html",
        status=status,
        form=form,
        address=address,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        picture=picture.svg_inline(
            omitsize=True, border=4, light="#fff", dark="#000", svgclass=None, lineclass=None
        ),
    )
