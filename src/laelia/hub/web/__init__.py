"""The hub's pages. Each module declares its routes; `routes` is all of them."""

from laelia.hub.web import connect, front, items, overview, search

routes = [*front.routes, *connect.routes, *overview.routes, *search.routes, *items.routes]
