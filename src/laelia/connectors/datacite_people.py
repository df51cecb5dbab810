"""Who made a DOI's thing, and whose iDs stand in its metadata."""

from collections.abc import Iterator, Mapping
from typing import Any

from laelia.connectors.item import Holder, Setting
from laelia.connectors.text import plain
from laelia.model.identifiers import normalise_orcid
from laelia.model.work import Contributor, ContributorAttributes

NAME = 150


def holders(attributes: Mapping[str, Any]) -> list[Holder]:
    """The creators who carry a right iD, each iD once. Contributors don't count: they are no authors.

    DataCite takes `ORCID` in that spelling only; other spellings and a bare URI count here as well, a wrong
    check digit never does.
    """
    found: dict[str, Holder] = {}
    for creator in _creators(attributes):
        orcid = _orcid(creator)
        if orcid is not None and orcid not in found:
            found[orcid] = Holder(orcid, _name(creator) or "")
    return list(found.values())


def contributors(attributes: Mapping[str, Any], setting: Setting) -> list[Contributor]:
    """All creators in their order. An iD goes along only where its owner gave it to us herself: what a
    metadata form says about others is hearsay."""
    result: list[Contributor] = []
    for creator in _creators(attributes):
        orcid = _orcid(creator)
        for name in _names(creator):
            sequence = "additional" if result else "first"
            known = orcid if orcid in setting.authenticated else None
            result.append(
                Contributor(
                    orcid=setting.uri(known) if known else None,
                    credit_name=name,
                    attributes=ContributorAttributes(sequence=sequence, role="author"),
                )
            )
    return result


def _creators(attributes: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    found = attributes.get("creators")
    yield from (one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict))


def _orcid(creator: Mapping[str, Any]) -> str | None:
    identifiers = creator.get("nameIdentifiers")
    for one in identifiers if isinstance(identifiers, list) else [identifiers]:
        if not isinstance(one, dict) or not isinstance(value := one.get("nameIdentifier"), str):
            continue
        scheme = f"{one.get('nameIdentifierScheme') or ''} {one.get('schemeUri') or ''} {value}".casefold()
        if "orcid" in scheme and (orcid := normalise_orcid(value)):
            return orcid
    address = creator.get("id")  # older tools write it so
    return normalise_orcid(address) if isinstance(address, str) and "orcid" in address.casefold() else None


def _names(creator: Mapping[str, Any]) -> list[str]:
    """One name, but for records that put a whole list into one creator: "Jones, M.; Slaughter, P."."""
    name = creator.get("name")
    if (
        isinstance(name, str)
        and name.count(";")
        and not creator.get("familyName")
        and _orcid(creator) is None
    ):
        parts = [_turned(plain(part, NAME)) for part in name.split(";")]
        return [part for part in parts if part]
    one = _name(creator)
    return [one] if one else []


def _name(creator: Mapping[str, Any]) -> str | None:
    given, family = plain(creator.get("givenName"), NAME), plain(creator.get("familyName"), NAME)
    if given and family:
        return plain(f"{given} {family}", NAME)
    name = plain(creator.get("name"), NAME)
    if name is None:
        return family or given
    return name if creator.get("nameType") == "Organizational" else _turned(name)


def _turned(name: str | None) -> str | None:
    """ "Family, Given" the way a person says it. More than one comma is no such name."""
    if name is None or name.count(",") != 1:
        return name
    family, given = (part.strip() for part in name.split(","))
    return f"{given} {family}".strip() or None
