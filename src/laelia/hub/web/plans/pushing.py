"""What is pushed by itself, what waits until a plan is approved, and how much may change unasked."""

from wtforms import IntegerField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from laelia.hub import plans
from laelia.hub.organisations import Clash, approval
from laelia.hub.web.entry import here
from laelia.hub.web.plans.words import SOURCES
from laelia.hub.web.staff.frame import back, staff_page
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply
from laelia.lib.web.forms import Form


class Approval(Form):
    waits = SelectMultipleField(
        lazy("Waits for approval"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def offer(self, call: Call) -> "Approval":
        names = (approval.ALL, *approval.sources(here(call).place))
        self.waits.choices = [(name, str(SOURCES.get(name, name))) for name in names]
        return self


class Brake(Form):
    share = IntegerField(
        lazy("Percent of what stands"),
        [InputRequired(lazy("Write a number.")), NumberRange(0, 100, lazy("Write a number from 0 to 100."))],
    )
    least = IntegerField(
        lazy("And at least so many items"),
        [
            InputRequired(lazy("Write a number.")),
            NumberRange(approval.LEAST, approval.MOST, lazy("Write a number of 1 or more.")),
        ],
    )


def show(call: Call, brake: Brake | None = None) -> Reply:
    place = here(call).place
    chosen = sorted(approval.required(call.tx, place.id)) + ([approval.ALL] if place.approval else [])
    said = {"share": place.brake_share, "least": place.brake_least}
    return staff_page(
        call, "staff/pushing.html", at="settings", status=422 if brake else 200,
        form=Approval(data={"waits": chosen}).offer(call), brake=brake or Brake(data=said),
        may_change=here(call).worker.may("pushing"),
    )  # fmt: skip


def require(call: Call) -> Reply:
    form, place = Approval.of(call).offer(call), here(call).place
    try:
        approval.require(call.tx, call.now, here(call).worker.by, place, form.waits.data or [])
        plans.wake_waiting(call.tx, call.now, place.id)
        call.flash(_("Saved."))
    except Clash as clash:
        call.flash(str(clash), "bad")
    return back(call, "pushing")


def set_brake(call: Call) -> Reply:
    form = Brake.of(call)
    if not form.validate() or form.share.data is None or form.least.data is None:
        return show(call, form)
    approval.set_brake(
        call.tx, call.now, here(call).worker.by, here(call).place, share=form.share.data,
        least=form.least.data,
    )  # fmt: skip
    call.flash(_("Saved."))
    return back(call, "pushing")
