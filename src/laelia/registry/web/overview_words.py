"""A record's summary as its short page shows it: plain values for the template."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import ngettext
from laelia.model.common import FuzzyDate
from laelia.model.summary import RecordSummary

Place = tuple[str, str]
"""What somebody is or was where, and when."""


@dataclass(frozen=True, kw_only=True)
class Brief:
    """`lists` are headings with their lines and how many more there are, `counts` what there is how often."""

    orcid: str
    uri: str
    name: str
    other_names: list[str]
    lists: list[tuple[str, list[Place], int]]
    identifiers: list[tuple[str, str, str | None]]
    counts: list[str]
    domains: list[str]
    modified: int | None


def brief(told: RecordSummary, other_names: list[str]) -> Brief:
    """What is empty is left out."""
    known = told.orcid_identifier
    assert known is not None
    lists = [
        _list(_("Employment"), told.employments, "employment"),
        _list(_("Education and qualifications"), told.education_qualifications, "education_qualification"),
        _list(_("Professional activities"), told.professional_activities, "professional_activity"),
    ]
    ids = told.external_identifiers.external_identifier if told.external_identifiers else []
    return Brief(
        orcid=known.path or "",
        uri=known.uri or "",
        name=told.credit_name or "",
        other_names=other_names,
        lists=[one for one in lists if one[1]],
        identifiers=[
            (one.external_id_type or "", one.external_id_value or "", one.external_id_url) for one in ids
        ],
        counts=_counts(told),
        domains=[one.value or "" for one in told.email_domains.email_domain] if told.email_domains else [],
        modified=told.last_modified_date,
    )


def _list(heading: str, several: Any, name: str) -> tuple[str, list[Place], int]:
    found = getattr(several, name) if several is not None else []
    lines = [_place(one) for one in found]
    return heading, lines, (several.count - len(lines)) if several is not None else 0


def _place(one: Any) -> Place:
    where = ", ".join(part for part in (one.role, one.organisation_name) if part)
    start, end = _year(one.start_date), _year(one.end_date)
    return where, f"{start} – {end}" if start and end else (_("since %(year)s", year=start) if start else end)


def _year(date: FuzzyDate | None) -> str:
    return (date.year if date else None) or ""


def _counts(told: RecordSummary) -> list[str]:
    works, fundings, resources = (
        one.self_asserted_count + one.validated_count if one is not None else 0
        for one in (told.works, told.fundings, told.research_resources)
    )
    reviews = told.peer_reviews.total if told.peer_reviews is not None else 0
    said: Iterable[tuple[int, str]] = (
        (works, ngettext("one work", "%(n)s works", works)),
        (fundings, ngettext("one funding", "%(n)s fundings", fundings)),
        (reviews, ngettext("one peer review", "%(n)s peer reviews", reviews)),
        (resources, ngettext("one research resource", "%(n)s research resources", resources)),
    )
    return [words for count, words in said if count]
