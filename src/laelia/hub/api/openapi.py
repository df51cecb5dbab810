"""OpenAPI 3.1 of the API, made of the table of operations and the shapes that it names."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from laelia.client.hub.shapes import Assertion, Problem
from laelia.codec.openapi import WHERE, Schemas
from laelia.hub.api.operation import Operation
from laelia.hub.api.problems import KINDS, MEDIA
from laelia.model.language import V3_0
from laelia.model.sections import SECTIONS

Json = dict[str, Any]
_ABOUT = (
    "People, connect sessions and assertions of one organisation, for its own programs. Every refusal is a "
    "problem of RFC 9457, whose type leads to what to do about it. Answers to GET bear an ETag."
)
_ANYWHERE = ("invalid", "token", "scope", "not-found", "too-large", "too-many")
_PATH: Json = {
    "local_id": "The organisation's own id of a person, percent-encoded.",
    "section": f"One of {', '.join(one.name for one in SECTIONS)}.",
    "key": "The organisation's own key of the item.",
    "session": "The id of a connect session.",
    "orcid": "An iD.",
}


def document(table: Sequence[Operation], server: str, token_url: str) -> Json:
    """The whole description of the API below `server`."""
    schemas = Schemas(V3_0)
    item = {"anyOf": [schemas.sent(one.entity) for one in SECTIONS]}
    shapes = [one.gives for one in table if one.gives is not None]
    shapes += [one.takes for one in table if isinstance(one.takes, type)]
    _, made = msgspec.json.schema_components([*shapes, Problem], ref_template=f"{WHERE}{{name}}")
    made[Assertion.__name__]["properties"]["item"] = {
        "description": "The item wanted, as ORCID 3.0 JSON. Not in lists.",
        "anyOf": [{"type": "null"}, *(schemas.answered(one.entity) for one in SECTIONS)],
    }
    paths: Json = {}
    for one in table:
        at = paths.setdefault(one.shown, {"parameters": _in_path(one.shown)} if "{" in one.shown else {})
        at[one.method.lower()] = _operation(one, item)
    scopes = {"read": "look at everything", "write": "say, send, put and withdraw"}
    flow = {"clientCredentials": {"tokenUrl": token_url, "scopes": scopes}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Laelia hub", "version": "1", "description": _ABOUT},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted({**schemas.components, **made}.items())),
            "securitySchemes": {"program": {"type": "oauth2", "flows": flow}},
        },
    }


def _in_path(path: str) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "description": _PATH[name],
         "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]  # fmt: skip


def _operation(one: Operation, item: Json) -> Json:
    made: Json = {"operationId": one.name, "summary": one.summary}
    if one.about:
        made["description"] = one.about
    made["security"] = [{"program": [one.scope]}]
    query: list[Json] = [
        {"name": each.name, "in": "query", "description": each.about, "schema": dict(each.schema)}
        for each in one.query
    ]
    if one.conditional:
        query.append(_header("If-None-Match", "The ETag of what is known already."))
    if "changed" in one.kinds:
        query.append(_header("If-Match", "Only if it is still what bore this ETag."))
    if query:
        made["parameters"] = query
    if one.takes is not None:
        schema = item if isinstance(one.takes, str) else {"$ref": f"{WHERE}{one.takes.__name__}"}
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    made["responses"] = _responses(one)
    return made


def _responses(one: Operation) -> Json:
    made: Json = {}
    for status, when in one.statuses.items():
        made[str(status)] = {"description": when}
        if one.gives is not None:
            schema = {"$ref": f"{WHERE}{one.gives.__name__}"}
            made[str(status)]["content"] = {"application/json": {"schema": schema}}
            made[str(status)]["headers"] = {"ETag": {"schema": {"type": "string"}}}
    if one.conditional:
        made["304"] = {"description": "It is what the program knows."}
    kinds = [*one.kinds, *_ANYWHERE]
    for status in sorted({KINDS[kind].status for kind in kinds}):
        told = [f"{kind}: {KINDS[kind].title}." for kind in kinds if KINDS[kind].status == status]
        made[str(status)] = {
            "description": " ".join(dict.fromkeys(told)),
            "content": {MEDIA: {"schema": {"$ref": f"{WHERE}Problem"}}},
        }
    return made


def _header(name: str, about: str) -> Json:
    return {"name": name, "in": "header", "description": about, "schema": {"type": "string"}}
