"""One person: what the organisation says of her, whether she is known by an iD, what happened when."""

from wtforms import EmailField, SelectField, StringField
from wtforms.validators import Length

from laelia.hub import people
from laelia.hub.organisations import units
from laelia.hub.people import letters, saying
from laelia.hub.people.card import Card, card
from laelia.hub.web.entry import StaffMay, here, hub
from laelia.hub.web.staff.frame import back, number, staff_page
from laelia.hub.web.staff.scopes import scope_words
from laelia.hub.web.staff.words import EVENTS, LETTERS, PEOPLE
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply, Route
from laelia.lib.web.forms import Form
from laelia.lib.web.problems import not_found

FIELDS = ("email", "local_id", "given_names", "family_names")


class Said(Form):
    """What the organisation knows of a person. There is no field for an iD: it comes from the registry."""

    email = EmailField(lazy("E-mail address"), [Length(max=254)])
    local_id = StringField(lazy("Local id"), [Length(max=100)])
    given_names = StringField(lazy("Given names"), [Length(max=150)])
    family_names = StringField(lazy("Family names"), [Length(max=150)])
    unit = SelectField(lazy("Unit"))

    def offer(self, call: Call) -> "Said":
        tree = units.tree(call.tx, here(call).place.id)
        self.unit.choices = [("", _("the organisation itself")), *((str(one.id), one.path) for one in tree)]
        return self


def look(call: Call, form: Said | None = None) -> Reply:
    place, one = here(call).place, the_person(call)
    orcid = one.who.orcid
    permission = people.permission(call.tx, place.id, orcid, hub(call).keys, call.now) if orcid else None
    said = {name: getattr(one.who, name) or "" for name in FIELDS} | {"unit": str(one.who.unit_id or "")}
    return staff_page(
        call, "staff/one-person.html", at="people", status=422 if form else 200, one=one, who=one.who,
        state=PEOPLE[one.state], permission=permission, events=EVENTS, kinds=LETTERS,
        may=scope_words(permission.scopes) if permission and permission.state == "active" else [],
        letters=letters.of_person(call.tx, place.id, one.who.id), form=form or Said(data=said).offer(call),
        may_change=here(call).worker.may("people"),
    )  # fmt: skip


def change(call: Call) -> Reply:
    """POST: what is said of her from now on."""
    one, form = the_person(call), Said.of(call).offer(call)
    if not form.validate():
        return look(call, form)
    try:
        saying.say(
            call.tx, call.now, here(call).worker.by, here(call).place.id, one.who.id,
            unit_id=int(form.unit.data) if form.unit.data else None,
            **{name: str(form[name].data or "") for name in FIELDS},
        )  # fmt: skip
    except saying.Wrong as wrong:
        form[wrong.field].errors = [str(wrong)]
        return look(call, form)
    call.flash(_("Saved."))
    return back(call, f"people/{one.who.id}")


def the_person(call: Call) -> Card:
    """Whom the address names; 404 where there is no such person."""
    found = card(call.tx, here(call).place.id, number(call, "person"))
    if found is None:
        raise not_found(call.req.path)
    return found


routes = [
    Route("GET", "/{place}/staff/people/{person}", look, StaffMay("look")),
    Route("POST", "/{place}/staff/people/{person}", change, StaffMay("people")),
]
