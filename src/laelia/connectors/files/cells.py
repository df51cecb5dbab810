"""An item as the cells of a row that would make it: the way back, for a form that shows what stands there."""

from collections.abc import Mapping
from typing import Any

import orjson

from laelia.codec import json
from laelia.connectors.files.kinds import AFFILIATIONS, KINDS, PROPERTIES, Kind
from laelia.model.common import Item
from laelia.model.language import V3_0

_OWN_ID = "source-work-id"
"""The type of the identifier that the hub itself gives an affiliation that came without."""


def kind_of(section: str) -> Kind:
    """The kind of file whose rows go to this section."""
    own = [kind for kind in KINDS.values() if section in kind.sections and kind.name != "properties"]
    return own[0] if own else KINDS["properties"]


def cells_of(section: str, item: Item) -> dict[str, str]:
    """By column. What a row has no place for is not in it: compare what comes of the cells with the item."""
    kind, document = kind_of(section), orjson.loads(json.encode(item, V3_0))
    if kind.name == "affiliations" and _type_of_first_id(document) == _OWN_ID:
        document.pop("external-ids")
    found = {column.name: _text(_at(document, column.place)) for column in kind.columns if column.place}
    for prefix in kind.organisations:
        place = next(column.place for column in kind.columns if column.name == f"{prefix}-name")
        known = _at(document, place.removesuffix("/name") + "/disambiguated-organization")
        columns = ("disambiguated-organization-identifier", "disambiguation-source")
        names = columns if prefix == "org" else (f"{prefix}-id", f"{prefix}-id-source")
        for name, key in zip(names, columns, strict=True):
            held = known.get("disambiguated-organization-identifier" if key == columns[0] else key)
            found[name] = _text(held) if isinstance(known, Mapping) else ""
    if kind.name == "affiliations":
        found["affiliation-section"] = next(name for name, own in AFFILIATIONS.items() if own == section)
    if kind.name == "properties":
        found["type"] = next(name for name, own in PROPERTIES.items() if own == section)
        found["value"] = _text(_at(document, "/country/value"))
    return {name: text for name, text in found.items() if text}


def _type_of_first_id(document: Mapping[str, Any]) -> str:
    return _text(_at(document, "/external-ids/external-id-type"))


def _at(document: Any, place: str) -> Any:
    """What stands at a place, in a list in the first entry; {} for nothing."""
    here = document
    for part in place.strip("/").split("/"):
        here = _inside(here)
        if not isinstance(here, Mapping):
            return {}
        here = here.get(part)
    return _inside(here) if here is not None else {}


def _inside(here: Any) -> Any:
    """Through what only wraps: a list, or an object around one."""
    while True:
        if isinstance(here, list):
            here = here[0] if here else {}
        elif isinstance(here, Mapping) and len(here) == 1 and set(here) <= {"external-id", "organization"}:
            here = next(iter(here.values()))
        else:
            return here


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        if "year" in value:
            parts = (value.get(name) for name in ("year", "month", "day"))
            return "-".join(_text(part) for part in parts if part)
        value = value.get("value")
    return "" if value is None or isinstance(value, Mapping | list) else str(value)


__all__ = ["cells_of", "kind_of"]
