"""Programs of the organisation at the API, and the addresses that are called when something happened. A
secret is shown on the page that answers, and never again."""

from typing import Any

from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from laelia.hub import callbacks
from laelia.hub.organisations import Clash, programs
from laelia.hub.web.entry import StaffMay, here, hub
from laelia.hub.web.staff.frame import back, staff_page
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply, Route
from laelia.lib.web.forms import Form
from laelia.lib.web.problems import not_found


class Ticks(SelectMultipleField):
    """Several of a few, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ProgramForm(Form):
    name = StringField(
        lazy("Name"), [InputRequired(lazy("Write what the program is called.")), Length(max=200)]
    )
    scopes = Ticks(
        lazy("What it may do"), choices=lambda: list(programs.SCOPES.items()), default=list(programs.SCOPES)
    )
    return_urls = TextAreaField(lazy("Return addresses"), [Length(max=4000)])


class CallbackForm(Form):
    url = StringField(lazy("Address"), [InputRequired(lazy("Write the address to call.")), Length(max=2000)])
    events = Ticks(
        lazy("What is told"), choices=lambda: list(callbacks.EVENTS.items()), default=list(callbacks.EVENTS)
    )


def listing(
    call: Call, program: ProgramForm | None = None, address: CallbackForm | None = None, **made: Any
) -> Reply:
    place = here(call).place
    addresses = callbacks.listed(call.tx, place.id)
    return staff_page(
        call, "staff/programs.html", at="programs", status=422 if program or address else 200,
        programs=programs.listed(call.tx, place.id), scopes=programs.SCOPES, events=callbacks.EVENTS,
        addresses=addresses,
        counts={one.id: callbacks.counts(call.tx, place.id, one.id) for one in addresses},
        program=program or ProgramForm(), address=address or CallbackForm(), made=made,
        may_change=here(call).worker.may("programs"), api=f"/{place.handle}/api",
    )  # fmt: skip


def add(call: Call) -> Reply:
    form = ProgramForm.of(call)
    if not form.validate():
        return listing(call, program=form)
    try:
        made, secret = programs.add(
            call.tx, call.now, here(call).worker.by, here(call).place.id, name=form.name.data or "",
            scopes=form.scopes.data or (), return_urls=(form.return_urls.data or "").split(),
        )  # fmt: skip
    except Clash as clash:
        field = form.return_urls if form.scopes.data else form.scopes
        field.errors = [str(clash)]
        return listing(call, program=form)
    return listing(call, client=made, secret=secret)


def revoke(call: Call) -> Reply:
    found = programs.find(call.tx, here(call).place.id, call.params["client"])
    if found is None:
        raise not_found(call.req.path)
    programs.revoke(call.tx, call.now, here(call).worker.by, found)
    call.flash(_("%(name)s is out.", name=found.name))
    return back(call, "programs")


def add_address(call: Call) -> Reply:
    form, service = CallbackForm.of(call), hub(call)
    good = form.validate()
    if good and not form.events.data:
        good, form.events.errors = False, [_("Choose what is told.")]
    if not good:
        return listing(call, address=form)
    try:
        number, secret = callbacks.add(
            call.tx, call.now, here(call).worker.by, service.keys, here(call).place.id,
            url=form.url.data or "", events=form.events.data or (),
            private=service.settings.private_callbacks,
        )  # fmt: skip
    except Clash as clash:
        form.url.errors = [str(clash)]
        return listing(call, address=form)
    return listing(call, callback=callbacks.find(call.tx, here(call).place.id, number), secret=secret)


routes = [
    Route("GET", "/{place}/staff/programs", listing, StaffMay("look")),
    Route("POST", "/{place}/staff/programs", add, StaffMay("programs")),
    Route("POST", "/{place}/staff/programs/{client}/revoke", revoke, StaffMay("programs")),
    Route("POST", "/{place}/staff/callbacks", add_address, StaffMay("programs")),
]
