"""Items to test with: for every section one with just what is required and one with everything it can say,
good in every version. `register` makes known what they name."""

import copy
from typing import TypeVar

from sqlalchemy import Connection

from laelia.model import affiliation as a
from laelia.model import person as p
from laelia.model.common import (
    DisambiguatedOrganisation,
    ExternalId,
    FuzzyDate,
    Item,
    OrcidUri,
    Organisation,
    OrganisationAddress,
    PublicationDate,
    TranslatedTitle,
)
from laelia.model.funding import (
    Amount,
    Funding,
    FundingContributor,
    FundingContributorAttributes,
    FundingTitle,
)
from laelia.model.group_id import GroupIdRecord
from laelia.model.peer_review import PeerReview, SubjectName
from laelia.model.research_resource import Proposal, ResearchResource, ResearchResourceTitle, ResourceItem
from laelia.model.sections import BY_ENTITY
from laelia.model.work import Citation, Contributor, ContributorAttributes, Work, WorkTitle
from laelia.registry.registers import group_ids, organisations

T = TypeVar("T", bound=Item)

ROR = "https://ror.org/0bee00001"
GROUP = GroupIdRecord(
    name="Bee Letters", group_id="orcid-generated:bee-letters", description="Reviews of bees", type="journal"
)
KINDS = tuple(BY_ENTITY)


def register(tx: Connection, now: int, client: str | None = None) -> None:
    """Make the organisation and the group known, the group as `client`'s."""
    known = organisations.Organisation(name="Bee University", ids=(("ROR", ROR),), city="Hive", country="GB")
    organisations.put(tx, now, known)
    group_ids.add(tx, now, client, copy.copy(GROUP))


def minimal(kind: type[T]) -> T:
    found = MINIMAL[kind]
    assert isinstance(found, kind)
    return copy.deepcopy(found)


def full(kind: type[T]) -> T:
    found = FULL[kind]
    assert isinstance(found, kind)
    return copy.deepcopy(found)


def _id(value: str, kind: str = "doi", relationship: str = "self") -> ExternalId:
    url = f"https://bees.example/{value}"
    return ExternalId(type=kind, value=value, url=url, relationship=relationship)


def _organisation(region: str | None = None) -> Organisation:
    return Organisation(
        name="Bee University",
        address=OrganisationAddress(city="Hive", region=region, country="GB"),
        disambiguated=DisambiguatedOrganisation(identifier=ROR, source="ROR"),
    )


def _contributor_id() -> OrcidUri:
    orcid = "0000-0001-5109-3700"
    return OrcidUri(uri=f"https://orcid.org/{orcid}", path=orcid, host="orcid.org")


_FROM, _TO = FuzzyDate(year="2019", month="03", day="01"), FuzzyDate(year="2021", month="09")
_TRANSLATED = TranslatedTitle(value="Über Bienen", language_code="de")
_PLACE = _organisation("Devon")


def _full_affiliation(kind: type[T], noun: str) -> T:
    return kind(
        department_name="Entomology",
        role_title=f"Keeper of bees, {noun}",
        start_date=_FROM,
        end_date=_TO,
        organisation=_PLACE,
        url=f"https://bees.example/{noun}",
        external_ids=[_id(f"{noun}-1", "source-work-id")],
    )


_AFFILIATIONS: dict[type[Item], str] = {
    a.Distinction: "distinction",
    a.Education: "education",
    a.Employment: "employment",
    a.InvitedPosition: "invited-position",
    a.Membership: "membership",
    a.Qualification: "qualification",
    a.Service: "service",
}

MINIMAL: dict[type[Item], Item] = {
    **{kind: kind(organisation=_organisation()) for kind in _AFFILIATIONS},
    p.OtherName: p.OtherName(content="A. Lovelace"),
    p.ResearcherUrl: p.ResearcherUrl(url_name="Hives", url="https://bees.example/hives"),
    p.Address: p.Address(country="GB"),
    p.Keyword: p.Keyword(content="bees"),
    p.ExternalIdentifier: p.ExternalIdentifier(
        external_id_type="Bee Index",
        external_id_value="B-1",
        external_id_url="https://bees.example/people/1",
        external_id_relationship="self",
    ),
    Funding: Funding(
        type="grant",
        title=FundingTitle(title="Hives for all"),
        external_ids=[_id("GR-1", "grant_number")],
        organisation=_organisation(),
    ),
    PeerReview: PeerReview(
        reviewer_role="reviewer",
        review_identifiers=[_id("review-1", "source-work-id")],
        review_type="review",
        review_completion_date=FuzzyDate(year="2020"),
        review_group_id=GROUP.group_id,
        convening_organisation=_organisation(),
    ),
    ResearchResource: ResearchResource(
        proposal=Proposal(
            title=ResearchResourceTitle(title="A week at the hive"),
            hosts=[_organisation()],
            external_ids=[_id("proposal-1", "proposal-id")],
        ),
        resource_items=[
            ResourceItem(
                resource_name="The hive",
                resource_type="infrastructures",
                hosts=[_organisation()],
                external_ids=[_id("hive-1", "other-id")],
            )
        ],
    ),
    Work: Work(title=WorkTitle(title="On bees"), type="journal-article", external_ids=[_id("10.5555/bees")]),
}

FULL: dict[type[Item], Item] = {
    **{kind: _full_affiliation(kind, noun) for kind, noun in _AFFILIATIONS.items()},
    p.OtherName: p.OtherName(content="Ada King"),
    p.ResearcherUrl: p.ResearcherUrl(url_name="Honey", url="https://bees.example/honey?jar=1&lid=2"),
    p.Address: p.Address(country="FR"),
    p.Keyword: p.Keyword(content="honey & wax"),
    p.ExternalIdentifier: p.ExternalIdentifier(
        external_id_type="Wasp Index",
        external_id_value="W-1",
        external_id_url="https://wasps.example/people/1",
        external_id_relationship="self",
    ),
    Funding: Funding(
        type="award",
        organisation_defined_type="Medal",
        title=FundingTitle(title="For services to bees", translated_title=_TRANSLATED),
        short_description="A medal & a jar.",
        amount=Amount(value="1500.50", currency_code="EUR"),
        url="https://bees.example/medal",
        start_date=_FROM,
        end_date=_TO,
        external_ids=[_id("GR-2", "grant_number"), _id("10.5555/programme", relationship="part-of")],
        contributors=[
            FundingContributor(
                orcid=_contributor_id(),
                credit_name="Grace Hopper",
                email="grace@bees.example",
                attributes=FundingContributorAttributes(role="lead"),
            )
        ],
        organisation=_PLACE,
    ),
    PeerReview: PeerReview(
        reviewer_role="editor",
        review_identifiers=[_id("review-2", "source-work-id"), _id("10.5555/issue", relationship="part-of")],
        review_url="https://bees.example/reviews/2",
        review_type="evaluation",
        review_completion_date=_FROM,
        review_group_id=GROUP.group_id,
        subject_external_identifier=_id("10.5555/reviewed"),
        subject_container_name="Bee Letters",
        subject_type="journal-article",
        subject_name=SubjectName(
            title="On wasps", subtitle="And hornets", translated_title=TranslatedTitle(
                value="Über Wespen", language_code="de"
            ),
        ),
        subject_url="https://bees.example/wasps",
        convening_organisation=_PLACE,
    ),
    ResearchResource: ResearchResource(
        proposal=Proposal(
            title=ResearchResourceTitle(title="A year at the hive", translated_title=_TRANSLATED),
            hosts=[_PLACE],
            external_ids=[_id("proposal-2", "proposal-id")],
            start_date=_FROM,
            end_date=_TO,
            url="https://bees.example/proposals/2",
        ),
        resource_items=[
            ResourceItem(
                resource_name=name,
                resource_type=of_type,
                hosts=[_PLACE],
                external_ids=[_id(f"{name}-2", "other-id")],
                url=f"https://bees.example/{name}",
            )
            for name, of_type in (("scales", "equipment"), ("honeys", "collections"))
        ],
    ),
    Work: Work(
        title=WorkTitle(
            title="On bees & wasps", subtitle="A <comparison>", translated_title=_TRANSLATED
        ),
        journal_title="Bee Letters",
        short_description="They differ.",
        citation=Citation(type="bibtex", value="@article{bees, title={On bees}}"),
        type="book-chapter",
        publication_date=PublicationDate(year="2020", month="02", day="29"),
        external_ids=[
            _id("10.5555/chapter"),
            _id("978-3-16-148410-0", "isbn", "part-of"),
            _id("10.5555/preprint", relationship="version-of"),
        ],
        url="https://bees.example/chapter",
        contributors=[
            Contributor(
                orcid=_contributor_id(),
                credit_name="Grace Hopper",
                email="grace@bees.example",
                attributes=ContributorAttributes(sequence="first", role="author"),
            )
        ],
        language_code="en",
        country="GB",
    ),
}  # fmt: skip
