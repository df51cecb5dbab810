"""THE TABLE: a line for each section of a record. Routes, OpenAPI, docs, client and tests are made of it."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from laelia.model import activities as lists
from laelia.model import affiliation as a
from laelia.model import person as p
from laelia.model.common import Container, ExternalId, Item
from laelia.model.funding import Funding, FundingSummary
from laelia.model.language import V2_0, V3_0, Entity, Version, describe, shape
from laelia.model.peer_review import PeerReview, PeerReviewSummary
from laelia.model.research_resource import ResearchResource, ResearchResourceSummary
from laelia.model.work import Work, WorkBulk, WorkSummary

Listing = Literal["flat", "groups", "affiliations", "reviews"]
"""How a section's items are listed: one after the other; in groups that share identifiers; since 3.0 in such
groups and before one after the other; in groups by group id and, since 3.0, within them by identifiers."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Section:
    """A kind of item a record holds, and how it is reached."""

    name: str
    """The list: name of its element in person or activities, key in code and tables (`works`)."""
    part: Literal["person", "activities"]
    entity: type[Item]
    summary: type[Item]
    """What stands in lists. The items of a person have no shorter form."""
    container: type[Container]
    listing: Listing
    item_path: str
    """The path segment of one item (`work`)."""
    list_path: str
    """The path segment of the list (`works`)."""
    read_scope: str
    """Needed to read what is limited; what implies it will do."""
    create_scopes: tuple[str, ...]
    """Any of them lets a client add."""
    update_scopes: tuple[str, ...]
    """Any of them lets a client change."""
    delete_scopes: tuple[str, ...]
    """Any of them lets a client delete."""
    since: Version = V2_0
    ids: tuple[str, ...] = ("external_ids",)
    """Where a summary keeps the identifiers of the item itself: they make duplicates and groups."""
    equal_in: tuple[str, ...] = ()
    """The attributes in which two items of one source must differ (9030), where there are no such ids."""
    newest_by: tuple[str, ...] = ()
    """The dates that bring the newest item to the front; none: the oldest addition stands first."""
    bulk: type[Entity] | None = None
    """The envelope of several items in one POST or GET."""

    @property
    def attribute(self) -> str:
        """The name of the list in `Person` or `ActivitiesSummary`."""
        return self.name.replace("-", "_")

    @property
    def noun(self) -> str:
        """What one item is called: the name of its element."""
        return shape(self.entity).name

    def path(self, orcid: str, put_code: int | None = None) -> str:
        """The `path` of the list or of one item, as documents carry it."""
        return f"/{orcid}/{self.list_path}" if put_code is None else f"/{orcid}/{self.item_path}/{put_code}"

    def lives_in(self, version: Version) -> bool:
        return self.since.order <= version.order


def _section(
    entity: type[Item], summary: type[Item], container: type[Container], listing: Listing, **told: Any
) -> Section:
    """Names and first version are those of the declarations."""
    return Section(
        name=shape(container).name,
        entity=entity,
        summary=summary,
        container=container,
        listing=listing,
        since=shape(entity).since,
        **told,
    )


def _person(entity: type[Item], container: type[Container], *equal_in: str, **more: Any) -> Section:
    scopes, name = ("/orcid-bio/update",), shape(container).name
    told = {
        "item_path": name,
        "list_path": name,
        "create_scopes": scopes,
        "update_scopes": scopes,
        "delete_scopes": scopes,
        **more,
    }
    return _section(
        entity,
        entity,
        container,
        "flat",
        part="person",
        read_scope="/orcid-bio/read-limited",
        ids=(),
        equal_in=equal_in,
        **told,
    )


def _activity(
    listing: Listing,
    scope: str,
    entity: type[Item],
    summary: type[Item],
    container: type[Container],
    **more: Any,
) -> Section:
    """Who may create may not change; who may change may create."""
    return _section(
        entity,
        summary,
        container,
        listing,
        part="activities",
        item_path=shape(entity).name,
        list_path=shape(container).name,
        read_scope=f"/{scope}/read-limited",
        create_scopes=(f"/{scope}/create", f"/{scope}/update"),
        update_scopes=(f"/{scope}/update",),
        delete_scopes=(f"/{scope}/update",),
        **more,
    )


def _affiliation(entity: type[Item], summary: type[Item], container: type[Container], *by: str) -> Section:
    return _activity("affiliations", "affiliations", entity, summary, container, newest_by=by)


_ADD_IDS = ("/orcid-bio/external-identifiers/create",)
_IDS = {"create_scopes": _ADD_IDS, "update_scopes": _ADD_IDS}
_PATH = {"item_path": "address", "list_path": "address"}
_DATES = ("end_date", "start_date")

# fmt: off
SECTIONS = (
    _person(p.OtherName, p.OtherNames, "content"),
    _person(p.ResearcherUrl, p.ResearcherUrls, "url"),
    _person(p.Address, p.Addresses, "country", **_PATH),
    _person(p.Keyword, p.Keywords, "content"),
    _person(p.ExternalIdentifier, p.ExternalIdentifiers, "external_id_type", "external_id_value", **_IDS),
    _affiliation(a.Distinction, a.DistinctionSummary, lists.Distinctions),
    _affiliation(a.Education, a.EducationSummary, lists.Educations, *_DATES),
    _affiliation(a.Employment, a.EmploymentSummary, lists.Employments, *_DATES),
    _activity("groups", "funding", Funding, FundingSummary, lists.Fundings),
    _affiliation(a.InvitedPosition, a.InvitedPositionSummary, lists.InvitedPositions),
    _affiliation(a.Membership, a.MembershipSummary, lists.Memberships),
    _activity("reviews", "peer-review", PeerReview, PeerReviewSummary, lists.PeerReviews,
              newest_by=("completion_date",)),
    _affiliation(a.Qualification, a.QualificationSummary, lists.Qualifications),
    _activity("groups", "affiliations", ResearchResource, ResearchResourceSummary, lists.ResearchResources,
              ids=("proposal", "external_ids")),
    _affiliation(a.Service, a.ServiceSummary, lists.Services),
    _activity("groups", "orcid-works", Work, WorkSummary, lists.Works,
              newest_by=("publication_date",), bulk=WorkBulk),
)
# fmt: on

BY_NAME = {section.name: section for section in SECTIONS}
BY_ITEM_PATH = {section.item_path: section for section in SECTIONS}
BY_ENTITY = {section.entity: section for section in SECTIONS}

BULK_LIMIT = 100
"""Items in one bulk request."""
WORKS_LIMIT = 10_000
"""Works on one record (code 9048)."""


@cache
def members_of(cls: type[Entity], version: Version) -> str:
    """The attribute of a container or group that holds its members in this version."""
    [name] = [name for name, f in describe(cls, version) if f.many]
    return name


@cache
def member_kind(cls: type[Entity]) -> type[Entity]:
    """The entity of which a container or group holds several in 3.0."""
    found: type[Entity] = dict(describe(cls, V3_0))[members_of(cls, V3_0)].type
    return found


@cache
def taken_from(section: Section) -> dict[str, str]:
    """Attribute of the summary → attribute of the item it repeats; the envelope's are not among them."""
    own = set(section.entity.__struct_fields__)
    envelope = set(Item.__struct_fields__)
    pairs = {name: f.taken_from or name for name, f in describe(section.summary, V3_0)}
    return {name: origin for name, origin in pairs.items() if origin in own and name not in envelope}


def own_ids(section: Section, item: Item) -> list[ExternalId]:
    """The identifiers of the item itself; none where the section has none."""
    if not section.ids:
        return []
    first, *rest = section.ids
    found: Any = getattr(item, taken_from(section)[first])
    for name in rest:
        found = getattr(found, name) if found is not None else []
    return list(found)
