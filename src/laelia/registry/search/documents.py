"""Records as the index holds them: what everybody may know of those who may be found, field by field."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, select

from laelia.lib.hot import Hot
from laelia.lib.sql import one_of
from laelia.model.sections import SECTIONS
from laelia.registry import tables
from laelia.registry.registers.texts import words
from laelia.registry.search import about
from laelia.registry.search.fields import (
    AT,
    CATCH_ALL,
    DATES,
    EXACT,
    HAS,
    IDS,
    NAMES,
    ORCID,
    PLACES,
    STANDING,
    TOPICS,
    field,
    place_of,
)

Content = Mapping[str, Any]
SHOWN = (
    "orcid", "email", "given-names", "family-name", "credit-name", "other-names",
    "current-institution-affiliation-name", "past-institution-affiliation-name", AT,
)  # fmt: skip
"""The fields of which answers tell the values."""
AFFILIATIONS = tuple(section.name for section in SECTIONS if section.listing == "affiliations")

_record, _name, _email, _item = tables.record.c, tables.name.c, tables.email.c, tables.item.c
_bio = tables.biography.c
_PEOPLE = Hot(
    select(
        _record.orcid, _record.created, _record.modified,
        _name.given, _name.family, _name.credit, _name.visibility, _bio.content,
        _bio.visibility.label("biography_visibility"),
    )
    .outerjoin(tables.name, _name.orcid == _record.orcid)
    .outerjoin(tables.biography, _bio.orcid == _record.orcid)
    .where(one_of(_record.orcid, "wanted"), *about.FOUND)
)  # fmt: skip
_EMAILS = Hot(
    select(_email.orcid, _email.email)
    .where(one_of(_email.orcid, "wanted"), _email.visibility == "public", _email.verified)
    .order_by(_email.orcid, _email.is_primary.desc(), _email.folded)
)
_ITEMS = Hot(
    select(_item.orcid, _item.section, _item.source_client, _item.summary, _item.body)
    .where(one_of(_item.orcid, "wanted"), _item.visibility == "public")
    .order_by(_item.orcid, _item.display_index.desc(), _item.created, _item.id)
)


@dataclass(frozen=True)
class Document:
    """One person. `fields` are those of the index with their values, words between spaces; `shown` is what
    answers tell of her."""

    orcid: str
    fields: Mapping[str, list[Any]]
    shown: Mapping[str, Any]


def of(tx: Connection, orcids: Collection[str]) -> list[Document]:
    """Those of these people who may be found."""
    wanted = {"wanted": sorted(orcids)}
    people = _PEOPLE.all(tx, wanted)
    if not people:
        return []
    items = _by_orcid(_ITEMS.all(tx, wanted))
    emails = _by_orcid(_EMAILS.all(tx, wanted))
    return [
        _document(row, [one.email for one in emails.get(row.orcid, ())], items.get(row.orcid, ()))
        for row in people
    ]


def _by_orcid(rows: Sequence[Row[Any]]) -> dict[str, list[Row[Any]]]:
    return {orcid: list(hers) for orcid, hers in groupby(rows, attrgetter("orcid"))}


# Section → field and the way to its value in the JSON of an item (3.0). A way goes through lists as they
# come.
_TOLD: dict[str, tuple[tuple[str, str], ...]] = {
    "other-names": (("other-names", "content"),),
    "keywords": (("keyword", "content"),),
    "researcher-urls": ((CATCH_ALL, "url-name"),),
    "fundings": (
        ("funding-titles", "title.title.value"),
        ("funding-titles", "title.translated-title.value"),
        ("funding-org-name", "organization.name"),
    ),
    "peer-reviews": (
        ("peer-review-type", "review-type"),
        ("peer-review-role", "reviewer-role"),
        ("peer-review-group-id", "review-group-id"),
        ("peer-review-org-name", "convening-organization.name"),
    ),
    "research-resources": (
        ("research-resource-proposal-title", "proposal.title.title.value"),
        ("research-resource-proposal-title", "proposal.title.translated-title.value"),
        ("research-resource-proposal-org-name", "proposal.hosts.organization.name"),
        ("research-resource-item-name", "resource-item.resource-name"),
        ("research-resource-item-org-name", "resource-item.hosts.organization.name"),
    ),
    "works": (
        ("work-titles", "title.title.value"),
        ("work-titles", "title.subtitle.value"),
        ("work-titles", "title.translated-title.value"),
        (CATCH_ALL, "journal-title.value"),
    ),
}
_AFFILIATION = (
    ("affiliation-org-name", "organization.name"),
    (CATCH_ALL, "department-name"),
    (CATCH_ALL, "role-title"),
)
_ORGANISATIONS = ("organization", "convening-organization", "proposal.hosts.organization",
                  "resource-item.hosts.organization")  # fmt: skip
_IDENTIFIERS = ("external-ids.external-id", "review-identifiers.external-id",
                "proposal.external-ids.external-id", "resource-item.external-ids.external-id")  # fmt: skip
_BY_TYPE = {"doi": "digital-object-ids", "other-id": "other-identifier-type", "grant_number": "grant-numbers"}
CURRENT, PAST = "current-institution-affiliation-name", "past-institution-affiliation-name"


class _Making:
    """A document as it grows. What goes to a field goes to the one of everything as well."""

    def __init__(self) -> None:
        self.fields: dict[str, list[Any]] = {CATCH_ALL: [], EXACT: [], IDS: []}
        self.values: dict[str, list[str]] = {}

    def add(self, name: str, *values: str | None) -> None:
        known = field(name)
        if known is None:  # a type of identifier that a registry does not know by name
            name, known = CATCH_ALL, field(CATCH_ALL)
        assert known is not None
        for value in values:
            if not value:
                continue
            self.values.setdefault(name, []).append(value)
            terms = known.terms(value)
            # An exact value may hold spaces, and each is a term; words are told apart by them.
            self.fields.setdefault(known.place, []).extend(
                terms if known.kind == "exact" else [" ".join(terms)]
            )
            if name != CATCH_ALL:
                self.fields[CATCH_ALL].append(" ".join(words(value)))


def _document(row: Row[Any], emails: list[str], items: Sequence[Row[Any]]) -> Document:
    made = _Making()
    made.add("orcid", row.orcid)
    made.add("email", *emails)
    if row.visibility == "public":
        made.add("given-names", row.given)
        made.add("family-name", row.family)
        made.add("credit-name", row.credit)
        made.add("given-and-family-names", " ".join(part for part in (row.given, row.family) if part))
    if row.biography_visibility == "public":
        made.add("biography", row.content)
    for item in items:
        _add(made, item)
    told = about.told(row, [item for item in items if item.section in about.SECTIONS])
    made.fields[NAMES] = [" ".join(words(text)) for text in (*told.names, *told.other_names)]
    made.fields[PLACES] = [" ".join(words(text)) for text in told.organisations]
    made.fields[TOPICS] = [" ".join(words(text)) for text in told.keywords]
    made.fields[EXACT] += [AT + one.casefold() for one in told.organisations]
    made.fields.update((name, [number]) for name, number in zip(STANDING, _standing(row, told), strict=True))
    made.values[AT] = told.organisations
    shown = {name: list(dict.fromkeys(made.values.get(name, ()))) for name in SHOWN}
    made.fields[ORCID] = [row.orcid]
    made.fields[HAS] = [*(name for name in made.values if name != AT), *DATES]
    made.fields[place_of("profile-submission-date")] = [row.created]
    made.fields[place_of("profile-last-modified-date")] = [row.modified]
    return Document(row.orcid, made.fields, shown)


def _standing(row: Row[Any], told: about.About) -> list[int]:
    """Who shows no name stands last."""
    if told.shown:
        parts = (row.family or told.shown, row.given or "")
        name = "\0".join(" ".join(words(part)) for part in parts).encode()
    else:
        name = b"\xff" * 7
    # A field holds 63 bits: seven letters of plain Latin. The last sign of an iD is a check digit.
    begun = [int.from_bytes(name[at : at + 7].ljust(7, b"\0")) for at in (0, 7, 14)]
    return [*begun, int(row.orcid.replace("-", "")[:15])]


def _add(made: _Making, item: Row[Any]) -> None:
    section, said = item.section, about.content(item.summary, item.body)
    affiliation = section in AFFILIATIONS
    for name, way in _AFFILIATION if affiliation else _TOLD.get(section, ()):
        made.add(name, *_along(said, way))
    if affiliation:
        made.add(PAST if said.get("end-date") else CURRENT, *_along(said, "organization.name"))
    for way in _ORGANISATIONS:
        for one in _along(said, f"{way}.disambiguated-organization", whole=True):
            source = str(one.get("disambiguation-source") or "").lower()
            made.add(f"{source}-org-id", one.get("disambiguated-organization-identifier"))
    if section == "external-identifiers":
        _add_hers(made, said, item.source_client)
        return
    for way in _IDENTIFIERS:
        for one in _along(said, way, whole=True):
            _add_identifier(made, one)


def _add_hers(made: _Making, said: Content, client: str | None) -> None:
    """An identifier of the person."""
    kind, value = said.get("external-id-type") or "", said.get("external-id-value") or ""
    made.add("external-id-source", client)
    made.add("external-id-reference", value)
    made.add("external-id-source-and-reference", f"{client}={value}" if client else None)
    made.add("external-id-type-and-value", f"{kind}={value}")


def _add_identifier(made: _Making, one: Content) -> None:
    kind, value = one.get("external-id-type") or "", one.get("external-id-value")
    made.add(kind, value)
    if relationship := one.get("external-id-relationship"):
        made.add(f"{kind}-{relationship}", value)
    if kind in _BY_TYPE:
        made.add(_BY_TYPE[kind], value)


def _along(said: Any, way: str, *, whole: bool = False) -> Iterator[Any]:
    """The values at the end of a way: texts, or whole objects."""
    if isinstance(said, list):
        for each in said:
            yield from _along(each, way, whole=whole)
    elif not way:
        if isinstance(said, dict if whole else str):
            yield said
    elif isinstance(said, dict):
        step, _dot, rest = way.partition(".")
        yield from _along(said.get(step), rest, whole=whole)
