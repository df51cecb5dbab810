"""Those who work here: invited, given another role, removed."""

from wtforms import EmailField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from laelia.hub.organisations import Clash, letters, roles, staff
from laelia.hub.web.entry import StaffMay, here, hub
from laelia.hub.web.staff.frame import back, colleague, number, staff_page
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply, Route
from laelia.lib.web.forms import Form


class Invite(Form):
    email = EmailField(
        lazy("E-mail address"),
        [InputRequired(lazy("Write the address that the invitation is sent to.")), Length(max=254)],
    )
    name = StringField(lazy("Name"), [Length(max=200)])
    role = RadioField(
        lazy("Role"),
        choices=lambda: [(role, f"{word}: {can}") for role, (word, can) in roles.WORDS.items()],
        default=roles.EDITOR,
    )


def listing(call: Call, form: Invite | None = None) -> Reply:
    place = here(call).place
    return staff_page(
        call, "staff/colleagues.html", at="colleagues", status=422 if form else 200, form=form or Invite(),
        colleagues=staff.colleagues(call.tx, place.id), roles=roles.WORDS,
        may_change=here(call).worker.may("staff"),
    )  # fmt: skip


def invite(call: Call) -> Reply:
    form = Invite.of(call)
    if not form.validate():
        return listing(call, form)
    place, worker = here(call).place, here(call).worker
    try:
        whom, secret = staff.invite(
            call.tx, call.now, place.id, worker.by, email=form.email.data or "", role=form.role.data,
            name=" ".join((form.name.data or "").split()) or None,
        )  # fmt: skip
    except Clash as clash:
        form.email.errors = [str(clash)]
        return listing(call, form)
    url = letters.address(hub(call).settings.public_url, place, secret)
    letters.send(call.tx, call.now, place, whom, staff.JOIN, url, asked_by=worker.shown)
    call.flash(_("An invitation is on its way to %(email)s.", email=whom.email))
    return back(call, "colleagues")


def change_role(call: Call) -> Reply:
    who = colleague(call, staff.one(call.tx, here(call).place.id, number(call, "who")))
    try:
        staff.change_role(call.tx, call.now, here(call).worker.by, who, call.field("role"))
        call.flash(_("The role of %(name)s is changed.", name=who.shown))
    except Clash as clash:
        call.flash(str(clash), "bad")
    return back(call, "colleagues")


def ask_remove(call: Call) -> Reply:
    who = colleague(call, staff.one(call.tx, here(call).place.id, number(call, "who")))
    return staff_page(call, "staff/remove.html", at="colleagues", who=who)


def remove(call: Call) -> Reply:
    who = colleague(call, staff.one(call.tx, here(call).place.id, number(call, "who")))
    try:
        staff.remove(call.tx, call.now, here(call).worker.by, who)
        call.flash(_("%(name)s works here no more.", name=who.shown))
    except Clash as clash:
        call.flash(str(clash), "bad")
    return back(call, "colleagues")


routes = [
    Route("GET", "/{place}/staff/colleagues", listing, StaffMay("look")),
    Route("POST", "/{place}/staff/colleagues", invite, StaffMay("staff")),
    Route("POST", "/{place}/staff/colleagues/{who}/role", change_role, StaffMay("staff")),
    Route("GET", "/{place}/staff/colleagues/{who}/remove", ask_remove, StaffMay("staff")),
    Route("POST", "/{place}/staff/colleagues/{who}/remove", remove, StaffMay("staff")),
]
