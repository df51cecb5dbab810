"""Attributes of the REST API → DataCite XML of kernel 4.7, for records that did not come as XML."""

from collections.abc import Iterable, Mapping
from typing import Any

from lxml import etree

from laelia.sandbox.doi_registry.metadata import shape
from laelia.sandbox.doi_registry.metadata.vocabularies import NAMESPACE, SCHEMA_LOCATION

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NAMESPACES: Any = {None: NAMESPACE, "xsi": _XSI}
Entry = Mapping[str, Any]


def write(doi: str, attributes: Entry) -> bytes:
    """The document of one DOI. Lists that are empty are left out, as are keys the schema has no place for."""
    root = etree.Element(_tag("resource"), nsmap=_NAMESPACES)
    root.set(f"{{{_XSI}}}schemaLocation", f"{NAMESPACE} {SCHEMA_LOCATION}")
    _add(root, "identifier", doi).set("identifierType", "DOI")
    _people(root, attributes, "creators", "creator")
    _text_list(root, attributes, "titles")
    if publisher := attributes.get("publisher"):
        entry = publisher if isinstance(publisher, Mapping) else {"name": publisher}
        _with(_add(root, "publisher", entry.get("name")), entry, shape.PUBLISHER)
    _plain(root, attributes, ("publicationYear",))
    types = attributes.get("types") or {}
    if types.get("resourceTypeGeneral") or types.get("resourceType"):
        _with(_add(root, "resourceType", types.get("resourceType")), types, ("resourceTypeGeneral",))
    _text_list(root, attributes, "subjects")
    _people(root, attributes, "contributors", "contributor")
    _text_list(root, attributes, "dates")
    _plain(root, attributes, ("language",))
    _text_list(root, attributes, "alternateIdentifiers")
    _text_list(root, attributes, "relatedIdentifiers")
    for name, item in shape.PLAIN_LISTS.items():
        if attributes.get(name):
            wrapper = _add(root, name)
            for text in attributes[name]:
                _add(wrapper, item, text)
    _plain(root, attributes, ("version",))
    _text_list(root, attributes, "rightsList")
    _text_list(root, attributes, "descriptions")
    _places(root, attributes.get("geoLocations") or [])
    _funding(root, attributes.get("fundingReferences") or [])
    _related_items(root, attributes.get("relatedItems") or [])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _clean(value: object) -> str:
    """Text XML can carry: control characters, which JSON may hold, have no place in it."""
    return "".join(c for c in str(value) if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))


def _add(parent: "etree._Element", name: str, text: object = None) -> "etree._Element":
    child = etree.SubElement(parent, _tag(name))
    if text is not None:
        child.text = _clean(text)
    return child


def _with(element: "etree._Element", entry: Entry, names: Iterable[str]) -> None:
    for name in names:
        value = entry.get(shape.key(name))
        if value is not None and value != "":
            element.set(shape.XML_LANG if name == "lang" else name, _clean(value))


def _plain(parent: "etree._Element", entry: Entry, names: Iterable[str]) -> None:
    for name in names:
        if entry.get(name) not in (None, ""):
            _add(parent, name, entry[name])


def _text_list(parent: "etree._Element", entry: Entry, name: str) -> None:
    if not entry.get(name):
        return
    wrapper, of = _add(parent, name), shape.TEXT_LISTS[name]
    for item in entry[name]:
        _with(_add(wrapper, of.item, item.get(of.item)), item, of.attributes)


def _people(parent: "etree._Element", entry: Entry, name: str, kind: str) -> None:
    if not entry.get(name):
        return
    wrapper = _add(parent, name)
    for person in entry[name]:
        element = _add(wrapper, kind)
        _with(element, person, ("contributorType",))
        _with(_add(element, f"{kind}Name", person.get("name")), person, ("nameType", "lang"))
        _plain(element, person, ("givenName", "familyName"))
        for identifier in person.get("nameIdentifiers") or []:
            if identifier.get("nameIdentifier"):
                added = _add(element, "nameIdentifier", identifier["nameIdentifier"])
                _with(added, identifier, shape.NAME_IDENTIFIER)
        for place in person.get("affiliation") or []:
            place = place if isinstance(place, Mapping) else {"name": place}
            _with(_add(element, "affiliation", place.get("name")), place, shape.AFFILIATION)


def _places(root: "etree._Element", places: list[Entry]) -> None:
    wrapper = _add(root, "geoLocations") if places else None
    for place in places:
        assert wrapper is not None
        element = _add(wrapper, "geoLocation")
        _plain(element, place, ("geoLocationPlace",))
        for name, parts in (("geoLocationPoint", shape.POINT), ("geoLocationBox", shape.BOX)):
            if place.get(name):
                _plain(_add(element, name), place[name], parts)
        polygons = place.get("geoLocationPolygon") or []
        for polygon in polygons if polygons and isinstance(polygons[0], list) else [polygons]:
            outline = _add(element, "geoLocationPolygon") if polygon else None
            for point in polygon:
                for name, coordinates in point.items():
                    assert outline is not None
                    _plain(_add(outline, name), coordinates, shape.POINT)


def _funding(root: "etree._Element", references: list[Entry]) -> None:
    wrapper = _add(root, "fundingReferences") if references else None
    for reference in references:
        assert wrapper is not None
        element = _add(wrapper, "fundingReference")
        _plain(element, reference, ("funderName",))
        if reference.get("funderIdentifier"):
            identifier = _add(element, "funderIdentifier", reference["funderIdentifier"])
            _with(identifier, reference, shape.FUNDER_IDENTIFIER)
        if reference.get("awardNumber") or reference.get("awardUri"):
            _with(_add(element, "awardNumber", reference.get("awardNumber")), reference, ("awardURI",))
        _plain(element, reference, ("awardTitle",))


def _related_items(root: "etree._Element", items: list[Entry]) -> None:
    wrapper = _add(root, "relatedItems") if items else None
    for item in items:
        assert wrapper is not None
        element = _add(wrapper, "relatedItem")
        _with(element, item, ("relatedItemType", "relationType", "relationTypeInformation"))
        identifier = item.get("relatedItemIdentifier") or {}
        if identifier.get("relatedItemIdentifier"):
            added = _add(element, "relatedItemIdentifier", identifier["relatedItemIdentifier"])
            _with(added, identifier, shape.RELATED_ITEM_IDENTIFIER)
        _people(element, item, "creators", "creator")
        _text_list(element, item, "titles")
        _plain(element, item, ("publicationYear", "volume", "issue"))
        if item.get("number"):
            _with(_add(element, "number", item["number"]), item, ("numberType",))
        _plain(element, item, ("firstPage", "lastPage", "publisher", "edition"))
        _people(element, item, "contributors", "contributor")
