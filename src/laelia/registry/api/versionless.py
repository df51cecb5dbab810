"""Paths without a version, or with one that is gone: led to the version that is served (orcid-api §0.1).
Unlike ORCID's, the query goes along.
"""

import re

from laelia.lib.web.core import OPEN, Call, Reply, Route
from laelia.lib.web.problems import not_found
from laelia.model.language import VERSIONS
from laelia.model.problems import BadRequest, Problem, UnknownPath
from laelia.registry.api.versions import LATEST, retired
from laelia.registry.edge import ORCID, Renderer

_VERSION = re.compile(r"v(\d[^/]*)")


def led(call: Call) -> Reply:
    """GET of a path below an iD, or below a version that is not served."""
    first, rest = call.params["orcid"], call.params["rest"]
    base = call.service.settings.public_api
    query = f"?{call.req.query_string}" if call.req.query_string else ""
    named = _VERSION.fullmatch(first)
    if named is not None:
        if named[1] in VERSIONS:
            raise UnknownPath(path=call.req.path)
        return _answer(call, retired(named[1], call.service.settings, call.now))
    if not ORCID.fullmatch(first):
        raise not_found(call.req.path)
    return Reply(
        302, b"", {"Location": f"{base}/v{LATEST}/{first}/{rest}{query}", "Cache-Control": "no-store"}
    )


def refused(call: Call) -> Reply:
    """A write must name its version: leading it on could change what it means."""
    first = call.params["orcid"]
    named = _VERSION.fullmatch(first)
    if named is not None and named[1] not in VERSIONS:
        return _answer(call, retired(named[1], call.service.settings, call.now))
    if named is None and ORCID.fullmatch(first):
        said = f"{call.method} needs a version in its path: /v{LATEST}{call.req.path}."
        return _answer(call, BadRequest(said))
    raise UnknownPath(path=call.req.path) if named else not_found(call.req.path)


def _answer(call: Call, problem: Problem) -> Reply:
    """The API's own answer, though the path is none of its routes."""
    return Renderer(call.service.settings).answer(problem, call.req, call.route)


_BELOW = "/{orcid}/{rest:path}"
routes = [
    Route("GET", _BELOW, led, OPEN, tx="none", session=False),
    *(Route(method, _BELOW, refused, OPEN, tx="none", session=False) for method in ("POST", "PUT", "DELETE")),
]
