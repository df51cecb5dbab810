"""Peer reviews: what somebody reviewed, for whom, in which group."""

from typing import Annotated

from laelia.model.common import ENVELOPE_ATTRIBUTES, ExternalId, FuzzyDate, Item, Organisation
from laelia.model.language import V3_0, Scalar, attr, common, el, entity
from laelia.model.vocabularies import REVIEW_TYPE, REVIEWER_ROLE, SUBJECT_TYPE
from laelia.model.work import WorkTitle

GROUP_ID = r"(ringgold:|issn:|orcid-generated:|fundref:|publons:)[0-9a-zA-Z\^._~:/?#\[\]@!$&'()*+,;=\-]{2,}"
"""The form of a group's id: one of five prefixes, and at least two plain characters."""


@entity("subject-name", "peer-review")
class SubjectName(WorkTitle, kw_only=True):
    pass


@entity(
    "peer-review",
    "peer-review",
    json=(..., "visibility", "put-code", "path"),
    attributes=ENVELOPE_ATTRIBUTES,
)
class PeerReview(Item, kw_only=True):
    """A peer review in full."""

    display_index: Annotated[int | None, attr(type=Scalar.INDEX, json=False)] = None
    reviewer_role: Annotated[str | None, el(type=REVIEWER_ROLE, required=True)] = None
    review_identifiers: Annotated[
        list[ExternalId], el(each="external-id", each_ns="common", required=True)
    ] = []
    review_url: Annotated[str | None, el(wrap=True)] = None
    review_type: Annotated[str | None, el(type=REVIEW_TYPE, required=True)] = None
    review_completion_date: Annotated[FuzzyDate | None, el(required=True)] = None
    review_group_id: Annotated[str | None, el(required=True, max=1000, pattern=GROUP_ID)] = None
    subject_external_identifier: Annotated[ExternalId | None, el()] = None
    subject_container_name: Annotated[
        str | None, el(wrap=True, blank=False, max=1000, v2={"blank": True})
    ] = None
    subject_type: Annotated[str | None, el(type=SUBJECT_TYPE)] = None
    subject_name: Annotated[SubjectName | None, el()] = None
    subject_url: Annotated[str | None, el(wrap=True)] = None
    convening_organisation: Annotated[Organisation | None, el("convening-organization", required=True)] = None


@entity(
    "peer-review-summary",
    "peer-review",
    json=(..., "visibility", "put-code", "path", "display-index"),
    attributes=ENVELOPE_ATTRIBUTES,
)
class PeerReviewSummary(Item, kw_only=True):
    """Names two things otherwise than the whole item: the date, and the identifiers."""

    display_index: Annotated[int | None, attr(type=Scalar.INDEX, json_text=True)] = None
    reviewer_role: Annotated[str | None, el(type=REVIEWER_ROLE, required=True, since=V3_0)] = None
    external_ids: Annotated[
        list[ExternalId], common(each="external-id", taken_from="review_identifiers")
    ] = []
    review_url: Annotated[str | None, el(wrap=True, since=V3_0)] = None
    review_type: Annotated[str | None, el(type=REVIEW_TYPE, required=True, since=V3_0)] = None
    completion_date: Annotated[FuzzyDate | None, el(required=True, taken_from="review_completion_date")] = (
        None
    )
    review_group_id: Annotated[str | None, el(required=True, max=1000, pattern=GROUP_ID)] = None
    convening_organisation: Annotated[Organisation | None, el("convening-organization", required=True)] = None
