"""The people of the organisation, with their states."""

from urllib.parse import urlencode

from laelia.hub import people
from laelia.hub.web.entry import StaffMay, here
from laelia.hub.web.numbers import whole
from laelia.hub.web.staff.frame import staff_page
from laelia.hub.web.staff.words import PEOPLE, counted
from laelia.lib.web.core import Call, Reply, Route


def listing(call: Call) -> Reply:
    place = here(call).place
    words, state = " ".join(call.arg("q").split())[:200], call.arg("state")
    state = state if state in PEOPLE else ""
    number = max(whole(call.arg("page"), 1), 1)
    found, total = people.search(call.tx, place.id, words=words, state=state, page=number)
    pages = max(1, -(-total // people.ON_A_PAGE))
    href = "?" + urlencode({"q": words, "state": state}).replace("%", "%%") + "&page=%d"
    return staff_page(
        call, "staff/people.html", at="people", people=found, total=total, q=words, state=state,
        states=PEOPLE, number=min(number, pages), pages=pages, href=href,
        counts=counted(people.counts(call.tx, place.id)),
    )  # fmt: skip


routes = [Route("GET", "/{place}/staff/people", listing, StaffMay("look"))]
