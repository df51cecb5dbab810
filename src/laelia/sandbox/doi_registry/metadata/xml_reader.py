"""DataCite XML of kernels 2.1 to 4.7 → attributes of the REST API.

Nothing outside the bytes is read: no DTD, no entities, no network. A document type is refused altogether.
"""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from laelia.sandbox.doi_registry.metadata import shape, values
from laelia.sandbox.doi_registry.metadata.vocabularies import KERNEL_PREFIX

Attributes = dict[str, Any]


class Unreadable(ValueError):
    """The bytes are not a DataCite document; the text says why, with line and column where there are any."""


class _Node:
    """An element whose children are found by local name in its own namespace."""

    def __init__(self, element: "etree._Element") -> None:
        self.element = element
        self.namespace = etree.QName(element).namespace or ""

    def all(self, name: str) -> Iterator["_Node"]:
        for child in self.element.iterchildren(f"{{{self.namespace}}}{name}"):
            yield _Node(child)

    def one(self, name: str) -> "_Node | None":
        return next(self.all(name), None)

    def children(self) -> Iterator[tuple[str, "_Node"]]:
        for child in self.element.iterchildren():
            name = etree.QName(child)
            if name.namespace == self.namespace:
                yield name.localname, _Node(child)

    @property
    def text(self) -> str:
        """All text below, the ends trimmed; a line break element counts as one."""
        parts: list[str] = []
        for node in self.element.iter():
            if node is not self.element and etree.QName(node).localname == "br":
                parts.append("\n")
            parts.append(node.text or "")
            parts.append("" if node is self.element else node.tail or "")
        return "".join(parts).strip()

    def text_of(self, name: str) -> str | None:
        node = self.one(name)
        return (node.text or None) if node else None

    def attributes(self, names: tuple[str, ...]) -> Attributes:
        found: Attributes = {}
        for name in names:
            value = self.element.get(shape.XML_LANG if name == "lang" else name)
            if value and value.strip():
                found[shape.key(name)] = value.strip()
        return found


def kernel_of(data: bytes) -> str:
    """The namespace of the document, such as http://datacite.org/schema/kernel-4."""
    return _root(data).namespace


def read(data: bytes) -> Attributes:
    """The attributes a document states, `doi` and `schemaVersion` among them; raises Unreadable."""
    root = _root(data)
    found: Attributes = {"schemaVersion": root.namespace}
    if (identifier := root.text_of("identifier")) is not None:
        found["doi"] = values.bare_doi(identifier)
    for name, node in root.children():
        _take(found, name, node)
    resource_type = root.one("resourceType")
    if resource_type is not None:
        types = resource_type.attributes(("resourceTypeGeneral",))
        found["types"] = types | ({"resourceType": resource_type.text} if resource_type.text else {})
    return {name: value for name, value in found.items() if value not in ([], {})}


def _root(data: bytes) -> _Node:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        element = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise Unreadable(f"not well-formed XML: {problem}") from problem
    docinfo = element.getroottree().docinfo
    if docinfo.internalDTD is not None or docinfo.doctype:
        raise Unreadable("a document type declaration is not allowed")
    name = etree.QName(element)
    if name.localname != "resource" or not (name.namespace or "").startswith(KERNEL_PREFIX):
        raise Unreadable(f"the root element is {element.tag}, not resource of a DataCite kernel")
    return _Node(element)


def _take(found: Attributes, name: str, node: _Node) -> None:
    """Add what one child of `resource` says. A wrapper that occurs twice, as some write it, adds up."""
    if name in shape.TEXT_LISTS:
        found.setdefault(name, []).extend(_text_list(node, shape.TEXT_LISTS[name]))
    elif name in shape.PLAIN_LISTS:
        found.setdefault(name, []).extend(n.text for n in node.all(shape.PLAIN_LISTS[name]) if n.text)
    elif name in shape.PLAIN:
        if node.text:
            found[name] = _year(node.text) if name == "publicationYear" else node.text
    elif name == "publisher":
        if node.text:
            found[name] = {"name": node.text} | node.attributes(shape.PUBLISHER)
    elif name == "rights":  # kernel 2 has one such element and no list
        found.setdefault("rightsList", []).append({"rights": node.text} | node.attributes(("rightsURI",)))
    elif name in _STRUCTURES:
        item, reader = _STRUCTURES[name]
        found.setdefault(name, []).extend(entry for n in node.all(item) for entry in reader(n))


def _text_list(wrapper: _Node, of: shape.TextList) -> Iterator[Attributes]:
    for node in wrapper.all(of.item):
        entry = node.attributes(of.attributes)
        if text := node.text:
            if entry.get("relatedIdentifierType") == "DOI":
                text = values.bare_doi(text)
            entry = {of.item: text} | entry
        # A licence may be named by its URI alone; anything else without text says nothing.
        if text or entry.get("rightsUri"):
            yield entry


def _year(text: str) -> int | str:
    return int(text) if text.isdecimal() else text


def _people(node: _Node, kind: str) -> Iterator[Attributes]:
    """One entry per name. Some documents put several people into one `creator`; each name starts a person."""
    entry: Attributes | None = None
    role = node.attributes(("contributorType",))
    pending: list[tuple[str, _Node]] = []
    for name, child in node.children():
        if name == f"{kind}Name":
            if entry is not None:
                yield entry
            entry = Attributes(name=child.text) | child.attributes(("nameType", "lang")) | role
            entry |= {"affiliation": [], "nameIdentifiers": []}
            for before in pending:
                _person_part(entry, *before)
            pending = []
        elif entry is None:
            pending.append((name, child))
        else:
            _person_part(entry, name, child)
    if entry is not None:
        yield entry


def _person_part(entry: Attributes, name: str, node: _Node) -> None:
    text = node.text
    if name in ("givenName", "familyName") and text:
        entry[name] = text
    elif name == "affiliation" and text:
        entry["affiliation"].append({"name": text} | node.attributes(shape.AFFILIATION))
    elif name == "nameIdentifier":
        identifier = node.attributes(shape.NAME_IDENTIFIER)
        if text:
            entry["nameIdentifiers"].append({"nameIdentifier": text} | identifier)


def _creators(node: _Node) -> Iterator[Attributes]:
    return _people(node, "creator")


def _contributors(node: _Node) -> Iterator[Attributes]:
    return _people(node, "contributor")


def _funding(node: _Node) -> Iterator[Attributes]:
    entry: Attributes = {}
    for name in ("funderName", "awardTitle"):
        if (text := node.text_of(name)) is not None:
            entry[name] = text
    if (identifier := node.one("funderIdentifier")) is not None and identifier.text:
        entry |= {"funderIdentifier": identifier.text} | identifier.attributes(shape.FUNDER_IDENTIFIER)
    if (award := node.one("awardNumber")) is not None:
        entry |= ({"awardNumber": award.text} if award.text else {}) | award.attributes(("awardURI",))
    if entry:
        yield entry


def _place(node: _Node) -> Iterator[Attributes]:
    entry: Attributes = {}
    polygons: list[list[Attributes]] = []
    for name, child in node.children():
        if name == "geoLocationPlace" and child.text:
            entry[name] = child.text
        elif name == "geoLocationPoint":
            entry[name] = _coordinates(child, shape.POINT, shape.POINT)
        elif name == "geoLocationBox":
            entry[name] = _coordinates(child, shape.BOX, shape.BOX_AS_TEXT)
        elif name == "geoLocationPolygon":
            polygons.append([{n: _coordinates(p, shape.POINT, shape.POINT)} for n, p in child.children()])
    if polygons:
        entry["geoLocationPolygon"] = polygons[0] if len(polygons) == 1 else polygons
    if entry:
        yield entry


def _coordinates(node: _Node, names: tuple[str, ...], as_text: tuple[str, ...]) -> Attributes:
    found = {name: text for name in names if (text := node.text_of(name)) is not None}
    return found or dict(zip(as_text, node.text.split(), strict=False))


def _related_item(node: _Node) -> Iterator[Attributes]:
    entry = node.attributes(("relatedItemType", "relationType", "relationTypeInformation"))
    for name, child in node.children():
        if name in shape.RELATED_ITEM_PLAIN and child.text:
            entry[name] = child.text
        elif name == "number" and child.text:
            entry |= {"number": child.text} | child.attributes(("numberType",))
        elif name == "relatedItemIdentifier" and child.text:
            entry[name] = {name: child.text} | child.attributes(shape.RELATED_ITEM_IDENTIFIER)
        elif name in ("titles", "creators", "contributors"):
            _take(entry, name, child)
    if entry:
        yield entry


_STRUCTURES = {
    "creators": ("creator", _creators),
    "contributors": ("contributor", _contributors),
    "fundingReferences": ("fundingReference", _funding),
    "geoLocations": ("geoLocation", _place),
    "relatedItems": ("relatedItem", _related_item),
}
