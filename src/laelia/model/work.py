"""Works: in full, in summary, and several at once."""

from typing import Annotated

from laelia.model.common import (
    ENVELOPE_ATTRIBUTES,
    ExternalId,
    Item,
    OrcidUri,
    PublicationDate,
    TranslatedTitle,
)
from laelia.model.language import V3_0, Entity, Scalar, attr, common, el, entity
from laelia.model.other import Error
from laelia.model.vocabularies import (
    CITATION_TYPE,
    COUNTRY_OR_BLANK,
    LANGUAGE,
    SEQUENCE,
    WORK_ROLE,
    WORK_TYPE,
)


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
    attributes=ENVELOPE_ATTRIBUTES,
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
    country: Annotated[str | None, common(type=COUNTRY_OR_BLANK, wrap=True, tolerates=("visibility",))] = None


@entity(
    "work-summary",
    "work",
    json=("put-code", ..., "visibility", "path", "display-index"),
    attributes=ENVELOPE_ATTRIBUTES,
)
class WorkSummary(Item, kw_only=True):
    display_index: Annotated[int | None, attr(type=Scalar.INDEX, json_text=True)] = None
    title: Annotated[WorkTitle | None, el(required=True)] = None
    external_ids: Annotated[list[ExternalId], common(each="external-id")] = []
    url: Annotated[str | None, common(wrap=True, since=V3_0)] = None
    type: Annotated[str | None, el(type=WORK_TYPE, required=True)] = None
    publication_date: Annotated[PublicationDate | None, common()] = None
    journal_title: Annotated[str | None, el(wrap=True, blank=False, max=1000, since=V3_0)] = None


@entity("bulk", "bulk")
class WorkBulk(Entity, kw_only=True):
    """Several works at once; what failed stands as an error in its place."""

    bulk: Annotated[list[Work | Error], el(many=True, choice=(("work", "work"), ("error", "error")))] = []
