"""Her page at an organisation: what it may do, what it has put on her record and wants to put there, what
she wishes, the two features, and the way out."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from laelia.connectors.table import CONNECTORS, Connector
from laelia.hub import assertions, people, pull
from laelia.hub.assertions import from_before, newest
from laelia.hub.organisations import Environment
from laelia.hub.people import wishes
from laelia.hub.push import leaving
from laelia.hub.web.entry import CONNECTOR, PERSON, here, hub, show, source
from laelia.hub.web.groups import counts, ordered
from laelia.hub.web.item_words import shown_state
from laelia.hub.web.items import WAITING
from laelia.hub.web.wish import choices
from laelia.hub.web.words import scope_words
from laelia.lib.i18n import gettext as _
from laelia.lib.log import get_logger
from laelia.lib.web.core import Call, Reply, Route, redirect

log = get_logger()
SWITCHES = ("search-link", "auto-update", "contributors", "newest")


@dataclass(frozen=True)
class Update:
    """Auto-Update from one source; `found` is how many items would come, where it is off and that is told.
    `waiting` are those from before that she has yet to decide on, `left` what she left out of them.
    `contributors` and `newest` are her choices, None where the source has no such thing."""

    connector: str
    title: str
    anchor: str
    on: bool
    found: int | None
    waiting: int
    left: int
    undecided: bool
    contributors: bool | None
    newest: bool | None


def settings(call: Call) -> Reply:
    place, who = here(call).place, here(call).person
    sources = [CONNECTORS[name] for name in place.connectors if name in CONNECTORS]
    with hub(call).db.reading() as tx:
        search_link = people.chosen(tx, place.id, who.orcid, CONNECTOR, "search-link")
        updates = [_update(tx, place, who.orcid, one) for one in sources]
        found = ordered(assertions.items(tx, place.id, who.orcid), who.standing)
        mode = wishes.mode(tx, place.id, who.orcid)
        leaves = wishes.leaving(tx, place.id, who.orcid) is not None
        to_go = leaving.to_go(tx, place.id, who.orcid) if leaves else 0
    permission = who.permission
    return show(
        call, "settings.html", here="settings", permission=permission,
        may=scope_words(permission.scopes) if permission else [], search_link=search_link,
        updates=[one if one.on else replace(one, found=_found(call, one.connector)) for one in updates],
        counts=counts(found), record_url=place.address_of(who.orcid), choices=choices(mode), mode=mode,
        asked=sum(group == "asked" for group, _row in found), leaves=leaves, to_go=to_go,
        waiting=sum(shown_state(row, who.standing) in WAITING for _group, row in found),
    )  # fmt: skip


def _update(tx: Connection, place: Environment, orcid: str, connector: Connector) -> Update:
    name = connector.name
    waiting, left = from_before.counts(tx, place.id, orcid, name)
    by_role = connector.contributing is not None
    return Update(
        name, connector.title, anchor_of(name), people.chosen(tx, place.id, orcid, name, "auto-update"), None,
        waiting, left, people.chosen(tx, place.id, orcid, name, "undecided"),
        people.chosen(tx, place.id, orcid, name, "contributors") if by_role else None,
        newest.wanted(tx, place, orcid, name) if connector.versions is not None else None,
    )  # fmt: skip


def anchor_of(connector: str) -> str:
    return "auto-update" if connector == CONNECTOR else f"auto-update-{connector}"


def _found(call: Call, connector: str) -> int | None:
    """How many items carry her iD; None if their source does not answer now."""
    place, who = here(call).place, here(call).person
    with hub(call).db.reading() as tx:
        every_role = people.chosen(tx, place.id, who.orcid, connector, "contributors")
    try:
        return pull.count(hub(call), connector, who.orcid, place.id, contributors=every_role)
    except pull.Unreachable as down:
        log.warning("count failed", environment=here(call).place.id, problem=type(down).__name__)
        return None


def choose(call: Call) -> Reply:
    """Switch a feature. Turning Auto-Update on looks back over what carries her iD already, and nothing of
    that is added before she said so."""
    place, who = here(call).place, here(call).person
    feature, enabled = call.field("feature"), call.field("enabled") == "yes"
    if feature not in SWITCHES:
        return redirect(f"/{place.handle}/settings")
    connector = call.field("connector") if feature != "search-link" else ""
    if connector not in CONNECTORS or connector not in place.connectors:
        connector = source(call)
    anchor = feature if feature == "search-link" else anchor_of(connector)
    if feature == "auto-update" and enabled:
        return _turn_on(call, connector)
    with hub(call).db.writing() as tx:
        people.choose(tx, call.now, place.id, who.orcid, connector, feature, enabled)
        if feature == "auto-update":
            from_before.drop(tx, call.now, place.id, who.orcid, connector)
            # What a source that is off brought is left to the others.
            for name in place.connectors:
                if name != connector and people.chosen(tx, place.id, who.orcid, name, "auto-update"):
                    pull.wake_look_back(tx, call.now, place.id, who.orcid, name)
        elif feature == "contributors":
            pull.wake_look_back(tx, call.now, place.id, who.orcid, connector)
        elif feature == "newest":
            assertions.arrange(tx, call.now, place, CONNECTORS[connector], who.orcid)
    return redirect(f"/{place.handle}/settings#{anchor}")


def _turn_on(call: Call, connector: str) -> Reply:
    place, who = here(call).place, here(call).person
    found = _found(call, connector)
    with hub(call).db.writing() as tx:
        if not people.chosen(tx, place.id, who.orcid, connector, "auto-update"):
            people.choose(tx, call.now, place.id, who.orcid, connector, "auto-update", True)
            people.choose(tx, call.now, place.id, who.orcid, connector, "undecided", found != 0)
        pull.wake_look_back(tx, call.now, place.id, who.orcid, connector)
    if found == 0:
        call.flash(_("Auto-Update is on. No item carries your iD yet."))
        return redirect(f"/{place.handle}/settings#{anchor_of(connector)}")
    return redirect(f"/{place.handle}/from-before/{connector}")


routes = [
    Route("GET", "/{place}/settings", settings, PERSON, tx="none"),
    Route("POST", "/{place}/choice", choose, PERSON, tx="none"),
]
