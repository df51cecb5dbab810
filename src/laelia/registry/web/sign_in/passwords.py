"""A new password: by the old one, or by a link in a message to whoever has forgotten it."""

from laelia.lib import i18n
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.registry.account import brake, credentials
from laelia.registry.account.sign_in import notices, reset
from laelia.registry.record import people
from laelia.registry.web import arrivals, known
from laelia.registry.web.door import signed_in
from laelia.registry.web.sign_in import guesses
from laelia.registry.web.sign_in.forms import AskReset, ChangePassword, NewPassword
from laelia.registry.web.sign_in.guesses import Refused


@signed_in
def change_form(call: Call, orcid: str) -> Reply:
    """GET /account/password."""
    return _change_page(call, orcid, ChangePassword.of(call))


@signed_in
def change(call: Call, orcid: str) -> Reply:
    """POST /account/password: ends every other session."""
    form = ChangePassword.of(call)
    form.emails = _emails(call, orcid)
    if not form.validate():
        return _change_page(call, orcid, form, 422)
    try:
        guesses.check_password(call, orcid, form.old.data or "")
    except Refused as refused:
        form.old.errors = [refused.sentence]
        return refused.on(_change_page(call, orcid, form, refused.status))
    try:
        hashed = guesses.hash_of(call, form.password.data or "")
    except Refused as refused:
        form.password.errors = [refused.sentence]
        return refused.on(_change_page(call, orcid, form, refused.status))
    with call.service.db.writing() as tx:
        credentials.set_password(tx, call.now, orcid, hashed)
        arrivals.confirm(call, tx, arrivals.PASSWORD)
        call.service.sessions.end_all(tx, orcid, but=call.session)
        known.remember(call, orcid)
        happened = _("Your password was changed. All other sessions were ended.")
        site = call.service.settings.public_url
        notices.tell(tx, call.now, orcid, site, _("Your password was changed"), happened)
    call.flash(_("Your password is changed, and every other session is ended."))
    return redirect("/account")


def ask_form(call: Call) -> Reply:
    """GET /reset-password."""
    return page(call, "sign_in/ask_reset.html", form=AskReset.of(call), sent=None)


def ask(call: Call) -> Reply:
    """POST /reset-password: the same answer, after the same work, whoever it is about."""
    form = AskReset.of(call)
    if not form.validate():
        return page(call, "sign_in/ask_reset.html", status=422, form=form, sent=None)
    name, address = (form.name.data or "").strip(), call.req.remote_addr or ""
    with call.service.db.writing() as tx:
        wait = brake.charge(tx, call.now, {"letters": address})
        # Who asks again and again for one account gets the same answer, and its owner no further message.
        if not wait and not brake.charge(tx, call.now, {"letter": name.lower()}):
            reset.ask(tx, call.now, name, i18n.locale())
    if wait:
        refused = guesses.held(wait)
        form.name.errors = [refused.sentence]
        return refused.on(page(call, "sign_in/ask_reset.html", status=429, form=form, sent=None))
    return page(call, "sign_in/ask_reset.html", form=form, sent=name)


def reset_form(call: Call) -> Reply:
    """GET /reset-password/{token}: looking uses nothing up, so programs that try links do no harm."""
    owner = _owner(call)
    return owner if isinstance(owner, Reply) else _reset_page(call, NewPassword.of(call))


def reset_password(call: Call) -> Reply:
    """POST /reset-password/{token}: ends every session, signs nobody in and leaves the second step as it
    is."""
    owner = _owner(call)
    if isinstance(owner, Reply):
        return owner
    form = NewPassword.of(call)
    form.emails = _emails(call, owner)
    if not form.validate():
        return _reset_page(call, form, 422)
    try:
        hashed = guesses.hash_of(call, form.password.data or "")
    except Refused as refused:
        form.password.errors = [refused.sentence]
        return refused.on(_reset_page(call, form, refused.status))
    with call.service.db.writing() as tx:
        if reset.use(tx, call.now, call.params["token"]) != owner:
            return _no_good(call)
        credentials.set_password(tx, call.now, owner, hashed)
        call.service.sessions.end_all(tx, owner)
        for name in (owner, *(email.lower() for email in form.emails)):
            brake.forgive(tx, brake.of_password(name, call.req.remote_addr or ""))
        known.remember(call, owner)
        happened = _("A new password was chosen by a link sent to you. All sessions were ended.")
        site = call.service.settings.public_url
        notices.tell(tx, call.now, owner, site, _("Your password was changed"), happened)
    call.flash(_("Your password is changed. You can sign in with it now."))
    return redirect("/signin")


def _owner(call: Call) -> str | Reply:
    """Whose link it is; else the page that says that it is no good. Guesses at links are slowed."""
    with call.service.db.writing() as tx:
        orcid = reset.look(tx, call.now, call.params["token"])
        wait = 0 if orcid else brake.charge(tx, call.now, {"address": call.req.remote_addr or ""})
    if orcid is not None:
        return orcid
    reply = _no_good(call)
    if wait:
        reply.status = 429
        return guesses.held(wait).on(reply)
    return reply


def _no_good(call: Call) -> Reply:
    return page(call, "sign_in/reset_no_good.html", status=404)


def _reset_page(call: Call, form: NewPassword, status: int = 200) -> Reply:
    return page(call, "sign_in/reset.html", status=status, form=form)


def _change_page(call: Call, orcid: str, form: ChangePassword, status: int = 200) -> Reply:
    with call.service.db.reading() as tx:
        has_password = credentials.password_hash(tx, orcid) is not None
    return page(call, "sign_in/password.html", status=status, form=form, has_password=has_password)


def _emails(call: Call, orcid: str) -> tuple[str, ...]:
    with call.service.db.reading() as tx:
        return tuple(one.email for one in people.emails(tx, orcid))
