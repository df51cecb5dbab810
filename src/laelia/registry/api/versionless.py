"""Paths without a version, or with one that is gone: led to the version that is served (orcid-api §0.1).
Unlike ORCID's, the query goes along.
"""

import re
from urllib.parse import quote

from laelia.lib.web.core import OPEN, Call, Reply, Route
from laelia.lib.web.problems import not_found
from laelia.model.language import VERSIONS
from laelia.model.problems import BadRequest, Problem, UnknownPath
from laelia.registry.api.versions import LATEST, retired
from laelia.registry.edge import ORCID, Renderer

_VERSION = re.compile(r"v(\d[^/]*)")
_PLAIN = "/,:@"  # stands in an address as it is


def led(call: Call) -> Reply:
    """GET of a path below an iD, or below a version that is not served."""
    first, rest = call.params["orcid"], quote(call.params["rest"], safe=_PLAIN)
    base = call.service.settings.public_api
    query = _query(call)
    named = _VERSION.fullmatch(first)
    if named is not None:
        if named[1] in VERSIONS:
            raise UnknownPath(path=call.req.path)
        return _answer(call, retired(named[1], call.service.settings, call.now))
    if not ORCID.fullmatch(first):
        raise not_found(call.req.path)
    return _found(f"{base}/v{LATEST}/{first}/{rest}{query}")


def led_to_register(call: Call) -> Reply:
    """GET of a list that no record owns, or of one in it."""
    settings = call.service.settings
    base = settings.member_api if call.route.path.startswith(GROUPS) else settings.public_api
    return _found(f"{base}/v{LATEST}{quote(call.req.path, safe=_PLAIN)}{_query(call)}")


def _found(location: str) -> Reply:
    return Reply(302, b"", {"Location": location, "Cache-Control": "no-store"})


def _query(call: Call) -> str:
    return f"?{call.req.query_string}" if call.req.query_string else ""


def refused(call: Call) -> Reply:
    """A write must name its version: leading it on could change what it means."""
    first = call.params["orcid"]
    named = _VERSION.fullmatch(first)
    if named is not None and named[1] not in VERSIONS:
        return _answer(call, retired(named[1], call.service.settings, call.now))
    if named is None and ORCID.fullmatch(first):
        return unversioned(call)
    raise UnknownPath(path=call.req.path) if named else not_found(call.req.path)


def unversioned(call: Call) -> Reply:
    """The answer to a write that names no version (9012)."""
    said = f"{call.method} needs a version in its path: /v{LATEST}{call.req.path}."
    return _answer(call, BadRequest(said))


def _answer(call: Call, problem: Problem) -> Reply:
    """The API's own answer, though the path is none of its routes."""
    return Renderer(call.service.settings).answer(problem, call.req, call.route)


_BELOW = "/{orcid}/{rest:path}"
_WRITES = ("POST", "PUT", "DELETE")
GROUPS = "/group-id-record"
_REGISTERS = (
    "/expanded-search",
    "/csv-search",
    GROUPS,
    GROUPS + "/{put_code}",
    "/client/{client_id}",
    "/identifiers",
)
routes = [
    Route("GET", _BELOW, led, OPEN, tx="none", session=False),
    *(Route(method, _BELOW, refused, OPEN, tx="none", session=False) for method in _WRITES),
    *(Route("GET", path, led_to_register, OPEN, tx="none", session=False) for path in _REGISTERS),
    *(
        Route(method, path, unversioned, OPEN, tx="none", session=False)
        for path in _REGISTERS
        for method in _WRITES
    ),
]
