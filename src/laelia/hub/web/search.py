"""Search & Link: she looks for what is hers and claims it; the click itself is her answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Row

from laelia.connectors.item import Unusable
from laelia.hub import assertions, people, pull
from laelia.hub.web.entry import PERSON, here, hub, show, source, trouble
from laelia.hub.web.item_words import ItemWords, item_words
from laelia.lib.i18n import gettext as _
from laelia.lib.log import get_logger
from laelia.lib.web.core import Call, Reply, Route, redirect
from laelia.model.identifiers import normalise

log = get_logger()
LONGEST = 200


@dataclass(frozen=True)
class Result:
    """One hit: what it is, whether it names her, how it stands in her ledger (None: it can be claimed)."""

    shown: pull.Listing
    carries: bool
    words: ItemWords | None
    url: str
    why_not: str

    @property
    def claimable(self) -> bool:
        """Not in her ledger, or there but not wanted, which the claim changes."""
        return self.words is None or self.words.state in ("declined", "withdrawn", "ask")


def search(call: Call) -> Reply:
    q = call.arg("q").strip()[:LONGEST]
    place, who = here(call).place, here(call).person
    with hub(call).db.reading() as tx:
        allowed = people.chosen(tx, place.id, who.orcid, source(call), "search-link")
        known = {row.key: row for row in assertions.items(tx, place.id, who.orcid)}
    if not allowed:
        return _off(call)
    results: list[Result] | None = None
    total, problem = 0, None
    if q:
        try:
            total, documents = _find(call, q)
        except pull.Unreachable as down:
            log.warning("search failed", environment=place.id, problem=type(down).__name__)
            problem = _("The DOI registry does not answer at the moment. Please try again in a minute.")
        else:
            results = [_result(call, document, known) for document in documents]
    return show(call, "search.html", here="search", q=q, results=results, total=total, trouble=problem)


def _find(call: Call, q: str) -> tuple[int, Sequence[pull.Document]]:
    service = hub(call)
    doi = normalise("doi", q)
    if doi and " " not in q:
        found = pull.look_up(service, source(call), doi)
        return (1, [found]) if found is not None else (0, [])
    hits = pull.search(service, source(call), q)
    return hits.total, hits.documents


def _result(call: Call, document: pull.Document, known: dict[str, Row[Any]]) -> Result:
    shown = pull.show(source(call), document)
    row = known.get(shown.key)
    words = item_words(row, here(call).person.standing, here(call).place.organisation_name) if row else None
    hindrance = why_not(shown.why_not) if shown.why_not else ""
    url = f"{hub(call).settings.doi_url.rstrip('/')}/{shown.doi}"
    return Result(shown, here(call).person.orcid in shown.carries, words, url, hindrance)


def claim(call: Call) -> Reply:
    """File the claim; her push job is enqueued with it, so the work is on its way when the page is back."""
    q = call.field("q")[:LONGEST]
    service, place, who = hub(call), here(call).place, here(call).person
    with service.db.reading() as tx:
        if not people.chosen(tx, place.id, who.orcid, source(call), "search-link"):
            return _off(call)
    name = normalise("doi", call.field("doi")[:2000])
    try:
        document = pull.look_up(service, source(call), name) if name else None
    except pull.Unreachable:
        return _failed(call, 502, _("The DOI registry does not answer at the moment. Please try again."))
    if document is None:
        return _failed(call, 404, _("This DOI is not known to the DOI registry, or is not public."))
    doi_url = service.settings.doi_url
    with service.db.writing() as tx:
        claimed = assertions.claim(tx, call.now, place, who.orcid, source(call), document, doi_url=doi_url)
    if isinstance(claimed, Unusable):
        return _failed(call, 422, why_not(claimed.reason))
    if who.standing.usable:
        call.flash(_("Claimed. It is on your record in seconds: look again in a moment."))
    else:
        call.flash(_("Claimed. It waits for your permission."), "warn")
    return redirect(f"/{place.handle}/search?{urlencode({'q': q})}" if q else f"/{place.handle}/items")


def why_not(reason: str) -> str:
    known = {
        "no-title": _("Its metadata have no title, and a work needs one."),
        "hidden": _("This DOI is not public."),
        "no-doi": _("Its metadata name no DOI."),
    }
    return known.get(reason) or _("Its metadata can't be made a work.")


def _off(call: Call) -> Reply:
    return trouble(
        call, 403, _("Search & Link is off"), _("You turned it off on your settings page."),
        again="settings#search-link", button=_("Open my settings"),
    )  # fmt: skip


def _failed(call: Call, status: int, sentence: str) -> Reply:
    return trouble(
        call, status, _("It could not be claimed"), sentence, _("Nothing was added."), again="search",
        button=_("Back to the search"),
    )  # fmt: skip


routes = [
    Route("GET", "/{place}/search", search, PERSON, tx="none"),
    Route("POST", "/{place}/claim", claim, PERSON, tx="none"),
]
