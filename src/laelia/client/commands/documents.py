"""Files of items: a document of one, or a list of them, in JSON or XML."""

import codecs
import sys
from pathlib import Path
from typing import Any

import orjson

from laelia.client.commands.common import usage
from laelia.client.orcid.answers import problem
from laelia.codec import json, xml
from laelia.codec.xml_reader import qualified
from laelia.model.common import Item
from laelia.model.language import Entity, Version, shape
from laelia.model.other import Error
from laelia.model.problems import MalformedJson, Problem
from laelia.model.sections import Section

Read = tuple[str, Item | Problem]
"""Where an item stood, and the item or what was wrong with it."""


def read_all(section: Section, files: list[str], version: Version) -> list[Read]:
    """Every item of every file; a file that can't be opened ends the command before anything is sent."""
    found: list[Read] = []
    for name in files:
        items = read(section, _content(name), version)
        label = "stdin" if name == "-" else name
        alone = len(items) == 1
        found += [(label if alone else f"{label}[{at}]", item) for at, item in enumerate(items)]
    return found


def _content(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        usage(f"{name} can't be read: {error.strerror}")


def read(section: Section, data: bytes, version: Version) -> list[Item | Problem]:
    """The items of one document, read as strictly as a registry reads them: one item, a JSON list, or the
    envelope of several."""
    plain = data.removeprefix(codecs.BOM_UTF8)
    try:
        if plain.lstrip()[:1] == b"<":
            return _from_xml(section, plain, version)
        return _from_json(section, plain, version)
    except Problem as wrong:
        return [wrong]


def _from_xml(section: Section, data: bytes, version: Version) -> list[Item | Problem]:
    if section.bulk is not None and xml.parse(data).tag == _element(section.bulk):
        return _members(xml.decode(section.bulk, data, version))
    return [xml.decode(section.entity, data, version)]


def _from_json(section: Section, data: bytes, version: Version) -> list[Item | Problem]:
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise MalformedJson(f"{error}.") from None
    if section.bulk is not None and isinstance(document, dict) and document.keys() == {"bulk"}:
        return _members(json.from_document(section.bulk, document, version))
    if isinstance(document, list):
        return [_one(section, each, version) for each in document]
    return [_one(section, document, version)]


def _one(section: Section, document: Any, version: Version) -> Item | Problem:
    try:
        return json.from_document(section.entity, document, version)
    except Problem as wrong:
        return wrong


def _element(kind: type[Entity]) -> str:
    return qualified(shape(kind).ns, shape(kind).name)


def _members(envelope: Any) -> list[Item | Problem]:
    return [
        problem(one.error_code, one.response_code, one.developer_message) if isinstance(one, Error) else one
        for one in envelope.bulk
    ]
