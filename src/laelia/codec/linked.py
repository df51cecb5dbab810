"""A public record as linked data: a schema.org Person in JSON-LD (orcid-api §1.3).

Keys and shapes are those ORCID writes: what is absent is left out, and a list of one is that one.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from laelia.codec.json_writer import unpack
from laelia.model.activities import Affiliations, FundingGroup, WorkGroup
from laelia.model.common import ExternalId, Organisation
from laelia.model.funding import FundingSummary
from laelia.model.identifiers import normalise, resolve_url
from laelia.model.language import Entity, Raw
from laelia.model.record import Record
from laelia.model.work import WorkSummary

Json = dict[str, Any]

_STUDIED = ("educations", "qualifications")
_BELONGS = ("employments", "distinctions", "invited_positions", "memberships", "services")
_FUNDER = "10.13039/"
_IN_HTML = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def encode(record: Record) -> bytes:
    """The document, indented. The record must be as everyone sees it, in the arrangement of 3.0."""
    return orjson.dumps(person(record), option=orjson.OPT_INDENT_2)


def script(record: Record) -> str:
    """The document as the content of a `<script type="application/ld+json">`: no text in it can end that."""
    return orjson.dumps(person(record)).decode().translate(_IN_HTML)


def person(record: Record) -> Json:
    """The same as a value."""
    found, done = record.person, record.activities_summary
    assert record.orcid_identifier is not None
    assert found is not None
    assert done is not None
    uri, name = record.orcid_identifier.uri, found.name
    given, family = (name.given_names, name.family_name) if name else (None, None)
    credit = name.credit_name if name else None
    return {
        "@context": "http://schema.org",
        **_told(
            {
                "@type": "Person",
                "@id": uri,
                "mainEntityOfPage": uri,
                "name": credit or " ".join(part for part in (given, family) if part),
                "givenName": given,
                "familyName": family,
                "alternateName": [one.content for one in _each(found.other_names, "other_name")],
                "address": [
                    {"@type": "PostalAddress", "addressCountry": one.country}
                    for one in _each(found.addresses, "address")
                    if one.country
                ],
                "alumniOf": _organisations(getattr(done, name) for name in _STUDIED),
                "affiliation": _organisations(getattr(done, name) for name in _BELONGS),
                "@reverse": _told(
                    {
                        "funder": [
                            funder
                            for group, members in _groups(done.fundings, "group", "funding_summary")
                            if (funder := _funder(group, members))
                        ],
                        "creator": [
                            _work(group, members[0])
                            for group, members in _groups(done.works, "group", "work_summary")
                        ],
                    }
                ),
                "url": [one.url for one in _each(found.researcher_urls, "researcher_url")],
                "identifier": [
                    _value(one.external_id_type, one.external_id_value)
                    for one in _each(found.external_identifiers, "external_identifier")
                ],
            }
        ),
    }


def _told(pairs: Json) -> Json:
    """Without what is empty; of a list of one, the one."""
    plain = {
        name: value[0] if isinstance(value, list) and len(value) == 1 else value
        for name, value in pairs.items()
    }
    return {name: value for name, value in plain.items() if value}


def _each(container: Entity | None, members: str) -> list[Any]:
    """The members of a list of the record."""
    found = getattr(container, members) if container is not None else []
    return [unpack(one) if isinstance(one, Raw) else one for one in found]


def _groups(container: Entity | None, groups: str, members: str) -> Iterator[tuple[Any, list[Any]]]:
    """Every group of a list with its members."""
    for group in _each(container, groups):
        found = _each(group, members)
        if found:
            yield group, found


def _value(kind: str | None, value: str | None) -> Json:
    return {"@type": "PropertyValue", "propertyID": kind, "value": value}


def _organisations(lists: Iterable[Affiliations | None]) -> list[Json]:
    """The organisation of the first item of each group, where it is known by an identifier; each once."""
    found: list[Json] = []
    groups = (one for container in lists for one in _groups(container, "affiliation_group", "summaries"))
    for _, (first, *_) in groups:
        if first.organisation is not None and first.organisation.disambiguated is not None:
            made = _organisation([first.organisation], first.department_name)
            found += [made] if made not in found else []
    return found


def _organisation(known: Sequence[Organisation], what: str | None, ids: Sequence[Json] = ()) -> Json:
    """One organisation; the others only add identifiers. The first that is an address is its `@id`."""
    addresses: list[str] = []
    values: list[Json] = []
    lei = None
    for one in (each.disambiguated for each in known if each.disambiguated is not None):
        source, value = one.source or "", one.identifier or ""
        address = _address(source, value)
        if source == "LEI":
            lei = value
        if address is None:
            values.append(_value(source, value))
        elif address not in addresses:
            addresses.append(address)
    return _told(
        {
            "@type": "Organization",
            "@id": addresses[:1],
            "leiCode": lei,
            "name": known[0].name,
            "alternateName": what,
            "identifier": [*values, *ids],
            "sameAs": addresses[1:],
        }
    )


def _address(source: str, value: str) -> str | None:
    """The address an organisation's identifier stands for; None where it has none."""
    if source == "ROR":
        return value if value.startswith("https://") else f"https://ror.org/{value}"
    if source == "FUNDREF":
        return resolve_url("doi", value if "/" in value else _FUNDER + value)
    if source == "LEI":
        return f"https://www.gleif.org/lei/{value}"
    return f"https://www.grid.ac/institutes/{value}" if source == "GRID" else None


def _funder(group: FundingGroup, members: Sequence[FundingSummary]) -> Json | None:
    """Who gave the first of a group of fundings, by the identifiers all of them name."""
    first = members[0]
    if first.organisation is None or first.organisation.disambiguated is None:
        return None
    ids = [_value(one.type, _normal(one)) for one in _each(group, "external_ids")]
    known = [one.organisation for one in members if one.organisation is not None]
    return _organisation(known, first.title.title if first.title else None, ids)


def _work(group: WorkGroup, first: WorkSummary) -> Json:
    """The first of a group of works: its first DOI is its `@id`, other addresses say the same."""
    dois: list[str] = []
    others: list[str] = []
    ids: list[ExternalId] = _each(group, "external_ids")
    for one in ids:
        address = resolve_url(one.type or "", one.value or "") or one.url
        if address:
            (dois if one.type == "doi" else others).append(address)
    return _told(
        {
            "@type": "CreativeWork",
            "@id": dois[:1],
            "name": first.title.title if first.title else None,
            "identifier": [_value(one.type, _normal(one)) for one in ids],
            "sameAs": list(dict.fromkeys(dois[1:] + others)),
        }
    )


def _normal(one: ExternalId) -> str | None:
    return normalise(one.type or "", one.value or "") or one.value


def _one_or_more(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "array", "items": schema, "minItems": 2}]}


def _closed(kind: str, **properties: Json) -> Json:
    every = {
        "@type": {"const": kind},
        **{name.replace("at_", "@"): each for name, each in properties.items()},
    }
    return {"type": "object", "properties": every, "required": ["@type"], "additionalProperties": False}


_TEXT: Json = {"type": "string"}
_TEXTS = _one_or_more(_TEXT)
_VALUE = _closed("PropertyValue", propertyID={"type": ["string", "null"]}, value={"type": ["string", "null"]})
_COMMON = {"at_id": _TEXT, "name": _TEXT, "identifier": _one_or_more(_VALUE), "sameAs": _TEXTS}
_ORGANISATIONS = _one_or_more(_closed("Organization", **_COMMON, leiCode=_TEXT, alternateName=_TEXT))
_REVERSE = {
    "funder": _ORGANISATIONS,
    "creator": _one_or_more(_closed("CreativeWork", **_COMMON)),
}
SCHEMA: Json = _closed(
    "Person",
    at_context={"const": "http://schema.org"},
    at_id=_TEXT,
    mainEntityOfPage=_TEXT,
    name=_TEXT,
    givenName=_TEXT,
    familyName=_TEXT,
    alternateName=_TEXTS,
    address=_one_or_more(_closed("PostalAddress", addressCountry=_TEXT)),
    alumniOf=_ORGANISATIONS,
    affiliation=_ORGANISATIONS,
    at_reverse={"type": "object", "properties": _REVERSE, "additionalProperties": False},
    url=_TEXTS,
    identifier=_one_or_more(_VALUE),
)
"""The document as JSON Schema."""
