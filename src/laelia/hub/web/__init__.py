"""The hub's pages. Each module declares its routes; `routes` is all of them."""

from laelia.hub.web import connect, files, front, items, overview, search, staff

routes = [
    *front.routes,
    *staff.routes,
    *files.routes,
    *connect.routes,
    *overview.routes,
    *search.routes,
    *items.routes,
]
