"""THE TABLE of the API: routes, OpenAPI, the page and tests are made of it."""

from laelia.hub.api import assertions, people, records, sessions, status

OPERATIONS = [
    *people.operations,
    *sessions.operations,
    *assertions.operations,
    *records.operations,
    *status.operations,
]
