"""From bytes to what they say: XML or JSON, of which version and of which kind.

Namespaces do not tell the version, and JSON not even the kind. So the version is the one in which most of the
document is understood, the kind that of its root element or, in JSON, of its path, its name and its keys.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from lxml import etree

from laelia.codec import json as json_codec
from laelia.codec import xml as xml_codec
from laelia.codec.xml_reader import local
from laelia.model.activities import ActivitiesSummary
from laelia.model.language import V2_0, V2_1, V3_0, VERSIONS, Entity, Version, describe, json_keys, shape
from laelia.model.person import Biography, Email, Emails, Name, Person, PersonalDetails
from laelia.model.problems import Problem
from laelia.model.record import History, Preferences, Record
from laelia.model.sections import SECTIONS
from laelia.model.vocabulary import Vocabulary
from laelia.model.work import WorkBulk
from laelia.registry.bulk.records.report import Refused

WHOLES: tuple[type[Entity], ...] = (
    Record,
    Person,
    PersonalDetails,
    ActivitiesSummary,
    Name,
    Biography,
    Emails,
    Email,
    History,
    Preferences,
    WorkBulk,
)
KINDS: tuple[type[Entity], ...] = (
    *WHOLES,
    *(kind for s in SECTIONS for kind in dict.fromkeys((s.entity, s.container, s.summary))),
)
"""Every kind of document that can be loaded."""

_ROOTS = {f"{shape(kind).ns}:{shape(kind).name}": kind for kind in reversed(KINDS)}
_NAMED: dict[str, tuple[type[Entity], ...]] = {
    "record": (Record,), "person": (Person,), "personal-details": (PersonalDetails,), "name": (Name,),
    "activities": (ActivitiesSummary,), "biography": (Biography,), "email": (Email, Emails),
    "emails": (Emails,), "history": (History,), "preferences": (Preferences,), "bulk": (WorkBulk,),
    **{
        word: (s.entity, s.container, s.summary)
        for s in SECTIONS for word in (s.name, s.noun, s.item_path, s.list_path)
    },
}  # fmt: skip
"""What a word in a document's path, or in the name of its file, says of its kind."""
_PATH = re.compile(r"/[\dX-]{19}/([a-z-]+)(/.*)?")
_VERSION = re.compile(r"(?<![\d.])(2\.0|2\.1|3\.0)(?![\d.]\d)")
_ZERO = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_SCHEMA_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
_WORD = re.compile(rf"(?<![a-z])({'|'.join(sorted(_NAMED, key=len, reverse=True))})(?![a-z])")


@dataclass(frozen=True)
class Document:
    """What a document says. `breach` is the first thing in it that its version's schema forbids."""

    entity: Entity
    version: Version
    breach: str | None


def read(data: bytes, name: str = "", version: Version | None = None) -> Document:
    """Read a document; `name` is that of its file, `version` what the caller knows. Raises Refused: broken,
    unknown."""
    plain = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if plain[:1] == b"<" or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _xml(data, name, version)
    if plain[:1] == b"{":
        return _json(plain, name, version)
    raise Refused("broken", "it is neither XML nor JSON")


def _xml(data: bytes, name: str, version: Version | None) -> Document:
    try:
        root = xml_codec.parse(data)
    except Problem as problem:
        raise Refused("broken", problem.detail) from None
    kind = _ROOTS.get(local(root))
    if kind is None:
        raise Refused("unknown", f"a document with the root element {local(root)} is no part of a record")
    return _best(kind, root, version, _hint(root.get(_SCHEMA_LOCATION, "")) or _hint(name))


def _json(data: bytes, name: str, version: Version | None) -> Document:
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Refused("broken", f"it is no JSON: {error}") from None
    if _ZERO.search(data):
        raise Refused("value", "it holds a zero character, which no database keeps and no XML can write")
    return _best(kind_of(document, name), document, version, _hint(name))


def _hint(text: str) -> Version | None:
    """The version that stands in the name of a file or a schema."""
    found = _VERSION.search(text.rpartition("/")[2])
    return VERSIONS[found[1]] if found is not None else None


@dataclass(frozen=True)
class _Read:
    entity: Entity | None
    breach: str | None


def _best(kind: type[Entity], source: Any, version: Version | None, hint: Version | None) -> Document:
    """Read in the version that is told; else in 3.0 if its schema takes it, else in the version in which most
    is understood.

    What 3.0 has in common with 2.1 is taken as 2.1 says it, so that it does not deny what 2.1 has no word
    for. 2.0 and 2.1 differ in the scheme of addresses only, which is not kept.
    """
    first = version or V3_0
    read = {first: _read(kind, source, first)}
    older = [one for one in (V2_1, V2_0) if version is None and shape(kind).since.order <= one.order]
    if older and not read[V3_0].breach:
        entity = read[V3_0].entity
        if _understood(entity, V3_0) == _understood(entity, V2_1):
            read = {hint or V2_1: read[V3_0]}
    elif older:
        read |= {one: _read(kind, source, one) for one in older}

    def fit(one: Version) -> tuple[Any, ...]:
        return _understood(read[one].entity, one), not read[one].breach, one is hint, -one.order

    best = max(read, key=fit)
    found = read[best]
    if found.entity is None:
        raise Refused("broken", found.breach or "")
    return Document(found.entity, best, found.breach)


def _read(kind: type[Entity], source: Any, version: Version) -> _Read:
    """The entity and its breach of the schema; no entity where not even plain values can be read."""
    codec: Any = xml_codec.from_root if isinstance(source, etree._Element) else json_codec.from_document
    breach = None
    for strict in (True, False):
        try:
            return _Read(codec(kind, source, version, strict=strict), breach)
        except Problem as problem:
            breach = breach or problem.developer_message
    return _Read(None, breach)


def _understood(entity: Entity | None, version: Version) -> int:
    """How many values were read that mean something in this version."""
    if entity is None:
        return -1
    count = 0
    for name, field in describe(type(entity), version):
        value = getattr(entity, name)
        for one in value if isinstance(value, list) else (value,):
            if isinstance(one, Entity):
                count += 1 + _understood(one, version)
            elif one is not None and _means(field.type, one, version):
                count += 1
    return count


def _means(kind: Any, value: Any, version: Version) -> bool:
    return not isinstance(kind, Vocabulary) or value in _terms(kind, version)


@cache
def _terms(kind: Vocabulary, version: Version) -> frozenset[str]:
    return frozenset(kind.readable(version, "xml").values())


def kind_of(document: Any, name: str) -> type[Entity]:
    """Of which kind a JSON document is: what its path or its name says, and whose keys it has."""
    if not isinstance(document, dict):
        raise Refused("unknown", "a document of a record is a JSON object")
    path = document.get("path")
    told = _PATH.fullmatch(path) if isinstance(path, str) else None
    named = _WORD.search(told[1] if told is not None else name.rpartition("/")[2])
    near = _nearest(document.keys(), _NAMED[named[1]]) if named is not None else []
    if not near and len(near := _nearest(document.keys(), KINDS)) > 1:
        raise Refused("unknown", f"it may be {' or '.join(shape(kind).name for kind in near)}")
    if not near:
        raise Refused("unknown", "its keys are not those of a record or of one part of it")
    return near[0]


def _nearest(keys: Iterable[str], kinds: Iterable[type[Entity]]) -> list[type[Entity]]:
    """The kinds that differ least in their keys; none if half of them are others."""
    found = set(keys)
    far = {kind: min(len(found ^ known) for known in _keys(kind)) for kind in kinds}
    least = min(far.values())
    return [kind for kind, distance in far.items() if distance == least and least * 2 < len(found)]


@cache
def _keys(kind: type[Entity]) -> tuple[frozenset[str], ...]:
    versions = [one for one in (V3_0, V2_1) if shape(kind).since.order <= one.order]
    return tuple(frozenset(f.key for _, f in json_keys(kind, one)) for one in versions)
