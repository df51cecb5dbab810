"""The rules of what several kinds of item have in common: titles, identifiers, dates, contributors."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from laelia.model.common import ExternalId, FuzzyDate, OrcidUri, TranslatedTitle
from laelia.model.identifiers import FUNDED_BY_TYPES, IDENTIFIER_TYPES, Types, valid_orcid
from laelia.model.language import V2_0, Version
from laelia.model.problems import (
    ExternalIdInvalid,
    Invalid,
    InvalidDate,
    InvalidRole,
    InvalidValue,
    StartAfterEnd,
    TitleMissing,
)
from laelia.model.vocabularies import CREDIT, LANGUAGE, RELATIONSHIP, WORK_ROLE
from laelia.model.vocabulary import Vocabulary


def blank(text: str | None) -> bool:
    return text is None or not text.strip()


def one_of(vocabulary: Vocabulary, value: str | None, name: str) -> None:
    if value not in vocabulary.terms:
        raise InvalidValue(type=name, value=value or "", values=", ".join(vocabulary.terms))


def check_title(title: Any) -> None:
    """Of a work or a funding: there, not blank, its translation whole."""
    if title is None or blank(title.title):
        raise TitleMissing()
    check_translation(title.translated_title)


def check_translation(translated: TranslatedTitle | None) -> None:
    if translated is None:
        return
    if blank(translated.value):
        raise Invalid("the translated title has a language but no text.")
    one_of(LANGUAGE, translated.language_code, "the translated title's language-code")


def check_external_ids(ids: Sequence[ExternalId], types: Types = IDENTIFIER_TYPES) -> None:
    """At least one; each of a known type, with a value and a relationship."""
    if not ids:
        raise ExternalIdInvalid("there is none, and at least one is required.")
    for x in ids:
        check_external_id(x, types)


def check_external_id(x: ExternalId, types: Types = IDENTIFIER_TYPES) -> None:
    if x.type is None or types.get(x.type) is None:
        raise ExternalIdInvalid(f"“{x.type or ''}” is not a known type of identifier.")
    if blank(x.value):
        raise ExternalIdInvalid(f"one of type {x.type} has no value.")
    if x.relationship is None:
        raise ExternalIdInvalid(f"{x.type} {x.value} has no relationship.")
    one_of(RELATIONSHIP, x.relationship, "external-id-relationship")
    if x.relationship == "funded-by" and x.type not in FUNDED_BY_TYPES:
        raise Invalid(f"{x.type} {x.value} cannot be funded-by: only {', '.join(FUNDED_BY_TYPES)} may.")


def needs_self(ids: Sequence[ExternalId]) -> None:
    """An identifier of another version says something only beside one of this version."""
    if any(x.relationship == "version-of" for x in ids) and not any(x.relationship == "self" for x in ids):
        raise ExternalIdInvalid("an identifier in the relationship version-of needs one in self beside it.")


def check_date(fuzzy: FuzzyDate) -> None:
    """Four digits, two and two; a day needs a month; and the calendar must know it (9020, 9049)."""
    year, month, day = fuzzy.year, fuzzy.month, fuzzy.day
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
        raise InvalidDate(date=date_text(fuzzy)) from None


def date_text(fuzzy: FuzzyDate) -> str:
    return "-".join(part for part in (fuzzy.year, fuzzy.month, fuzzy.day) if part)


def check_span(start: FuzzyDate | None, end: FuzzyDate | None, *, in_order: bool = True) -> None:
    """Two dates of the calendar, the first not after the second as far as both are known (9055)."""
    for one in (start, end):
        if one is not None:
            check_date(one)
    if in_order and start is not None and end is not None:
        for first, last in zip(_parts(start), _parts(end), strict=True):
            if not first or not last or first < last:
                return
            if first > last:
                raise StartAfterEnd(start=date_text(start), end=date_text(end))


def _parts(fuzzy: FuzzyDate) -> tuple[str | None, ...]:
    return fuzzy.year, fuzzy.month, fuzzy.day


def role_of(text: str, roles: Vocabulary = WORK_ROLE) -> str | None:
    """The role as listed for what a client sent; CRediT roles are compared without regard to case."""
    if text in roles.terms:
        return text
    lower = text.lower()
    return lower if lower.startswith(CREDIT) and lower in roles.terms else None


def check_contributors(contributors: Sequence[Any], roles: Vocabulary, version: Version) -> None:
    for contributor in contributors:
        if contributor.orcid is not None:
            _check_orcid(contributor.orcid, version)
        if contributor.credit_name is not None and blank(contributor.credit_name):
            raise Invalid("the credit-name of a contributor is empty; leave it out instead.")
        if contributor.email is not None and blank(contributor.email):
            raise Invalid("the contributor-email of a contributor is empty; leave it out instead.")
        role = contributor.attributes.role if contributor.attributes else None
        if role is not None and role_of(role, roles) is None:
            raise InvalidRole(role=role, roles=", ".join(roles.accepted(version)))


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
