"""The patch to a DOI's metadata that puts right what can be put right without knowing more: the body of a PUT
to DataCite's REST API. Whoever looked at it sends it; nothing here does."""

import copy
from collections.abc import Mapping
from typing import Any

from laelia.connectors.datacite import dicts, doi_of
from laelia.connectors.datacite_check import (
    BASE,
    NAME_FIELDS,
    PLACES,
    SCHEME,
    identifiers_of,
    in_text,
    itself,
    orcid_of,
    people_of,
    says_orcid,
)


def patch(attributes: Mapping[str, Any]) -> dict[str, Any] | None:
    """The JSON:API body, or None where there is nothing to mend. An attribute that is sent replaces the one
    that stands there, so each list is sent whole; the state of the DOI stays as it is."""
    doi = doi_of(attributes)
    if doi is None:
        return None
    changed: dict[str, Any] = {}
    for place in PLACES:
        people = people_of(attributes, place)
        mended = [_person(person) for person in people]
        if mended != people:
            changed[place] = mended
    related = (
        list(dicts(attributes.get("relatedIdentifiers"))) if attributes.get("relatedIdentifiers") else []
    )
    kept = [one for one in related if not itself(one, doi)]
    if kept != related:
        changed["relatedIdentifiers"] = kept
    return {"data": {"id": doi, "type": "dois", "attributes": changed}} if changed else None


def _person(person: Mapping[str, Any]) -> dict[str, Any]:
    mended = copy.deepcopy(dict(person))
    moved = [orcid for name in NAME_FIELDS if (orcid := _out_of(mended, name))]
    moved += _out_of_affiliations(mended)
    entries = [_entry(entry) for entry in identifiers_of(mended)]
    kept = [entry for entry in entries if entry is not None]
    there = {orcid_of(entry) for entry in kept}
    kept += [_identifier(orcid) for orcid in dict.fromkeys(moved) if orcid not in there]
    if kept != identifiers_of(mended):
        mended["nameIdentifiers"] = kept
    return mended


def _out_of(person: dict[str, Any], name: str) -> str | None:
    """Take an iD out of a name. Where nothing else stood there, the name is made of the others, if it can."""
    found = in_text(person.get(name))
    if found is None:
        return None
    orcid, rest = found
    if not rest and name == "name":
        given, family = person.get("givenName"), person.get("familyName")
        rest = f"{family}, {given}" if given and family else ""
    if not rest:
        if name == "name":
            return orcid  # a creator needs a name: the iD stays there until somebody knows it
        del person[name]
        return orcid
    person[name] = rest
    return orcid


def _out_of_affiliations(person: dict[str, Any]) -> list[str]:
    given = person.get("affiliation")
    several = given if isinstance(given, list) else [given] if given else []
    kept, moved = [], []
    for one in several:
        found = in_text(one.get("name") if isinstance(one, dict) else one)
        if found is None:
            kept.append(one)
            continue
        moved.append(found[0])
        if found[1]:
            kept.append({**one, "name": found[1]} if isinstance(one, dict) else found[1])
    if moved:
        person["affiliation"] = kept
    return moved


def _entry(entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """The name identifier as DataCite knows iDs. What is no right iD is left to people, but for an entry
    that names the scheme and holds nothing."""
    if not says_orcid(entry):
        return dict(entry)
    orcid = orcid_of(entry)
    if orcid is not None:
        right = _identifier(orcid)
        known = {name: entry.get(name) for name in right}
        same = known["nameIdentifier"] == right["nameIdentifier"] and known["nameIdentifierScheme"] == SCHEME
        return dict(entry) if same else {**entry, **right}
    value = entry.get("nameIdentifier")
    holds = isinstance(value, str) and value.strip().rstrip("/").casefold() not in (
        "",
        BASE,
        "http://orcid.org",
        "orcid",
    )
    return dict(entry) if holds else None


def _identifier(orcid: str) -> dict[str, Any]:
    return {"nameIdentifier": f"{BASE}/{orcid}", "nameIdentifierScheme": SCHEME, "schemeUri": BASE}
