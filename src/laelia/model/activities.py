"""How the activities of a record are listed: groups of summaries, containers, and all of them at once.

What is made of stored summaries may stand in a list as `Raw`.
"""

from typing import Annotated

from laelia.model.affiliation import (
    DistinctionSummary,
    EducationSummary,
    EmploymentSummary,
    InvitedPositionSummary,
    MembershipSummary,
    QualificationSummary,
    ServiceSummary,
)
from laelia.model.common import Container, ExternalId
from laelia.model.funding import FundingSummary
from laelia.model.language import V2_1, V3_0, Entity, Raw, Scalar, common, el, entity
from laelia.model.peer_review import PeerReviewSummary
from laelia.model.research_resource import ResearchResourceSummary
from laelia.model.work import WorkSummary

AFFILIATIONS = (
    ("distinction", "distinction-summary"),
    ("invited-position", "invited-position-summary"),
    ("education", "education-summary"),
    ("employment", "employment-summary"),
    ("membership", "membership-summary"),
    ("qualification", "qualification-summary"),
    ("service", "service-summary"),
)


class Group(Entity, kw_only=True):
    """Items that share an identifier; the first is the preferred one."""

    last_modified_date: Annotated[int | None, common(type=Scalar.INSTANT, wrap=True)] = None
    external_ids: Annotated[list[ExternalId | Raw], common(each="external-id", required=True)] = []


@entity("work-group", "activities")
class WorkGroup(Group, kw_only=True):
    work_summary: Annotated[list[WorkSummary | Raw], el(ns="work", many=True)] = []


@entity("funding-group", "activities")
class FundingGroup(Group, kw_only=True):
    funding_summary: Annotated[list[FundingSummary | Raw], el(ns="funding", many=True)] = []


@entity("affiliation-group", "activities", since=V3_0)
class AffiliationGroup(Group, kw_only=True):
    """XML puts the summaries straight into the group, JSON says of each what kind it is."""

    summaries: Annotated[
        list[
            DistinctionSummary
            | InvitedPositionSummary
            | EducationSummary
            | EmploymentSummary
            | MembershipSummary
            | QualificationSummary
            | ServiceSummary
            | Raw
        ],
        el(many=True, choice=AFFILIATIONS),
    ] = []


@entity("peer-review-duplicates", "activities", since=V3_0)
class PeerReviewDuplicates(Group, kw_only=True):
    """Reviews of one group that share an identifier."""

    peer_review_summary: Annotated[list[PeerReviewSummary | Raw], el(ns="peer-review", many=True)] = []


@entity("peer-review-group", "activities")
class PeerReviewGroup(Group, kw_only=True):
    """Reviews with one group id, which stands as the only external id. 2.x has one level, 3.0 two."""

    peer_review_group: Annotated[list[PeerReviewDuplicates | Raw], el(many=True, since=V3_0)] = []
    peer_review_summary: Annotated[
        list[PeerReviewSummary | Raw], el(ns="peer-review", many=True, until=V2_1)
    ] = []


@entity("research-resource-group", "activities", since=V3_0)
class ResearchResourceGroup(Group, kw_only=True):
    research_resource_summary: Annotated[
        list[ResearchResourceSummary | Raw], el(ns="research-resource", many=True)
    ] = []


@entity("works", "activities", json=(..., "path"))
class Works(Container, kw_only=True):
    group: Annotated[list[WorkGroup | Raw], el(many=True)] = []


@entity("fundings", "activities", json=(..., "path"))
class Fundings(Container, kw_only=True):
    group: Annotated[list[FundingGroup | Raw], el(many=True)] = []


@entity("peer-reviews", "activities", json=(..., "path"))
class PeerReviews(Container, kw_only=True):
    group: Annotated[list[PeerReviewGroup | Raw], el(many=True)] = []


@entity("research-resources", "activities", json=(..., "path"), since=V3_0)
class ResearchResources(Container, kw_only=True):
    group: Annotated[list[ResearchResourceGroup | Raw], el(many=True)] = []


class Affiliations(Container, kw_only=True):
    """A list of one kind; since 3.0 in groups."""

    affiliation_group: Annotated[list[AffiliationGroup | Raw], el(many=True, since=V3_0)] = []


@entity("distinctions", "activities", json=(..., "path"), since=V3_0)
class Distinctions(Affiliations, kw_only=True):
    pass


@entity("educations", "activities", json=(..., "path"))
class Educations(Affiliations, kw_only=True):
    education_summary: Annotated[list[EducationSummary | Raw], el(ns="education", many=True, until=V2_1)] = []


@entity("employments", "activities", json=(..., "path"))
class Employments(Affiliations, kw_only=True):
    employment_summary: Annotated[
        list[EmploymentSummary | Raw], el(ns="employment", many=True, until=V2_1)
    ] = []


@entity("invited-positions", "activities", json=(..., "path"), since=V3_0)
class InvitedPositions(Affiliations, kw_only=True):
    pass


@entity("memberships", "activities", json=(..., "path"), since=V3_0)
class Memberships(Affiliations, kw_only=True):
    pass


@entity("qualifications", "activities", json=(..., "path"), since=V3_0)
class Qualifications(Affiliations, kw_only=True):
    pass


@entity("services", "activities", json=(..., "path"), since=V3_0)
class Services(Affiliations, kw_only=True):
    pass


@entity("activities-summary", "activities", json=(..., "path"))
class ActivitiesSummary(Container, kw_only=True):
    """All activities. Sections not told stand as None and are written so."""

    distinctions: Annotated[Distinctions | None, el(since=V3_0)] = None
    educations: Annotated[Educations | None, el()] = None
    employments: Annotated[Employments | None, el()] = None
    fundings: Annotated[Fundings | None, el()] = None
    invited_positions: Annotated[InvitedPositions | None, el(since=V3_0)] = None
    memberships: Annotated[Memberships | None, el(since=V3_0)] = None
    peer_reviews: Annotated[PeerReviews | None, el()] = None
    qualifications: Annotated[Qualifications | None, el(since=V3_0)] = None
    research_resources: Annotated[ResearchResources | None, el(since=V3_0)] = None
    services: Annotated[Services | None, el(since=V3_0)] = None
    works: Annotated[Works | None, el()] = None
