"""Account settings: addresses, and the organisations that hold a permission."""

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.registry.grants import clients, consents, words
from laelia.registry.record import people
from laelia.registry.web.door import signed_in
from laelia.registry.web.words import last_act


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
        trusted=len(consents.trusted(call.tx, call.now, orcid)),
    )


@signed_in
def trusted(call: Call, orcid: str) -> Reply:
    """GET /account/trusted: who may do what, since when, and what they last did."""
    found = consents.trusted(call.tx, call.now, orcid)
    organisations = [
        {
            "client_id": one.client_id,
            "name": one.name,
            "website": one.website,
            "able": words.able_to(one.scopes),
            "granted": one.granted,
            "until": one.until,
            "last": last_act(one),
        }
        for one in found
    ]
    return page(call, "trusted.html", organisations=organisations)


@signed_in
def revoke(call: Call, orcid: str) -> Reply:
    """POST /account/trusted/{client_id}/revoke."""
    client = clients.find(call.tx, call.params["client_id"])
    if client is not None and consents.revoke(call.tx, call.now, orcid, client.client_id):
        call.flash(_("%(name)s has no permission any more.", name=client.name))
    return redirect("/account/trusted")


@signed_in
def search_and_link(call: Call, orcid: str) -> Reply:
    """GET /search-and-link: the organisations that a researcher can start from here. The link opens the
    organisation's own start address, where the state of the request for permission is made."""
    trusted = {one.client_id for one in consents.trusted(call.tx, call.now, orcid)}
    found = [
        {"client": client, "trusted": client.client_id in trusted}
        for client in clients.with_start_address(call.tx)
    ]
    return page(call, "search_and_link.html", organisations=found)
