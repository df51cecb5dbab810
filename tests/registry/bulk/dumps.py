"""Small dumps of invented organisations, as ROR writes them in its two schemas."""

import json
import pathlib
import zipfile
from typing import Any

BEES, WASPS, GONE = "https://ror.org/0beeeee01", "https://ror.org/0waaaap02", "https://ror.org/0gooone03"


def second(ror: str = BEES, name: str = "Institut für Bienen", **changed: Any) -> dict[str, Any]:
    """An organisation in schema 2, with all that the schema has."""
    names = [
        {"lang": "en", "types": ["alias"], "value": "Bee Institute"},
        {"lang": "de", "types": ["ror_display", "label"], "value": name},
        {"lang": None, "types": ["acronym"], "value": "IfB"},
    ]
    said = {
        "admin": {"created": {"date": "2020-01-01", "schema_version": "1.0"}},
        "domains": ["bees.example"],
        "established": 1907,
        "external_ids": [
            {"type": "grid", "all": ["grid.77777.1"], "preferred": "grid.77777.1"},
            {"type": "fundref", "all": ["501100077777", "501100088888"], "preferred": "501100088888"},
            {"type": "isni", "all": ["0000 0001 2180 7477"], "preferred": None},
        ],
        "id": ror,
        "links": [
            {"type": "wikipedia", "value": "https://wiki.example/bees"},
            {"type": "website", "value": "https://bees.example/"},
        ],
        "locations": [place("Köln", "Rhineland", "DE"), place("Delft", "South Holland", "NL")],
        "names": names,
        "relationships": [{"type": "related", "id": WASPS, "label": "Wasps"}],
        "status": "active",
        "types": ["facility", "funder"],
    }
    return {**said, **changed}


def place(city: str | None, region: str | None, country: str | None) -> dict[str, Any]:
    details = {"name": city, "country_subdivision_name": region, "country_code": country, "lat": 50.9}
    return {"geonames_id": 1, "geonames_details": details}


def first(ror: str = BEES, name: str = "Institut für Bienen", **changed: Any) -> dict[str, Any]:
    """The same organisation in schema 1."""
    said = {
        "id": ror,
        "name": name,
        "types": ["Facility", "Funder"],
        "addresses": [
            {"city": "Köln", "state": "Rhineland", "lat": 50.9, "primary": True, "line": None},
            {"city": "Delft", "state": "South Holland"},
        ],
        "country": {"country_name": "Germany", "country_code": "DE"},
        "links": ["https://bees.example/"],
        "aliases": ["Bee Institute"],
        "acronyms": ["IfB"],
        "labels": [],
        "status": "active",
        "external_ids": {
            "GRID": {"preferred": "grid.77777.1", "all": "grid.77777.1"},
            "FundRef": {"preferred": "501100088888", "all": ["501100077777", "501100088888"]},
            "ISNI": {"preferred": None, "all": ["0000 0001 2180 7477"]},
        },
        "email_address": None,
        "wikipedia_url": "https://wiki.example/bees",
    }
    return {**said, **changed}


def named(ror: str, name: str, **changed: Any) -> dict[str, Any]:
    """A short record in schema 2."""
    return {"id": ror, "names": [{"value": name, "types": ["ror_display"], "lang": None}], **changed}


def zipped(path: pathlib.Path, **files: Any) -> pathlib.Path:
    """A zip of these files; `__` in a name stands for a dot."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content, indent=2)
            whole.writestr(name.replace("__", "."), text)
    return path
