"""The parts of the organisation, as a tree."""

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from laelia.hub.organisations import Clash, units
from laelia.hub.organisations.units import Unit
from laelia.hub.web.entry import StaffMay, here
from laelia.hub.web.staff.frame import back, number, staff_page
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply, Route
from laelia.lib.web.forms import Form
from laelia.lib.web.problems import not_found


class UnitForm(Form):
    name = StringField(lazy("Name"), [InputRequired(lazy("Write the unit's name.")), Length(max=250)])
    code = StringField(lazy("Code"), [InputRequired(lazy("Write the unit's code.")), Length(max=60)])
    parent = SelectField(lazy("Part of"))

    def offer(self, found: list[Unit], but: int | None = None) -> "UnitForm":
        """The units it may be part of."""
        choices = [(str(one.id), one.path) for one in found if one.id != but]
        self.parent.choices = [("", _("the organisation itself")), *choices]
        return self


def listing(call: Call, form: UnitForm | None = None) -> Reply:
    found = units.tree(call.tx, here(call).place.id)
    return staff_page(
        call, "staff/units.html", at="units", status=422 if form else 200, units=found,
        form=form or UnitForm().offer(found), may_change=here(call).worker.may("units"),
    )  # fmt: skip


def add(call: Call) -> Reply:
    form = UnitForm.of(call).offer(units.tree(call.tx, here(call).place.id))
    if not (form.validate() and _put(call, form, None)):
        return listing(call, form)
    call.flash(_("%(name)s is added.", name=form.name.data))
    return back(call, "units")


def edit(call: Call) -> Reply:
    found = units.tree(call.tx, here(call).place.id)
    unit = _unit(call, found)
    shown = {"name": unit.name, "code": unit.code, "parent": str(unit.parent_id or "")}
    form = UnitForm.of(call, **shown).offer(found, unit.id)
    if UnitForm.sent(call):
        if form.validate() and _put(call, form, unit.id):
            call.flash(_("Saved."))
            return back(call, "units")
        return staff_page(call, "staff/unit.html", at="units", status=422, unit=unit, form=form)
    return staff_page(call, "staff/unit.html", at="units", unit=unit, form=form)


def remove(call: Call) -> Reply:
    unit = _unit(call, units.tree(call.tx, here(call).place.id))
    try:
        units.remove(call.tx, call.now, here(call).worker.by, here(call).place.id, unit.id)
        call.flash(_("%(name)s is removed.", name=unit.name))
    except Clash as clash:
        call.flash(str(clash), "bad")
    return back(call, "units")


def _put(call: Call, form: UnitForm, unit_id: int | None) -> bool:
    parent = str(form.parent.data or "")
    try:
        units.put(
            call.tx, call.now, here(call).worker.by, here(call).place.id, code=form.code.data or "",
            name=form.name.data or "", parent_id=int(parent) if parent else None, unit_id=unit_id,
        )  # fmt: skip
    except Clash as clash:
        form.code.errors = [str(clash)]
        return False
    return True


def _unit(call: Call, found: list[Unit]) -> Unit:
    for one in found:
        if one.id == number(call, "unit"):
            return one
    raise not_found(call.req.path)


routes = [
    Route("GET", "/{place}/staff/units", listing, StaffMay("look")),
    Route("POST", "/{place}/staff/units", add, StaffMay("units")),
    Route("GET", "/{place}/staff/units/{unit}", edit, StaffMay("units")),
    Route("POST", "/{place}/staff/units/{unit}", edit, StaffMay("units")),
    Route("POST", "/{place}/staff/units/{unit}/remove", remove, StaffMay("units")),
]
