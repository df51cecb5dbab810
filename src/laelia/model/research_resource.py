"""Research resources (since 3.0): time at an instrument, access to a collection, and who hosts it."""

from typing import Annotated

from laelia.model.common import (
    ENVELOPE_ATTRIBUTES,
    ExternalId,
    FuzzyDate,
    Item,
    Organisation,
    TranslatedTitle,
)
from laelia.model.language import V3_0, Entity, Field, Scalar, attr, common, el, entity
from laelia.model.vocabularies import RESOURCE_TYPE

MOST_HOSTS = 10


def _hosts() -> Field:
    return el(each="organization", each_ns="common", required=True, least=1, most=MOST_HOSTS)


@entity("research-resource-title", "research-resource", since=V3_0)
class ResearchResourceTitle(Entity, kw_only=True):
    title: Annotated[str | None, common(wrap=True, required=True, blank=False, max=1000)] = None
    translated_title: Annotated[TranslatedTitle | None, common()] = None


@entity("proposal", "research-resource", since=V3_0)
class Proposal(Entity, kw_only=True):
    """What was asked for, and granted."""

    title: Annotated[ResearchResourceTitle | None, el(required=True)] = None
    hosts: Annotated[list[Organisation], _hosts()] = []
    external_ids: Annotated[list[ExternalId], common(each="external-id", required=True)] = []
    start_date: Annotated[FuzzyDate | None, common()] = None
    end_date: Annotated[FuzzyDate | None, common()] = None
    url: Annotated[str | None, common(wrap=True)] = None


@entity("resource-item", "research-resource", since=V3_0)
class ResourceItem(Entity, kw_only=True):
    """One thing that was used."""

    resource_name: Annotated[str | None, el(required=True, blank=False, max=1000)] = None
    resource_type: Annotated[str | None, el(type=RESOURCE_TYPE, required=True)] = None
    hosts: Annotated[list[Organisation], _hosts()] = []
    external_ids: Annotated[list[ExternalId], common(each="external-id", required=True)] = []
    url: Annotated[str | None, common(wrap=True)] = None


@entity(
    "research-resource",
    "research-resource",
    json=(..., "display-index", "visibility", "put-code", "path"),
    attributes=ENVELOPE_ATTRIBUTES,
    since=V3_0,
)
class ResearchResource(Item, kw_only=True):
    """A research resource in full."""

    display_index: Annotated[int | None, attr(type=Scalar.INDEX, json_text=True)] = None
    proposal: Annotated[Proposal | None, el(required=True)] = None
    resource_items: Annotated[
        list[ResourceItem], el(each="resource-item", json_flat=True, required=True, least=1)
    ] = []


@entity(
    "research-resource-summary",
    "research-resource",
    json=(..., "visibility", "put-code", "path", "display-index"),
    attributes=ENVELOPE_ATTRIBUTES,
    since=V3_0,
)
class ResearchResourceSummary(Item, kw_only=True):
    display_index: Annotated[int | None, attr(type=Scalar.INDEX, json_text=True)] = None
    proposal: Annotated[Proposal | None, el(required=True)] = None
