"""What integrators build against: OpenAPI and XML Schema of each version, made from the declarations."""

from functools import cache

import orjson

from laelia.codec import openapi, xsd
from laelia.lib.web.core import JSON, OPEN, Call, Reply, Route, WebProblem
from laelia.model.language import VERSIONS

XML = "application/xml; charset=utf-8"
_HEADERS = {"Cache-Control": "public, max-age=3600", "Access-Control-Allow-Origin": "*"}


def described(call: Call) -> Reply:
    """GET /resources/{version}/openapi.json"""
    settings = call.service.settings
    return Reply(200, _openapi(_version(call), settings.member_api), dict(_HEADERS), JSON)


def schema(call: Call) -> Reply:
    """GET /resources/{version}/xsd/{name}: one file of the version's schema; they import one another."""
    files = _schemas(_version(call), call.service.settings.ids)
    name = call.params["name"]
    if name not in files:
        raise WebProblem(404, "No such schema", f"There are: {', '.join(sorted(files))}.")
    return Reply(200, files[name].encode(), dict(_HEADERS), XML)


def _version(call: Call) -> str:
    name = call.params["version"]
    if name not in VERSIONS:
        raise WebProblem(404, "No such version", f"There are: {', '.join(VERSIONS)}.")
    return name


@cache
def _openapi(version: str, server: str) -> bytes:
    return orjson.dumps(openapi.document(VERSIONS[version], f"{server}/v{version}"))


@cache
def _schemas(version: str, id_base: str) -> dict[str, str]:
    return xsd.schema(VERSIONS[version], id_base)


routes = [
    Route("GET", "/resources/{version}/openapi.json", described, OPEN, tx="none", session=False),
    Route("GET", "/resources/{version}/xsd/{name}", schema, OPEN, tx="none", session=False),
]
