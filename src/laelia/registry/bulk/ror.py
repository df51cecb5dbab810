"""Organisations out of ROR's public dump, in its schemas 2 (2024) and 1.

The GRID identifiers and funder DOIs that ROR knows become known with them; ISNI and Wikidata are nothing an
item can name an organisation by.
"""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from laelia.model.vocabularies import COUNTRY
from laelia.registry.registers.organisations import FORMS, Organisation, Unfit, fit

Id = Annotated[str, Meta(pattern="^" + FORMS["ROR"][0].pattern + "$")]
Status = Literal["active", "inactive", "withdrawn"]
_SOURCES = {"grid": "GRID", "fundref": "FUNDREF"}


class Name(Struct, frozen=True):
    value: str
    types: list[str] = []


class Place(Struct, frozen=True):
    name: str | None = None
    country_subdivision_name: str | None = None
    country_code: str | None = None


class Location(Struct, frozen=True):
    geonames_details: Place = Place()


class Link(Struct, frozen=True):
    value: str
    type: str = ""


class ExternalId(Struct, frozen=True):
    type: str
    all: list[str] = []
    preferred: str | None = None


class Second(Struct, frozen=True):
    """What we read of an organisation in schema 2."""

    id: Id
    names: Annotated[list[Name], Meta(min_length=1)]
    status: Status = "active"
    locations: list[Location] = []
    links: list[Link] = []
    external_ids: list[ExternalId] = []
    types: list[str] = []


class Label(Struct, frozen=True):
    label: str


class Address(Struct, frozen=True):
    city: str | None = None
    state: str | None = None


class Country(Struct, frozen=True):
    country_code: str | None = None


class OldIds(Struct, frozen=True):
    """GRID ids stand there as bare text, the others in lists."""

    all: list[str] | str = []
    preferred: str | None = None


class First(Struct, frozen=True):
    """What we read of an organisation in schema 1."""

    id: Id
    name: str
    status: Status = "active"
    addresses: list[Address] = []
    country: Country = Country()
    links: list[str] = []
    aliases: list[str] = []
    acronyms: list[str] = []
    labels: list[Label] = []
    external_ids: dict[str, OldIds] = {}
    types: list[str] = []


def organisation(document: Any) -> Organisation:
    """One record of a dump, of whichever schema it looks. Raises Unfit."""
    if not isinstance(document, dict):
        raise Unfit("it is no object")
    try:
        if "names" in document:
            return fit(_second(msgspec.convert(document, Second)))
        return fit(_first(msgspec.convert(document, First)))
    except msgspec.ValidationError as wrong:
        raise Unfit(str(wrong)) from None


def _second(one: Second) -> Organisation:
    shown = next((name for name in one.names if "ror_display" in name.types), one.names[0])
    at = one.locations[0].geonames_details if one.locations else Place()
    sites = (link.value for link in one.links if link.type == "website")
    others = ((each.type, [each.preferred, *each.all]) for each in one.external_ids)
    return Organisation(
        name=shown.value,
        ids=_ids(one.id, others),
        names=tuple(name.value for name in one.names),
        city=at.name,
        region=at.country_subdivision_name,
        country=_country(at.country_code),
        url=_site(sites),
        kinds=",".join(one.types).lower(),
        status=one.status,
    )


def _first(one: First) -> Organisation:
    at = one.addresses[0] if one.addresses else Address()
    others = (
        (kind, [each.preferred, *([each.all] if isinstance(each.all, str) else each.all)])
        for kind, each in one.external_ids.items()
    )
    return Organisation(
        name=one.name,
        ids=_ids(one.id, others),
        names=(*one.aliases, *one.acronyms, *(label.label for label in one.labels)),
        city=at.city,
        region=at.state,
        country=_country(one.country.country_code),
        url=_site(one.links),
        kinds=",".join(one.types).lower(),
        status=one.status,
    )


def _ids(ror: str, others: Iterable[tuple[str, list[str | None]]]) -> tuple[tuple[str, str], ...]:
    """The ROR iD, then the others that items may name, the preferred ones first."""
    found = {("ROR", ror): None}
    for kind, values in others:
        source = _SOURCES.get(kind.lower())
        if source is None:
            continue
        for value in filter(None, values):
            plain = _funder(value) if source == "FUNDREF" else value
            if FORMS[source][0].fullmatch(plain):
                found[source, plain] = None
    return tuple(found)


def _funder(value: str) -> str:
    """ROR gives a funder's number, ORCID's clients its DOI in the old form."""
    return "http://dx.doi.org/10.13039/" + value.strip().rpartition("/")[2]


def _country(code: str | None) -> str | None:
    """A code that items can't carry is left out: that is no reason not to know the organisation."""
    return code if code in COUNTRY.terms else None


def _site(links: Iterable[str]) -> str | None:
    return next(_sites(links), None)


def _sites(links: Iterable[str]) -> Iterator[str]:
    return (link for link in links if link.startswith(("http://", "https://")))
