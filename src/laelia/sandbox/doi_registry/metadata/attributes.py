"""The attributes of one DOI in the one form that is stored, from JSON or XML, today's or older.

Stored form: every list present, entries without nulls, publisher and affiliations as objects, the year a
number where it is one. What the API shows beside them (derived types, container …) is made when read.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from laelia.sandbox.doi_registry.metadata import shape, values, xml_reader

Attributes = dict[str, Any]
LISTS = (
    "creators", "titles", "subjects", "contributors", "dates", "alternateIdentifiers", "relatedIdentifiers",
    "relatedItems", "sizes", "formats", "rightsList", "descriptions", "geoLocations", "fundingReferences",
)  # fmt: skip
TEXTS = ("language", "version")
METADATA = (*LISTS, *TEXTS, "publisher", "publicationYear", "types", "container", "contentUrl")
_PLAIN_LISTS = (*shape.PLAIN_LISTS, "contentUrl")


class Fault(NamedTuple):
    """What is wrong with one attribute; `source` is the name DataCite's errors use, in snake case."""

    source: str
    title: str


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: "_" + found[1].lower(), name)


def from_xml(data: bytes) -> Attributes:
    """What DataCite makes of a deposited XML document: names completed, iDs as URIs, an Issued date."""
    found = xml_reader.read(data)
    for person in [*found.get("creators", []), *found.get("contributors", [])]:
        _identify(person)
        values.complete_name(person)
    if text := found.get("language"):
        found["language"] = values.language(text)
    dates = found.setdefault("dates", [])
    year = found.get("publicationYear")
    if year and not any(entry.get("dateType") == "Issued" for entry in dates):
        dates.append({"date": str(year), "dateType": "Issued"})
    return found


def _identify(person: Attributes) -> None:
    """Schemes ORCID and ROR spelt exactly so are normalised; of a value that is none the scheme stays."""
    for entry in person.get("nameIdentifiers", []):
        scheme = entry.get("nameIdentifierScheme")
        if scheme not in ("ORCID", "ROR"):
            continue
        given = entry.pop("nameIdentifier")
        uri = values.orcid_uri(given) if scheme == "ORCID" else values.ror_uri(given)
        entry["schemeUri"] = f"https://{scheme.lower()}.org"
        if uri:
            entry["nameIdentifier"] = uri


def from_json(given: Mapping[str, Any]) -> tuple[Attributes, list[Fault]]:
    """The metadata among the attributes of a request, in the stored form, and what has the wrong shape.

    Only attributes that were sent are in the answer; null empties one. Read-only and unknown ones are left
    out, as DataCite does.
    """
    given = dict(given)
    if "alternateIdentifiers" not in given and isinstance(given.get("identifiers"), list):
        given["alternateIdentifiers"] = [
            {"alternateIdentifier": i.get("identifier"), "alternateIdentifierType": i.get("identifierType")}
            if isinstance(i, Mapping)
            else i
            for i in given["identifiers"]
        ]
    found: Attributes = {}
    faults: list[Fault] = []
    for name in METADATA:
        if name in given:
            value, problem = _value(name, given[name])
            if problem:
                faults.append(Fault(snake(name), problem))
            else:
                found[name] = value
    return found, faults


def _value(name: str, value: Any) -> tuple[Any, str | None]:
    if name in _PLAIN_LISTS:
        if value is None or (isinstance(value, list) and all(isinstance(v, str) for v in value)):
            return list(value or []), None
        return None, f"{name} should be an array of strings"
    if name in LISTS:
        return _objects(name, value)
    if name == "publisher":
        if value is None or isinstance(value, Mapping):
            return _without_nulls(value) if value else None, None
        return ({"name": value} if value else None, None) if isinstance(value, str) else (None, _text(name))
    if name in ("types", "container"):
        ok = value is None or isinstance(value, Mapping)
        return (_without_nulls(value or {}), None) if ok else (None, f"{name} should be an object")
    if name == "publicationYear":
        if isinstance(value, str) and value.strip().isdecimal():
            value = int(value)
        ok = value is None or (isinstance(value, int | str) and not isinstance(value, bool))
        return (value, None) if ok else (None, "publicationYear should be a number")
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    ok = value is None or isinstance(value, str)
    return (value or None, None) if ok else (None, _text(name))


def _text(name: str) -> str:
    return f"{name} should be a string"


def _objects(name: str, value: Any) -> tuple[Any, str | None]:
    if value is None:
        return [], None
    if not isinstance(value, list) or not all(isinstance(entry, Mapping) for entry in value):
        return None, f"{name} should be an array of objects"
    entries = [_without_nulls(entry) for entry in value]
    for entry in entries:
        if problem := _person(name, entry) or _nested(entry):
            return None, f"{name}: {problem}"
        if name == "relatedItems":
            for people in ("creators", "contributors", "titles"):
                entry[people], problem = _objects(people, entry.get(people))
                if problem:
                    return None, f"{name}: {problem}"
    return [entry for entry in entries if entry], None


def _person(name: str, entry: Attributes) -> str | None:
    """Put the lists of a creator or contributor into the stored form; answers what is wrong, if anything."""
    if name not in ("creators", "contributors"):
        return None
    for inner in ("nameIdentifiers", "affiliation"):
        items = entry.get(inner, [])
        if not isinstance(items, list):
            return f"{inner} should be an array"
        if inner == "affiliation":
            items = [{"name": i} if isinstance(i, str) else i for i in items if i]
        if not all(isinstance(i, Mapping) for i in items):
            return f"{inner} should be an array of objects"
        entry[inner] = items
    return None


def _nested(entry: Attributes) -> str | None:
    """Objects within an entry must be objects, and an outline a list of named points (or of such lists)."""
    for key in ("geoLocationPoint", "geoLocationBox", "relatedItemIdentifier"):
        if key in entry and not isinstance(entry[key], Mapping):
            return f"{key} should be an object"
    outline = entry.get("geoLocationPolygon", [])
    if not isinstance(outline, list):
        return "geoLocationPolygon should be an array"
    for polygon in outline if outline and isinstance(outline[0], list) else [outline]:
        if not isinstance(polygon, list):
            return "geoLocationPolygon should be an array of points or of such arrays"
        for point in polygon:
            if not isinstance(point, Mapping) or not all(isinstance(p, Mapping) for p in point.values()):
                return "each point of a geoLocationPolygon should be an object"
    return None


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _without_nulls(v) for k, v in value.items() if v is not None}
    return [_without_nulls(v) for v in value] if isinstance(value, list) else value


def modernise(given: Any) -> Any:
    """Names and shapes of DataCite's older JSON (hyphens, `type`/`id` of a creator) in today's form."""
    if isinstance(given, list):
        return [modernise(entry) for entry in given]
    if not isinstance(given, Mapping):
        return given
    found = {
        re.sub(r"-([a-z])", lambda f: f[1].upper(), key): modernise(value) for key, value in given.items()
    }
    if found.get("type") in ("Person", "Organization") and "name" in found:
        found.setdefault("nameType", "Personal" if found.pop("type") == "Person" else "Organizational")
        uri = values.orcid_uri(str(found.pop("id", "")))
        if uri and not found.get("nameIdentifiers"):
            found["nameIdentifiers"] = [
                {"nameIdentifier": uri, "nameIdentifierScheme": "ORCID", "schemeUri": "https://orcid.org"}
            ]
    return found
