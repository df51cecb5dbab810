"""What is asked of activities (orcid-api §4.2), in the order in which ORCID looks."""

import re

from laelia.model.affiliation import Affiliation
from laelia.model.common import Organisation
from laelia.model.funding import Funding
from laelia.model.identifiers import Types
from laelia.model.language import V3_0, Version
from laelia.model.peer_review import PeerReview
from laelia.model.problems import (
    CityCountryMissing,
    CountryMissing,
    EndWithoutStart,
    ExternalIdInvalid,
    Invalid,
    InvalidAmount,
    OrganisationMissing,
    OrganisationNotIdentified,
    OrganisationOrIdMissing,
)
from laelia.model.research_resource import Proposal, ResearchResource, ResourceItem
from laelia.model.rules.parts import (
    blank,
    check_contributors,
    check_date,
    check_external_id,
    check_external_ids,
    check_span,
    check_title,
    check_translation,
    date_text,
    needs_self,
    one_of,
)
from laelia.model.vocabularies import (
    CITATION_TYPE,
    COUNTRY,
    FUNDING_ROLE,
    LANGUAGE,
    REVIEW_TYPE,
    WORK_ROLE,
    WORK_TYPE,
)
from laelia.model.work import Work

_AMOUNT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def check_work(work: Work, version: Version, types: Types) -> None:
    _check_what_work_is(work)
    check_external_ids(work.external_ids, types)
    if version is V3_0 and not any(x.relationship == "self" for x in work.external_ids):
        raise ExternalIdInvalid("a work needs at least one identifier in the relationship self.")
    check_contributors(work.contributors, WORK_ROLE, version)


def check_own_work(work: Work, version: Version, types: Types) -> None:
    """The same for what a person says of herself: not everything she wrote has an identifier."""
    _check_what_work_is(work)
    if work.external_ids:
        check_external_ids(work.external_ids, types)
        needs_self(work.external_ids)
    check_contributors(work.contributors, WORK_ROLE, version)


def _check_what_work_is(work: Work) -> None:
    check_title(work.title)
    one_of(WORK_TYPE, work.type, "type")
    if work.citation is not None:
        one_of(CITATION_TYPE, work.citation.type, "citation-type")
        if blank(work.citation.value):
            raise Invalid("the citation has a type but no text.")
    if work.language_code is not None:
        one_of(LANGUAGE, work.language_code, "language-code")
    if work.country:
        one_of(COUNTRY, work.country, "country")
    if work.publication_date is not None:
        check_date(work.publication_date)


def check_funding(funding: Funding, version: Version, types: Types) -> None:
    check_title(funding.title)
    check_external_ids(funding.external_ids, types)
    _check_what_funding_is(funding, version)


def check_own_funding(funding: Funding, version: Version, types: Types) -> None:
    """The same for what a person says of herself: not every grant has a number."""
    check_title(funding.title)
    if funding.external_ids:
        check_external_ids(funding.external_ids, types)
    _check_what_funding_is(funding, version)


def _check_what_funding_is(funding: Funding, version: Version) -> None:
    _check_amount(funding, version)
    check_span(funding.start_date, funding.end_date, in_order=False)
    if version is V3_0:
        check_disambiguated(funding.organisation)
        _need_start(funding)
    check_contributors(funding.contributors, FUNDING_ROLE, version)


def _check_amount(funding: Funding, version: Version) -> None:
    amount = funding.amount
    if amount is None:
        return
    if blank(amount.value):
        raise Invalid(f"the amount has a currency, {amount.currency_code}, but no value.")
    if amount.currency_code is None:
        raise Invalid(f"the amount {amount.value} has no currency.")
    if version is V3_0 and not _AMOUNT.fullmatch((amount.value or "").strip()):
        raise InvalidAmount(amount=amount.value)


def check_position(position: Affiliation, version: Version, types: Types) -> None:
    """Education and employment; what 2.x asks of them stands in its schema."""
    if version is V3_0:
        organisation = check_disambiguated(position.organisation)
        address = organisation.address
        if address is None or blank(address.city) or address.country is None:
            raise CityCountryMissing()
    check_span(position.start_date, position.end_date)


def check_professional(activity: Affiliation, version: Version, types: Types) -> None:
    """Distinction, invited position, membership, qualification, service: known by one thing or the other."""
    organisation = activity.organisation
    if organisation is None or (organisation.disambiguated is None and blank(organisation.name)):
        raise OrganisationMissing()
    if not _is_disambiguated(organisation) and not activity.external_ids:
        raise OrganisationOrIdMissing()
    address = organisation.address
    if address is not None and address.country is None and (address.city or address.region):
        raise CountryMissing()
    check_span(activity.start_date, activity.end_date)


def check_peer_review(review: PeerReview, version: Version, types: Types) -> None:
    check_external_ids(review.review_identifiers, types)
    if version is V3_0:
        needs_self(review.review_identifiers)
    one_of(REVIEW_TYPE, review.review_type, "review-type")
    if review.subject_external_identifier is not None:
        check_external_id(review.subject_external_identifier, types)
    if review.review_completion_date is not None:
        check_date(review.review_completion_date)
    organisation = review.convening_organisation
    if version is V3_0 and organisation is not None and organisation.disambiguated is not None:
        check_disambiguated(organisation)


def check_research_resource(resource: ResearchResource, version: Version, types: Types) -> None:
    proposal = resource.proposal
    if proposal is None:
        raise Invalid("a research resource needs a proposal.")
    parts: list[Proposal | ResourceItem] = [proposal, *resource.resource_items]
    for part in parts:
        check_external_ids(part.external_ids, types)
        needs_self(part.external_ids)
        for host in part.hosts:
            check_disambiguated(host)
    check_translation(proposal.title.translated_title if proposal.title else None)
    _need_start(proposal)


def check_disambiguated(organisation: Organisation | None) -> Organisation:
    """The organisation, which must be there (9046) with its identifier (9045)."""
    if organisation is None:
        raise OrganisationMissing()
    if not _is_disambiguated(organisation):
        raise OrganisationNotIdentified()
    return organisation


def _is_disambiguated(organisation: Organisation) -> bool:
    return organisation.disambiguated is not None and not blank(organisation.disambiguated.identifier)


def _need_start(item: object) -> None:
    start, end = getattr(item, "start_date", None), getattr(item, "end_date", None)
    if end is not None and start is None:
        raise EndWithoutStart(end=date_text(end))
