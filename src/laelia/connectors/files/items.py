"""The values of a row as an item of its section."""

from collections.abc import Callable, Mapping
from typing import Any

from laelia.model import person
from laelia.model.common import ExternalId, FuzzyDate, Item, Organisation, PublicationDate, TranslatedTitle
from laelia.model.funding import Amount, Funding, FundingTitle
from laelia.model.identifiers import normalise, resolve_url
from laelia.model.peer_review import PeerReview, SubjectName
from laelia.model.research_resource import Proposal, ResearchResource, ResearchResourceTitle, ResourceItem
from laelia.model.sections import BY_NAME
from laelia.model.work import Citation, Work, WorkTitle

Values = Mapping[str, Any]
"""By the names of columns; what stood empty is not among them."""
Organisations = Mapping[str, Organisation]
"""By the beginnings of the columns."""


def made(section: str, values: Values, organisations: Organisations) -> Item:
    item = _MAKERS.get(section, _affiliation)(section, values, organisations)
    item.visibility = values.get("visibility")
    return item


def _affiliation(section: str, values: Values, organisations: Organisations) -> Item:
    kind: Any = BY_NAME[section].entity
    found: Item = kind(
        department_name=values.get("department-name"),
        role_title=values.get("role-title"),
        start_date=values.get("start-date"),
        end_date=values.get("end-date"),
        organisation=organisations.get("org"),
        url=values.get("url"),
        external_ids=_ids(values, ""),
    )
    return found


def _work(section: str, values: Values, organisations: Organisations) -> Item:
    day: FuzzyDate | None = values.get("publication-date")
    citation = values.get("citation-value")
    return Work(
        title=_title(WorkTitle, values, "", subtitle=True),
        journal_title=values.get("journal-title"),
        short_description=values.get("short-description"),
        citation=Citation(type=values.get("citation-type") or "formatted-unspecified", value=citation)
        if citation
        else None,
        type=values.get("type"),
        publication_date=PublicationDate(year=day.year, month=day.month, day=day.day) if day else None,
        external_ids=_ids(values, ""),
        url=values.get("url"),
        language_code=values.get("language-code"),
        country=values.get("country"),
    )


def _funding(section: str, values: Values, organisations: Organisations) -> Item:
    amount, currency = values.get("amount"), values.get("currency")
    return Funding(
        type=values.get("type"),
        organisation_defined_type=values.get("organization-defined-type"),
        title=_title(FundingTitle, values, ""),
        short_description=values.get("short-description"),
        amount=Amount(value=amount, currency_code=currency) if amount or currency else None,
        url=values.get("url"),
        start_date=values.get("start-date"),
        end_date=values.get("end-date"),
        external_ids=_ids(values, ""),
        organisation=organisations.get("org"),
    )


def _review(section: str, values: Values, organisations: Organisations) -> Item:
    subject = _ids(values, "subject-")
    return PeerReview(
        reviewer_role=values.get("reviewer-role", "reviewer"),
        review_identifiers=_ids(values, ""),
        review_url=values.get("review-url"),
        review_type=values.get("review-type", "review"),
        review_completion_date=values.get("review-completion-date"),
        review_group_id=values.get("review-group-id"),
        subject_external_identifier=subject[0] if subject else None,
        subject_container_name=values.get("subject-container-name"),
        subject_type=values.get("subject-type"),
        subject_name=_title(SubjectName, values, "subject-", subtitle=True),
        subject_url=values.get("subject-url"),
        convening_organisation=organisations.get("convening-org"),
    )


def _resource(section: str, values: Values, organisations: Organisations) -> Item:
    proposal_host, host = organisations.get("proposal-host"), organisations.get("resource-host")
    return ResearchResource(
        proposal=Proposal(
            title=_title(ResearchResourceTitle, values, "proposal-"),
            hosts=[proposal_host] if proposal_host else [],
            external_ids=_ids(values, "proposal-"),
            start_date=values.get("proposal-start-date"),
            end_date=values.get("proposal-end-date"),
            url=values.get("proposal-url"),
        ),
        resource_items=[
            ResourceItem(
                resource_name=values.get("resource-name"),
                resource_type=values.get("resource-type"),
                hosts=[host] if host else [],
                external_ids=_ids(values, "resource-"),
                url=values.get("resource-url"),
            )
        ],
    )


def _external_identifier(section: str, values: Values, organisations: Organisations) -> Item:
    return person.ExternalIdentifier(
        external_id_type=values.get("external-id-type"),
        external_id_value=values.get("external-id-value"),
        external_id_url=values.get("external-id-url"),
        external_id_relationship=values.get("external-id-relationship", "self"),
    )


_MAKERS: dict[str, Callable[[str, Values, Organisations], Item]] = {
    "works": _work,
    "fundings": _funding,
    "peer-reviews": _review,
    "research-resources": _resource,
    "external-identifiers": _external_identifier,
    "other-names": lambda _, values, __: person.OtherName(content=values.get("other-name")),
    "keywords": lambda _, values, __: person.Keyword(content=values.get("keyword")),
    "researcher-urls": lambda _, values, __: person.ResearcherUrl(
        url=values.get("url"), url_name=values.get("url-name")
    ),
    "addresses": lambda _, values, __: person.Address(country=values.get("country")),
}


def _title(kind: Any, values: Values, prefix: str, *, subtitle: bool = False) -> Any:
    title, translated = values.get(f"{prefix}title"), values.get(f"{prefix}translated-title")
    if title is None:
        return None
    language = values.get(f"{prefix}translated-title-language-code")
    more = {"subtitle": values.get(f"{prefix}subtitle")} if subtitle else {}
    other = TranslatedTitle(value=translated, language_code=language) if translated else None
    return kind(title=title, translated_title=other, **more)


EVERY_ID = "external-ids"
"""Under this name stand the identifiers of a row that got those of its neighbours, each by its columns."""


def _ids(values: Values, prefix: str) -> list[ExternalId]:
    """One, where value and type are there, or all of a group of rows."""
    if not prefix and EVERY_ID in values:
        return [one for each in values[EVERY_ID] for one in _id(each, prefix)]
    return _id(values, prefix)


def _id(values: Values, prefix: str) -> list[ExternalId]:
    """In the form by which it is compared, where its type has one."""
    stem = f"{prefix}external-id"
    kind, value = values.get(f"{stem}-type"), values.get(f"{stem}-value")
    if not kind or not value:
        return []
    url = values.get(f"{stem}-url") or resolve_url(kind, value)
    plain = normalise(kind, value) if kind == "doi" else None
    relationship = values.get(f"{stem}-relationship") or "self"
    return [ExternalId(type=kind, value=plain or value, url=url, relationship=relationship)]
