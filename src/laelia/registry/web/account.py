"""Account settings: addresses, and organisations to start from."""

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.registry.account import registration
from laelia.registry.grants import trusted
from laelia.registry.operators import members, role
from laelia.registry.record import people
from laelia.registry.web.door import signed_in


@signed_in
def account(call: Call, orcid: str) -> Reply:
    """GET /account."""
    emails = people.emails(call.tx, orcid)
    return page(
        call,
        "account.html",
        orcid=orcid,
        name=people.display_name(call.tx, orcid),
        emails=emails,
        unverified=[one for one in emails if not one.verified],
        trusted=len(trusted.organisations(call.tx, call.now, orcid)),
        contact_of=members.of_contact(call.tx, orcid),
        is_operator=role.holds(call.tx, orcid),
    )


@signed_in
def send_link(call: Call, orcid: str) -> Reply:
    """POST /account/send-link: a new link to every address that is not confirmed."""
    site = call.service.settings.public_url
    for one in people.emails(call.tx, orcid):
        if not one.verified:
            registration.send_verification(call.tx, call.now, orcid, one.email, site)
    call.flash(_("A new link is on its way."))
    return redirect("/account")
