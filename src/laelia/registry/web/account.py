"""Account settings: addresses, and the organisations that hold a permission."""

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.registry.account import registration
from laelia.registry.grants import clients, consents, words
from laelia.registry.operators import members, role
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
        unverified=[one for one in emails if not one.verified],
        trusted=len(consents.trusted(call.tx, call.now, orcid)),
        contact_of=members.of_contact(call.tx, orcid),
        is_operator=role.holds(call.tx, orcid),
    )


@signed_in
def send_link(call: Call, orcid: str) -> Reply:
    """POST /account/send-link: a new link to every address that is not confirmed."""
    name, site = people.display_name(call.tx, orcid), call.service.settings.public_url
    for one in people.emails(call.tx, orcid):
        if not one.verified:
            registration.send_verification(call.tx, call.now, orcid, one.email, name, site)
    call.flash(_("A new link is on its way."))
    return redirect("/account")


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
