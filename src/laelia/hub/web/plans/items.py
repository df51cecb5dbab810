"""What the ledger has for one person, and one item of it: content, calls and answers, and what staff may do
about it in her place."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from laelia.hub import assertions, people, plans
from laelia.hub.organisations import audit
from laelia.hub.reports.words import ITEMS
from laelia.hub.web.entry import here
from laelia.hub.web.numbers import paged
from laelia.hub.web.plans.words import ACTIONS, SOURCES, why
from laelia.hub.web.staff.frame import back, number, staff_page
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply
from laelia.lib.web.problems import not_found
from laelia.model.identifiers import valid_orcid

ON_A_PAGE = 50
BY_STAFF = "withdrawn-by-staff"


@dataclass(frozen=True)
class Act:
    name: str
    words: str


def listing(call: Call) -> Reply:
    orcid = _orcid(call)
    rows = assertions.items(call.tx, here(call).place.id, orcid)
    pages = max(1, -(-len(rows) // ON_A_PAGE))
    page = paged(call.arg("page"), pages)
    return staff_page(
        call, "staff/person-items.html", at="people", orcid=orcid, total=len(rows), number=page, pages=pages,
        name=people.name_of(call.tx, here(call).place.id, orcid), states=ITEMS, sources=SOURCES,
        items=rows[(page - 1) * ON_A_PAGE : page * ON_A_PAGE], why=_why,
        may_push=here(call).worker.may("push"),
    )  # fmt: skip


def look(call: Call) -> Reply:
    row = _row(call)
    content = plans.difference(None, row.item)
    return staff_page(
        call, "staff/person-item.html", at="people", item=row, content=content, state=ITEMS[row.state],
        name=people.name_of(call.tx, here(call).place.id, row.orcid), orcid=row.orcid, sources=SOURCES,
        attempts=plans.attempts_of(call.tx, row.id), actions=ACTIONS, why=_why, acts=_acts(call, row),
        still=plans.difference(row.sent_item, row.item) if row.sent_item and row.wanted else [],
    )  # fmt: skip


def act(call: Call) -> Reply:
    """POST yes, no, again or withdraw; what the item's state no longer allows does nothing."""
    row, place, wanted = _row(call), here(call).place, call.params["act"]
    if any(one.name == wanted for one in _acts(call, row)):
        if wanted == "yes":
            assertions.answer(call.tx, call.now, place.id, row.id, "yes")
        elif wanted == "no":
            assertions.answer(call.tx, call.now, place.id, row.id, "no", assertions.REJECTED)
        elif wanted == "again":
            assertions.again(call.tx, call.now, place.id, row.id)
        else:
            assertions.withdraw(call.tx, call.now, place.id, row.id, BY_STAFF)
        by = here(call).worker.by
        audit.note(call.tx, call.now, place.id, by, f"item-{wanted}", row.title or row.key, of=row.orcid)
        call.flash(_("Done. What follows from it is pushed in a moment, or waits for approval."))
    return back(call, f"items/{row.orcid}/{row.id}")


def _acts(call: Call, row: Row[Any]) -> list[Act]:
    if not here(call).worker.may("push"):
        return []
    if row.state == "ask" and row.ask == assertions.WISH:
        return []  # she wishes to be asked herself
    if row.state == "ask":
        return [Act("yes", _("It is hers or his: add it")), Act("no", _("It is someone else's"))]
    if assertions.may_go_again(row):
        return [Act("again", _("Send it again"))]
    if row.state in ("in-record", "pending", "waiting-permission") and row.wanted:
        return [Act("withdraw", _("Withdraw it"))]
    return []


def _why(row: Row[Any]) -> str:
    return why(row.reason)


def _orcid(call: Call) -> str:
    orcid = call.params["orcid"]
    if not valid_orcid(orcid) or people.state_of(call.tx, here(call).place.id, orcid) is None:
        raise not_found(call.req.path)
    return orcid


def _row(call: Call) -> Row[Any]:
    orcid, wanted = _orcid(call), number(call, "item")
    rows = assertions.items(call.tx, here(call).place.id, orcid)
    found = next((row for row in rows if row.id == wanted), None)
    if found is None:
        raise not_found(call.req.path)
    return found
