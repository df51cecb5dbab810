"""The record summary of the Member API (3.0): how much there is and the latest few of each kind. Public items
only, whoever asks (orcid-api §1.9).
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, bindparam, select

from laelia.model import summary as s
from laelia.model.language import V3_0
from laelia.model.sections import BY_NAME, Section
from laelia.registry import tables
from laelia.registry.access import View
from laelia.registry.record import groups, person_views, summaries
from laelia.registry.record.groups import Group, Member
from laelia.registry.record.listings import Reading, rows_of
from laelia.registry.record.sources import Sources

_domain = tables.email_domain.c
_DOMAINS = (
    select(tables.email_domain)
    .where(_domain.orcid == bindparam("of"), _domain.visibility == "public")
    .order_by(_domain.verified, _domain.domain)
)
# The schema misspells this one kind.
_KINDS = {"invited-position": "invited-postition"}
_PROFESSIONAL = ("distinctions", "invited-positions", "memberships", "services")
_EDUCATION = ("educations", "qualifications")


def summary(asked: Reading) -> s.RecordSummary:
    """What everybody may know, in short."""
    at = replace(asked, view=View(asked.view.who, public=True), version=V3_0)
    by_section: dict[str, list[Row[Any]]] = {}
    for row in rows_of(at):
        by_section.setdefault(row.section, []).append(row)
    found = {
        section.name: groups.grouped(
            section, at.seen(by_section.get(section.name, ()), section), normalised=True
        )
        for section in BY_NAME.values()
        if section.part == "activities"
    }
    reviews = [member for group in found["peer-reviews"] for member in group.members]
    return s.RecordSummary(
        created_date=at.row.created,
        last_modified_date=at.row.modified,
        credit_name=_name(at),
        orcid_identifier=at.uris.orcid(at.orcid),
        external_identifiers=_identifiers(at, by_section.get("external-identifiers", [])),
        employments=_affiliations(at, s.SummaryEmployments, found, ("employments",)),
        professional_activities=_affiliations(at, s.SummaryActivities, found, _PROFESSIONAL),
        fundings=_asserted(at, s.SummaryFundings, found["fundings"]),
        works=_asserted(at, s.SummaryWorks, found["works"]),
        peer_reviews=s.SummaryReviews(
            peer_review_publication_grants=len({m.content.get("review-group-id") for m in reviews}),
            self_asserted_count=sum(not _validated(at, member.row) for member in reviews),
            total=len(reviews),
        ),
        education_qualifications=_affiliations(at, s.SummaryEducations, found, _EDUCATION),
        research_resources=_asserted(at, s.SummaryResources, found["research-resources"]),
        email_domains=_domains(at),
    )


def _name(at: Reading) -> str | None:
    name = person_views.name(at)
    if name is None:
        return None
    return name.credit_name or " ".join(part for part in (name.given_names, name.family_name) if part) or None


def _validated(at: Reading, row: Row[Any]) -> bool:
    """Somebody else than the person says so, and not on her behalf."""
    return at.orcid not in (row.source_orcid, row.origin_orcid)


def _asserted(at: Reading, kind: Any, found: list[Group]) -> Any:
    validated = sum(any(_validated(at, member.row) for member in group.members) for group in found)
    return kind(self_asserted_count=len(found) - validated, validated_count=validated)


def _identifiers(at: Reading, rows: Iterable[Row[Any]]) -> s.SummaryIdentifiers | None:
    section = BY_NAME["external-identifiers"]
    shown = sorted(at.seen(rows, section), key=lambda row: (-row.display_index, row.created, row.id))
    if not shown:
        return None
    said = Sources(at.tx, at.uris, shown)
    made = []
    for row in shown:
        one: Any = summaries.whole(section, row, said)
        made.append(
            s.SummaryIdentifier(
                put_code=row.put_code,
                external_id_type=one.external_id_type,
                external_id_value=one.external_id_value,
                external_id_url=one.external_id_url,
                validated=_validated(at, row),
            )
        )
    return s.SummaryIdentifiers(external_identifier=made)


def _affiliations(at: Reading, kind: Any, found: dict[str, list[Group]], names: Iterable[str]) -> Any:
    """The latest of several sections; of each group the preferred item. What goes on counts as ending now; a
    distinction has only a beginning."""
    listed = [(BY_NAME[name], group.members[0]) for name in names for group in found[name]]
    if not listed:
        return None
    latest = sorted(listed, key=lambda pair: _ended(*pair), reverse=True)[: s.SHOWN]
    member = next(f for f in kind.__struct_fields__ if f != "count")
    inner = {"employment": s.SummaryEmployment, "professional_activity": s.SummaryActivity}
    make: Any = inner.get(member, s.SummaryEducation)
    return kind(count=len(listed), **{member: [_affiliation(at, make, *pair) for pair in latest]})


def _ended(section: Section, member: Member) -> tuple[str, ...]:
    date = member.content.get("start-date" if section.name == "distinctions" else "end-date") or {}
    parts = tuple((date.get(part) or {}).get("value") or "" for part in ("year", "month", "day"))
    return parts if any(parts) or section.name == "distinctions" else ("9999",)


def _affiliation(at: Reading, make: Any, section: Section, member: Member) -> Any:
    one: Any = summaries.as_item(section, member.row)
    return make(
        put_code=member.row.put_code,
        type=_KINDS.get(section.noun, section.noun),
        organisation_name=one.organisation.name if one.organisation else None,
        role=one.role_title,
        url=one.url,
        start_date=one.start_date,
        end_date=one.end_date,
        validated=_validated(at, member.row),
    )


def _domains(at: Reading) -> s.SummaryDomains | None:
    rows = at.tx.execute(_DOMAINS, {"of": at.orcid}).all()
    if not rows:
        return None
    shown = [s.SummaryDomain(value=row.domain, verification_date=row.verified) for row in rows[: s.SHOWN]]
    return s.SummaryDomains(count=len(rows), email_domain=shown)
