"""What the REST API shows and nobody deposits: other vocabularies' types, the container, when published."""

import re
from typing import Any

from laelia.sandbox.doi_registry.metadata.attributes import Attributes
from laelia.sandbox.doi_registry.metadata.vocabularies import DERIVED_TYPES

_ISSUE = re.compile(r"^(?P<volume>[^()]*)(?:\((?P<issue>[^)]*)\))?$")


def types(attributes: Attributes) -> dict[str, str]:
    """The types with schemaOrg, citeproc, bibtex and ris beside them; values a document carries are kept."""
    given: dict[str, str] = attributes.get("types") or {}
    derived = DERIVED_TYPES.get(given.get("resourceTypeGeneral", ""))
    if derived is None:
        return dict(given)
    schema_org, citeproc, bibtex, ris = derived
    return {"ris": ris, "bibtex": bibtex, "citeproc": citeproc, "schemaOrg": schema_org} | given


def container(attributes: Attributes) -> dict[str, Any]:
    """From the related item it is published in, else from SeriesInformation `title, volume(issue), a-b`."""
    if attributes.get("container"):
        return dict(attributes["container"])
    for item in attributes.get("relatedItems") or []:
        if item.get("relationType") == "IsPublishedIn":
            return _from_item(item)
    for entry in attributes.get("descriptions") or []:
        if entry.get("descriptionType") == "SeriesInformation" and entry.get("description"):
            return _from_series(str(entry["description"]))
    return {}


def _from_item(item: Attributes) -> dict[str, Any]:
    identifier = item.get("relatedItemIdentifier") or {}
    found = {
        "type": item.get("relatedItemType"),
        "identifier": identifier.get("relatedItemIdentifier"),
        "identifierType": identifier.get("relatedItemIdentifierType"),
        "title": next((t.get("title") for t in item.get("titles") or []), None),
        "volume": item.get("volume"),
        "issue": item.get("issue"),
        "firstPage": item.get("firstPage"),
        "lastPage": item.get("lastPage"),
    }
    return {key: value for key, value in found.items() if value}


def _from_series(text: str) -> dict[str, Any]:
    title, *rest = [part.strip() for part in text.split(",")]
    found = {"type": "Series", "title": title}
    if rest and (match := _ISSUE.match(rest[0])):
        found |= {key: value for key, value in match.groupdict().items() if value}
    if len(rest) > 1:
        first, _, last = rest[1].partition("-")
        found |= {key: value for key, value in (("firstPage", first), ("lastPage", last)) if value}
    return found


def published(attributes: Attributes) -> str | None:
    """The Issued date, else the year."""
    for entry in attributes.get("dates") or []:
        if entry.get("dateType") == "Issued" and entry.get("date"):
            return str(entry["date"])
    year = attributes.get("publicationYear")
    return str(year) if year else None
