"""Account settings: addresses, and organisations to start from."""

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.lib.web.pages import safe_url
from laelia.registry.access import Principal
from laelia.registry.account import registration
from laelia.registry.grants import clients, trusted
from laelia.registry.record import people
from laelia.registry.web.door import in_record, record_of, signed_in


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


@in_record
def search_and_link(call: Call, who: Principal) -> Reply:
    """GET /search-and-link: the organisations that a researcher can start from here. The link opens the
    organisation's own start address, where the state of the request for permission is made."""
    connected = {one.client_id for one in trusted.organisations(call.tx, call.now, record_of(who))}
    found = [
        {"client": client, "trusted": client.client_id in connected}
        for client in clients.with_start_address(call.tx)
        if safe_url(client.start_url)
    ]
    return page(call, "search_and_link.html", organisations=found)
