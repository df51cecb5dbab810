"""The routes of the API: every operation of the table, what integrators build against, files for people, and
paths without a version."""

from laelia.registry.api import downloads, operation, status, versionless, webhooks
from laelia.registry.api.description import published
from laelia.registry.api.operations import OPERATIONS
from laelia.registry.api.registers import organisations

routes = [
    *operation.routes(OPERATIONS),
    *status.routes,
    *organisations.routes,
    *published.routes,
    *webhooks.routes,
    *downloads.routes,
    *versionless.routes,
]
