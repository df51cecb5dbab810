"""OpenAPI 3.1 of one version of the API, made from the table of operations and the declared entities.

Three documents for each version, as there are three prefixes: both APIs, the Public one, the Member one. What
is answered to an operation is in `answers`.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from laelia.codec.media import DOCUMENTS
from laelia.codec.openapi import Json
from laelia.model.language import Entity, Version, json_keys, shape
from laelia.registry.api.description import examples
from laelia.registry.api.description.answers import answers
from laelia.registry.api.description.subject import Subject
from laelia.registry.api.look import LARGEST
from laelia.registry.api.operation import Operation
from laelia.registry.settings import Settings

_ABOUT = """\
Records of researchers, in XML and JSON. Every status that can be answered is named, with the codes of its \
errors, and each code has a page of its own. Every answer bears `X-Request-Id`. HEAD is answered wherever \
GET is, OPTIONS with the preflight of CORS.

JSON may be sent a little looser than its schemas tell, as to ORCID: a single member for a list, bare text \
for `{"value": …}`, a number for text. No text may hold a character that XML can't carry, such as U+0000."""
_BEARER = "An access token from the token endpoint, in `Authorization: Bearer …`."

_NUMBER: Json = {"type": "integer", "format": "int64", "minimum": 0, "maximum": LARGEST}
_PATH: dict[str, Json] = {
    "orcid": {
        "description": "An iD.",
        "schema": {"type": "string", "pattern": r"^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$"},
    },
    "put_code": {"description": "The number of an item.", "schema": _NUMBER},
    "id": {"description": "The number of a notification.", "schema": _NUMBER},
    "client_id": {"description": "The id of a client, `APP-…`.", "schema": {"type": "string"}},
    "put_codes": {
        "description": "Up to 100 put-codes, separated by commas.",
        "schema": {"type": "string", "pattern": r"^\d{1,18}(,\d{1,18}){0,99}$"},
    },
}
_UNCHANGED: Json = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The `ETag` of what is known already.",
    "schema": {"type": "string"},
}


def document(table: Sequence[Operation], version: Version, api: str | None, settings: Settings) -> Json:
    """The whole description. `api` is public, member, or None for both under one address."""
    at = Subject(version, api, settings)
    here = [one for one in table if at.offers(one)]
    paths: Json = {}
    for one in here:
        path = path_of(one)
        item = paths.setdefault(path, {"parameters": _in_path(at, path)} if "{" in path else {})
        item[one.method.lower()] = _operation(at, one)
    return {
        "openapi": "3.1.0",
        "info": {"title": _title(at), "version": version.name, "description": _ABOUT + _end(at)},
        "externalDocs": {"description": "XML Schema", "url": f"{at.site}/resources/{version}/xsd"},
        "servers": [{"url": url} for url in at.servers],
        "tags": [{"name": name} for name in dict.fromkeys(tag_of(one) for one in here)],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(at.schemas.components.items())),
            "responses": at.responses,
            "parameters": at.parameters,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "description": _BEARER}},
        },
    }


def _title(at: Subject) -> str:
    name = {None: "API", "public": "Public API", "member": "Member API"}[at.api]
    return f"Laelia registry, {name}"


def _end(at: Subject) -> str:
    if at.life is None:
        return ""
    since, until = (
        datetime.fromtimestamp(ms / 1000, UTC).date() for ms in (at.life.deprecated, at.life.ends)
    )
    return f"\n\nThis version is deprecated since {since} and ends on {until}; then it leads to the next one."


def path_of(one: Operation) -> str:
    """The path as OpenAPI writes it; a Falcon converter (`{uri:path}`) is no part of it."""
    return re.sub(r"{(\w+):[^}]*}", r"{\1}", one.path)


def tag_of(one: Operation) -> str:
    """Under what an operation is described."""
    words = [word for word in one.path.split("/") if word and not word.startswith("{")]
    return one.tag or (one.section.name if one.section else words[0])


def id_of(one: Operation) -> str:
    words = re.findall(r"[\w-]+", path_of(one))
    return "_".join([one.method.lower(), *words]).replace("-", "_")


def _in_path(at: Subject, path: str) -> list[Json]:
    return [
        _shared_parameter(
            at,
            {"name": name, "in": "path", "required": True, **_PATH.get(name, {"schema": {"type": "string"}})},
        )
        for name in re.findall(r"{(\w+)}", path)
    ]


def _shared_parameter(at: Subject, parameter: Json) -> Json:
    at.parameters.setdefault(parameter["name"], parameter)
    return {"$ref": f"#/components/parameters/{parameter['name']}"}


def _operation(at: Subject, one: Operation) -> Json:
    made: Json = {
        "operationId": id_of(one),
        "tags": [tag_of(one)],
        "summary": one.summary,
        "description": " ".join(_sentences(at, one)),
        "security": [{}, {"bearer": []}] if at.is_open(one) else [{"bearer": []}],
        **({"deprecated": True} if at.life else {}),
    }
    if scopes := one.scopes or one.sees:
        made["x-scopes"] = list(scopes)
    query: list[Json] = [
        {"name": each.name, "in": "query", "description": each.about, "schema": each.schema}
        for each in one.query
    ]
    if at.is_tagged(one):
        query.append(_shared_parameter(at, _UNCHANGED))
    if query:
        made["parameters"] = query
    if one.takes is not None:
        made["requestBody"] = _taken(at, one, one.takes)
    made["responses"] = answers(at, one)
    return made


def _sentences(at: Subject, one: Operation) -> Iterator[str]:
    """Who may, in words."""
    if one.scopes:
        yield f"Needs {_any_of(one.scopes)}, or a scope that implies it."
    elif at.is_open(one):
        yield "Open to everybody."
    else:
        yield "Needs a member's token with `/read-public`."
    if one.sees and at.api != "public":
        yield f"A member with {_any_of(one.sees)} sees what is limited as well, and always what it added."


def _any_of(scopes: Sequence[str]) -> str:
    return " or ".join(f"`{scope}`" for scope in scopes)


def _taken(at: Subject, one: Operation, cls: type[Entity]) -> Json:
    """The body of a request in each form."""
    schema = at.schemas.sent(cls)
    if "put-code" in {f.key for _, f in json_keys(cls, at.version)}:
        schema = {**schema, **_PUT_CODE.get(one.method, {})}
    shown = examples.of(cls, at.version, changed=one.method == "PUT")
    content: Json = {}
    for kind in DOCUMENTS:
        content[kind] = {"schema": schema} if kind.endswith("json") else {}
        if shown is not None:
            content[kind]["example"] = shown.json if kind.endswith("json") else shown.xml
    said = f"JSON by its schema, or XML by {at.schema_of_xml(shape(cls).ns)}."
    return {"description": said, "required": True, "content": content}


_PUT_CODE: dict[str, Json] = {
    "POST": {"properties": {"put-code": {"type": "null"}}},
    "PUT": {"properties": {"put-code": {"type": "integer"}}, "required": ["put-code"]},
}
"""A new item has no put-code; a changed one bears that of its path."""
