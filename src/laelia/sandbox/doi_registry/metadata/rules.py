"""Is this metadata good enough to be registered? Required properties and lists of kernel 4.7.

A draft needs a DOI only; registered and findable need all that is checked here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from laelia.sandbox.doi_registry.metadata import vocabularies as v
from laelia.sandbox.doi_registry.metadata.attributes import Attributes, Fault

_URL = re.compile(r"^(ftp|http|https)://\S+$")
_REQUIRED_LISTS = {"creators": "name", "titles": "title"}
# list → ((key, allowed values, required in every entry), …)
_CODED: dict[str, tuple[tuple[str, frozenset[str], bool], ...]] = {
    "creators": (("nameType", v.NAME_TYPES, False),),
    "contributors": (("contributorType", v.CONTRIBUTOR_TYPES, True), ("nameType", v.NAME_TYPES, False)),
    "titles": (("titleType", v.TITLE_TYPES, False),),
    "dates": (("dateType", v.DATE_TYPES, True),),
    "descriptions": (("descriptionType", v.DESCRIPTION_TYPES, True),),
    "relatedIdentifiers": (
        ("relatedIdentifierType", v.RELATED_ID_TYPES, True),
        ("relationType", v.RELATION_TYPES, True),
        ("resourceTypeGeneral", v.RESOURCE_TYPES, False),
    ),
    "relatedItems": (
        ("relatedItemType", v.RESOURCE_TYPES, True),
        ("relationType", v.RELATION_TYPES, True),
        ("numberType", v.NUMBER_TYPES, False),
    ),
    "fundingReferences": (("funderIdentifierType", v.FUNDER_ID_TYPES, False),),
}
# Keys without which an entry says nothing.
_TEXT = {
    "contributors": "name",
    "subjects": "subject",
    "dates": "date",
    "descriptions": "description",
    "alternateIdentifiers": "alternateIdentifier",
    "relatedIdentifiers": "relatedIdentifier",
    "fundingReferences": "funderName",
}


def check(attributes: Attributes, url: str | None) -> list[Fault]:
    """Every fault of what is to be registered; an empty list when it may be."""
    return [
        *_url(url),
        *_required(attributes),
        *_coded(attributes),
        *_single(attributes),
        *_people(attributes),
        *_places(attributes),
    ]


def kernel_fault(schema_version: str | None) -> Fault | None:
    """Kernels before 4 are refused on write; documents that exist are only loaded."""
    if not schema_version or schema_version.startswith(v.NAMESPACE):
        return None
    if schema_version.startswith(v.KERNEL_PREFIX):
        return Fault("xml", f"Schema {schema_version} is no longer supported")
    return Fault("schema_version", f"Schema {schema_version} is unknown")


def _url(url: str | None) -> Iterator[Fault]:
    if not url:
        yield Fault("url", "Can't be blank")
    elif not _URL.match(url):
        yield Fault("url", "URL should begin with http://, https:// or ftp://")


def _required(a: Attributes) -> Iterator[Fault]:
    for name, key in _REQUIRED_LISTS.items():
        entries = a.get(name) or []
        if not entries:
            yield Fault(name, f"At least one of {name} is required")
        for number, entry in enumerate(entries, 1):
            if not str(entry.get(key) or "").strip():
                yield Fault(name, f"{name} {number}: {key} is required")
    publisher = a.get("publisher") or {}
    if not str(publisher.get("name") or "").strip():
        yield Fault("publisher", "A publisher is required")
    year = a.get("publicationYear")
    if year is None:
        yield Fault("publication_year", "A publication year is required")
    elif not re.fullmatch(r"\d{4}", str(year)):
        yield Fault("publication_year", f"The publication year {year} is not of the form YYYY")
    general = (a.get("types") or {}).get("resourceTypeGeneral")
    if not general:
        yield Fault("types", "types.resourceTypeGeneral is required")
    elif general not in v.RESOURCE_TYPES:
        yield Fault("types", _not_in("resourceTypeGeneral", general))


def _not_in(key: str, value: object) -> str:
    return f"{key}: {value!r} is not a value of the list"


def _coded(a: Attributes) -> Iterator[Fault]:
    for name in sorted({*_CODED, *_TEXT}):
        source = "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
        for number, entry in enumerate(a.get(name) or [], 1):
            for key, allowed, required in _CODED.get(name, ()):
                value = entry.get(key)
                if value is None and required:
                    yield Fault(source, f"{name} {number}: {key} is required")
                elif value is not None and value not in allowed:
                    yield Fault(source, f"{name} {number}: {_not_in(key, value)}")
            text = _TEXT.get(name)
            if text and not str(entry.get(text) or "").strip():
                yield Fault(source, f"{name} {number}: {text} is required")


def _single(a: Attributes) -> Iterator[Fault]:
    """Rules of one list each."""
    for number, item in enumerate(a.get("relatedItems") or [], 1):
        if not any(title.get("title") for title in item.get("titles") or []):
            yield Fault("related_items", f"relatedItems {number}: a title is required")
    for entry in a.get("alternateIdentifiers") or []:
        if entry.get("alternateIdentifierType") == "DOI":
            yield Fault("identifiers", "An alternate identifier can't be of type DOI")
    for number, entry in enumerate(a.get("rightsList") or [], 1):
        if len(str(entry.get("rights") or "")) > 2000:
            yield Fault("rights_list", f"rightsList {number}: rights is longer than 2000 characters")


def _people(a: Attributes) -> Iterator[Fault]:
    for name in ("creators", "contributors"):
        for number, person in enumerate(a.get(name) or [], 1):
            for identifier in person.get("nameIdentifiers") or []:
                if identifier.get("nameIdentifier") and not identifier.get("nameIdentifierScheme"):
                    yield Fault(name, f"{name} {number}: nameIdentifierScheme is required")
            for place in person.get("affiliation") or []:
                if place.get("affiliationIdentifier") and not place.get("affiliationIdentifierScheme"):
                    yield Fault(name, f"{name} {number}: affiliationIdentifierScheme is required")


def _places(a: Attributes) -> Iterator[Fault]:
    for number, place in enumerate(a.get("geoLocations") or [], 1):
        for point in _points(place):
            for key, value in point.items():
                limit = 90 if "Latitude" in key else 180
                try:
                    inside = -limit <= float(value) <= limit
                except (TypeError, ValueError):
                    inside = False
                if not inside:
                    yield Fault(
                        "geo_locations", f"geoLocations {number}: {key} {value} is not within ±{limit}"
                    )


def _points(place: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for name in ("geoLocationPoint", "geoLocationBox"):
        if isinstance(place.get(name), Mapping):
            yield place[name]
    outline = place.get("geoLocationPolygon") or []
    for polygon in outline if outline and isinstance(outline[0], list) else [outline]:
        for point in polygon:
            if isinstance(point, Mapping):
                yield from (p for p in point.values() if isinstance(p, Mapping))
