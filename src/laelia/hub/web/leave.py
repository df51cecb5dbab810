"""The way out: what was added stays on her record, or is taken off first."""

from laelia.hub.push import leaving
from laelia.hub.web.entry import PERSON, here, hub, show
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import ngettext
from laelia.lib.web.core import Call, Reply, Route, redirect

AT_ONCE = 20
"""So many items are taken off while she waits; more are left to the worker."""


def ask(call: Call) -> Reply:
    return show(call, "disconnect.html", trouble=None)


def disconnect(call: Call) -> Reply:
    place, who = here(call).place, here(call).person
    if call.field("what") == "remove" and who.standing.usable:
        return _take_along(call)
    if not leaving.disconnect(hub(call), place, who.orcid):
        return show(call, "disconnect.html", status=502, trouble=_not_told())
    call.flash(_("Disconnected. The permission is revoked at the registry, too."))
    return redirect(f"/{place.handle}/settings")


def _take_along(call: Call) -> Reply:
    place, who = here(call).place, here(call).person
    with hub(call).db.writing() as tx:
        n = leaving.take_along(tx, call.now, place.id, who.orcid)
    again = leaving.leave(hub(call), place.id, who.orcid) if n <= AT_ONCE else 1
    if again is None:
        call.flash(
            ngettext(
                "Disconnected. %(n)s item was taken off your record, and the permission is revoked.",
                "Disconnected. %(n)s items were taken off your record, and the permission is revoked.", n,
            )
        )  # fmt: skip
    return redirect(f"/{place.handle}/settings")


def stay(call: Call) -> Reply:
    """POST: she stays after all."""
    place, who = here(call).place, here(call).person
    leaving.stay(call.tx, call.now, place.id, who.orcid)
    call.flash(_("You stay connected. What was taken off already is added again."))
    return redirect(f"/{place.handle}/settings")


def bring_back(call: Call) -> Reply:
    """POST: once she is connected again, what she took along is wanted again."""
    place, who = here(call).place, here(call).person
    if leaving.taken(call.tx, place.id, who.orcid):
        leaving.bring_back(call.tx, call.now, place.id, who.orcid)
    return redirect(f"/{place.handle}/items")


def _not_told() -> str:
    return _(
        "The registry could not be told, so nothing was changed. Try again in a minute, or revoke the "
        "permission at the registry: account settings, Trusted organisations."
    )


routes = [
    Route("GET", "/{place}/disconnect", ask, PERSON),
    Route("POST", "/{place}/disconnect", disconnect, PERSON, tx="none"),
    Route("POST", "/{place}/stay", stay, PERSON),
    Route("POST", "/{place}/bring-back", bring_back, PERSON),
]
