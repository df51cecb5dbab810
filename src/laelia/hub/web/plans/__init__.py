"""Plans, runs and single items on the staff's pages, and what waits for approval."""

from laelia.hub.web.entry import StaffMay
from laelia.hub.web.plans import items, listing, one, pushing, runs
from laelia.lib.web.core import Route

routes = [
    Route("GET", "/{place}/staff/plans", listing.listing, StaffMay("look")),
    Route("POST", "/{place}/staff/plans", listing.make, StaffMay("push")),
    Route("GET", "/{place}/staff/plans/{plan}", one.look, StaffMay("look")),
    Route("POST", "/{place}/staff/plans/{plan}/push", one.push, StaffMay("push")),
    Route("POST", "/{place}/staff/plans/{plan}/renew", one.renew, StaffMay("push")),
    Route("POST", "/{place}/staff/plans/{plan}/drop", one.drop, StaffMay("push")),
    Route("GET", "/{place}/staff/runs", runs.listing, StaffMay("look")),
    Route("GET", "/{place}/staff/runs/{run}", runs.look, StaffMay("look")),
    Route("POST", "/{place}/staff/undo", runs.undo, StaffMay("push")),
    Route("GET", "/{place}/staff/items/{orcid}", items.listing, StaffMay("look")),
    Route("GET", "/{place}/staff/items/{orcid}/{item}", items.look, StaffMay("look")),
    Route("POST", "/{place}/staff/items/{orcid}/{item}/{act}", items.act, StaffMay("push")),
    Route("GET", "/{place}/staff/pushing", pushing.show, StaffMay("look")),
    Route("POST", "/{place}/staff/pushing", pushing.require, StaffMay("pushing")),
    Route("POST", "/{place}/staff/pushing/brake", pushing.set_brake, StaffMay("pushing")),
]
