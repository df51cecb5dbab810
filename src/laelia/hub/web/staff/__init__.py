"""The pages of an organisation's staff, below /{place}/staff. Each route names what it needs of a role."""

from laelia.hub.web.staff import audit, colleagues, door, members, overview, people, settings, texts, units

routes = [
    *door.routes,
    *overview.routes,
    *people.routes,
    *units.routes,
    *texts.routes,
    *colleagues.routes,
    *settings.routes,
    *members.routes,
    *audit.routes,
]
