"""Every field of ORCID's search (orcid-api §1.8) finds who has it, in every version and form, and nobody who
hides it."""

from collections.abc import Callable

import pytest

from laelia.lib.http import Response
from laelia.model.common import ExternalId, FuzzyDate, Item, TranslatedTitle
from laelia.model.funding import Funding, FundingTitle
from laelia.model.peer_review import PeerReview
from laelia.model.person import ExternalIdentifier, Keyword, OtherName
from laelia.model.research_resource import Proposal, ResearchResource, ResearchResourceTitle, ResourceItem
from laelia.model.sections import BY_NAME
from laelia.model.work import Work, WorkTitle
from laelia.registry.access import Principal
from laelia.registry.account import addresses
from laelia.registry.record import items, people
from registry.place import Place
from registry.search.asking import get
from registry.search.known import say
from registry.search.test_queries import WAYS
from registry.search.town_of_many import employed, organisation

# As the reference lists them: types of identifiers have a field each, and one for each relationship.
LISTED = """
    agr arxiv asin asin-tld bibcode cba cit ctx eid ethos handle hir isbn issn jfm jstor lccn mr oclc ol osti
    pat pmc pmid rfc source-work-id ssrn uri urn wosuid zbl
"""
TYPES = LISTED.split()
RELATED = [
    f"{kind}-{how}" for kind in (*TYPES, "doi", "other-id") for how in ("self", "part-of", "version-of")
]
FIELDS = """
    orcid email given-names family-name credit-name given-and-family-names other-names biography keyword
    current-institution-affiliation-name past-institution-affiliation-name
    affiliation-org-name funding-org-name peer-review-org-name research-resource-proposal-org-name
    research-resource-item-org-name ringgold-org-id grid-org-id fundref-org-id ror-org-id
    external-id-source external-id-reference external-id-source-and-reference external-id-type-and-value
    work-titles funding-titles grant-numbers digital-object-ids other-identifier-type
    peer-review-type peer-review-role peer-review-group-id
    research-resource-proposal-title research-resource-item-name
    profile-submission-date profile-last-modified-date primary-record text
"""

# Field → what is asked for in it. Only one person has it; another hides the same.
ASKED = {
    "email": "hal@quist.example",
    "given-names": "halvard",
    "family-name": "quist",
    "credit-name": "quistberg",
    "given-and-family-names": '"halvard quist"',
    "other-names": "hvq",
    "biography": "lichens",
    "keyword": "mosses",
    "current-institution-affiliation-name": "alta",
    "past-institution-affiliation-name": "bergen",
    "affiliation-org-name": "(alta AND bergen)",
    "funding-org-name": "funders",
    "peer-review-org-name": "reviewers",
    "research-resource-proposal-org-name": "telescope",
    "research-resource-item-org-name": "cryostat",
    "ringgold-org-id": "4711",
    "grid-org-id": "grid.4711.1",
    "fundref-org-id": '"10.13039/4711"',
    "ror-org-id": '"https://ror.org/04711"',
    "external-id-source": "{client}",
    "external-id-reference": "h4711",
    "external-id-source-and-reference": '"{client}=H4711"',
    "external-id-type-and-value": '"Lichen Id=H4711"',
    "work-titles": "(thalli AND sottotitolo AND traduit)",
    "funding-titles": "(spores AND sporer)",
    "grant-numbers": "G4711",
    "digital-object-ids": '"10.5555/q4711"',
    "other-identifier-type": "o4711",
    "peer-review-type": "review",
    "peer-review-role": "chair",
    "peer-review-group-id": '"issn:1476-4687"',
    "research-resource-proposal-title": "(beams AND stråler)",
    "research-resource-item-name": "spectrograph",
    "profile-submission-date": "[NOW-1DAY TO NOW]",
    "profile-last-modified-date": "[NOW-1DAY TO *]",
    "text": "(lichens AND mosses AND thalli AND cryostat)",
    **{kind: f"self{number}" for number, kind in enumerate(TYPES)},
    **{f"{kind}-{how}": f"{how.replace('-', '')}{number}" for number, kind in enumerate(TYPES)
       for how in ("self", "part-of", "version-of")},
    **{f"doi-{how}": f'"10.5555/{how}"' for how in ("self", "part-of", "version-of")},
    **{f"other-id-{how}": f"other{how}" for how in ("self", "part-of", "version-of")},
}  # fmt: skip
NOBODY = {"primary-record": "0000-0002-1825-0097"}


def number(value: str, kind: str, how: str = "self") -> ExternalId:
    return ExternalId(type=kind, value=value, relationship=how, url="https://x.example/")


def identified() -> list[Item]:
    """A work for each relationship, with an identifier of each type."""
    return [
        Work(
            title=WorkTitle(
                title="Thalli", subtitle="Sottotitolo",
                translated_title=TranslatedTitle(value="Traduit", language_code="fr"),
            ),
            type="book",
            external_ids=[
                *(number(f"{how.replace('-', '')}{n}", kind, how) for n, kind in enumerate(TYPES)),
                number(f"10.5555/{how}", "doi", how), number(f"other{how}", "other-id", how),
                *([number("10.5555/q4711", "doi"), number("o4711", "other-id")] if how == "self" else ()),
            ],
        )
        for how in ("self", "part-of", "version-of")
    ]  # fmt: skip


def said() -> dict[str, list[Item]]:
    return {
        "other-names": [OtherName(content="HVQ")],
        "keywords": [Keyword(content="mosses")],
        "employments": [
            employed("University of Alta", "4711", "RINGGOLD"),
            employed("University of Bergen", "grid.4711.1", "GRID", end="2010"),
            employed("Alta House", "https://ror.org/04711"),
        ],
        "fundings": [
            Funding(
                type="grant",
                title=FundingTitle(
                    title="Spores", translated_title=TranslatedTitle(value="Sporer", language_code="no")
                ),
                external_ids=[number("G4711", "grant_number")],
                organisation=organisation("Funders", "http://dx.doi.org/10.13039/4711", "FUNDREF"),
            )
        ],
        "peer-reviews": [
            PeerReview(
                reviewer_role="chair", review_type="review", review_group_id="issn:1476-4687",
                review_identifiers=[number("R4711", "source-work-id")],
                review_completion_date=FuzzyDate(year="2020"),
                convening_organisation=organisation("Reviewers"),
            )
        ],
        "research-resources": [
            ResearchResource(
                proposal=Proposal(
                    title=ResearchResourceTitle(
                        title="Beams", translated_title=TranslatedTitle(value="Stråler", language_code="no")
                    ),
                    hosts=[organisation("Telescope House")], external_ids=[number("P4711", "proposal-id")],
                ),
                resource_items=[
                    ResourceItem(
                        resource_name="Spectrograph", resource_type="equipment",
                        hosts=[organisation("Cryostat House")], external_ids=[number("I4711", "rrid")],
                    )
                ],
            )
        ],
        "works": identified(),
    }  # fmt: skip


def settle(place: Place, email: str, seen: str, client: str) -> str:
    now = place.clock.now()
    with place.service.db.writing() as tx:
        orcid = people.create_record(tx, now, given="Halvard", default_visibility=seen)
        names = {"given": "Halvard", "family": "Quist", "credit": "H. Quistberg"}
        people.set_names(tx, now, orcid, **names, visibility=seen)
        people.set_biography(tx, now, orcid, "On lichens", seen)
        people.add_email(tx, now, orcid, email, verified=True, primary=True)
        addresses.show(tx, now, orcid, email, seen)
        for section, several in said().items():
            for one in several:
                say(tx, now, orcid, section, one, seen)
        library = Principal(
            kind="client-for-person", orcid=orcid, actor=orcid, client=client, client_kind="premium"
        )
        hers = ExternalIdentifier(
            external_id_type="Lichen Id", external_id_value="H4711", external_id_url="https://l.example/H4711",
            external_id_relationship="self",
        )  # fmt: skip
        items.add(tx, now, library, orcid, BY_NAME["external-identifiers"], hers, visibility=seen)
    return orcid


@pytest.fixture(scope="module")
def asked(town: Place) -> dict[str, tuple[str, list[str]]]:
    """Field → query and who is to be found. A day lies between those who were there and her."""
    client = town.member(name="Lichen Library").id
    settle(town, "ivy@quist.example", "private", client)
    town.clock.advance(2 * 86_400_000)
    hal = settle(town, "hal@quist.example", "public", client)
    town.service.search.work()
    asked = {field: (f"{field}:{value.format(client=client)}", [hal]) for field, value in ASKED.items()}
    asked |= {field: (f"{field}:{value}", []) for field, value in NOBODY.items()}
    return {**asked, "orcid": (f"orcid:{hal}", [hal])}


def test_no_field_is_left_out() -> None:
    assert {*FIELDS.split(), *TYPES, *RELATED} == {*ASKED, *NOBODY, "orcid"}


@pytest.mark.parametrize(("path", "accept", "read"), WAYS, ids=lambda x: x if isinstance(x, str) else "")
def test_who_has_it_is_found_by_it(
    town: Place, asked: dict[str, tuple[str, list[str]]], path: str, accept: str,
    read: Callable[[Response], list[str]],
) -> None:  # fmt: skip
    for query, expected in asked.values():
        answer = get(town, path, accept, q=query)
        assert answer.status == 200, (query, answer.body)
        assert read(answer) == expected, query


def test_whoever_has_anything_is_found_by_a_star(
    town: Place, asked: dict[str, tuple[str, list[str]]]
) -> None:
    """But by names and dates, which others have too, and by `text`, which is everybody's."""
    alone = [field for field in asked if field not in NOBODY and field not in (
        "orcid", "given-names", "family-name", "given-and-family-names", "text", "profile-submission-date",
        "profile-last-modified-date",
    )]  # fmt: skip
    for field in alone:
        answer = get(town, "/v3.0/search", "application/json", q=f"{field}:*")
        found = [one["orcid-identifier"]["path"] for one in answer.json()["result"] or []]
        assert found == asked["orcid"][1], field
