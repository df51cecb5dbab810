"""What everybody sees: the start page, public items, and the pages about the repository."""

from datetime import UTC, datetime
from typing import Any

from laelia.lib.web.core import OPEN, TEXT, Call, Reply, Route, page, redirect
from laelia.sandbox.repository import articles, figshare, people
from laelia.sandbox.repository.access import SIGNED_IN
from laelia.sandbox.repository.api.asked import listing
from laelia.sandbox.repository.api.asked import page as paged
from laelia.sandbox.repository.api.public import number
from laelia.sandbox.repository.kinds import CATEGORY_BY_ID, LICENCE_BY_VALUE, TYPE_BY_ID
from laelia.sandbox.repository.problems import Problem

PER_PAGE = 10


def start(call: Call) -> Reply:
    """Search and the newest items."""
    words, place = call.arg("q").strip(), call.arg("page", "1")
    place_number = int(place) if place.isdigit() and 0 < int(place) < 100 else 1
    asked = {"limit": PER_PAGE + 1, "offset": (place_number - 1) * PER_PAGE, "search_for": words}
    trouble, found = "", []
    try:
        wanted, _ = listing(asked, paged(asked), "published_date")
        found = articles.public_list(call.tx, wanted)
    except Problem as problem:
        trouble = problem.message
    shown = found[:PER_PAGE]
    return page(
        call,
        "start.html",
        items=shown,
        words=words,
        trouble=trouble,
        number=place_number,
        more=len(found) > PER_PAGE,
        **_lookups(),
    )


def item(call: Call) -> Reply:
    wanted = number(call, "version") if "version" in call.params else None
    shown = articles.public(call.tx, number(call), wanted)
    newest = articles.public(call.tx, shown.id)
    mine = call.who is not None and call.who.account_id == shown.account_id
    return page(
        call,
        "public.html",
        item=shown,
        newest=newest.number,
        versions=articles.versions(call.tx, shown.id),
        dois={row.number: row for row in articles.dois(call.tx, shown.id)},
        citation=figshare.citation(shown),
        landing=figshare.landing_path(shown),
        mine=mine,
        year=datetime.fromtimestamp((shown.published or 0) / 1000, UTC).year,
        **_lookups(),
    )


def short(call: Call) -> Reply:
    """The address by number alone leads to the one with the title. (The router wants one name per place.)"""
    return redirect(figshare.landing_path(articles.public(call.tx, number(call, "type"))), 302)


def account(call: Call) -> Reply:
    row = people.by_orcid(call.tx, call.who.orcid)
    return page(
        call, "account.html", account=row, tokens=people.tokens(call.tx, call.who.account_id), made=""
    )


def make_token(call: Call) -> Reply:
    """The token is shown on this answer and never again."""
    name = call.field("name").strip()[:100] or "token"
    made = people.add_token(call.tx, call.now, call.who.account_id, name)
    row = people.by_orcid(call.tx, call.who.orcid)
    held = people.tokens(call.tx, call.who.account_id)
    return page(call, "account.html", account=row, tokens=held, made=made)


def drop_token(call: Call) -> Reply:
    people.drop_token(call.tx, call.who.account_id, number(call))
    return redirect("/account")


def text_page(name: str) -> Route:
    def show(call: Call) -> Reply:
        return page(call, f"{name}.html")

    return Route("GET", f"/{name}", show, OPEN)


def robots(call: Call) -> Reply:
    return Reply(200, "User-agent: *\nDisallow: /\n", {}, TEXT)


def _lookups() -> dict[str, Any]:
    return {
        "types": TYPE_BY_ID,
        "licences": LICENCE_BY_VALUE,
        "categories": CATEGORY_BY_ID,
        "landing_path": figshare.landing_path,
    }


routes = [
    Route("GET", "/", start, OPEN),
    Route("GET", "/articles/{type}", short, OPEN),
    Route("GET", "/articles/{type}/{title}/{id}", item, OPEN),
    Route("GET", "/articles/{type}/{title}/{id}/{version}", item, OPEN),
    Route("GET", "/account", account, SIGNED_IN),
    Route("POST", "/account/tokens", make_token, SIGNED_IN),
    Route("POST", "/account/tokens/{id}/delete", drop_token, SIGNED_IN),
    Route("GET", "/robots.txt", robots, OPEN),
    *(text_page(name) for name in ("about", "privacy", "terms", "contact")),
]
