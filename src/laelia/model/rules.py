"""Checks across the fields of an entity, after its shape has been found right (codes 9020 to 9058).

`check(entity, version)` raises the first problem it meets. What needs the database (duplicates, limits,
source) is checked where the SQL is.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from laelia.model.activities import Contributor, Work
from laelia.model.common import ExternalId, FuzzyDate, OrcidUri
from laelia.model.identifiers import FUNDED_BY_TYPES, IDENTIFIER_TYPES, valid_orcid
from laelia.model.language import V2_0, V3_0, Entity, Version, Vocabulary
from laelia.model.problems import (
    ExternalIdInvalid,
    Invalid,
    InvalidDate,
    InvalidRole,
    InvalidValue,
    TitleMissing,
)
from laelia.model.vocabularies import (
    CITATION_TYPE,
    COUNTRY,
    CREDIT,
    LANGUAGE,
    RELATIONSHIP,
    WORK_ROLE,
    WORK_TYPE,
)


def check(entity: Entity, version: Version) -> None:
    """Raises a problem if the entity as a whole cannot be accepted; kinds without rules pass."""
    rule = _RULES.get(type(entity))
    if rule is not None:
        rule(entity, version)


def check_work(work: Work, version: Version) -> None:
    if work.title is None or _blank(work.title.title):
        raise TitleMissing()
    translated = work.title.translated_title
    if translated is not None:
        if _blank(translated.value):
            raise Invalid("the translated title has a language but no text.")
        _one_of(LANGUAGE, translated.language_code, "the translated title's language-code")
    _one_of(WORK_TYPE, work.type, "type")
    if work.citation is not None:
        _one_of(CITATION_TYPE, work.citation.type, "citation-type")
        if _blank(work.citation.value):
            raise Invalid("the citation has a type but no text.")
    if work.language_code is not None:
        _one_of(LANGUAGE, work.language_code, "language-code")
    if work.country:
        _one_of(COUNTRY, work.country, "country")
    if work.publication_date is not None:
        check_date(work.publication_date)
    check_external_ids(work.external_ids)
    if version is V3_0 and not any(x.relationship == "self" for x in work.external_ids):
        raise ExternalIdInvalid("a work needs at least one identifier in the relationship self.")
    for contributor in work.contributors:
        _check_contributor(contributor, version)


def check_external_ids(ids: list[ExternalId]) -> None:
    """At least one; each of a known type, with a value and a relationship."""
    if not ids:
        raise ExternalIdInvalid("there is none, and at least one is required.")
    for x in ids:
        if x.type not in IDENTIFIER_TYPES:
            raise ExternalIdInvalid(f"“{x.type or ''}” is not a known type of identifier.")
        if _blank(x.value):
            raise ExternalIdInvalid(f"one of type {x.type} has no value.")
        if x.relationship is None:
            raise ExternalIdInvalid(f"{x.type} {x.value} has no relationship.")
        _one_of(RELATIONSHIP, x.relationship, "external-id-relationship")
        if x.relationship == "funded-by" and x.type not in FUNDED_BY_TYPES:
            raise Invalid(f"{x.type} {x.value} cannot be funded-by: only {', '.join(FUNDED_BY_TYPES)} may.")


def check_date(fuzzy: FuzzyDate) -> None:
    """Four digits, two and two; a day needs a month; and the calendar must know it (9020, 9049)."""
    year, month, day = fuzzy.year, fuzzy.month, fuzzy.day
    said = "-".join(part for part in (year, month, day) if part)
    for part, name, length in ((year, "year", 4), (month, "month", 2), (day, "day", 2)):
        if part is not None and not re.fullmatch(rf"[0-9]{{{length}}}", part):
            raise Invalid(f"the {name} of the date, “{part}”, must be {length} digits.")
    if year is None:
        raise Invalid("a date needs a year.")
    if day is not None and month is None:
        raise Invalid(f"the date {year} has a day, {day}, but no month.")
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise InvalidDate(date=said) from None


def role_of(text: str) -> str | None:
    """The role as listed for what a client sent; CRediT roles are compared without regard to case."""
    if text in WORK_ROLE.terms:
        return text
    lower = text.lower()
    return lower if lower.startswith(CREDIT) and lower in WORK_ROLE.terms else None


def _check_contributor(contributor: Contributor, version: Version) -> None:
    if contributor.orcid is not None:
        _check_orcid(contributor.orcid, version)
    if contributor.credit_name is not None and _blank(contributor.credit_name):
        raise Invalid("the credit-name of a contributor is empty; leave it out instead.")
    if contributor.email is not None and _blank(contributor.email):
        raise Invalid("the contributor-email of a contributor is empty; leave it out instead.")
    role = contributor.attributes.role if contributor.attributes else None
    if role is not None and role_of(role) is None:
        raise InvalidRole(role=role, roles=", ".join(WORK_ROLE.accepted(version)))


def _check_orcid(orcid: OrcidUri, version: Version) -> None:
    """The uri must end in the iD and bear the scheme of the version; 2.0 is decoded to https beforehand."""
    path = orcid.path or (orcid.uri or "").rstrip("/").rsplit("/", 1)[-1]
    if not valid_orcid(path):
        raise Invalid(f"the iD of a contributor, “{path}”, is not valid.")
    if orcid.uri is not None and not orcid.uri.endswith(f"/{path}"):
        raise Invalid(f"the uri of a contributor, {orcid.uri}, does not end in the path {path}.")
    if version is not V2_0 and orcid.uri is not None and not _secure(orcid.uri):
        raise Invalid(f"the uri of a contributor, {orcid.uri}, must begin with https in version {version}.")


def _secure(uri: str) -> bool:
    return (
        uri.startswith("https://")
        or re.match(r"http://(localhost|127\.0\.0\.1|\[::1\])[:/]", uri) is not None
    )


def _one_of(vocabulary: Vocabulary, value: str | None, name: str) -> None:
    if value not in vocabulary.terms:
        raise InvalidValue(type=name, value=value or "", values=", ".join(vocabulary.terms))


def _blank(text: str | None) -> bool:
    return text is None or not text.strip()


_RULES: dict[type[Entity], Callable[[Any, Version], None]] = {Work: check_work}
