"""Account settings: addresses, and organisations to start from."""

from laelia.lib.web.core import Call, Reply, page
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
        trusted=len(trusted.organisations(call.tx, call.now, orcid)),
        contact_of=members.of_contact(call.tx, orcid),
        is_operator=role.holds(call.tx, orcid),
    )
