"""What anyone may see: the list of organisations, the first page of each, and the texts of the service."""

from collections.abc import Callable

from laelia.hub import organisations
from laelia.hub.organisations import texts
from laelia.hub.web import institution
from laelia.hub.web.entry import here, hub, show
from laelia.hub.web.words import scope_words
from laelia.lib.web.core import OPEN, Call, Reply, Route, page


def front(call: Call) -> Reply:
    places = [one for one in organisations.environments(call.tx, hub(call).keys) if one.ready]
    return page(call, "front.html", places=places)


def landing(call: Call) -> Reply:
    """The page where anyone connects: what an iD is, what is asked and why, how to withdraw, whom to ask."""
    place = here(call).place
    said = texts.said(call.tx, place.id)
    return show(
        call, "landing.html", said={name: texts.fill(body, place) for name, body in said.items()},
        may=scope_words(place.scopes), institution=institution.way_in(call), guest=institution.guest(call),
    )  # fmt: skip


def text(name: str) -> Callable[[Call], Reply]:
    """A page whose text an operator replaces by a file of the same name in `pages_folder`."""
    return lambda call: page(call, f"{name}.html")


routes = [
    Route("GET", "/", front, OPEN),
    Route("GET", "/{place}/", landing, OPEN),
    *(Route("GET", f"/{name}", text(name), OPEN) for name in ("about", "privacy", "terms", "contact")),
]
