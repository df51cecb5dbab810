"""The API for an organisation's own programs: connect sessions, people, assertions."""

from laelia.hub.api import described, token
from laelia.hub.api.access import authenticate, mine, render
from laelia.hub.api.limits import Limits
from laelia.hub.api.operations import OPERATIONS

routes = [token.route, *described.routes, *(one.route for one in OPERATIONS)]

__all__ = ["OPERATIONS", "Limits", "authenticate", "mine", "render", "routes"]
