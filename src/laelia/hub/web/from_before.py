"""Add all, or choose: what carried her iD before she turned Auto-Update on. Nothing of it is sent before she
has decided; what she leaves out stays here, to be taken when she likes."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from laelia.connectors.table import CONNECTORS, Connector
from laelia.hub import people, pull
from laelia.hub.assertions import from_before
from laelia.hub.web import numbers
from laelia.hub.web.entry import PERSON, here, hub, show
from laelia.hub.web.overview import anchor_of
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import ngettext
from laelia.lib.web.core import Call, Reply, Route, redirect
from laelia.lib.web.problems import not_found

ON_A_PAGE = 50


@dataclass(frozen=True)
class Old:
    """`others` put it on her record already; `left` is what she left out before."""

    id: int
    title: str
    doi: str
    url: str | None
    left: bool
    others: str | None


def listing(call: Call) -> Reply:
    connector = _connector(call)
    place, who = here(call).place, here(call).person
    with hub(call).db.reading() as tx:
        waiting, left = from_before.counts(tx, place.id, who.orcid, connector.name)
        pages = max(1, -(-(waiting + left) // ON_A_PAGE))
        number = numbers.paged(call.arg("page"), pages)
        start = (number - 1) * ON_A_PAGE
        rows = from_before.listed(tx, place.id, who.orcid, connector.name, start=start, most=ON_A_PAGE)
        on, undecided = (
            people.chosen(tx, place.id, who.orcid, connector.name, feature)
            for feature in ("auto-update", "undecided")
        )
        looking = from_before.looking(tx, place.id, who.orcid, connector.name)
    if not left and not (on and (undecided or waiting)):
        return redirect(f"/{place.handle}/settings#{anchor_of(connector.name)}")
    works = pull.on_record(hub(call), place, who.orcid, who.permission) if rows else {}
    return show(
        call, "from-before.html", here="settings", connector=connector, waiting=waiting, left=left,
        pages=pages, number=number, looking=looking, undecided=undecided, anchor=anchor_of(connector.name),
        items=[_old(call, row, works) for row in rows], found=_found(call, connector) if looking else waiting,
    )  # fmt: skip


def _found(call: Call, connector: Connector) -> int | None:
    place, who = here(call).place, here(call).person
    with hub(call).db.reading() as tx:
        every_role = people.chosen(tx, place.id, who.orcid, connector.name, "contributors")
    try:
        return pull.count(hub(call), connector.name, who.orcid, place.id, contributors=every_role)
    except pull.Unreachable:
        return None


def _old(call: Call, row: Row[Any], works: pull.Works) -> Old:
    doi = row.key.rpartition("doi:")[2]
    url = f"{hub(call).settings.doi_url.rstrip('/')}/{doi}" if "doi:" in row.key else None
    return Old(row.id, row.title or doi, doi, url, row.state != "ask", works.get(f"doi:{doi}"))


def decide(call: Call) -> Reply:
    """`all` or `none` for everything that waits; else the page that was shown: what is ticked is added, and
    what is not ticked is left out."""
    connector = _connector(call)
    place, who = here(call).place, here(call).person
    chosen, said = call.field("decide"), call.form()
    with hub(call).db.writing() as tx:
        if chosen in ("all", "none"):
            add = chosen == "all"
            count = from_before.decide_all(tx, call.now, place, who.orcid, connector, add=add)
            added, left = (count, 0) if add else (0, count)
        else:
            shown = set(numbers.ticked(said.get("shown", [])))
            ticked = set(numbers.ticked(said.get("item", []))) & shown
            added, left = from_before.decide(
                tx, call.now, place, who.orcid, connector, add=ticked, leave=shown - ticked
            )
        more = from_before.counts(tx, place.id, who.orcid, connector.name)[0]
        looking = from_before.looking(tx, place.id, who.orcid, connector.name)
    call.flash(_said(added, left, all_of_it=chosen == "all" and looking, usable=who.standing.usable))
    if more:
        return redirect(f"/{place.handle}/from-before/{connector.name}")
    return redirect(f"/{place.handle}/settings#{anchor_of(connector.name)}")


def _said(added: int, left: int, *, all_of_it: bool, usable: bool) -> str:
    if all_of_it:
        return _("Everything that carries your iD is added as it is found.")
    said = []
    if added and usable:
        said.append(
            ngettext(
                "%(n)s item will be on your record in a moment.",
                "%(n)s items will be on your record in a moment.",
                added,
            )
        )
    elif added:
        said.append(
            ngettext("%(n)s item waits for your permission.", "%(n)s items wait for your permission.", added)
        )
    if left:
        said.append(ngettext("%(n)s item is left out.", "%(n)s items are left out.", left))
    return " ".join(said) or _("Nothing was changed.")


def _connector(call: Call) -> Connector:
    name = call.params["connector"]
    if name not in CONNECTORS or name not in here(call).place.connectors:
        raise not_found(call.req.path)
    return CONNECTORS[name]


routes = [
    Route("GET", "/{place}/from-before/{connector}", listing, PERSON, tx="none"),
    Route("POST", "/{place}/from-before/{connector}", decide, PERSON, tx="none"),
]
