"""The framework's router of a service's addresses. Making one of a thousand addresses takes a tenth of a
second, so that services with the same table in one process (a test has one after the other) share it: what
answers for one of them comes with the request.
"""

from collections.abc import Iterable
from typing import Any

import falcon
from falcon.routing import CompiledRouter

from laelia.lib.web.route import Route, check

RESPOND, STATIC = "laelia.respond", "laelia.static"

_made: dict[tuple[int, ...], tuple[list[Route], CompiledRouter]] = {}


def router(routes: Iterable[Route]) -> CompiledRouter:
    """The router of these routes. Raises ValueError where one states no access or stands there twice."""
    table = list(routes)
    key = tuple(map(id, table))
    if key not in _made:
        _made[key] = table, _router(table)  # the table lives on with its key: an id is not given to another
    return _made[key][1]


def _router(table: list[Route]) -> CompiledRouter:
    check(table)
    by_path: dict[str, dict[str, Route]] = {}
    for route in table:
        by_path.setdefault(route.path.rstrip("/") or "/", {})[route.method] = route
    # The framework's own way to add a route makes the methods that a resource lacks.
    app: falcon.App[falcon.Request, falcon.Response] = falcon.App(router=(made := CompiledRouter()))
    for path, methods in by_path.items():
        app.add_route(path, _resource(methods))
    app.add_route("/static/{name}", _Static())
    return made


def _resource(methods: dict[str, Route]) -> Any:
    """A Falcon resource with a responder for each method of one path."""
    responders = {}
    for method, route in methods.items():

        def respond(
            _: Any, req: falcon.Request, resp: falcon.Response, *, _route: Route = route, **params: Any
        ) -> None:
            req.env[RESPOND](_route, req, resp, {name: str(value) for name, value in params.items()})

        responders[f"on_{method.lower()}"] = respond
    return type("Resource", (), responders)()


class _Static:
    def on_get(self, req: falcon.Request, resp: falcon.Response, name: str) -> None:
        req.env[STATIC].on_get(req, resp, name)
