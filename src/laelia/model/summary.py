"""The record summary of the Member API (3.0): counts and the latest few, public items only.

JSON names the e-mail domains before education and research resources, the schema's order is another.
"""

from typing import Annotated

from laelia.model.common import Dated, FuzzyDate, OrcidUri
from laelia.model.language import V3_0, Entity, Scalar, common, el, entity
from laelia.model.vocabularies import EDUCATION_QUALIFICATION_TYPE, PROFESSIONAL_ACTIVITY_TYPE

SHOWN = 3
"""How many of each kind stand in the summary."""


@entity("external-identifier", "summary", since=V3_0)
class SummaryIdentifier(Entity, kw_only=True):
    put_code: Annotated[int | None, el(required=True)] = None
    external_id_type: Annotated[str | None, el(required=True, blank=False)] = None
    external_id_value: Annotated[str | None, el(blank=False)] = None
    external_id_url: Annotated[str | None, el()] = None
    validated: Annotated[bool, el(required=True)] = False


@entity("external-identifiers", "summary", since=V3_0)
class SummaryIdentifiers(Entity, kw_only=True):
    external_identifier: Annotated[list[SummaryIdentifier], el(many=True)] = []


class SummaryAffiliation(Entity, kw_only=True):
    """`validated`: somebody else than the person says so."""

    put_code: Annotated[int | None, el(required=True)] = None
    type: Annotated[str | None, el(required=True)] = None
    organisation_name: Annotated[str | None, el("organization-name", required=True, blank=False)] = None
    role: Annotated[str | None, el()] = None
    url: Annotated[str | None, el()] = None
    start_date: Annotated[FuzzyDate | None, common()] = None
    end_date: Annotated[FuzzyDate | None, common()] = None
    validated: Annotated[bool, el(required=True)] = False


@entity("employment", "summary", since=V3_0)
class SummaryEmployment(SummaryAffiliation, kw_only=True):
    pass


@entity("professional-activity", "summary", json=("put-code", "type", ...), since=V3_0)
class SummaryActivity(SummaryAffiliation, kw_only=True):
    type: Annotated[str | None, el(type=PROFESSIONAL_ACTIVITY_TYPE, required=True)] = None


@entity("education-qualification", "summary", json=("put-code", "type", ...), since=V3_0)
class SummaryEducation(SummaryAffiliation, kw_only=True):
    type: Annotated[str | None, el(type=EDUCATION_QUALIFICATION_TYPE, required=True)] = None


class Counted(Entity, kw_only=True):
    count: Annotated[int, el(required=True)] = 0


@entity("employments", "summary", since=V3_0)
class SummaryEmployments(Counted, kw_only=True):
    employment: Annotated[list[SummaryEmployment], el(many=True)] = []


@entity("professional-activities", "summary", since=V3_0)
class SummaryActivities(Counted, kw_only=True):
    professional_activity: Annotated[list[SummaryActivity], el(many=True)] = []


@entity("education-qualifications", "summary", since=V3_0)
class SummaryEducations(Counted, kw_only=True):
    education_qualification: Annotated[list[SummaryEducation], el(many=True)] = []


class Asserted(Entity, kw_only=True):
    """How many groups only the person herself asserts, and how many somebody else does."""

    self_asserted_count: Annotated[int, el(required=True)] = 0
    validated_count: Annotated[int, el(required=True)] = 0


@entity("fundings", "summary", since=V3_0)
class SummaryFundings(Asserted, kw_only=True):
    pass


@entity("works", "summary", since=V3_0)
class SummaryWorks(Asserted, kw_only=True):
    pass


@entity("research-resources", "summary", since=V3_0)
class SummaryResources(Asserted, kw_only=True):
    pass


@entity("peer-reviews", "summary", since=V3_0)
class SummaryReviews(Entity, kw_only=True):
    """`peer_review_publication_grants` counts the groups."""

    peer_review_publication_grants: Annotated[int, el(required=True)] = 0
    self_asserted_count: Annotated[int, el()] = 0
    total: Annotated[int, el(required=True)] = 0


@entity("email-domain", "summary", since=V3_0)
class SummaryDomain(Entity, kw_only=True):
    value: Annotated[str | None, el(required=True, blank=False)] = None
    verification_date: Annotated[int | None, el(type=Scalar.INSTANT, wrap=True)] = None


@entity("email-domains", "summary", since=V3_0)
class SummaryDomains(Counted, kw_only=True):
    email_domain: Annotated[list[SummaryDomain], el(many=True)] = []


@entity(
    "record-summary",
    "summary",
    json=(..., "email-domains", "education-qualifications", "research-resources"),
    since=V3_0,
)
class RecordSummary(Dated, kw_only=True):
    credit_name: Annotated[str | None, el(blank=False)] = None
    orcid_identifier: Annotated[OrcidUri | None, common(required=True)] = None
    external_identifiers: Annotated[SummaryIdentifiers | None, el()] = None
    employments: Annotated[SummaryEmployments | None, el()] = None
    professional_activities: Annotated[SummaryActivities | None, el()] = None
    fundings: Annotated[SummaryFundings | None, el()] = None
    works: Annotated[SummaryWorks | None, el()] = None
    peer_reviews: Annotated[SummaryReviews | None, el()] = None
    education_qualifications: Annotated[SummaryEducations | None, el()] = None
    research_resources: Annotated[SummaryResources | None, el()] = None
    email_domains: Annotated[SummaryDomains | None, el()] = None
