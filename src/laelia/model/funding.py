"""Fundings: grants, contracts, awards."""

from typing import Annotated

from laelia.model.common import (
    ENVELOPE_ATTRIBUTES,
    ExternalId,
    FuzzyDate,
    Item,
    OrcidUri,
    Organisation,
    TranslatedTitle,
)
from laelia.model.language import V3_0, Entity, Scalar, attr, body, common, el, entity
from laelia.model.vocabularies import CURRENCY, FUNDING_ROLE, FUNDING_TYPE

# 3.0 moved what several kinds of item have into the namespace `common`.
_OWN = {"ns": None}


@entity("funding-title", "funding")
class FundingTitle(Entity, kw_only=True):
    title: Annotated[str | None, common(wrap=True, required=True, blank=False, max=1000)] = None
    translated_title: Annotated[TranslatedTitle | None, common()] = None


@entity("amount", "common")
class Amount(Entity, kw_only=True):
    """A number as text, and its currency."""

    value: Annotated[str | None, body()] = None
    currency_code: Annotated[str | None, attr(type=CURRENCY, required=True)] = None


@entity("contributor-attributes", "funding")
class FundingContributorAttributes(Entity, kw_only=True):
    role: Annotated[str | None, el("contributor-role", type=FUNDING_ROLE)] = None


@entity("contributor", "funding")
class FundingContributor(Entity, kw_only=True):
    orcid: Annotated[OrcidUri | None, common("contributor-orcid")] = None
    credit_name: Annotated[str | None, el(wrap=True, blank=False, max=150)] = None
    email: Annotated[str | None, el("contributor-email", wrap=True, max=350, pattern=r"[^@]+@[^.]+\..+")] = (
        None
    )
    attributes: Annotated[FundingContributorAttributes | None, el("contributor-attributes")] = None


@entity(
    "funding",
    "funding",
    json=("created-date", "last-modified-date", "source", "put-code", "path", ..., "visibility"),
    attributes=ENVELOPE_ATTRIBUTES,
)
class Funding(Item, kw_only=True):
    """A funding in full."""

    display_index: Annotated[int | None, attr(type=Scalar.INDEX, json=False)] = None
    type: Annotated[str | None, el(type=FUNDING_TYPE, required=True)] = None
    organisation_defined_type: Annotated[str | None, el("organization-defined-type", wrap=True, max=255)] = (
        None
    )
    title: Annotated[FundingTitle | None, el()] = None
    short_description: Annotated[str | None, el(max=5000)] = None
    amount: Annotated[Amount | None, el()] = None
    url: Annotated[str | None, common(wrap=True, v2=_OWN)] = None
    start_date: Annotated[FuzzyDate | None, common()] = None
    end_date: Annotated[FuzzyDate | None, common()] = None
    external_ids: Annotated[list[ExternalId], common(each="external-id")] = []
    contributors: Annotated[list[FundingContributor], el(each="contributor")] = []
    organisation: Annotated[Organisation | None, common("organization", required=True, v2=_OWN)] = None


@entity(
    "funding-summary",
    "funding",
    json=(..., "visibility", "put-code", "path", "display-index"),
    attributes=ENVELOPE_ATTRIBUTES,
)
class FundingSummary(Item, kw_only=True):
    display_index: Annotated[int | None, attr(type=Scalar.INDEX, json_text=True)] = None
    title: Annotated[FundingTitle | None, el(required=True)] = None
    external_ids: Annotated[list[ExternalId], common(each="external-id")] = []
    url: Annotated[str | None, common(wrap=True, since=V3_0)] = None
    type: Annotated[str | None, el(type=FUNDING_TYPE, required=True)] = None
    start_date: Annotated[FuzzyDate | None, common()] = None
    end_date: Annotated[FuzzyDate | None, common()] = None
    organisation: Annotated[Organisation | None, common("organization", required=True, v2=_OWN)] = None
