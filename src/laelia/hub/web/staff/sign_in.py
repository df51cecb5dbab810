"""Where the organisation's people sign in: written by an owner, and tried before it is kept."""

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from laelia.hub.organisations import Clash, provider
from laelia.hub.web.entry import StaffMay, here, hub
from laelia.hub.web.staff.frame import back, staff_page
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply, Route
from laelia.lib.web.forms import Form


class Provider(Form):
    issuer = StringField(
        lazy("Issuer"), [InputRequired(lazy("Write the provider's address.")), Length(max=500)]
    )
    client_id = StringField(
        lazy("Client id"), [InputRequired(lazy("Write who the hub is there.")), Length(max=200)]
    )
    client_secret = PasswordField(lazy("Client secret"), [Length(max=500)])
    claim = StringField(lazy("Claim with the local id"), [Length(max=100)])


def show(call: Call, form: Provider | None = None) -> Reply:
    place = here(call).place
    with hub(call).db.reading() as tx:
        found = provider.of(tx, place.id, hub(call).keys)
    known = {"claim": provider.CLAIM}
    if found is not None:
        known = {"issuer": found.provider.issuer, "client_id": found.provider.client_id, "claim": found.claim}
    return staff_page(
        call, "staff/sign-in.html", at="settings", status=422 if form else 200,
        form=form or Provider(data=known), found=found, may_change=here(call).worker.may("client"),
        redirect_uri=call.url(f"/{place.handle}/institution/callback"),
    )  # fmt: skip


def put(call: Call) -> Reply:
    """POST: ask the provider for its addresses, then keep what was written."""
    form = Provider.of(call)
    place, worker, service = here(call).place, here(call).worker, hub(call)
    if not form.validate():
        return show(call, form)
    with service.db.reading() as tx:
        before = provider.of(tx, place.id, service.keys)
    trusted = before is not None and before.provider.trusted and before.provider.issuer == form.issuer.data
    try:
        wanted = provider.wanted(
            before, issuer=form.issuer.data or "", client_id=form.client_id.data or "",
            secret=form.client_secret.data or "", claim=form.claim.data or "", trusted=trusted,
        )  # fmt: skip
        provider.test(service.http, wanted)
    except Clash as clash:
        form.issuer.errors = [str(clash)]
        return show(call, form)
    with service.db.writing() as tx:
        provider.put(tx, call.now, worker.by, place, service.keys, wanted)
    call.flash(_("Saved. The provider answers, and people can come in by it."))
    return back(call, "sign-in")


def remove(call: Call) -> Reply:
    provider.remove(call.tx, call.now, here(call).worker.by, here(call).place)
    call.flash(_("People no longer come in by the institutional sign-in."))
    return back(call, "sign-in")


routes = [
    Route("GET", "/{place}/staff/sign-in", show, StaffMay("look"), tx="none"),
    Route("POST", "/{place}/staff/sign-in", put, StaffMay("client"), tx="none"),
    Route("POST", "/{place}/staff/sign-in/remove", remove, StaffMay("client")),
]
