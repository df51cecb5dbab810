"""A member organisation's own page: its clients, looked after by the people it named."""

from collections.abc import Callable
from functools import wraps

from laelia.lib.web.core import Call, Reply, page
from laelia.lib.web.problems import not_found
from laelia.registry.grants import clients as known
from laelia.registry.operators import clients, members, usage
from laelia.registry.operators.audit import By
from laelia.registry.operators.members import Member
from laelia.registry.operators.rights import Rights
from laelia.registry.record import people
from laelia.registry.web.desk.client import client_page
from laelia.registry.web.desk.forms import NewForMember
from laelia.registry.web.door import signed_in
from laelia.registry.web.operator.door import Guarded

MOST = 50
"""As many clients of a member may be made on its page; operators make more."""


def _contact(handle: Callable[[Call, Member, By], Reply]) -> Guarded:
    @signed_in
    @wraps(handle)
    def guarded(call: Call, orcid: str) -> Reply:
        found = members.by_number(call.tx, call.params["member"])
        if found is None or not members.is_contact(call.tx, found.id, orcid):
            raise not_found()
        return handle(call, found, By(actor=orcid))

    return guarded


@signed_in
def mine(call: Call, orcid: str) -> Reply:
    """GET /member-tools."""
    return page(call, "clients/members.html", members=members.of_contact(call.tx, orcid))


@_contact
def one(call: Call, member: Member, by: By) -> Reply:
    """GET /member-tools/{member}."""
    found = [
        {"client": client, "usage": usage.of_client(call.tx, call.now, client.client_id)}
        for client in clients.of_member(call.tx, member.id)
    ]
    contacts = [(each, people.public_name(call.tx, each)) for each in members.contacts(call.tx, member.id)]
    return page(
        call, "clients/member.html", member=member, clients=found, contacts=contacts, full=len(found) >= MOST
    )


@_contact
def client_form(call: Call, member: Member, by: By) -> Reply:
    """GET /member-tools/{member}/new-client."""
    return _form_page(call, member, NewForMember.of(call))


@_contact
def add_client(call: Call, member: Member, by: By) -> Reply:
    """POST /member-tools/{member}/new-client."""
    form = NewForMember.of(call)
    form.plain = call.service.settings.sandbox
    if not form.validate():
        return _form_page(call, member, form, 422)
    if len(clients.of_member(call.tx, member.id)) >= MOST or member.state != "active":
        raise not_found()
    texts = {name: form[name].data or None for name in ("privacy_url", "support_url", "logo_url")}
    made, secret = clients.add_for(
        call.tx, call.now, by, member, name=form.name.data or "", website=form.website.data or "",
        description=form.description.data or "", redirect_uris=form.addresses, **texts,
    )  # fmt: skip
    client = known.find(call.tx, made)
    assert client is not None
    return client_page(call, client, Rights(keeps=True, operates=False), secret=secret, status=201)


def _form_page(call: Call, member: Member, form: NewForMember, status: int = 200) -> Reply:
    return page(call, "clients/new.html", status=status, form=form, member=member)
