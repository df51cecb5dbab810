"""Works, and the frame in which all activities of a record are listed."""

from typing import Annotated, Any

from laelia.model.common import (
    Container,
    ExternalId,
    Item,
    OrcidUri,
    PublicationDate,
    TranslatedTitle,
)
from laelia.model.language import V2_1, V3_0, Entity, Field, Raw, Scalar, attr, common, el, entity
from laelia.model.other import Error
from laelia.model.vocabularies import CITATION_TYPE, COUNTRY, LANGUAGE, SEQUENCE, WORK_ROLE, WORK_TYPE

ATTRIBUTES = ("put-code", "path", "visibility", "display-index")


@entity("work-title", "work")
class WorkTitle(Entity, kw_only=True):
    title: Annotated[str | None, common(wrap=True, required=True, blank=False, max=1000)] = None
    subtitle: Annotated[str | None, common(wrap=True, max=1000)] = None
    translated_title: Annotated[TranslatedTitle | None, common()] = None


@entity("citation", "work")
class Citation(Entity, kw_only=True):
    type: Annotated[str | None, el("citation-type", type=CITATION_TYPE, required=True)] = None
    value: Annotated[str | None, el("citation-value", required=True)] = None


@entity("contributor-attributes", "work")
class ContributorAttributes(Entity, kw_only=True):
    sequence: Annotated[str | None, el("contributor-sequence", type=SEQUENCE)] = None
    role: Annotated[str | None, el("contributor-role", type=WORK_ROLE)] = None


@entity("contributor", "work")
class Contributor(Entity, kw_only=True):
    orcid: Annotated[OrcidUri | None, common("contributor-orcid")] = None
    credit_name: Annotated[str | None, el(wrap=True, blank=False, max=150)] = None
    email: Annotated[str | None, el("contributor-email", wrap=True, max=350, pattern=r"[^@]+@[^.]+\..+")] = (
        None
    )
    attributes: Annotated[ContributorAttributes | None, el("contributor-attributes")] = None


@entity(
    "work",
    "work",
    json=("created-date", "last-modified-date", "source", "put-code", "path", ..., "visibility"),
    attributes=ATTRIBUTES,
)
class Work(Item, kw_only=True):
    """A work in full."""

    display_index: Annotated[int | None, attr(type=Scalar.INDEX, json=False)] = None
    title: Annotated[WorkTitle | None, el(required=True)] = None
    journal_title: Annotated[str | None, el(wrap=True, blank=False, max=1000, v2={"blank": True})] = None
    short_description: Annotated[str | None, el(max=5000)] = None
    citation: Annotated[Citation | None, el()] = None
    type: Annotated[str | None, el(type=WORK_TYPE, required=True)] = None
    publication_date: Annotated[PublicationDate | None, common()] = None
    external_ids: Annotated[list[ExternalId], common(each="external-id")] = []
    url: Annotated[str | None, common(wrap=True, v2={"ns": "work"})] = None
    contributors: Annotated[list[Contributor], el(each="contributor")] = []
    language_code: Annotated[str | None, common(type=LANGUAGE)] = None
    country: Annotated[str | None, common(type=COUNTRY, wrap=True, tolerates=("visibility",))] = None


@entity(
    "work-summary",
    "work",
    json=("put-code", ..., "visibility", "path", "display-index"),
    attributes=ATTRIBUTES,
)
class WorkSummary(Item, kw_only=True):
    display_index: Annotated[int | None, attr(type=Scalar.INDEX, json_text=True)] = None
    title: Annotated[WorkTitle | None, el(required=True)] = None
    external_ids: Annotated[list[ExternalId], common(each="external-id")] = []
    url: Annotated[str | None, common(wrap=True, since=V3_0)] = None
    type: Annotated[str | None, el(type=WORK_TYPE, required=True)] = None
    publication_date: Annotated[PublicationDate | None, common()] = None
    journal_title: Annotated[str | None, el(wrap=True, blank=False, max=1000, since=V3_0)] = None


@entity("work-group", "activities")
class WorkGroup(Entity, kw_only=True):
    """Works that share an identifier; the first is the preferred one. Stored summaries may come as `Raw`."""

    last_modified_date: Annotated[int | None, common(type=Scalar.INSTANT, wrap=True)] = None
    external_ids: Annotated[list[ExternalId], common(each="external-id", required=True)] = []
    work_summary: Annotated[list[WorkSummary | Raw], el(ns="work", many=True)] = []


@entity("works", "activities", json=(..., "path"))
class Works(Container, kw_only=True):
    group: Annotated[list[WorkGroup], el(many=True)] = []


@entity("bulk", "bulk")
class WorkBulk(Entity, kw_only=True):
    """Several works at once; what failed stands as an error in its place."""

    bulk: Annotated[list[Work | Error], el(many=True, choice=(("work", "work"), ("error", "error")))] = []


def _nothing(**facets: Any) -> Field:
    """The list of a section whose items have not come yet: empty in JSON, nothing in XML."""
    return el(type=Scalar.NONE, many=True, xml=False, **facets)


@entity("affiliations", "activities", json=(..., "path"))
class Affiliations(Container, kw_only=True):
    """Distinctions, invited positions, memberships, qualifications, services."""

    affiliation_group: Annotated[list[None], _nothing(since=V3_0)] = []


@entity("educations", "activities", json=(..., "path"))
class Educations(Affiliations, kw_only=True):
    education_summary: Annotated[list[None], _nothing(until=V2_1)] = []


@entity("employments", "activities", json=(..., "path"))
class Employments(Affiliations, kw_only=True):
    employment_summary: Annotated[list[None], _nothing(until=V2_1)] = []


@entity("grouped", "activities", json=(..., "path"))
class Grouped(Container, kw_only=True):
    """Fundings, peer reviews, research resources."""

    group: Annotated[list[None], _nothing()] = []


@entity("activities-summary", "activities", json=(..., "path"))
class ActivitiesSummary(Container, kw_only=True):
    """All activities. Sections not told stand as None and are written so; `empty_activities` fills them."""

    distinctions: Annotated[Affiliations | None, el(since=V3_0)] = None
    educations: Annotated[Educations | None, el()] = None
    employments: Annotated[Employments | None, el()] = None
    fundings: Annotated[Grouped | None, el()] = None
    invited_positions: Annotated[Affiliations | None, el(since=V3_0)] = None
    memberships: Annotated[Affiliations | None, el(since=V3_0)] = None
    peer_reviews: Annotated[Grouped | None, el()] = None
    qualifications: Annotated[Affiliations | None, el(since=V3_0)] = None
    research_resources: Annotated[Grouped | None, el(since=V3_0)] = None
    services: Annotated[Affiliations | None, el(since=V3_0)] = None
    works: Annotated[Works | None, el()] = None


def empty_activities(orcid: str) -> ActivitiesSummary:
    """The frame of a record without activities: every section there, with its path, and nothing in it."""
    frame = ActivitiesSummary(path=f"/{orcid}/activities")
    for name in ("distinctions", "invited_positions", "memberships", "qualifications", "services"):
        setattr(frame, name, Affiliations(path=f"/{orcid}/{name.replace('_', '-')}"))
    for name in ("fundings", "peer_reviews", "research_resources"):
        setattr(frame, name, Grouped(path=f"/{orcid}/{name.replace('_', '-')}"))
    frame.educations = Educations(path=f"/{orcid}/educations")
    frame.employments = Employments(path=f"/{orcid}/employments")
    frame.works = Works(path=f"/{orcid}/works")
    return frame
