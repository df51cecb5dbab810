"""Paths without a version, or with one that is gone: led to the version that is served (orcid-api §0.1).
Unlike ORCID's, the query goes along.
"""

import re
from urllib.parse import quote

from laelia.lib.web.core import OPEN, Call, Reply, Route
from laelia.lib.web.problems import not_found
from laelia.model.language import VERSIONS
from laelia.model.problems import BadRequest, RetiredVersion, UnknownPath
from laelia.registry.edge import ORCID, Renderer

_VERSION = re.compile(r"v(\d[^/]*)")
LATEST = "3.0"
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
        return _retired(call, named[1], rest, query)
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


def _retired(call: Call, version: str, rest: str, query: str) -> Reply:
    """308 to the version that took its place: the method is kept."""
    instead = next((v for v in ("2.0", "2.1") if version.startswith(v)), LATEST)
    problem = RetiredVersion(version=version, instead=instead)
    reply = Renderer(call.service.settings.more_info).answer(problem, call.req, call.route)
    reply.headers["Location"] = f"{call.service.settings.public_api}/v{instead}/{rest}{query}"
    return reply


def refused(call: Call) -> Reply:
    """A write must name its version: leading it on could change what it means."""
    first, rest = call.params["orcid"], quote(call.params["rest"], safe=_PLAIN)
    named = _VERSION.fullmatch(first)
    if named is not None and named[1] not in VERSIONS:
        return _retired(call, named[1], rest, "")
    if named is None and ORCID.fullmatch(first):
        return unversioned(call)
    raise UnknownPath(path=call.req.path) if named else not_found(call.req.path)


def unversioned(call: Call) -> Reply:
    """The answer to a write that names no version (9012)."""
    problem = BadRequest(f"{call.method} needs a version in its path: /v{LATEST}{call.req.path}.")
    return Renderer(call.service.settings.more_info).answer(problem, call.req, call.route)


_BELOW = "/{orcid}/{rest:path}"
_WRITES = ("POST", "PUT", "DELETE")
GROUPS = "/group-id-record"
_REGISTERS = (GROUPS, GROUPS + "/{put_code}", "/client/{client_id}", "/identifiers")
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
