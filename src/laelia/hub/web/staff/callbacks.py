"""One address that is called: what it is told, its secret, and what came of each call."""

from typing import Any

from laelia.hub import callbacks
from laelia.hub.callbacks import Callback
from laelia.hub.web.entry import StaffMay, here, hub
from laelia.hub.web.numbers import whole_or_none
from laelia.hub.web.staff.frame import back, number, staff_page
from laelia.hub.web.staff.programs import CallbackForm
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply, Route
from laelia.lib.web.problems import not_found

ON_A_PAGE = 50
# State of a call → how its chip looks, and what it says.
STATES = {
    "waiting": ("warn", lazy("waiting")),
    "delivered": ("good", lazy("delivered")),
    "dead": ("bad", lazy("given up")),
}


def show(call: Call, **made: Any) -> Reply:
    one = _one(call)
    state = call.arg("state") if call.arg("state") in STATES else ""
    before = whole_or_none(call.arg("before"))
    found = callbacks.deliveries(call.tx, one.id, state=state, before=before, limit=ON_A_PAGE + 1)
    return staff_page(
        call, "staff/callback.html", at="programs", one=one, deliveries=found[:ON_A_PAGE],
        more=len(found) > ON_A_PAGE, state=state, states=STATES, events=callbacks.EVENTS,
        counts=callbacks.counts(call.tx, one.environment_id, one.id),
        form=CallbackForm(data={"url": one.url, "events": list(one.events)}), made=made,
        may_change=here(call).worker.may("programs"),
    )  # fmt: skip


def change(call: Call) -> Reply:
    form, one = CallbackForm.of(call), _one(call)
    named = [event for event in form.events.data or () if event in callbacks.EVENTS]
    enabled = call.field("off") != "yes"
    if enabled and not named:
        call.flash(_("Nothing was changed: choose what is told, or switch the address off."), "bad")
        return _back(call, one)
    callbacks.change(
        call.tx, call.now, here(call).worker.by, one, events=named or one.events, enabled=enabled
    )
    call.flash(_("Saved."))
    return _back(call, one)


def rotate(call: Call) -> Reply:
    secret = callbacks.rotate(call.tx, call.now, here(call).worker.by, hub(call).keys, _one(call))
    return show(call, secret=secret)


def remove(call: Call) -> Reply:
    callbacks.remove(call.tx, call.now, here(call).worker.by, _one(call))
    call.flash(_("The address is called no more."))
    return back(call, "programs")


def try_out(call: Call) -> Reply:
    one = _one(call)
    callbacks.try_out(call.tx, call.now, one)
    call.flash(_("A test is on its way. Reload the page in a moment."))
    return _back(call, one)


def again(call: Call) -> Reply:
    """One dead letter, or all of them."""
    one = _one(call)
    sent = callbacks.again(call.tx, call.now, one, number(call, "letter") or None)
    call.flash(_("%(n)s on the way again.", n=sent))
    return _back(call, one)


def _one(call: Call) -> Callback:
    found = callbacks.find(call.tx, here(call).place.id, number(call, "callback"))
    if found is None:
        raise not_found(call.req.path)
    return found


def _back(call: Call, one: Callback) -> Reply:
    return back(call, f"callbacks/{one.id}")


_AT = "/{place}/staff/callbacks/{callback}"
routes = [
    Route("GET", _AT, show, StaffMay("look")),
    Route("POST", _AT, change, StaffMay("programs")),
    Route("POST", f"{_AT}/secret", rotate, StaffMay("programs")),
    Route("POST", f"{_AT}/remove", remove, StaffMay("programs")),
    Route("POST", f"{_AT}/test", try_out, StaffMay("programs")),
    Route("POST", f"{_AT}/again", again, StaffMay("programs")),
]
