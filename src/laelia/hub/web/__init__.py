"""The hub's pages. Each module declares its routes; `routes` is all of them."""

from laelia.hub.web import connect, files, front, invitation, items, outbox, overview, search, staff

routes = [
    *front.routes,
    *outbox.routes,
    *invitation.routes,
    *staff.routes,
    *files.routes,
    *connect.routes,
    *overview.routes,
    *search.routes,
    *items.routes,
]
