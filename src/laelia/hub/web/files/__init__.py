"""Files of assertions on the staff's pages: handed in, looked at, filed, fetched."""

from laelia.hub.web.entry import StaffMay
from laelia.hub.web.files import form, listing, one, people
from laelia.lib.web.core import Route

MOST = 51 * 1024 * 1024

# What reads a file, or hands one out, opens its own short transactions.
routes = [
    Route("GET", "/{place}/staff/people/import", people.ask, StaffMay("people")),
    Route(
        "POST", "/{place}/staff/people/import", people.hand_in, StaffMay("people"), tx="none", max_body=MOST
    ),
    Route("GET", "/{place}/staff/people/{person}/assert", form.choose, StaffMay("files")),
    Route("GET", "/{place}/staff/people/{person}/assert/{kind}", form.write, StaffMay("files")),
    Route("POST", "/{place}/staff/people/{person}/assert/{kind}", form.file, StaffMay("files"), tx="none"),
    Route("POST", "/{place}/staff/people/{person}/withdraw", form.withdraw, StaffMay("files"), tx="none"),
    Route("GET", "/{place}/staff/files", listing.listing, StaffMay("look")),
    Route("POST", "/{place}/staff/files", listing.hand_in, StaffMay("files"), tx="none", max_body=MOST),
    Route(
        "GET", "/{place}/staff/files/template/{kind}/{form}", listing.template_of, StaffMay("look"), tx="none"
    ),
    Route("GET", "/{place}/staff/files/{file}", one.look, StaffMay("look")),
    Route("POST", "/{place}/staff/files/{file}/mapping", one.read_as, StaffMay("files")),
    Route("POST", "/{place}/staff/files/{file}/confirm", one.confirm, StaffMay("files")),
    Route("POST", "/{place}/staff/files/{file}/remove", one.remove, StaffMay("files")),
    Route("GET", "/{place}/staff/files/{file}/{which}", one.fetch, StaffMay("look")),
]
