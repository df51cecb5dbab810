"""Which DOIs are versions of one thing, and which of them is the newest, as the metadata tell."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from laelia.connectors.datacite import dicts, doi_of
from laelia.connectors.datacite_dates import publication_date
from laelia.connectors.datacite_terms import VERSION_OF
from laelia.connectors.source import Versions
from laelia.model.identifiers import normalise


def versions(attributes: Mapping[str, Any]) -> Versions | None:
    """What a DOI says of other versions; None if it says nothing. One that names itself says nothing."""
    doi = doi_of(attributes)
    found: dict[str, set[str]] = {"linked": set(), "older": set(), "newer": set(), "whole": set()}
    for related in dicts(attributes.get("relatedIdentifiers")):
        relation, value = str(related.get("relationType")), related.get("relatedIdentifier")
        if relation not in VERSION_OF or related.get("relatedIdentifierType") != "DOI":
            continue
        other = normalise("doi", value) if isinstance(value, str) else None
        if not doi or not other or other == doi:
            continue
        found["linked"].add(f"doi:{other}")
        match relation:
            case "IsNewVersionOf":
                found["older"].add(f"doi:{other}")
            case "IsPreviousVersionOf":
                found["newer"].add(f"doi:{other}")
            case "HasVersion":
                found["whole"].add(f"doi:{doi}")
            case "IsVersionOf":
                found["whole"].add(f"doi:{other}")
            case _ if doi.rpartition(".v")[0] == other:  # Figshare's way: the base DOI and .v1 behind it
                found["whole"].add(f"doi:{other}")
    if not found["linked"]:
        return None
    date = publication_date(attributes)
    parts = (date.year, date.month, date.day) if date else ()
    moments = "-".join(part for part in parts if part), str(attributes.get("created") or "")
    sets = {name: tuple(sorted(keys)) for name, keys in found.items()}
    return Versions(**sets, moment=" ".join(moments))


def groups(known: Mapping[str, Versions | None]) -> list[set[str]]:
    """The keys that are versions of one thing, directly or by others, also by one that is not among them."""
    beside: dict[str, set[str]] = {}
    for key, said in known.items():
        for other in said.linked if said else ():
            beside.setdefault(key, set()).add(other)
            beside.setdefault(other, set()).add(key)
    found, seen = [], set[str]()
    for key in sorted(beside):
        if key in seen:
            continue
        group, waiting = set[str](), [key]
        while waiting:
            one = waiting.pop()
            if one not in group:
                group.add(one)
                waiting += beside[one]
        seen |= group
        if len(here := group & known.keys()) > 1:
            found.append(here)
    return found


def newest(keys: Iterable[str], known: Mapping[str, Versions | None]) -> str:
    """The one that stands for all: the DOI of the thing whatever its version, which always leads to the
    newest; else the one that no other calls its predecessor; of several the last published."""
    among = sorted(keys)
    said = [one for one in known.values() if one is not None]
    whole = {key for one in said for key in one.whole}
    older = {key for one in said for key in one.older}
    older |= {key for key, one in known.items() if one is not None and set(one.newer) & known.keys()}
    best = [key for key in among if key in whole] or [key for key in among if key not in older] or among
    return max(best, key=lambda key: (one.moment if (one := known.get(key)) else "", key))


def written(said: Versions | None) -> str | None:
    return msgspec.json.encode(said).decode() if said else None


def read(text: str | None) -> Versions | None:
    return msgspec.json.decode(text, type=Versions) if text else None
