"""What integrators build against: OpenAPI and XML Schema of each version, made from the declarations, and the
page on which both are read and tried."""

from collections.abc import Callable, Iterator
from functools import cache, lru_cache

import orjson

from laelia.codec import found_schema, xsd
from laelia.codec.openapi import Json
from laelia.lib.web.core import JSON, OPEN, Call, Reply, Route, WebProblem, json_reply, page, redirect
from laelia.model.language import VERSIONS, Version
from laelia.registry.api.description import browse
from laelia.registry.api.description.document import document
from laelia.registry.api.operation import PREFIXES
from laelia.registry.api.operations import OPERATIONS
from laelia.registry.edge import CORS
from laelia.registry.settings import Settings

XML = "application/xml; charset=utf-8"
_HEADERS = {"Cache-Control": "public, max-age=3600", **CORS}
_PAGE, _DATA = "text/html", "application/json"


def _described(version: Version, api: str | None) -> Callable[[Call], Reply]:
    def handle(call: Call) -> Reply:
        """GET /v{version}/openapi.json, and below /pub and /api."""
        body, _ = _documents(version, api, call.service.settings)
        return Reply(200, body, dict(_HEADERS), JSON)

    return handle


def _browsed(version: Version, api: str | None) -> Callable[[Call], Reply]:
    def handle(call: Call) -> Reply:
        """GET /v{version}: the page, and for programs the way to the description."""
        _, described = _documents(version, api, call.service.settings)
        if call.req.client_prefers((_PAGE, _DATA)) == _DATA:
            return redirect(f"{described.path}/openapi.json", 302)
        return page(call, "api.html", api=described)

    return handle


@lru_cache(16)
def _documents(version: Version, api: str | None, settings: Settings) -> tuple[bytes, browse.Described]:
    made: Json = document(OPERATIONS, version, api, settings)
    return orjson.dumps(made), browse.described(made, version, api, settings.error_pages)


def moved(call: Call) -> Reply:
    """GET /resources/{version}/openapi.json, where the description was."""
    return Reply(301, b"", {"Location": f"/v{_version(call)}/openapi.json", **_HEADERS})


def schemas(call: Call) -> Reply:
    """GET /resources/{version}/xsd: the names of the files."""
    version = _version(call)
    names = sorted(files(version, call.service.settings.ids))
    if call.req.client_prefers((_PAGE, _DATA)) == _DATA:
        return json_reply({"xsd": [f"/resources/{version}/xsd/{name}" for name in names]}, 200, _HEADERS)
    return page(call, "schemas.html", version=version, names=names)


def schema(call: Call) -> Reply:
    """GET /resources/{version}/xsd/{name}: one file of the version's schema; they import one another."""
    known = files(_version(call), call.service.settings.ids)
    name = call.params["name"]
    if name not in known:
        raise WebProblem(404, "No such schema", f"There are: {', '.join(sorted(known))}.")
    return Reply(200, known[name].encode(), dict(_HEADERS), XML)


def _version(call: Call) -> str:
    name = call.params["version"]
    if name not in VERSIONS:
        raise WebProblem(404, "No such version", f"There are: {', '.join(VERSIONS)}.")
    return name


@cache
def files(version: str, id_base: str) -> dict[str, str]:
    """The version's schema by file name: of the model, and of what a search finds."""
    of = VERSIONS[version]
    return {**xsd.schema(of, id_base), **found_schema.schema(of)}


def _routes() -> Iterator[Route]:
    for prefix, api in PREFIXES:
        for version in VERSIONS.values():
            at = f"{prefix}/v{version}"
            yield Route("GET", at, _browsed(version, api), OPEN)
            path = f"{at}/openapi.json"
            yield Route("GET", path, _described(version, api), OPEN, tx="none", session=False)


routes = [
    *_routes(),
    Route("GET", "/resources/{version}/openapi.json", moved, OPEN, tx="none", session=False),
    Route("GET", "/resources/{version}/xsd", schemas, OPEN),
    Route("GET", "/resources/{version}/xsd/{name}", schema, OPEN, tx="none", session=False),
]
