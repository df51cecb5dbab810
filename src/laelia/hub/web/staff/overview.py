"""The first staff page: how far the organisation is, and what is next for its owners."""

from dataclasses import dataclass

from laelia.hub import people
from laelia.hub.organisations import audit, changes, credentials, members, staff
from laelia.hub.web.entry import StaffMay, here
from laelia.hub.web.staff.frame import staff_page
from laelia.hub.web.staff.words import ACTIONS, counted
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, Route

LAST = 5


@dataclass(frozen=True)
class Step:
    text: str
    path: str
    done: bool


def overview(call: Call) -> Reply:
    place = here(call).place
    counts = people.counts(call.tx, place.id)
    chip = members.STATES[members.state(call.tx, place)]
    steps = _steps(call) if here(call).worker.may("client") else []
    return staff_page(
        call, "staff/overview.html", counts=counted(counts), total=sum(counts.values()), chip=chip,
        steps=steps if any(not step.done for step in steps) else [], actions=ACTIONS,
        lines=audit.lines(call.tx, place.id, limit=LAST),
    )  # fmt: skip


def _steps(call: Call) -> list[Step]:
    """What an organisation does once, in this order; each is ticked by what is stored."""
    place = here(call).place
    others = len(staff.colleagues(call.tx, place.id)) > 1
    tested = place.test_answer in credentials.ANSWERS and credentials.ANSWERS[place.test_answer][0]
    steps = [
        Step(_("Register the client at the registry, and write it here"), "settings#client", place.ready),
        Step(_("Test the client"), "settings#client", tested),
        Step(_("Invite a colleague"), "colleagues", others),
    ]  # fmt: skip
    if place.is_default:
        confirmed = changes.confirmed(call.tx, place)
        steps.insert(
            0,
            Step(
                _("Look at what is said of the organisation, and confirm it"),
                "settings#organisation",
                confirmed,
            ),
        )
    return steps


routes = [Route("GET", "/{place}/staff", overview, StaffMay("look"))]
