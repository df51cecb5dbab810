"""Adding someone by form, and writing to her."""

from wtforms import EmailField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from laelia.hub.organisations import Clash, units
from laelia.hub.people import inviting
from laelia.hub.web.entry import StaffMay, here, hub
from laelia.hub.web.staff.frame import back, number, staff_page
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply, Route
from laelia.lib.web.forms import Form
from laelia.lib.web.problems import not_found


class Someone(Form):
    """What the organisation knows of a person. There is no field for an iD: it comes from the registry."""

    email = EmailField(
        lazy("E-mail address"),
        [InputRequired(lazy("Write the address that the letter is sent to.")), Length(max=254)],
    )
    local_id = StringField(lazy("Local id"), [Length(max=100)])
    given_names = StringField(lazy("Given names"), [Length(max=150)])
    family_names = StringField(lazy("Family names"), [Length(max=150)])
    unit = SelectField(lazy("Unit"))


def add(call: Call) -> Reply:
    place, worker = here(call).place, here(call).worker
    form = Someone.of(call)
    tree = units.tree(call.tx, place.id)
    form.unit.choices = [("", _("the organisation itself")), *((str(one.id), one.path) for one in tree)]
    if not Someone.sent(call):
        return staff_page(call, "staff/person.html", at="people", form=form)
    if form.validate():
        try:
            made = inviting.add(
                call.tx, call.now, worker.by, place.id, email=form.email.data or "",
                local_id=form.local_id.data or "", given_names=form.given_names.data or "",
                family_names=form.family_names.data or "",
                unit_id=int(form.unit.data) if form.unit.data else None,
            )  # fmt: skip
        except Clash as clash:
            form.email.errors = [str(clash)]
        else:
            return _write(call, made)
    return staff_page(call, "staff/person.html", at="people", status=422, form=form)


def write(call: Call) -> Reply:
    """POST: a letter to someone who said nothing yet, the first or one more."""
    return _write(call, number(call, "person"))


def _write(call: Call, person_id: int) -> Reply:
    place = here(call).place
    who = inviting.person(call.tx, place.id, person_id)
    if who is None:
        raise not_found(call.req.path)
    try:
        inviting.invite(call.tx, call.now, here(call).worker.by, place, who, hub(call).settings.public_url)
        call.flash(_("A letter is on its way to %(who)s.", who=who.name))
    except Clash as clash:
        call.flash(str(clash), "bad")
    return back(call, "people")


routes = [
    Route("GET", "/{place}/staff/people/add", add, StaffMay("people")),
    Route("POST", "/{place}/staff/people/add", add, StaffMay("people")),
    Route("POST", "/{place}/staff/people/{person}/invite", write, StaffMay("people")),
]
