"""Rows as JSON:API documents, in the shape of DataCite's answers."""

import base64
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from laelia.sandbox.doi_registry.metadata import derived, values, xml_writer
from laelia.sandbox.doi_registry.metadata.attributes import LISTS, Attributes
from laelia.sandbox.doi_registry.query.dates import iso

# Nothing is counted in a sandbox; the keys stay, since clients read them.
_COUNTS = (
    "viewCount", "downloadCount", "referenceCount", "citationCount", "partCount", "partOfCount",
    "versionCount", "versionOfCount",
)  # fmt: skip
_OVER_TIME = ("viewsOverTime", "downloadsOverTime", "citationsOverTime")
_RELATED = ("references", "citations", "parts", "partOf", "versions", "versionOf")


@dataclass(frozen=True)
class View:
    """What a request asked to see: affiliations and publisher as objects, all details, some fields only."""

    affiliation: bool = False
    publisher: bool = False
    detail: bool = False
    fields: frozenset[str] | None = None


def document(row: "Row[Any]", view: View) -> dict[str, Any]:
    """One resource object. `detail` adds the XML and the relationships that single answers carry."""
    attributes = _attributes(row, view)
    if view.fields is not None:
        attributes = {name: value for name, value in attributes.items() if name in view.fields}
    return {
        "id": row.doi,
        "type": "dois",
        "attributes": attributes,
        "relationships": _relationships(row, view),
    }


def metadata_xml(row: "Row[Any]") -> bytes:
    """The DataCite XML of a DOI: as deposited, else made from its attributes."""
    return bytes(row.xml) if row.xml is not None else xml_writer.write(row.doi, row.attributes)


def datacite_json(row: "Row[Any]") -> dict[str, Any]:
    """The answer to application/vnd.datacite.datacite+json: the metadata alone, its URL as id."""
    shown = _attributes(row, View(affiliation=True, publisher=True))
    keep = (
        "doi", "identifiers", "creators", "titles", "publisher", "container", "publicationYear", "subjects",
        "contributors", "dates", "language", "types", "relatedIdentifiers", "relatedItems", "sizes",
        "formats", "version", "rightsList", "descriptions", "geoLocations", "fundingReferences", "url",
        "contentUrl", "schemaVersion",
    )  # fmt: skip
    answer = {name: shown[name] for name in keep if shown[name] not in (None, [], {})}
    return {"id": f"https://doi.org/{row.doi}"} | answer | {"agency": "datacite"}


def _attributes(row: "Row[Any]", view: View) -> dict[str, Any]:
    a: Attributes = row.attributes
    prefix, suffix = values.split_doi(row.doi)
    lists = {name: a.get(name) or [] for name in LISTS}
    for name in ("creators", "contributors"):
        lists[name] = [_person(entry, view) for entry in lists[name]]
    shown = {
        "doi": row.doi,
        "prefix": prefix,
        "suffix": suffix,
        "identifiers": [_identifier(entry) for entry in lists["alternateIdentifiers"]],
        **lists,
        "publisher": _publisher(a, view),
        "container": derived.container(a),
        "publicationYear": a.get("publicationYear"),
        "language": a.get("language"),
        "types": derived.types(a),
        "version": a.get("version"),
        "url": row.url,
        "contentUrl": a.get("contentUrl") or None,
        "metadataVersion": row.metadata_version,
        "schemaVersion": row.schema_version,
        "source": row.source,
        "isActive": row.state == "findable",
        "state": row.state,
        "reason": None,
        **dict.fromkeys(_COUNTS, 0),
        "created": iso(row.created),
        "registered": iso(row.registered),
        "published": row.published,
        "updated": iso(row.updated),
    }
    if view.detail:
        shown["xml"] = base64.b64encode(metadata_xml(row)).decode()
        shown |= {name: [] for name in _OVER_TIME}
    return shown


def _identifier(entry: Attributes) -> Attributes:
    """An alternate identifier under the older names of its keys."""
    return {
        "identifier": entry.get("alternateIdentifier"),
        "identifierType": entry.get("alternateIdentifierType"),
    }


def _person(entry: Attributes, view: View) -> Attributes:
    places = entry.get("affiliation") or []
    shown = places if view.affiliation else [p["name"] for p in places if p.get("name")]
    return entry | {"affiliation": shown, "nameIdentifiers": entry.get("nameIdentifiers") or []}


def _publisher(a: Attributes, view: View) -> Any:
    publisher = a.get("publisher")
    return publisher if view.publisher or not publisher else publisher.get("name")


def _relationships(row: "Row[Any]", view: View) -> dict[str, Any]:
    client = {"id": row.client_id, "type": "clients"} if row.client_id else None
    shown: dict[str, Any] = {"client": {"data": client}}
    if view.detail:
        provider = {"id": row.provider_id, "type": "providers"} if row.provider_id else None
        shown["provider"] = {"data": provider}
        shown["media"] = {"data": {"id": row.doi, "type": "media"}}
        shown |= {name: {"data": []} for name in _RELATED}
    return shown
