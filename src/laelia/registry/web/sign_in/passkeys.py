"""Account → passkeys: make one, call it something, take it away."""

from sqlalchemy import Connection

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.registry.account.sign_in import notices, passkeys
from laelia.registry.record import people
from laelia.registry.web.door import freshly_signed_in, signed_in
from laelia.registry.web.sign_in import challenges
from laelia.registry.web.sign_in.forms import Passkey, Rename

HERE = "/account/passkeys"
PURPOSE = "make"


@freshly_signed_in
def listed(call: Call, orcid: str) -> Reply:
    """GET /account/passkeys."""
    return _page(call, orcid, Passkey.of(call))


@freshly_signed_in
def options(call: Call, orcid: str) -> Reply:
    """POST /account/passkeys/options: what her device makes a key for."""
    site = passkeys.site_of(call.service.settings.public_url)
    name = people.display_name(call.tx, orcid)
    return challenges.give(call, PURPOSE, *passkeys.to_make(call.tx, site, site.host, orcid, name))


@freshly_signed_in
def add(call: Call, orcid: str) -> Reply:
    """POST /account/passkeys: file what the device made."""
    challenge = challenges.take(call, PURPOSE)
    form = Passkey.of(call)
    if not form.validate():
        return _page(call, orcid, form, 422)
    name = (form.name.data or "").strip()
    site = passkeys.site_of(call.service.settings.public_url)
    try:
        with call.service.db.writing() as tx:
            if challenge is None:
                raise passkeys.Unfit("no challenge waits")
            passkeys.keep(tx, call.now, site, orcid, challenge, form.credential.data or "", name)
            happened = _("The passkey “%(name)s” was added: it signs you in.", name=name)
            _tell(call, tx, orcid, _("A passkey was added"), happened)
    except passkeys.Unfit:
        form.name.errors = [_("This passkey could not be kept. Please try again.")]
        return _page(call, orcid, form, 422)
    call.flash(_("The passkey “%(name)s” is added.", name=name))
    return redirect(HERE)


@signed_in
def rename(call: Call, orcid: str) -> Reply:
    """POST /account/passkeys/{number}/name."""
    form = Rename.of(call)
    number = _number(call)
    if (
        form.validate()
        and number is not None
        and passkeys.rename(call.tx, orcid, number, form.name.data or "")
    ):
        call.flash(_("The name is changed."))
    return redirect(HERE)


@freshly_signed_in
def remove(call: Call, orcid: str) -> Reply:
    """POST /account/passkeys/{number}/remove."""
    number = _number(call)
    name = passkeys.remove(call.tx, orcid, number) if number is not None else None
    if name is not None:
        happened = _("The passkey “%(name)s” was removed: it does not sign you in any more.", name=name)
        _tell(call, call.tx, orcid, _("A passkey was removed"), happened)
        call.flash(_("The passkey “%(name)s” is removed. Delete it on your device too.", name=name))
    return redirect(HERE)


def _number(call: Call) -> int | None:
    text = call.params["number"]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _tell(call: Call, tx: Connection, orcid: str, subject: str, happened: str) -> None:
    notices.tell(tx, call.now, orcid, call.service.settings.public_url, subject, happened)


def _page(call: Call, orcid: str, form: Passkey, status: int = 200) -> Reply:
    with call.service.db.reading() as tx:
        found = passkeys.listed(tx, orcid)
    full = len(found) >= passkeys.MOST
    return page(call, "sign_in/passkeys.html", status=status, form=form, passkeys=found, full=full)
