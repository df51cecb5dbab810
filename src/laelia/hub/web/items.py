"""My items: everything the ledger holds for her, in plain words, with what she can do about each."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from laelia.hub import assertions
from laelia.hub.organisations import Environment
from laelia.hub.web.entry import PERSON, here, hub, show
from laelia.hub.web.item_words import ItemWords, item_words, shown_state
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, Route, redirect
from laelia.lib.web.problems import not_found

ON_A_PAGE = 50
WAITING = ("waiting-permission", "leaving-waits")


@dataclass(frozen=True)
class Item:
    id: int
    title: str
    key: str
    url: str | None
    origin: str
    words: ItemWords
    put_code: int | None
    record_url: str
    modified: int
    said: str | None


def items(call: Call) -> Reply:
    place, who = here(call).place, here(call).person
    rows = assertions.items(call.tx, place.id, who.orcid)
    pages = max(1, -(-len(rows) // ON_A_PAGE))
    asked = call.arg("page", "1")
    number = min(max(int(asked) if asked.isdecimal() else 1, 1), pages)
    shown = rows[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    said = assertions.last_answers(call.tx, place.id, who.orcid)
    waiting = sum(shown_state(row, who.standing) in WAITING for row in rows)
    return show(
        call, "items.html", here="items", total=len(rows), pages=pages, number=number, waiting=waiting,
        items=[_item(call, row, said.get(row.id)) for row in shown], record_url=record_url(place, who.orcid),
    )  # fmt: skip


def record_url(place: Environment, orcid: str) -> str:
    return f"{place.site_url}/{orcid}"


def _item(call: Call, row: Row[Any], said: str | None) -> Item:
    place, who = here(call).place, here(call).person
    kind, _colon, value = row.key.partition(":")
    return Item(
        id=row.id,
        title=row.title or value,
        key=value,
        url=f"{hub(call).settings.doi_url.rstrip('/')}/{value}" if kind == "doi" else None,
        origin=_origin(row.origin),
        words=item_words(row, who.standing, place.organisation_name),
        put_code=row.put_code if row.state == "in-record" else None,
        record_url=f"{record_url(place, who.orcid)}#w{row.put_code}",
        modified=row.modified,
        said=said if row.state in ("refused", "failed", "conflict") else None,
    )


def _origin(origin: str) -> str:
    words = {
        "auto-update": _("found by Auto-Update"),
        "search-link": _("claimed by you"),
        "file": _("from a file of the organisation"),
    }
    return words.get(origin, origin)


def act(call: Call) -> Reply:
    """yes, no, again or withdraw for one of her items; what its state no longer allows does nothing."""
    tx, place, who = call.tx, here(call).place, here(call).person
    wanted = call.params["action"]
    mine = assertions.items(tx, place.id, who.orcid)
    row = next((row for row in mine if str(row.id) == call.params["item"]), None)
    if row is None:
        raise not_found(call.req.path)
    allowed = item_words(row, who.standing, place.organisation_name).actions
    if any(action.name == wanted for action in allowed):
        if wanted in ("yes", "no"):
            assertions.answer(tx, call.now, place.id, row.id, "yes" if wanted == "yes" else "no")
        elif wanted == "again":
            assertions.again(tx, call.now, place.id, row.id)
        else:
            assertions.withdraw(tx, call.now, place.id, row.id)
    return redirect(f"/{place.handle}/items#item-{row.id}")


routes = [
    Route("GET", "/{place}/items", items, PERSON),
    Route("POST", "/{place}/items/{item}/{action}", act, PERSON),
]
