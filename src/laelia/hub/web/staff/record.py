"""A person's record as it was last read: what stands there, whoever put it there. Only as long as her
permission stands, and only what it lets us see."""

from dataclasses import dataclass
from typing import Any

from laelia.hub import mirror, people
from laelia.hub.people import inviting
from laelia.hub.web.entry import StaffMay, here
from laelia.hub.web.numbers import paged
from laelia.hub.web.staff.frame import number, staff_page
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply, Route
from laelia.lib.web.problems import not_found

ON_A_PAGE = 50
SECTIONS = {
    "employments": lazy("Employment"),
    "educations": lazy("Education"),
    "qualifications": lazy("Qualification"),
    "invited-positions": lazy("Invited position"),
    "distinctions": lazy("Distinction"),
    "memberships": lazy("Membership"),
    "services": lazy("Service"),
    "fundings": lazy("Funding"),
    "works": lazy("Work"),
    "research-resources": lazy("Research resource"),
    "peer-reviews": lazy("Peer review"),
}
"""In the order in which they are shown."""
WHOSE = {"": lazy("all"), "ours": lazy("added by us"), "others": lazy("added elsewhere")}
VISIBILITY = {
    "limited": lazy("trusted organisations only"),
    "private": lazy("nobody but the person and its source"),
}


@dataclass(frozen=True)
class Item:
    title: str
    kind: str
    own: bool
    by_herself: bool
    source: str
    when: str
    seen_by: object | None
    url: str | None
    modified: int | None


def record(call: Call) -> Reply:
    place = here(call).place
    who = inviting.person(call.tx, place.id, number(call, "person"))
    if who is None:
        raise not_found(call.req.path)
    read = mirror.feed(call.tx, place.id, orcid=who.orcid) if who.orcid else mirror.Feed([], None, "0")
    name = people.name_of(call.tx, place.id, who.orcid) if who.orcid else None
    whose = call.arg("whose") if call.arg("whose") in WHOSE else ""
    chosen = [one for one in read.items if whose == "" or one["source"]["own"] == (whose == "ours")]
    order = list(SECTIONS)
    chosen.sort(key=lambda one: order.index(one["section"]))
    pages = max(1, -(-len(chosen) // ON_A_PAGE))
    page = paged(call.arg("page"), pages)
    shown = chosen[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    return staff_page(
        call, "staff/record.html", at="people", who=who, name=name, read=read, whose=whose, choices=WHOSE,
        total=len(chosen), items=[_item(who.orcid, one) for one in shown], number=page, pages=pages,
        href=f"?whose={whose}&page=%d",
    )  # fmt: skip


def _item(orcid: str | None, one: dict[str, Any]) -> Item:
    linked = next((each["url"] for each in one["external_ids"] if each["url"]), None)
    return Item(
        title=one["title"],
        kind=str(SECTIONS[one["section"]]),
        own=one["source"]["own"],
        by_herself=one["source"]["id"] == orcid,
        source=one["source"]["name"] or one["source"]["id"] or "",
        when=" – ".join(date for date in (one["start"], one["end"]) if date),
        seen_by=VISIBILITY.get(one["visibility"] or ""),
        url=linked,
        modified=one["modified"],
    )


routes = [Route("GET", "/{place}/staff/people/{person}/record", record, StaffMay("look"))]
