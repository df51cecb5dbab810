"""Search & Link: she looks for what is hers and claims it, one or many at once; the click itself is her
answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from sqlalchemy import Row

from laelia.client.datacite import DEEPEST, IDS_AT_ONCE, SEARCH_SIZE
from laelia.connectors.item import Unusable
from laelia.hub import assertions, people, pull
from laelia.hub.web.entry import PERSON, here, hub, show, source, trouble
from laelia.hub.web.item_words import ItemWords, item_words
from laelia.hub.web.numbers import paged
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import ngettext
from laelia.lib.log import get_logger
from laelia.lib.web.core import Call, Reply, Route, redirect
from laelia.model.identifiers import normalise

log = get_logger()
LONGEST = 200


@dataclass(frozen=True)
class Result:
    """One hit: what it is, whether it names her, how it stands in her ledger (None: it can be claimed).
    `others` put it on her record before us; `coming` is what Auto-Update brings by itself."""

    shown: pull.Listing
    carries: bool
    words: ItemWords | None
    id: int | None
    url: str
    why_not: str
    others: str | None
    coming: bool

    @property
    def claimable(self) -> bool:
        """Not in her ledger, or there but not wanted, which the claim changes."""
        return self.words is None or self.words.state in ("declined", "withdrawn", "ask")

    @property
    def offered(self) -> bool:
        return self.claimable and not self.why_not

    @property
    def removable(self) -> bool:
        return self.words is not None and any(one.name == "withdraw" for one in self.words.actions)


@dataclass(frozen=True)
class _Known:
    """What the hub knows of her before it asks anybody."""

    rows: Mapping[str, Row[Any]]
    follows: bool
    every_role: bool


def search(call: Call) -> Reply:
    q = call.arg("q").strip()[:LONGEST]
    place, who = here(call).place, here(call).person
    with hub(call).db.reading() as tx:
        on = {
            feature: people.chosen(tx, place.id, who.orcid, source(call), feature)
            for feature in ("search-link", "auto-update", "contributors")
        }
        rows = {row.key: row for row in assertions.items(tx, place.id, who.orcid)}
    if not on["search-link"]:
        return _off(call)
    known = _Known(rows, on["auto-update"], on["contributors"])
    results: list[Result] | None = None
    total, problem, number = 0, None, _number(call)
    if q:
        try:
            total, documents = _find(call, q, number)
        except pull.Unreachable as down:
            log.warning("search failed", environment=place.id, problem=type(down).__name__)
            problem = _("The DOI registry does not answer at the moment. Please try again in a minute.")
        else:
            works = pull.on_record(hub(call), place, who.orcid, who.permission) if documents else {}
            results = [_result(call, document, known, works) for document in documents]
    pages = min(-(-total // SEARCH_SIZE), DEEPEST // SEARCH_SIZE)
    return show(
        call, "search.html", here="search", q=q, results=results, total=total, trouble=problem,
        number=number, pages=pages, ticked=call.arg("all") == "1",
        several=sum(one.offered for one in results or ()) > 1,
    )  # fmt: skip


def _number(call: Call) -> int:
    return paged(call.arg("page"), DEEPEST // SEARCH_SIZE)


def _find(call: Call, q: str, number: int) -> tuple[int, Sequence[pull.Document]]:
    service = hub(call)
    if doi := doi_in(q):
        found = pull.look_up(service, source(call), doi)
        return (1, [found]) if found is not None else (0, [])
    hits = pull.search(service, source(call), q, page=number)
    return hits.total, hits.documents


def doi_in(q: str) -> str | None:
    """The DOI that was typed or pasted: bare, with doi: before it, or in an address of whatever site."""
    if " " in q:
        return None
    if q.casefold().startswith(("http://", "https://")):
        try:
            q = unquote(urlsplit(q).path)
        except ValueError:
            return None
    doi = normalise("doi", q)
    return doi.rstrip(".,;)") or None if doi else None


def _result(call: Call, document: pull.Document, known: _Known, works: pull.Works) -> Result:
    who = here(call).person
    shown = pull.show(source(call), document)
    row = known.rows.get(shown.key)
    words = item_words(row, who.standing, here(call).place.organisation_name) if row else None
    hindrance = why_not(shown.why_not) if shown.why_not else ""
    url = f"{hub(call).settings.doi_url.rstrip('/')}/{shown.doi}"
    brings = who.orcid in shown.carries or (known.every_role and who.orcid in shown.contributing)
    carries = who.orcid in shown.carries or who.orcid in shown.contributing
    coming = known.follows and brings and words is None
    number = row.id if row is not None else None
    return Result(shown, carries, words, number, url, hindrance, works.get(shown.key), coming)


def claim(call: Call) -> Reply:
    """File the claims; her push job is enqueued with them, so they are on their way when the page is back."""
    service, place, who = hub(call), here(call).place, here(call).person
    with service.db.reading() as tx:
        if not people.chosen(tx, place.id, who.orcid, source(call), "search-link"):
            return _off(call)
    asked = [call.field("only")] if call.field("only") else call.form().get("doi", [])
    names = list(dict.fromkeys(name for one in asked if (name := normalise("doi", one[:2000]))))[:IDS_AT_ONCE]
    if not names:
        if not asked:
            call.flash(_("Tick what is yours first."), "warn")
            return _back(call)
        return _failed(call, 404, _("This DOI is not known to the DOI registry, or is not public."))
    try:
        documents = _documents(call, names)
    except pull.Unreachable:
        return _failed(call, 502, _("The DOI registry does not answer at the moment. Please try again."))
    if len(names) == 1 and not documents:
        return _failed(call, 404, _("This DOI is not known to the DOI registry, or is not public."))
    doi_url = service.settings.doi_url
    with service.db.writing() as tx:
        claimed = [
            assertions.claim(tx, call.now, place, who.orcid, source(call), document, doi_url=doi_url)
            for document in documents
        ]
    refused = [one.reason for one in claimed if isinstance(one, Unusable)]
    if len(names) == 1 and refused:
        return _failed(call, 422, why_not(refused[0]))
    _say(call, len(claimed) - len(refused), len(names))
    return _back(call)


def _documents(call: Call, names: Sequence[str]) -> list[pull.Document]:
    if len(names) == 1:
        found = pull.look_up(hub(call), source(call), names[0])
        return [found] if found is not None else []
    return list(pull.look_up_all(hub(call), source(call), names).values())


def _say(call: Call, done: int, asked: int) -> None:
    usable, said = here(call).person.standing.usable, []
    if done and usable and asked == 1:
        said.append(_("Claimed. It is on your record in seconds: look again in a moment."))
    elif done and usable:
        said.append(ngettext("%(n)s claimed.", "%(n)s claimed.", done))
        said.append(_("What you claimed is on your record in seconds: look again in a moment."))
    elif done:
        said.append(
            ngettext(
                "Claimed. It waits for your permission.",
                "%(n)s claimed. They wait for your permission.",
                done,
            )
        )
    if left := asked - done:
        said.append(
            ngettext(
                "%(n)s could not be claimed: it is not public any more, or has no title.",
                "%(n)s could not be claimed: they are not public any more, or have no title.",
                left,
            )
        )
    call.flash(" ".join(said), "good" if usable and not left else "warn")


def _back(call: Call) -> Reply:
    place, q, number = here(call).place, call.field("q")[:LONGEST], call.field("page")
    if not q:
        return redirect(f"/{place.handle}/items")
    asked = {"q": q, "page": number} if number.isdecimal() and number != "1" else {"q": q}
    return redirect(f"/{place.handle}/search?{urlencode(asked)}")


def remove(call: Call) -> Reply:
    """Take what she claimed, or what came by itself, off her record again, and stay where she is."""
    place, who = here(call).place, here(call).person
    with hub(call).db.writing() as tx:
        mine = assertions.items(tx, place.id, who.orcid)
        row = next((row for row in mine if str(row.id) == call.field("remove")), None)
        if row is not None:
            words = item_words(row, who.standing, place.organisation_name)
            if any(action.name == "withdraw" for action in words.actions):
                assertions.withdraw(tx, call.now, place.id, row.id)
    return _back(call)


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
    Route("POST", "/{place}/unclaim", remove, PERSON, tx="none"),
]
