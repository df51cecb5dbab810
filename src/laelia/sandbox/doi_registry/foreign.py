"""Documents from elsewhere read into one form: JSON:API, bare attributes, or DataCite XML."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson

from laelia.sandbox.doi_registry.metadata import attributes as shapes
from laelia.sandbox.doi_registry.metadata import values
from laelia.sandbox.doi_registry.metadata.attributes import Attributes
from laelia.sandbox.doi_registry.metadata.vocabularies import NAMESPACE
from laelia.sandbox.doi_registry.metadata.xml_reader import Unreadable
from laelia.sandbox.doi_registry.query import dates
from laelia.sandbox.doi_registry.store import Origin

_STATES = ("draft", "registered", "findable")
# Of several documents for one DOI the one of greatest rank is filed. JSON:API, which carries state, URL,
# times and owner, goes before all; then the one that names more creators' iDs; then the newer schema.
_JSON_API = 1_000_000_000
_IDENTIFIER = 1_000


class Refused(Exception):
    """A document that can't be filed; the text is the reason."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """One DOI as a foreign document tells it."""

    doi: str
    attributes: Attributes
    origin: Origin
    state: str = "findable"
    url: str | None = None
    xml: bytes | None = None
    schema_version: str = NAMESPACE
    metadata_version: int = 0
    source: str | None = None
    client_id: str | None = None
    provider_id: str | None = None
    created: int | None = None
    registered: int | None = None


def read_xml(data: bytes, name: str) -> Document:
    try:
        found = shapes.from_xml(data)
    except Unreadable as wrong:
        raise Refused(str(wrong)) from wrong
    doi = _doi(found.pop("doi", ""))
    schema = found.pop("schemaVersion")
    _says_something(found)
    origin = Origin(name, _rank(found, data), sha256(data).hexdigest())
    return Document(doi=doi, attributes=_whole(found), xml=data, schema_version=schema, origin=origin)


def read_json(data: bytes, name: str) -> "Iterator[Document | Refused]":
    """One document, or each of a list; a list goes on past one that is refused."""
    try:
        parsed = orjson.loads(data)
    except orjson.JSONDecodeError as wrong:
        raise Refused(f"not JSON: {wrong}") from wrong
    entries = parsed
    if isinstance(parsed, Mapping) and "data" in parsed:
        entries = parsed["data"]
    if not isinstance(entries, list):
        yield _json(entries, name)
        return
    for number, entry in enumerate(entries, 1):
        try:
            yield _json(entry, f"{name} entry {number}")
        except Refused as reason:
            yield Refused(f"entry {number}: {reason}")


def _json(entry: Any, name: str) -> Document:
    if not isinstance(entry, Mapping):
        raise Refused("neither a JSON:API document nor an object of attributes")
    digest = sha256(orjson.dumps(entry, option=orjson.OPT_SORT_KEYS)).hexdigest()
    resource = isinstance(entry.get("attributes"), Mapping)
    given = shapes.modernise(entry["attributes"] if resource else entry)
    metadata, faults = shapes.from_json(given)
    if faults:
        raise Refused("; ".join(fault.title for fault in faults))
    xml, from_xml = _xml(given.get("xml"))
    if not (metadata.get("titles") or metadata.get("creators")):
        metadata = {name: from_xml[name] for name in shapes.METADATA if name in from_xml} | {
            name: value for name, value in metadata.items() if value
        }
    _says_something(metadata)
    metadata["alternateIdentifiers"] = [
        i for i in metadata.get("alternateIdentifiers", []) if i.get("alternateIdentifierType") != "DOI"
    ]
    schema = _string(given.get("schemaVersion")) or from_xml.get("schemaVersion") or NAMESPACE
    identifier = given.get("doi") or (entry.get("id") if resource else _own_doi(given))
    return Document(
        doi=_doi(str(identifier or from_xml.get("doi") or "")),
        attributes=_whole(metadata),
        xml=xml,
        state=_state(given.get("state")),
        url=_string(given.get("url")),
        schema_version=schema,
        metadata_version=_count(given.get("metadataVersion")),
        source=_string(given.get("source")),
        client_id=_relation(entry, "client") if resource else None,
        provider_id=_relation(entry, "provider") if resource else None,
        created=_time(given.get("created")),
        registered=_time(given.get("registered")),
        origin=Origin(name, _JSON_API if resource else _rank(metadata, schema.encode()), digest),
    )


def _rank(metadata: Attributes, head: bytes) -> int:
    """The schema's version is read from its location, which XML names at its beginning, or its namespace."""
    named = sum(
        str(identifier.get("nameIdentifierScheme")).upper() == "ORCID"
        for person in metadata.get("creators", [])
        for identifier in person.get("nameIdentifiers", [])
    )
    versions = re.findall(rb"kernel-(\d)(?:\.(\d))?", head[:2000])
    newest = max((int(major) * 10 + int(minor or 0) for major, minor in versions), default=0)
    return named * _IDENTIFIER + newest


def _own_doi(given: Mapping[str, Any]) -> str | None:
    """Attributes without `doi` may name it as an identifier of type DOI, or by an id that is its URL."""
    for entry in given.get("identifiers") or []:
        if isinstance(entry, Mapping) and entry.get("identifierType") == "DOI":
            return str(entry.get("identifier") or "")
    identifier = str(given.get("id") or "")
    return identifier if "doi.org/" in identifier else None


def _doi(text: str) -> str:
    doi = values.bare_doi(text)
    if not doi:
        raise Refused("it names no DOI")
    if not values.ANY_DOI.match(doi) or len(doi) > 500 or not doi.isprintable():
        raise Refused(f"{text[:200]!r} is no DOI")
    return doi


def _says_something(metadata: Attributes) -> None:
    missing = [name for name in ("creators", "titles") if not metadata.get(name)]
    if missing:
        raise Refused(f"no DataCite metadata: {' and '.join(missing)} missing")


def _whole(metadata: Attributes) -> Attributes:
    return {name: [] for name in shapes.LISTS} | {k: v for k, v in metadata.items() if v not in (None, {})}


def _xml(text: object) -> tuple[bytes | None, Attributes]:
    """The XML a JSON document carries. If it can't be read the attributes speak alone."""
    if not isinstance(text, str) or not text:
        return None, {}
    try:
        data = base64.b64decode(text)
        return data, shapes.from_xml(data)
    except (binascii.Error, Unreadable):
        return None, {}


def _state(value: object) -> str:
    if value is None:
        return "findable"
    if value not in _STATES:
        raise Refused(f"the state {value!r} is unknown: {', '.join(_STATES)}")
    return str(value)


def _string(value: object) -> str | None:
    return value.replace("\x00", "") if isinstance(value, str) and value else None


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 2**31 else 0


def _time(value: object) -> int | None:
    try:
        return dates.interval(str(value), 0)[0] if value else None
    except ValueError:
        return None


def _relation(entry: Mapping[str, Any], name: str) -> str | None:
    related = (entry.get("relationships") or {}).get(name) or {}
    target = related.get("data") if isinstance(related, Mapping) else None
    identifier = target.get("id") if isinstance(target, Mapping) else None
    return str(identifier).lower() if identifier else None
