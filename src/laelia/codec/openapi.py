"""OpenAPI 3.1 from the same declarations: schemas from `describe`, paths from the sections table."""

from __future__ import annotations

from typing import Any

from laelia.codec.media import DOCUMENTS
from laelia.model.language import Entity, Field, Scalar, Version, is_entity, json_keys
from laelia.model.other import Error
from laelia.model.person import Person, PersonalDetails
from laelia.model.record import Record
from laelia.model.sections import SECTIONS, Section
from laelia.model.vocabulary import Vocabulary

Json = dict[str, Any]


def document(version: Version, server: str, title: str = "Laelia registry") -> Json:
    """The description of one version of the API, served at `server` (with the version in its path)."""
    components: Json = {}
    paths: Json = {
        "/{orcid}": {"get": _read(Record, "The whole record", version, components)},
        "/{orcid}/record": {"get": _read(Record, "The whole record", version, components)},
        "/{orcid}/person": {"get": _read(Person, "The person", version, components)},
        "/{orcid}/personal-details": {
            "get": _read(PersonalDetails, "Names and biography", version, components)
        },
    }
    for section in SECTIONS:
        if section.lives_in(version):
            paths |= _section(section, version, components)
    for path, operations in paths.items():
        operations["parameters"] = _parameters(path)
    schema_of(Error, version, components)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version.name},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def schema_of(cls: type[Entity], version: Version, components: Json) -> Json:
    """A reference to the schema of an entity, which is added to `components` with all it is made of."""
    if cls.__name__ not in components:
        components[cls.__name__] = {}
        pairs = json_keys(cls, version)
        made: Json = {
            "type": "object",
            "properties": {f.key: _property(f, version, components) for _, f in pairs},
            "additionalProperties": False,
        }
        required = [f.key for _, f in pairs if f.required and not f.is_list]
        if required:
            made["required"] = required
        components[cls.__name__] = made
    return {"$ref": f"#/components/schemas/{cls.__name__}"}


def _property(f: Field, version: Version, components: Json) -> Json:
    if f.type is Scalar.NONE:
        return {"type": "array", "maxItems": 0} if f.many else {"type": "null"}
    if f.choice:
        kinds = [
            {"type": "object", "properties": {key: schema_of(k, version, components)}, "required": [key]}
            for k, (_, key) in zip(f.type, f.choice, strict=True)
        ]
        return {"type": "array", "items": {"oneOf": kinds}}
    if f.is_list:
        members = {"type": "array", "items": schema_of(f.type, version, components)}
        if f.many or f.json_flat:
            return members
        return _or_null({"type": "object", "properties": {f.each: members}, "additionalProperties": False})
    if is_entity(f.type):
        return _or_null(schema_of(f.type, version, components))
    plain = _scalar(f, version)
    if not f.wrap:
        return plain if f.required else _or_null(plain)
    inside = {"value": plain} | ({"transient": {"const": True}} if f.transient else {})
    return _or_null({"type": "object", "properties": inside, "required": ["value"]})


def _or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def _scalar(f: Field, version: Version) -> Json:
    if isinstance(f.type, Vocabulary):
        if f.type.free_since_3 and version.order == 2:
            return {"type": "string"}
        spelled = (f.type.spell(term, version, "json") for term in f.type.terms)
        known = [*f.type.readable(version, "json"), *(term for term in spelled if term)]
        return {"type": "string", "enum": list(dict.fromkeys(known))}
    if f.type is bool:
        return {"type": "boolean"}
    if f.type is Scalar.INSTANT:
        return {"type": "integer", "description": "Milliseconds since 1970-01-01 UTC"}
    if f.type in (int, Scalar.INDEX) and not f.json_text:
        return {"type": "integer"}
    made: Json = {"type": "string"}
    if f.max:
        made["maxLength"] = f.max
    if f.pattern:
        made["pattern"] = f"^{f.pattern}$"
    elif not f.blank:
        made["pattern"] = r"\S"
    return made


def _section(section: Section, version: Version, components: Json) -> Json:
    """Every path of a section, with its verbs and the scopes they need."""
    item, create, update = section.item_path, section.create_scopes, section.update_scopes
    read = section.read_scope
    found: Json = {
        f"/{{orcid}}/{section.name}": {
            "get": _read(section.container, f"All {section.name}, grouped", version, components, read)
        },
        f"/{{orcid}}/{item}": {"post": _write(section.entity, f"Add a {item}", version, components, create)},
        f"/{{orcid}}/{item}/{{put_code}}": {
            "get": _read(section.entity, f"A {item} in full", version, components, read),
            "put": _write(section.entity, f"Change a {item}", version, components, update, answers=True),
            "delete": _operation(f"Delete a {item}", {"204": {"description": "Deleted"}}, update),
        },
        f"/{{orcid}}/{item}/summary/{{put_code}}": {
            "get": _read(section.summary, f"The summary of a {item}", version, components, read)
        },
    }
    if section.bulk:
        several = f"Several {section.name}"
        found[f"/{{orcid}}/{section.name}"]["post"] = _write(
            section.bulk, f"Add several {section.name}", version, components, create, answers=True
        )
        found[f"/{{orcid}}/{section.name}/{{put_codes}}"] = {
            "get": _read(section.bulk, several, version, components, read)
        }
    return found


def _read(
    cls: type[Entity], summary: str, version: Version, components: Json, scope: str | None = None
) -> Json:
    found = {"200": {"description": summary, "content": _content(cls, version, components)}}
    return _operation(summary, found, (scope,) if scope else ())


def _write(
    cls: type[Entity],
    summary: str,
    version: Version,
    components: Json,
    scopes: tuple[str, ...],
    answers: bool = False,
) -> Json:
    content = _content(cls, version, components)
    if answers:
        found: Json = {"200": {"description": "As it is now", "content": content}}
    else:
        found = {"201": {"description": "Added", "headers": {"Location": {"schema": {"type": "string"}}}}}
    operation = _operation(summary, found, scopes)
    operation["requestBody"] = {"required": True, "content": content}
    return operation


def _operation(summary: str, responses: Json, scopes: tuple[str, ...]) -> Json:
    error = {"schema": {"$ref": "#/components/schemas/Error"}}
    problem = {"description": "A problem", "content": {kind: error for kind in DOCUMENTS if "json" in kind}}
    made: Json = {"summary": summary, "responses": {**responses, "default": problem}}
    made["security"] = [{"bearer": []}]
    if scopes:
        made["description"] = f"Needs one of the scopes {', '.join(scopes)}, or one that implies it."
    return made


def _content(cls: type[Entity], version: Version, components: Json) -> Json:
    reference = schema_of(cls, version, components)
    return {kind: {"schema": reference} if "json" in kind else {} for kind in DOCUMENTS}


def _parameters(path: str) -> list[Json]:
    kinds: dict[str, Json] = {
        "orcid": {"type": "string", "pattern": r"^(\d{4}-){3}\d{3}[\dX]$"},
        "put_code": {"type": "integer"},
        "put_codes": {"type": "string", "description": "Up to 100 put-codes, separated by commas"},
    }
    return [
        {"name": name, "in": "path", "required": True, "schema": kind}
        for name, kind in kinds.items()
        if f"{{{name}}}" in path
    ]
