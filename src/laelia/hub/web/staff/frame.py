"""What every staff page has around it: the organisation, the environment and the ways to the other pages."""

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from laelia.hub import organisations
from laelia.hub.organisations.staff import Staff
from laelia.hub.web.entry import here, hub, show
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply, redirect
from laelia.lib.web.problems import not_found

# Path below /staff → what the menu calls it, and what one must be allowed to see it.
MENU = {
    "": (lazy("Overview"), "look"),
    "people": (lazy("People"), "look"),
    "files": (lazy("Files"), "look"),
    "units": (lazy("Units"), "look"),
    "texts": (lazy("Texts"), "texts"),
    "settings": (lazy("Settings"), "look"),
    "colleagues": (lazy("Staff"), "look"),
    "members": (lazy("Members"), "members"),
    "audit": (lazy("Who did what"), "look"),
}


@dataclass(frozen=True)
class Entry:
    path: str
    text: str


def staff_page(call: Call, template: str, *, at: str = "", status: int = 200, **context: Any) -> Reply:
    """A page for someone who is signed in as staff; `at` is its line in the menu."""
    place, worker = here(call).place, here(call).worker
    menu = [
        Entry(path, str(text))
        for path, (text, needed) in MENU.items()
        if worker.may(needed) and (path != "members" or place.leads)
    ]
    with nullcontext(call.open_tx) if call.open_tx is not None else hub(call).db.reading() as tx:
        others = organisations.siblings(tx, place.organisation_id, hub(call).keys)
    return show(
        call, template, status=status, worker=worker, staff_menu=menu, at=at, environments=others,
        root=root(call), home=root(call), **context,
    )  # fmt: skip


def root(call: Call) -> str:
    return f"/{here(call).place.handle}/staff"


def back(call: Call, path: str = "") -> Reply:
    return redirect(f"{root(call)}/{path}".rstrip("/"))


def colleague(call: Call, found: Staff | None) -> Staff:
    """One who is named in an address; 404 when she is not there (any more)."""

    if found is None:
        raise not_found(call.req.path)
    return found


def number(call: Call, name: str) -> int:
    """A number of the address or, else, of the form; 0 for what is none."""
    given = call.params.get(name) or call.field(name)
    return int(given) if given.isdecimal() and len(given) < 16 else 0
