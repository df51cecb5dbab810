"""What every staff page has around it: the organisation, the environment and the ways to the other pages."""

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from laelia.hub import organisations, plans
from laelia.hub.organisations.staff import Staff
from laelia.hub.web.entry import here, hub, show
from laelia.hub.web.numbers import whole
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply, redirect
from laelia.lib.web.problems import not_found

# Path below /staff → what the menu calls it, and what one must be allowed to see it.
DAILY = {
    "": (lazy("Overview"), "look"),
    "people": (lazy("People"), "look"),
    "files": (lazy("Files"), "look"),
    "plans": (lazy("Plans"), "look"),
    "runs": (lazy("Runs"), "look"),
    "reports": (lazy("Reports"), "look"),
}
SELDOM = {
    "undelivered": (lazy("Undelivered"), "look"),
    "units": (lazy("Units"), "look"),
    "texts": (lazy("Texts"), "texts"),
    "programs": (lazy("Programs"), "look"),
    "settings": (lazy("Settings"), "look"),
    "colleagues": (lazy("Staff"), "look"),
    "members": (lazy("Members"), "members"),
    "promote": (lazy("To production"), "promote"),
    "audit": (lazy("Who did what"), "look"),
}
"""Folded away, so that the others fit a phone."""


@dataclass(frozen=True)
class Entry:
    path: str
    text: str


def staff_page(call: Call, template: str, *, at: str = "", status: int = 200, **context: Any) -> Reply:
    """A page for someone who is signed in as staff; `at` is its line in the menu."""
    place, worker = here(call).place, here(call).worker
    daily, seldom = (
        [
            Entry(path, str(text))
            for path, (text, needed) in menu.items()
            if worker.may(needed)
            and (path != "members" or place.leads)
            and (path != "promote" or place.name != "production")
        ]
        for menu in (DAILY, SELDOM)
    )
    with nullcontext(call.open_tx) if call.open_tx is not None else hub(call).db.reading() as tx:
        others = organisations.siblings(tx, place.organisation_id, hub(call).keys)
        held = plans.waits(tx, place.id)
    return show(
        call, template, status=status, worker=worker, daily=daily, seldom=seldom, at=at, environments=others,
        root=root(call), home=root(call), held=held, **context,
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
    return whole(call.params.get(name) or call.field(name))
