"""What is amiss in a DOI's metadata for those who bring works onto records: iDs that nobody will recognise,
types that say nothing, versions and parts. Pure: takes `attributes` as they come and never raises over them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from laelia.connectors.datacite import dicts, doi_of, work
from laelia.connectors.datacite_terms import PART_OF, VERSION_OF
from laelia.connectors.datacite_types import work_type
from laelia.connectors.item import Setting, Unusable
from laelia.connectors.names import alike
from laelia.connectors.text import cut
from laelia.model.identifiers import normalise, normalise_orcid

SCHEME, BASE = "ORCID", "https://orcid.org"
LONGEST = 120
"""Characters of a foreign value that a finding repeats."""

# Code → what it means; those in MENDED are put right by the patch, those in NOTES are no faults.
WORDS: Mapping[str, str] = {
    "bare": "an iD without its address",
    "http": "an iD with http instead of https",
    "form": "an iD in an unusual form",
    "scheme": "the scheme is not spelt ORCID",
    "no-value": "the scheme ORCID without an iD",
    "misplaced": "an iD where a name or an affiliation should be",
    "itself": "a relation to the DOI itself",
    "check-digit": "an iD with a wrong check digit",
    "malformed": "what should be an iD is none",
    "name-as-id": "a name where an iD should be",
    "organisation": "an iD beside the name of an organisation",
    "same-id": "one iD beside different names",
    "unusable": "no work can be made of it",
    "type-other": "its type would become other",
    "hidden": "it is not findable",
    "version": "it is a version of another DOI",
    "part": "it is a part of another",
}
MENDED = frozenset({"bare", "http", "form", "scheme", "no-value", "misplaced", "itself"})
NOTES = frozenset({"type-other", "hidden", "version", "part"})

_DASH = r"[-\s\u2010-\u2015]?"
_ID_LIKE = re.compile(rf"(?<![\dA-Za-z])(?:\d{{4}}{_DASH}){{3}}\d{{3}}[\dXx](?![\dA-Za-z])")
_IN_TEXT = re.compile(
    rf"\s?[\[(]?(?:ORCID(?: iD)?:? ?)?(?:https?://(?:www\.)?orcid\.org/)?({_ID_LIKE.pattern})/?[\])]?\s?",
    re.IGNORECASE,
)
_DASHES = re.compile(r"[\s\u2010-\u2015]")

Place = Literal["creators", "contributors"]
PLACES: tuple[Place, ...] = ("creators", "contributors")
NAME_FIELDS = ("name", "givenName", "familyName")


@dataclass(frozen=True)
class Finding:
    """`where` is the path in the attributes, `value` what stands there."""

    code: str
    where: str
    value: str

    @property
    def words(self) -> str:
        return WORDS[self.code]


@dataclass(frozen=True)
class Checked:
    """`ids` are the right iDs of creators, `others` those of contributors alone."""

    doi: str
    title: str
    type: str
    ids: tuple[str, ...]
    others: tuple[str, ...]
    findings: tuple[Finding, ...] = field(default=())


def check(attributes: Mapping[str, Any]) -> Checked:
    found: list[Finding] = []
    people: dict[Place, list[tuple[str, str]]] = {place: [] for place in PLACES}
    for place in PLACES:
        for number, person in enumerate(_people(attributes, place)):
            at = f"{place}[{number}]"
            found += _in_person(person, at)
            people[place] += [(orcid, _name(person)) for orcid in _ids(person)]
    found += _shared([*people["creators"], *people["contributors"]])
    made = work(attributes, Setting())
    types = attributes.get("types")
    kind = work_type(types) if isinstance(types, dict) else "other"
    found += _whole(attributes, made, kind)
    ids = dict.fromkeys(orcid for orcid, _ in people["creators"])
    others = dict.fromkeys(orcid for orcid, _ in people["contributors"] if orcid not in ids)
    title = "" if isinstance(made, Unusable) or made.title is None else made.title.title or ""
    doi = doi_of(attributes) or ""
    return Checked(doi, title, kind, tuple(ids), tuple(others), tuple(found))


def said(value: object) -> str:
    """What a finding repeats of a foreign value."""
    return cut(" ".join(str(value).split()), LONGEST)


def says_orcid(entry: Mapping[str, Any]) -> bool:
    """Whether a name identifier is meant to be an iD: by its scheme, or where none is said by its look."""
    scheme = str(entry.get("nameIdentifierScheme") or "")
    told = f"{scheme} {entry.get('schemeUri') or ''} {entry.get('nameIdentifier') or ''}".casefold()
    return "orcid" in told or (not scheme.strip() and bool(_ID_LIKE.fullmatch(_value(entry))))


def orcid_of(entry: Mapping[str, Any]) -> str | None:
    """The right iD that is meant, also with other dashes or spaces between its digits."""
    value = _value(entry)
    if orcid := normalise_orcid(value):
        return orcid
    like = _ID_LIKE.search(value)
    return normalise_orcid(_DASHES.sub("-", like[0])) if like else None


def in_text(value: object) -> tuple[str, str] | None:
    """A right iD amid other text, and the text without it."""
    if not isinstance(value, str) or (like := _IN_TEXT.search(value)) is None:
        return None
    orcid = normalise_orcid(_DASHES.sub("-", like[1]))
    rest = f"{value[: like.start()]} {value[like.end() :]}"
    return (orcid, " ".join(rest.split()).strip(" ,;")) if orcid else None


def people_of(attributes: Mapping[str, Any], place: Place) -> list[Mapping[str, Any]]:
    return list(_people(attributes, place))


def identifiers_of(person: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(dicts(person.get("nameIdentifiers"))) if person.get("nameIdentifiers") else []


def _people(attributes: Mapping[str, Any], place: Place) -> Iterator[Mapping[str, Any]]:
    if attributes.get(place):
        yield from dicts(attributes.get(place))


def _in_person(person: Mapping[str, Any], at: str) -> Iterator[Finding]:
    for number, entry in enumerate(identifiers_of(person)):
        if says_orcid(entry):
            yield from _in_entry(person, entry, f"{at}.nameIdentifiers[{number}]")
    for name in NAME_FIELDS:
        if in_text(person.get(name)) is not None:
            yield Finding("misplaced", f"{at}.{name}", said(person.get(name)))
    for number, one in enumerate(_affiliations(person)):
        if in_text(one) is not None:
            yield Finding("misplaced", f"{at}.affiliation[{number}]", said(one))


def _in_entry(person: Mapping[str, Any], entry: Mapping[str, Any], at: str) -> Iterator[Finding]:
    value, orcid = _value(entry), orcid_of(entry)
    if orcid is None:
        yield Finding(_no_orcid(value), at, said(value))
        return
    if entry.get("nameIdentifierScheme") != SCHEME:
        yield Finding("scheme", at, said(entry.get("nameIdentifierScheme") or ""))
    if value != f"{BASE}/{orcid}":
        forms = {orcid: "bare", f"http://orcid.org/{orcid}": "http"}
        yield Finding(forms.get(value, "form"), at, said(value))
    if person.get("nameType") == "Organizational":
        yield Finding("organisation", at, said(_name(person)))


def _no_orcid(value: str) -> str:
    if not value or value.rstrip("/").casefold() in (BASE, "http://orcid.org", "orcid"):
        return "no-value"
    if _ID_LIKE.search(value):
        return "check-digit"
    return "malformed" if any(c.isdigit() for c in value) or "/" in value else "name-as-id"


def _shared(people: list[tuple[str, str]]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for orcid, name in people:
        before = first.setdefault(orcid, name)
        if before and name and before != name and not alike(before, name):
            yield Finding("same-id", "creators", said(f"{orcid}: {before}; {name}"))


def _whole(attributes: Mapping[str, Any], made: object, kind: str) -> Iterator[Finding]:
    if attributes.get("state") not in ("findable", None):
        yield Finding("hidden", "state", said(attributes.get("state")))
    elif isinstance(made, Unusable):
        yield Finding("unusable", "", made.reason)
    if kind == "other":
        types = attributes.get("types")
        told = types if isinstance(types, dict) else {}
        names = (told.get("resourceTypeGeneral"), told.get("resourceType"))
        yield Finding("type-other", "types", said(" / ".join(str(name) for name in names if name)))
    doi = doi_of(attributes)
    for number, one in enumerate(dicts(attributes.get("relatedIdentifiers"))):
        relation, value = str(one.get("relationType")), one.get("relatedIdentifier")
        at = f"relatedIdentifiers[{number}]"
        if itself(one, doi):
            yield Finding("itself", at, said(f"{relation} {value}"))
        elif relation in VERSION_OF - {"HasVersion"} and one.get("relatedIdentifierType") == "DOI":
            yield Finding("version", at, said(f"{relation} {value}"))
        elif relation in PART_OF:
            yield Finding("part", at, said(f"{relation} {value}"))


def itself(related: Mapping[str, Any], doi: str | None) -> bool:
    value = related.get("relatedIdentifier")
    named = normalise("doi", value) if isinstance(value, str) else None
    return related.get("relatedIdentifierType") == "DOI" and bool(named) and named == doi


def _ids(person: Mapping[str, Any]) -> list[str]:
    found = (orcid_of(entry) for entry in identifiers_of(person) if says_orcid(entry))
    return [orcid for orcid in found if orcid]


def _name(person: Mapping[str, Any]) -> str:
    given, family = person.get("givenName"), person.get("familyName")
    return f"{given} {family}" if given and family else str(person.get("name") or "")


def _value(entry: Mapping[str, Any]) -> str:
    value = entry.get("nameIdentifier")
    return value.strip() if isinstance(value, str) else ""


def _affiliations(person: Mapping[str, Any]) -> list[object]:
    found = person.get("affiliation")
    several = found if isinstance(found, list) else [found]
    return [one.get("name") if isinstance(one, dict) else one for one in several]
