"""Who did what, the newest first."""

from laelia.hub.organisations import audit
from laelia.hub.web.entry import StaffMay, here
from laelia.hub.web.numbers import whole_or_none
from laelia.hub.web.staff.frame import staff_page
from laelia.hub.web.staff.words import ACTIONS
from laelia.lib.web.core import Call, Reply, Route

ON_A_PAGE = 50


def log(call: Call) -> Reply:
    before = whole_or_none(call.arg("before"))
    lines = audit.lines(call.tx, here(call).place.id, before=before, limit=ON_A_PAGE + 1)
    return staff_page(
        call, "staff/audit.html", at="audit", lines=lines[:ON_A_PAGE], more=len(lines) > ON_A_PAGE,
        actions=ACTIONS, begun=before is None,
    )  # fmt: skip


routes = [Route("GET", "/{place}/staff/audit", log, StaffMay("look"))]
