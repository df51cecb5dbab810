"""A person erased, and the proofs that stay."""

import orjson

from laelia.hub import erasing
from laelia.hub.people.card import card
from laelia.hub.web.entry import StaffMay, here, hub
from laelia.hub.web.staff.frame import back, number, staff_page
from laelia.hub.web.staff.person import the_person
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, Route
from laelia.lib.web.problems import not_found


def ask(call: Call) -> Reply:
    return staff_page(call, "staff/erase.html", at="people", one=the_person(call), trouble=None)


def carry_out(call: Call) -> Reply:
    """POST: the registry is told, then all goes. Where it can't be told the page says so, and offers the
    rest."""
    place, worker, who = here(call).place, here(call).worker, number(call, "person")
    try:
        made = erasing.erase(
            hub(call), place.id, who, worker.by, withdraw=call.field("withdraw") == "y",
            anyway=call.field("anyway") == "y",
        )  # fmt: skip
    except erasing.NotTold as trouble:
        return _not_told(call, who, _why(trouble))
    except erasing.Busy:
        return _not_told(call, who, _("The record is being written to. Try again in a minute."))
    if made is None:
        raise not_found(call.req.path)
    call.flash(_("Erased. This is the proof; nothing in it tells who it was."))
    return back(call, "people/erased")


def _why(trouble: erasing.NotTold) -> str:
    if trouble.why == "items":
        return _("%(n)s items could not be taken back, so nobody was erased.", n=trouble.left)
    if trouble.why == "webhook":
        return _(
            "The registry could not be told to call no more when the record changes, so nobody was erased."
        )
    return _("The registry could not be told to end the permission, so nobody was erased.")


def _not_told(call: Call, who: int, why: str) -> Reply:
    with hub(call).db.reading() as tx:
        one = card(tx, here(call).place.id, who)
    if one is None:
        raise not_found(call.req.path)
    return staff_page(call, "staff/erase.html", at="people", status=502, one=one, trouble=why)


def listing(call: Call) -> Reply:
    return staff_page(
        call, "staff/erased.html", at="people", proofs=erasing.proofs(call.tx, here(call).place.id)
    )


def fetch(call: Call) -> Reply:
    """GET: the proof as a file."""
    found = erasing.proof(call.tx, here(call).place.id, number(call, "proof"))
    if found is None:
        raise not_found(call.req.path)
    headers = {"Content-Disposition": f'attachment; filename="erased-{found.number}.json"'}
    return Reply(200, orjson.dumps(found.said, option=orjson.OPT_INDENT_2), headers, "application/json")


routes = [
    Route("GET", "/{place}/staff/people/erased", listing, StaffMay("erase")),
    Route("GET", "/{place}/staff/people/erased/{proof}", fetch, StaffMay("erase")),
    Route("GET", "/{place}/staff/people/{person}/erase", ask, StaffMay("erase")),
    Route("POST", "/{place}/staff/people/{person}/erase", carry_out, StaffMay("erase"), tx="none"),
]
