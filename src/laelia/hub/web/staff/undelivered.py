"""What did not get through, with the choice to send it again."""

from laelia.hub import dead
from laelia.hub.web.entry import StaffMay, here
from laelia.hub.web.plans.words import why
from laelia.hub.web.staff.frame import back, staff_page
from laelia.hub.web.staff.words import JOBS, UNDELIVERED
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import ngettext
from laelia.lib.web.core import Call, Reply, Route


def listing(call: Call) -> Reply:
    place = here(call).place
    found = dead.letters(call.tx, place.id, dead.ON_A_PAGE)
    return staff_page(
        call, "staff/undelivered.html", at="undelivered", letters=found, why=why, kinds=JOBS,
        states=UNDELIVERED, total=dead.count(call.tx, place.id), may_send=here(call).worker.may("again"),
    )  # fmt: skip


def again(call: Call) -> Reply:
    """One, or all that are there; what has got through meanwhile is left alone."""
    place, by = here(call).place, here(call).worker.by
    if asked := call.field("name"):
        chosen = dead.letters(call.tx, place.id, names=[asked])
        for one in chosen:
            dead.again(call.tx, call.now, by, one)
        number = len(chosen)
    else:
        number = dead.again_all(call.tx, call.now, by, place.id)
    if number:
        call.flash(ngettext("%(n)s is sent again.", "%(n)s are sent again.", number))
    else:
        call.flash(_("It is no longer here: it was sent again before, or got through."), "warn")
    return back(call, "undelivered")


routes = [
    Route("GET", "/{place}/staff/undelivered", listing, StaffMay("look")),
    Route("POST", "/{place}/staff/undelivered", again, StaffMay("again")),
]
