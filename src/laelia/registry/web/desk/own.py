"""Developer tools: the one client that a researcher may have of her own (registry-ui §10)."""

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.registry.grants import clients as known
from laelia.registry.operators import clients
from laelia.registry.operators.audit import By
from laelia.registry.operators.rights import Rights
from laelia.registry.record import people
from laelia.registry.web.desk.client import client_page
from laelia.registry.web.desk.forms import NewOwn
from laelia.registry.web.door import signed_in


def tools(call: Call) -> Reply:
    """GET /developer-tools; who is not signed in reads what there is."""
    orcid = call.session.subject if call.session is not None else None
    if orcid is None:
        return page(call, "clients/developer_tools.html", form=None, why=None)
    if mine := clients.of_person(call.tx, orcid):
        return redirect(f"/clients/{mine[0].client_id}")
    return _form_page(call, NewOwn.of(call), _obstacle(call, orcid))


@signed_in
def register(call: Call, orcid: str) -> Reply:
    """POST /developer-tools."""
    # Her record is locked first, so that two forms at once do not make two clients.
    people.hold(call.tx, orcid)
    if mine := clients.of_person(call.tx, orcid):
        return redirect(f"/clients/{mine[0].client_id}")
    if why := _obstacle(call, orcid):
        return _form_page(call, NewOwn.of(call), why, 403)
    form = NewOwn.of(call)
    form.plain = call.service.settings.sandbox
    if not form.validate():
        return _form_page(call, form, None, 422)
    made, secret = clients.add(
        call.tx, call.now, By(actor=orcid), name=form.name.data or "", kind="public",
        website=form.website.data or "", description=form.description.data or "",
        redirect_uris=form.addresses, owner_orcid=orcid,
    )  # fmt: skip
    client = known.find(call.tx, made)
    assert client is not None
    call.flash(_("Your client is registered."))
    return client_page(call, client, Rights(keeps=True, operates=False), secret=secret, status=201)


def _obstacle(call: Call, orcid: str) -> str | None:
    if not people.active(call.tx, orcid):
        return _("Your record is locked, so that you can't register a client.")
    if not any(one.verified for one in people.emails(call.tx, orcid)):
        return _("Confirm one of your e-mail addresses first: it is how you are reached about your client.")
    return None


def _form_page(call: Call, form: NewOwn, why: str | None, status: int = 200) -> Reply:
    return page(call, "clients/developer_tools.html", status=status, form=form, why=why)
