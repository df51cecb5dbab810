"""The redirect addresses of a member's client, by what they are for."""

import dataclasses

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.lib.web.problems import not_found
from laelia.registry.grants import addresses
from laelia.registry.grants.addresses import Address
from laelia.registry.grants.clients import Client
from laelia.registry.operators import clients
from laelia.registry.operators.audit import By
from laelia.registry.operators.rights import Rights
from laelia.registry.web.desk.client import path_of
from laelia.registry.web.desk.door import keeping, operating
from laelia.registry.web.desk.forms import ADDRESSES_MAX, AddressForm


@keeping
def new_form(call: Call, client: Client, mine: Rights, by: By) -> Reply:
    """GET /clients/{client_id}/new-address."""
    return _form_page(call, client, AddressForm.of(call), None)


@keeping
def add(call: Call, client: Client, mine: Rights, by: By) -> Reply:
    """POST /clients/{client_id}/new-address."""
    return _save(call, client, by, None)


@keeping
def edit_form(call: Call, client: Client, mine: Rights, by: By) -> Reply:
    """GET /clients/{client_id}/addresses/{key}."""
    known = _known(call, client)
    return _form_page(call, client, AddressForm.of(call, obj=known), known)


@keeping
def edit(call: Call, client: Client, mine: Rights, by: By) -> Reply:
    """POST /clients/{client_id}/addresses/{key}."""
    return _save(call, client, by, _known(call, client))


@keeping
def remove(call: Call, client: Client, mine: Rights, by: By) -> Reply:
    """POST /clients/{client_id}/addresses/{key}/remove."""
    clients.remove_address(call.tx, call.now, by, client, _known(call, client))
    call.flash(_("The address is removed: nobody is sent there any more."))
    return redirect(path_of(client))


@operating
def set_listed(call: Call, client: Client, mine: Rights, by: By) -> Reply:
    """POST /clients/{client_id}/addresses/{key}/listed: show it on Search & link, or no longer."""
    known, listed = _known(call, client), call.field("listed") == "yes"
    if known.kind in addresses.STARTS and known.listed != listed:
        changed = dataclasses.replace(known, listed=listed)
        clients.put_address(call.tx, call.now, by, client, changed, known)
        call.flash(_("The address is listed.") if listed else _("The address is not listed any more."))
    return redirect(path_of(client))


def _known(call: Call, client: Client) -> Address:
    for one in addresses.of(call.tx, client.client_id):
        if one.key == call.params["key"] and client.owner_orcid is None:
            return one
    raise not_found()


def _save(call: Call, client: Client, by: By, known: Address | None) -> Reply:
    if client.owner_orcid is not None:  # a researcher's own are a plain list, on her form
        raise not_found()
    form, sandbox = AddressForm.of(call), call.service.settings.sandbox
    right = form.validate()
    start_url = form.start_url.data or None
    one = Address(
        uri=form.uri.data or "",
        kind=form.kind.data or "",
        scopes=tuple(form.scopes.data or ()),
        start_url=start_url,
        description=form.description.data or "",
        act_types=tuple(form.act_types.data or ()),
        areas=tuple(form.areas.data or ()),
        # Operators looked at where researchers are led; another place they have to look at again.
        listed=form.kind.data in addresses.STARTS
        and (sandbox or (known is not None and known.listed and known.start_url == start_url)),
    )
    for name, sentence in addresses.misfits(one, client.scopes, plain=sandbox).items():
        form[name].errors = [*form[name].errors, sentence]
        right = False
    if known is None and len(addresses.of(call.tx, client.client_id)) >= ADDRESSES_MAX:
        form.uri.errors = [_("A client has at most %(n)s addresses.", n=ADDRESSES_MAX)]
        right = False
    if right and not clients.put_address(call.tx, call.now, by, client, one, known):
        form.uri.errors = [_("The client has this address for this already.")]
        right = False
    if not right:
        return _form_page(call, client, form, known, 422)
    call.flash(_("The address is saved."))
    return redirect(path_of(client))


def _form_page(
    call: Call, client: Client, form: AddressForm, known: Address | None, status: int = 200
) -> Reply:
    return page(
        call, "clients/address.html", status=status, form=form, client=client, known=known,
        starts=addresses.STARTS, here=path_of(client),
    )  # fmt: skip
