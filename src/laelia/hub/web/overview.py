"""Her settings page at an organisation: what it may do, the two features, and the way out."""

from collections import Counter
from dataclasses import dataclass

from laelia.client import oauth
from laelia.connectors.table import CONNECTORS, Connector
from laelia.hub import assertions, people, pull
from laelia.hub.web.entry import CONNECTOR, PERSON, here, hub, show, source
from laelia.hub.web.item_words import shown_state
from laelia.hub.web.words import scope_words
from laelia.lib.http import HttpError
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import ngettext
from laelia.lib.log import get_logger
from laelia.lib.web.core import Call, Reply, Route, redirect

log = get_logger()


@dataclass(frozen=True)
class Count:
    n: int
    words: str


@dataclass(frozen=True)
class Update:
    """Auto-Update from one source; `found` is how many items would come, where it is off and that is told."""

    connector: str
    title: str
    anchor: str
    on: bool
    found: int | None


def settings(call: Call) -> Reply:
    place, who = here(call).place, here(call).person
    sources = [CONNECTORS[name] for name in place.connectors if name in CONNECTORS]
    with hub(call).db.reading() as tx:
        search_link = people.chosen(tx, place.id, who.orcid, CONNECTOR, "search-link")
        on = {one.name: people.chosen(tx, place.id, who.orcid, one.name, "auto-update") for one in sources}
        rows = assertions.items(tx, place.id, who.orcid)
        states = Counter(shown_state(row, who.standing) for row in rows)
    permission = who.permission
    return show(
        call, "settings.html", here="settings", permission=permission,
        may=scope_words(permission.scopes) if permission else [], search_link=search_link,
        updates=[_update(call, one, on[one.name]) for one in sources],
        counts=_counts(states),
        waiting=states["waiting-permission"] + states["leaving-waits"],
    )  # fmt: skip


def _update(call: Call, connector: Connector, on: bool) -> Update:
    found = None if on else _found(call, connector.name)
    return Update(connector.name, connector.title, _anchor(connector.name), on, found)


def _anchor(connector: str) -> str:
    return "auto-update" if connector == CONNECTOR else f"auto-update-{connector}"


def _counts(states: Counter[str]) -> list[Count]:
    on_record, waiting = states["in-record"], states["waiting-permission"] + states["leaving-waits"]
    under_way = states["pending"] + states["sending"] + states["leaving"]
    rest = states.total() - on_record - waiting - under_way
    named = (
        (on_record, _("on your record")),
        (under_way, _("on the way")),
        (waiting, _("waiting")),
        (rest, _("to look at")),
    )
    return [Count(n, words) for n, words in named if n]


def _found(call: Call, connector: str) -> int | None:
    """How many items carry her iD; None if their source does not answer now."""
    try:
        return pull.count(hub(call), connector, here(call).person.orcid, here(call).place.id)
    except pull.Unreachable as down:
        log.warning("count failed", environment=here(call).place.id, problem=type(down).__name__)
        return None


def choose(call: Call) -> Reply:
    """Switch a feature. Turning Auto-Update on looks back over what carries her iD already."""
    place, who = here(call).place, here(call).person
    feature, enabled = call.field("feature"), call.field("enabled") == "yes"
    connector = call.field("connector") if feature == "auto-update" else ""
    if feature not in people.FEATURES:
        return redirect(f"/{place.handle}/settings")
    if connector not in CONNECTORS or connector not in place.connectors:
        connector = source(call)
    looks_back = feature == "auto-update" and enabled
    found = _found(call, connector) if looks_back else None
    with hub(call).db.writing() as tx:
        people.choose(tx, call.now, place.id, who.orcid, connector, feature, enabled)
        if feature == "auto-update":  # what a source that is off brought is left to the others
            others = [] if enabled else [name for name in place.connectors if name != connector]
            for name in [connector] if enabled else others:
                if people.chosen(tx, place.id, who.orcid, name, "auto-update"):
                    pull.wake_look_back(tx, call.now, place.id, who.orcid, name)
    if looks_back:
        call.flash(_looking_back(found, who.standing.usable))
    anchor = _anchor(connector) if feature == "auto-update" else feature
    return redirect(f"/{place.handle}/settings#{anchor}")


def _looking_back(found: int | None, usable: bool) -> str:
    if found is None:
        return _("Auto-Update is on. What already carries your iD is looked for now.")
    carry = ngettext("%(n)s item already carries your iD", "%(n)s items already carry your iD", found)
    if not found:
        return _("Auto-Update is on. No item carries your iD yet.")
    if not usable:
        return _("Auto-Update is on. %(carry)s; they wait for your permission.", carry=carry)
    return _("Auto-Update is on. %(carry)s and will be on your record in a moment.", carry=carry)


def ask_disconnect(call: Call) -> Reply:
    return show(call, "disconnect.html", trouble=None)


def disconnect(call: Call) -> Reply:
    """Revoke at the registry first (RFC 7009), then forget: a token forgotten here but alive there would
    keep us on her list of trusted organisations. If the registry can't be told, nothing changes."""
    place, who = here(call).place, here(call).person
    permission = who.permission
    if permission is not None and permission.access_token is not None and permission.state == "active":
        try:
            oauth.revoke(
                hub(call).http, place.revoke_url, client_id=place.client_id,
                client_secret=place.client_secret, token=permission.access_token, trusted=True,
            )  # fmt: skip
        except (oauth.OAuthRefused, HttpError) as problem:
            log.error("disconnect failed", environment=place.id, problem=type(problem).__name__)
            return show(call, "disconnect.html", status=502, trouble=_not_told())
    with hub(call).db.writing() as tx:
        people.disconnect(tx, call.now, place.id, who.orcid)
    call.flash(_("Disconnected. The permission is revoked at the registry, too."))
    return redirect(f"/{place.handle}/settings")


def _not_told() -> str:
    return _(
        "The registry could not be told, so nothing was changed. Try again in a minute, or revoke the "
        "permission at the registry: account settings, Trusted organisations."
    )


routes = [
    Route("GET", "/{place}/settings", settings, PERSON, tx="none"),
    Route("POST", "/{place}/choice", choose, PERSON, tx="none"),
    Route("GET", "/{place}/disconnect", ask_disconnect, PERSON),
    Route("POST", "/{place}/disconnect", disconnect, PERSON, tx="none"),
]
