"""The routes of the API: every operation of the table, what integrators build against, files for people, and
paths without a version."""

from laelia.registry.api import downloads, operation, published, versionless
from laelia.registry.api.operations import OPERATIONS

routes = [*operation.routes(OPERATIONS), *published.routes, *downloads.routes, *versionless.routes]
