"""Finding people, from the box that stands on every page."""

from urllib.parse import quote

from laelia.lib.web.core import OPEN, Call, Reply, Route, page, redirect
from laelia.model.identifiers import normalise_orcid
from laelia.registry.record import states
from laelia.registry.search import people

HERE = "/search"
PAGE = 20
LONGEST = 200
"""Characters of a query that are looked at."""
NAMES = 6
"""More names of one person help nobody to recognise her."""


def found(call: Call) -> Reply:
    """GET /search?q=&page=. An iD, in whatever form, leads to its record at once."""
    sought = " ".join(call.arg("q").split())[:LONGEST]
    orcid = normalise_orcid(sought)
    if orcid is not None and states.look(call.tx, orcid) is not None:
        return redirect(f"/{orcid}")
    number = _page_number(call.arg("page", "1"))
    hits, total = people.find(call.tx, sought, (number - 1) * PAGE, PAGE)
    pages = max(1, -(-total // PAGE))
    if number > pages:
        return redirect(_address(sought, pages))
    return page(
        call,
        "search.html",
        headers={"X-Robots-Tag": "noindex"},
        sought=sought,
        as_id=orcid,
        hits=hits,
        total=total,
        many=total >= people.MOST,
        names=NAMES,
        number=number,
        pages=pages,
        here=_address(sought, None),
    )


def _address(sought: str, number: int | None) -> str:
    """A page of results; without a number, what the pager makes them of."""
    query = quote(sought, safe="")
    return f"{HERE}?q={query}&page={number}" if number else f"{HERE}?q={query.replace('%', '%%')}&page=%d"


def _page_number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


routes = [Route("GET", HERE, found, OPEN)]
