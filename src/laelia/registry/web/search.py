"""Finding people, from the box that stands on every page."""

from urllib.parse import quote, urlencode

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import OPEN, Call, Reply, Route, page, redirect
from laelia.lib.web.problems import WebProblem
from laelia.model.identifiers import normalise_orcid
from laelia.registry.record import states
from laelia.registry.search import people
from laelia.registry.search.reader import Unready

HERE = "/search"
PAGE = 20
LONGEST = 200
"""Characters of a query that are looked at."""
NAMES = 6
"""More names of one person help nobody to recognise her."""


def results(call: Call) -> Reply:
    """GET /search?q=&at=&page=. An iD, in whatever form, leads to its record at once."""
    sought = " ".join(call.arg("q").split())[:LONGEST]
    orcid = normalise_orcid(sought)
    if orcid is not None and states.look(call.tx, orcid) is not None:
        return redirect(f"/{orcid}")
    number, at = _page_number(call.arg("page", "1")), call.arg("at").strip()[:LONGEST]
    try:
        found = people.find(call.service.search.reader, call.tx, sought, (number - 1) * PAGE, PAGE, at)
    except Unready:
        raise _not_yet() from None
    pages = max(1, -(-found.total // PAGE))
    if number > pages:
        return redirect(_address(sought, at, pages))
    return page(
        call,
        "search.html",
        headers={"X-Robots-Tag": "noindex"},
        sought=sought,
        as_id=orcid,
        hits=found.hits,
        total=found.total,
        many=found.total >= people.MOST,
        at=at,
        places=[(name, n, _address(sought, name, 1)) for name, n in found.places if len(found.places) > 1],
        anywhere=_address(sought, "", 1),
        names=NAMES,
        number=number,
        pages=pages,
        here=_address(sought, at, None),
    )


def _not_yet() -> WebProblem:
    """There is no index, for as long as it takes to make one: a minute for 200,000 records."""
    return WebProblem(
        503, _("People can't be searched at the moment"),
        _("What is searched is being prepared. Please try again in a moment."),
    )  # fmt: skip


def _address(sought: str, at: str, number: int | None) -> str:
    """A page of results; without a number, what the pager makes them of."""
    query = urlencode({"q": sought, **({"at": at} if at else {})}, quote_via=quote, safe="")
    return f"{HERE}?{query}&page={number}" if number else f"{HERE}?{query.replace('%', '%%')}&page=%d"


def _page_number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


routes = [Route("GET", HERE, results, OPEN)]
