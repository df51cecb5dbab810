"""Who made a DOI's thing, and whose iDs stand in its metadata."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from laelia.connectors.datacite_terms import CREATOR, ROLES
from laelia.connectors.item import Holder, Setting
from laelia.connectors.text import plain
from laelia.model.identifiers import normalise_orcid
from laelia.model.work import Contributor, ContributorAttributes

NAME = 150
_DASHES = re.compile(r"[\s\u2010-\u2015]")


def holders(attributes: Mapping[str, Any]) -> list[Holder]:
    """The creators who carry a right iD, each iD once.

    DataCite takes `ORCID` in that spelling only; other spellings and a bare URI count here as well, a wrong
    check digit never does.
    """
    return list(_carrying(attributes, "creators").values())


def contributing(attributes: Mapping[str, Any]) -> list[Holder]:
    """The same among the contributors, whatever their type, without those who are creators as well."""
    creators = _carrying(attributes, "creators")
    return [one for one in _carrying(attributes, "contributors").values() if one.orcid not in creators]


def contributors(attributes: Mapping[str, Any], setting: Setting) -> list[Contributor]:
    """All creators in their order, then the people among the contributors whose type is a role, each person
    once. An iD goes along only where its owner gave it to us herself: what a metadata form says about others
    is hearsay."""
    result: list[Contributor] = []
    seen = set[str]()
    for person, role in _with_roles(attributes):
        orcid = _orcid(person)
        if role != CREATOR and (orcid in seen or seen.intersection(_names(person))):
            continue
        for name in _names(person):
            seen |= {name, orcid or name}
            sequence = "additional" if result else "first"
            known = orcid if orcid in setting.authenticated else None
            result.append(
                Contributor(
                    orcid=setting.uri(known) if known else None,
                    credit_name=name,
                    attributes=ContributorAttributes(sequence=sequence, role=role),
                )
            )
    return result


def _with_roles(attributes: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str]]:
    for creator in _people(attributes, "creators"):
        yield creator, CREATOR
    for one in _people(attributes, "contributors"):
        role = ROLES.get(str(one.get("contributorType")))
        if role is not None and one.get("nameType") != "Organizational":
            yield one, role


def _carrying(attributes: Mapping[str, Any], place: str) -> dict[str, Holder]:
    found: dict[str, Holder] = {}
    for person in _people(attributes, place):
        orcid = _orcid(person)
        if orcid is not None and orcid not in found:
            found[orcid] = Holder(orcid, _name(person) or "")
    return found


def _people(attributes: Mapping[str, Any], place: str) -> Iterator[Mapping[str, Any]]:
    found = attributes.get(place)
    yield from (one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict))


def read_orcid(value: str) -> str | None:
    """The right iD of an entry, also with other dashes or spaces between its digits."""
    return normalise_orcid(value) or normalise_orcid(_DASHES.sub("-", value.strip()))


def _orcid(creator: Mapping[str, Any]) -> str | None:
    identifiers = creator.get("nameIdentifiers")
    for one in identifiers if isinstance(identifiers, list) else [identifiers]:
        if not isinstance(one, dict) or not isinstance(value := one.get("nameIdentifier"), str):
            continue
        scheme = f"{one.get('nameIdentifierScheme') or ''} {one.get('schemeUri') or ''} {value}".casefold()
        if "orcid" in scheme and (orcid := read_orcid(value)):
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
