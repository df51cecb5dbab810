"""Trusted organisations: what each may do, since when, what it did; and taking it back."""

from dataclasses import dataclass
from typing import Any

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.registry.grants import clients, consents, history, trusted, words
from laelia.registry.grants.history import Act
from laelia.registry.grants.trusted import Past, Trusted
from laelia.registry.web.door import signed_in
from laelia.registry.web.words import how_it_came, how_it_ended, last_act, told

HERE = "/account/trusted"


@dataclass(frozen=True, kw_only=True)
class LineView:
    """One thing an organisation may do, and the name it is taken back by."""

    name: str
    may: str
    but: str
    since: int
    writes: bool


@signed_in
def listed(call: Call, orcid: str) -> Reply:
    """GET /account/trusted."""
    found = trusted.organisations(call.tx, call.now, orcid)
    acts = history.of(call.tx, call.now, orcid, [one.client_id for one in found])
    return page(
        call,
        "trusted.html",
        organisations=[_view(one, acts[one.client_id]) for one in found],
        past=[_past_view(one) for one in trusted.past(call.tx, call.now, orcid)],
    )


@signed_in
def revoke(call: Call, orcid: str) -> Reply:
    """POST /account/trusted/{client_id}/revoke: the whole permission."""
    client = clients.find(call.tx, call.params["client_id"])
    if client is not None and consents.revoke(call.tx, call.now, orcid, client.client_id):
        call.flash(_("%(name)s has no permission any more.", name=client.name))
    return redirect(HERE)


@signed_in
def take_back(call: Call, orcid: str) -> Reply:
    """POST /account/trusted/{client_id}/take-back: one thing of it, named by `scope`."""
    client = clients.find(call.tx, call.params["client_id"])
    if client is None:
        return redirect(HERE)
    if not consents.take_back(call.tx, call.now, orcid, client.client_id, call.field("scope")):
        call.flash(_("%(name)s does not have this permission any more.", name=client.name), "warn")
    elif trusted.held(call.tx, call.now, orcid, client.client_id) is None:
        call.flash(_("%(name)s has no permission any more.", name=client.name))
    else:
        call.flash(_("You took this back from %(name)s. It keeps the rest.", name=client.name))
    return redirect(HERE)


def _view(one: Trusted, acts: list[Act]) -> dict[str, Any]:
    return {
        "client_id": one.client_id,
        "name": one.name,
        "website": one.website,
        "description": one.description,
        "may": [
            LineView(
                name=line.name,
                may=line.may,
                but=line.but,
                since=min(one.since.get(scope, one.granted) for scope in line.scopes),
                writes=line.writes,
            )
            for line in words.lines(one.scopes)
        ],
        "writes": words.writes(one.scopes),
        "granted": one.granted,
        "until": one.until,
        "via": how_it_came(one.via),
        "last": last_act(one, acts),
        "acts": [(told(act), act.time) for act in acts],
    }


def _past_view(one: Past) -> dict[str, Any]:
    return {
        "name": one.name,
        "website": one.website,
        "might": [line.may for line in words.lines(one.scopes)],
        "granted": one.granted,
        "ended": one.ended,
        "how": how_it_ended(one.reason),
        # Only what she herself took back still serves to remove what was added.
        "may_remove": one.reason == "user" and words.writes(one.scopes),
    }
