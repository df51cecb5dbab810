"""My items: everything the ledger holds for her, in plain words, with what she can do about each."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from laelia.hub import assertions
from laelia.hub.push import leaving
from laelia.hub.web import numbers
from laelia.hub.web.entry import PERSON, here, hub, show
from laelia.hub.web.groups import GROUPS, SECTIONS, counts, ordered
from laelia.hub.web.item_words import ItemWords, item_words, shown_state
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import ngettext
from laelia.lib.web.core import Call, Reply, Route, redirect
from laelia.lib.web.problems import not_found

ON_A_PAGE = 50
WAITING = ("waiting-permission", "leaving-waits")
SAID: dict[str, assertions.Said] = {"yes": "yes", "no": "no", "not-mine": "not-mine"}


@dataclass(frozen=True)
class Item:
    id: int
    title: str
    section: object
    key: str
    url: str | None
    origin: str
    words: ItemWords
    put_code: int | None
    record_url: str
    modified: int
    said: str | None


@dataclass(frozen=True)
class Part:
    """The items of one section within a group, as far as they are on this page; what waits for her is one
    list, since she answers for many at once."""

    group: str
    heading: object
    section: object | None
    items: list[Item]


def items(call: Call) -> Reply:
    place, who = here(call).place, here(call).person
    found = ordered(assertions.items(call.tx, place.id, who.orcid), who.standing)
    wanted = call.arg("show") if call.arg("show") in GROUPS else ""
    chosen = [one for one in found if wanted in ("", one[0])]
    pages = max(1, -(-len(chosen) // ON_A_PAGE))
    number = numbers.paged(call.arg("page"), pages)
    shown = chosen[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    return show(
        call, "items.html", here="items", total=len(found), pages=pages, number=number, wanted=wanted,
        waiting=sum(shown_state(row, who.standing) in WAITING for _group, row in found),
        counts=counts(found), parts_shown=list(_parts(call, shown)),
        record_url=place.address_of(who.orcid), taken=_taken(call),
        href=f"?show={wanted}&page=%d" if wanted else "?page=%d",
    )  # fmt: skip


def _taken(call: Call) -> int:
    """How many items she took along before and could have added again."""
    place, who = here(call).place, here(call).person
    return leaving.taken(call.tx, place.id, who.orcid) if who.standing.usable else 0


def _parts(call: Call, shown: list[tuple[str, Row[Any]]]) -> Iterator[Part]:
    said = assertions.last_answers(call.tx, here(call).place.id, here(call).person.orcid)
    for (group, section), rows in groupby(shown, key=_together):
        found = [_item(call, row, said.get(row.id)) for _group, row in rows]
        yield Part(group, GROUPS[group][0], SECTIONS.get(section, section) if section else None, found)


def _together(one: tuple[str, Row[Any]]) -> tuple[str, str]:
    group, row = one
    return group, "" if group == "asked" else row.section


def _item(call: Call, row: Row[Any], said: str | None) -> Item:
    place, who = here(call).place, here(call).person
    kind, _colon, value = row.key.partition(":")
    return Item(
        id=row.id,
        title=row.title or value,
        section=SECTIONS.get(row.section, row.section),
        key=value,
        url=f"{hub(call).settings.doi_url.rstrip('/')}/{value}" if kind == "doi" else None,
        origin=_origin(row.origin),
        words=item_words(row, who.standing, place.organisation_name),
        put_code=row.put_code if row.state == "in-record" else None,
        record_url=f"{place.address_of(who.orcid)}#{row.section}-{row.put_code}",
        modified=row.modified,
        said=said if row.state in ("refused", "failed", "conflict") else None,
    )


def _origin(origin: str) -> str:
    words = {
        "auto-update": _("found by Auto-Update"),
        "search-link": _("claimed by you"),
        "file": _("from a file of the organisation"),
        "form": _("written by the organisation's staff"),
        "api": _("from a program of the organisation"),
    }
    return words.get(origin, origin)


def act(call: Call) -> Reply:
    """One action of `item_words` for one of her items; what its state no longer allows does nothing."""
    tx, place, who = call.tx, here(call).place, here(call).person
    wanted = call.params["action"]
    mine = assertions.items(tx, place.id, who.orcid)
    row = next((row for row in mine if str(row.id) == call.params["item"]), None)
    if row is None:
        raise not_found(call.req.path)
    allowed = item_words(row, who.standing, place.organisation_name).actions
    if any(action.name == wanted for action in allowed):
        if wanted in ("yes", "no"):
            assertions.decide(tx, call.now, place.id, who.orcid, [row.id], SAID[wanted])
        elif wanted == "not-mine":
            assertions.not_hers(tx, call.now, place.id, row.id)
        elif wanted == "again":
            assertions.again(tx, call.now, place.id, row.id, by_her=True)
        else:
            assertions.withdraw(tx, call.now, place.id, row.id)
    return redirect(f"/{place.handle}/items#item-{row.id}")


def decide(call: Call) -> Reply:
    """POST: one answer for all that she ticked."""
    place, who = here(call).place, here(call).person
    said = SAID.get(call.field("said"))
    ticked = numbers.ticked(call.form().get("item", []))
    if said is None or not ticked:
        call.flash(_("Nothing was ticked, so nothing was changed."), "warn")
    else:
        n = assertions.decide(call.tx, call.now, place.id, who.orcid, ticked, said)
        if said == "yes":
            told = ngettext(
                "%(n)s item is on its way to your record.", "%(n)s items are on their way to your record.", n
            )
        else:
            told = ngettext("%(n)s item is not added.", "%(n)s items are not added.", n)
        call.flash(told)
    return redirect(f"/{place.handle}/items?show=asked")


routes = [
    Route("GET", "/{place}/items", items, PERSON),
    Route("POST", "/{place}/items/decide", decide, PERSON),
    Route("POST", "/{place}/items/{item}/{action}", act, PERSON),
]
