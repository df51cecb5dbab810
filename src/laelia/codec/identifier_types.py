"""The list of identifier types as bytes. It belongs to no schema: JSON has the keys of ORCID's, XML writes
elements of the same names, in a list that is ours (`identifierTypes` of `identifierType`, no namespace).
"""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from laelia.codec.scalar import stamp
from laelia.codec.xml_writer import escape
from laelia.model.identifiers import IdentifierType

Listed = Iterable[tuple[IdentifierType, int | None]]
"""Types with the time when they were added, in milliseconds; none for those that come with the package."""


def to_json(types: Listed) -> bytes:
    return orjson.dumps([_keys(one, created) for one, created in types])


def to_xml(types: Listed) -> bytes:
    lines = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', "<identifierTypes>"]
    for one, created in types:
        lines += ["    <identifierType>", *_elements(one, created), "    </identifierType>"]
    return "\n".join([*lines, "</identifierTypes>", ""]).encode()


def _keys(one: IdentifierType, created: int | None) -> dict[str, Any]:
    return {
        "name": one.name,
        "putCode": one.number,
        "description": one.label,
        "resolutionPrefix": one.prefix or None,
        "validationRegex": None,  # no type has one, neither there nor here
        "deprecated": False,
        "caseSensitive": one.case_sensitive,
        "primaryUse": "work",
        "dateCreated": created,
        "lastModified": created,
    }


def _elements(one: IdentifierType, created: int | None) -> Iterator[str]:
    for name, value in _keys(one, created).items():
        if value is None:
            continue
        if isinstance(value, bool):
            text = "true" if value else "false"
        else:
            text = stamp(value) if name in ("dateCreated", "lastModified") else escape(str(value))
        yield f"        <{name}>{text}</{name}>"


_TEXT, _NONE = {"type": "string"}, {"type": "null"}
_TIME: dict[str, Any] = {"anyOf": [{"type": "integer"}, _NONE]}
_SAID: dict[str, Any] = {
    "name": _TEXT,
    "putCode": {"type": "integer"},
    "description": _TEXT,
    "resolutionPrefix": {"anyOf": [_TEXT, _NONE]},
    "validationRegex": _NONE,
    "deprecated": {"type": "boolean"},
    "caseSensitive": {"type": "boolean"},
    "primaryUse": _TEXT,
    "dateCreated": _TIME,
    "lastModified": _TIME,
}
SCHEMA: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": _SAID,
        "required": list(_SAID),
        "additionalProperties": False,
    },
}
"""The list as JSON Schema."""
