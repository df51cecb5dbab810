"""The fields that queries may name, each with its meaning, in one table. The names are ORCID's.

Three kinds: `words` is text, found by words without case and accents; `exact` is a value as it stands; `date`
is a moment. What a type of identifier or organisation id calls into being (`doi`, `doi-self`, `ror-org-id`)
is no field of the index of its own: it stands in a common one with its name before the value, so that a new
type needs no new index.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from laelia.model.identifiers import IDENTIFIER_TYPES, normalise
from laelia.model.vocabularies import RELATIONSHIP
from laelia.registry.registers.texts import words

Kind = Literal["words", "exact", "date"]
CATCH_ALL = "text"
"""The field of a word that names none: everything of a record."""
BETWEEN = "\x1f"
"""Between the name of a composed field and its value. No text of a record holds it."""
IDS, EXACT, HAS, ORCID = "ids", "exact", "has", "orcid"
"""Fields of the index in which several of those below live: words of identifiers, exact values, what there
is."""

AT = f"at{BETWEEN}"
"""Stands before the folded name of each organisation where she works now, among the exact values."""
NAMES, PLACES, TOPICS = "names", "places", "topics"
"""What the page for people asks: words of names, of where she works now, and of what she works on."""
STANDING = ("order", "order_on", "order_end", "number")
"""The order of people who fit equally well, as numbers: the beginning of family and given names, then the
iD."""

WORDS = {
    "given-names": "given names",
    "family-name": "family name",
    "credit-name": "the name she publishes under",
    "given-and-family-names": "given and family names together",
    "other-names": "other names",
    "biography": "biography",
    "keyword": "keywords",
    "current-institution-affiliation-name": "organisations of affiliations without an end",
    "past-institution-affiliation-name": "organisations of affiliations that ended",
    "affiliation-org-name": "organisations of all affiliations",
    "funding-org-name": "organisations that fund",
    "peer-review-org-name": "organisations that reviews were done for",
    "research-resource-proposal-org-name": "hosts of proposals for research resources",
    "research-resource-item-org-name": "hosts of research resources",
    "external-id-source": "client ids of who added an identifier of the person",
    "external-id-reference": "identifiers of the person",
    "work-titles": "titles of works, subtitles and translations",
    "funding-titles": "titles of fundings and their translations",
    "grant-numbers": "numbers of grants",
    "digital-object-ids": "DOIs",
    "other-identifier-type": "identifiers of the type other-id",
    "peer-review-type": "types of reviews",
    "peer-review-role": "roles in reviews",
    "peer-review-group-id": "ids of the groups that reviews were done for",
    "research-resource-proposal-title": "titles of proposals for research resources",
    "research-resource-item-name": "names of research resources",
    CATCH_ALL: "everything",
}
EXACTLY = {
    "orcid": "the iD",
    "email": "e-mail addresses that everybody may see",
    "external-id-source-and-reference": "who added an identifier of the person, and its value",
    "external-id-type-and-value": "an identifier of the person with its type",
    "primary-record": "the iD that a merged record went to; no merged record is found",
}
DATES = {
    "profile-submission-date": "when the record was made",
    "profile-last-modified-date": "when it last changed",
}
ORGANISATION_IDS = ("ror", "grid", "ringgold", "fundref", "lei")
RELATIONSHIPS = RELATIONSHIP.terms
MOST = 1000
"""Characters of an exact value that count."""
_TYPE = re.compile(r"[a-z][a-z0-9_.-]*")


@dataclass(frozen=True)
class Field:
    """`place` is the field of the index, `prefix` what stands there before each word or value of this one."""

    name: str
    kind: Kind
    place: str
    prefix: str = ""
    plain: Callable[[str], str] = str.strip
    """Brings the several ways in which an exact value is written to one."""

    def terms(self, text: str) -> list[str]:
        """What a text becomes in the index, and what is looked for: the same on both sides."""
        if self.kind == "exact":
            return [self.prefix + self.plain(text).casefold()[:MOST]]
        return [self.prefix + word for word in words(text)]


@cache
def fields() -> dict[str, Field]:
    """All fields by name, but those of identifier types that a registry added itself."""
    told = [Field(name, "words", place_of(name)) for name in WORDS]
    told += [_exact(name) for name in EXACTLY]
    told += [Field(name, "date", place_of(name)) for name in DATES]
    told += [_organisation(source) for source in ORGANISATION_IDS]
    for kind in IDENTIFIER_TYPES:
        told += [_words_of(kind), *(_related(kind, each) for each in RELATIONSHIPS)]
    return {one.name: one for one in reversed(told)}


def field(name: str) -> Field | None:
    """The field of this name; None where there is none. Types are taken by their form, known or not: who asks
    for one that nobody uses finds nobody."""
    known = fields().get(name)
    if known is not None:
        return known
    for relationship in RELATIONSHIPS:
        if name.endswith(f"-{relationship}") and _TYPE.fullmatch(name.removesuffix(f"-{relationship}")):
            return _related(name.removesuffix(f"-{relationship}"), relationship)
    return None


def place_of(name: str) -> str:
    return name.replace("-", "_")


def _exact(name: str, plain: Callable[[str], str] = str.strip) -> Field:
    return Field(name, "exact", EXACT, f"{name}{BETWEEN}", plain)


def _related(kind: str, relationship: str) -> Field:
    return _exact(f"{kind}-{relationship}", lambda value: normalise(kind, value) or value.strip())


def _organisation(source: str) -> Field:
    """Their ids are written with an address before them and without one."""
    return _exact(f"{source}-org-id", lambda value: value.strip().rstrip("/").rpartition("/")[2])


def _words_of(kind: str) -> Field:
    return Field(kind, "words", IDS, f"{kind}{BETWEEN}")
