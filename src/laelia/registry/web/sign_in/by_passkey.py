"""Signing in with a passkey alone: it is something she has, and the device checked that it is she."""

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, redirect
from laelia.registry.account import onward
from laelia.registry.account.sign_in import passkeys
from laelia.registry.web import arrivals
from laelia.registry.web.sign_in import challenges, halfway

PURPOSE = "sign-in"


def options(call: Call) -> Reply:
    """POST /signin/passkey/options: the same for everybody, since nobody has said who she is."""
    site = passkeys.site_of(call.service.settings.public_url)
    return challenges.give(call, PURPOSE, *passkeys.to_sign(call.tx, site, None))


def sign_in(call: Call) -> Reply:
    """POST /signin/passkey."""
    target = onward.local(call.arg("next"))
    challenge = challenges.take(call, PURPOSE)
    site = passkeys.site_of(call.service.settings.public_url)
    with call.service.db.writing() as tx:
        orcid = challenge and passkeys.check(tx, call.now, site, challenge, call.field("credential"), None)
        if orcid:
            arrivals.arrive(call, tx, str(orcid), arrivals.KEY)
            return redirect(target or halfway.HOME)
    call.flash(_("This passkey is not known here, or did not work. You can use your password."), "bad")
    return redirect(onward.carry("/signin", target))
