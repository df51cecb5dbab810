"""The kinds of file, one table of columns each. From it come recognition, the mapping that is shown,
templates, and the tables of docs/guides/files.md."""

from dataclasses import dataclass

from laelia.connectors.files import columns as form
from laelia.connectors.files.columns import Column
from laelia.connectors.files.parts import (
    DESCRIPTION,
    ITEM,
    PERSON,
    TYPE,
    UNUSED,
    URL,
    column,
    dates,
    external_id,
    one,
    organisation,
    titles,
)
from laelia.model import vocabularies as v

AFFILIATIONS = {
    "employment": "employments",
    "education": "educations",
    "qualification": "qualifications",
    "invited-position": "invited-positions",
    "distinction": "distinctions",
    "membership": "memberships",
    "service": "services",
}
"""What a row calls it → the section of the record."""
_SECTION_WORDS = {"student": "education", "staff": "employment"} | {
    section: name for name, section in AFFILIATIONS.items()
}
PROPERTIES = {
    "name": "other-names",
    "keyword": "keywords",
    "url": "researcher-urls",
    "country": "addresses",
}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`sections`: where its rows go. `organisations`: the beginnings of the columns that name one, and
    whether it needs an identifier there."""

    name: str
    title: str
    columns: tuple[Column, ...]
    sections: tuple[str, ...]
    organisations: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


_AFFILIATIONS = (
    *PERSON,
    column("affiliation-section", TYPE, one(AFFILIATIONS, _SECTION_WORDS), "affiliation-type", "section",
            "affiliation", required=True, terms=tuple(AFFILIATIONS), example="employment"),
    column("role-title", "the position, the course or the degree", form.text, "role", "position",
            "job-title",
            "course", "course-title-role", "course-or-role", "course-role", "title-role", "degree",
            place="/role-title", example="Lecturer"),
    column("department-name", "the department", form.text, "department", "department-campus", "campus",
            "faculty", "unit", place="/department-name", example="Geology"),
    *dates(),
    *organisation("org", "/organization", required=True),
    URL,
    *external_id("", "/external-ids", required=False, what="this affiliation"),
    *ITEM, *UNUSED,
)  # fmt: skip
_WORKS = (
    *PERSON, *titles(subtitle=True, required=True),
    column("type", TYPE, form.term_of(v.WORK_TYPE), "work-type", place="/type", required=True,
            terms=v.WORK_TYPE.terms, example="data-set"),
    column("journal-title", "the journal or book it appeared in", form.text, "journal", "container-title",
            place="/journal-title"),
    column("publication-date", "when it was published", form.date, "date", "published", "publication-year",
            "year", place="/publication-date", example="2023-06-14"),
    *external_id("", "/external-ids", required=True, what="the work", more=("work-id",)),
    URL, DESCRIPTION,
    column("citation-type", "the form of the citation", form.term_of(v.CITATION_TYPE),
            place="/citation/citation-type", terms=v.CITATION_TYPE.terms),
    column("citation-value", "the citation", form.long_text, "citation", place="/citation/citation-value"),
    column("language-code", "the language it is in", form.code_of(v.LANGUAGE), "language",
            place="/language-code", example="en"),
    column("country", "where it was published", form.country, "country-code", place="/country"),
    column("media-type", "not used: the registry has no place for it", form.as_written),
    *ITEM, *UNUSED,
)  # fmt: skip
_FUNDING = (
    *PERSON, *titles(subtitle=False, required=True),
    column("type", TYPE, form.term_of(v.FUNDING_TYPE), "funding-type", place="/type", required=True,
            terms=v.FUNDING_TYPE.terms, example="grant"),
    column("organization-defined-type", "what the funder calls it", form.text, "organisation-defined-type",
            "org-defined-type", "funding-subtype", place="/organization-defined-type"),
    DESCRIPTION,
    column("amount", "how much it is: digits, a point for decimals", form.text, "value", place="/amount",
            example="120000"),
    column("currency", "in what", form.code_of(v.CURRENCY), "currency-code", "amount-currency",
            "amount-currency-code", place="/amount/currency-code", example="NZD"),
    *dates(), *organisation("org", "/organization", required=True),
    *external_id("", "/external-ids", required=True, what="the funding",
                  more=("funding-id", "grant-number")),
    URL, *ITEM, *UNUSED,
)  # fmt: skip
_REVIEWS = (
    *PERSON,
    column("review-group-id", "the group it is shown in, which the registry has to know: issn:0028-0836 …",
            form.as_written, "group-id", place="/review-group-id", required=True, example="issn:0028-0836"),
    column("reviewer-role", "as what", form.term_of(v.REVIEWER_ROLE, organiser="organizer"), "role",
            place="/reviewer-role", terms=v.REVIEWER_ROLE.terms, example="reviewer"),
    column("review-type", TYPE, form.term_of(v.REVIEW_TYPE), "type", place="/review-type",
            terms=v.REVIEW_TYPE.terms, example="review"),
    column("review-completion-date", "when it was done", form.date, "completion-date", "review-date",
            place="/review-completion-date", example="2024"),
    column("review-url", "its web page", form.link, place="/review-url"),
    *external_id("", "/review-identifiers", required=True, what="the review", more=("review-id",)),
    *organisation("convening-org", "/convening-organization", required=True, short=False),
    *external_id("subject-", "/subject-external-identifier", required=False, what="what was reviewed"),
    column("subject-container-name", "where that appeared", form.text, place="/subject-container-name"),
    column("subject-type", "what that is", form.term_of(v.SUBJECT_TYPE), place="/subject-type",
            terms=v.SUBJECT_TYPE.terms),
    *titles("subject-", "/subject-name", subtitle=True, required=False),
    column("subject-url", "its web page", form.link, place="/subject-url"),
    *ITEM, *UNUSED,
)  # fmt: skip
_RESOURCES = (
    *PERSON, *titles("proposal-", "/proposal/title", subtitle=False, required=True),
    *dates("proposal-", "/proposal"),
    column("proposal-url", "a web page about it", form.link, place="/proposal/url"),
    *external_id("proposal-", "/proposal/external-ids", required=True, what="the proposal"),
    *organisation("proposal-host", "/proposal/hosts", required=True, short=False),
    column("resource-name", "what was used", form.text, place="/resource-item/resource-name", required=True,
            example="Ion microprobe"),
    column("resource-type", TYPE,
            form.term_of(v.RESOURCE_TYPE, service="services", collection="collections"),
            place="/resource-item/resource-type", required=True, terms=v.RESOURCE_TYPE.terms,
            example="equipment"),
    *external_id("resource-", "/resource-item/external-ids", required=True, what="the resource"),
    *organisation("resource-host", "/resource-item/hosts", required=True, short=False),
    column("resource-url", "a web page about it", form.link, place="/resource-item/url"),
    *ITEM, *UNUSED,
)  # fmt: skip
_OTHER_NAMES = (
    *PERSON,
    column("other-name", "another name this person goes by", form.text, "content", "value", "also-known-as",
            place="/content", required=True, example="Mere T."),
    *ITEM, *UNUSED,
)  # fmt: skip
_KEYWORDS = (
    *PERSON,
    column("keyword", "a word for what this person works on", form.text, "keywords", "content", "value",
            place="/content", required=True, example="sedimentology"),
    *ITEM, *UNUSED,
)  # fmt: skip
_WEBSITES = (
    *PERSON,
    column("url", "the address", form.link, "website", "link", "value", "content", "researcher-url",
            place="/url", required=True, example="https://uni.example/tane"),
    column("url-name", "what the link is called", form.text, "name", "link-text", "website-name",
            place="/url-name", example="Staff page"),
    *ITEM, *UNUSED,
)  # fmt: skip
_EXTERNAL_IDS = (
    *PERSON,
    column("external-id-type", "whose identifier of the person it is: Scopus Author ID …", form.text,
            "external-identifier-type", "type", place="/external-id-type", required=True,
            example="Campus ID"),
    column("external-id-value", "the identifier", form.as_written, "external-id", "external-identifier",
            "external-identifier-value", "value", place="/external-id-value", required=True,
            example="tane-m"),
    column("external-id-url", "its web page", form.link, "external-identifier-url", "url",
            place="/external-id-url", required=True, example="https://uni.example/people/tane-m"),
    column("external-id-relationship", "self, also if left out", form.term_of(v.RELATIONSHIP),
            "external-identifier-relationship", place="/external-id-relationship", terms=("self",)),
    *ITEM, *UNUSED,
)  # fmt: skip
_PROPERTIES = (
    *PERSON,
    column("type", "which of the four the row holds",
            one(PROPERTIES, {"other-name": "name", "website": "url"}),
            "property-type", required=True, terms=tuple(PROPERTIES), example="keyword"),
    column("value", "the name, the keyword, the address of the web site or the country", form.as_written,
            "content", "country", "keyword", required=True, example="sedimentology"),
    column("name", "what a link is called", form.text, "url-name", place="/url-name"),
    *ITEM, *UNUSED,
)  # fmt: skip

KINDS = {
    kind.name: kind
    for kind in (
        Kind(name="affiliations", title="Affiliations", columns=_AFFILIATIONS,
             sections=tuple(AFFILIATIONS.values()), organisations=("org",)),
        Kind(name="works", title="Works", columns=_WORKS, sections=("works",)),
        Kind(name="fundings", title="Funding", columns=_FUNDING, sections=("fundings",),
             organisations=("org",)),
        Kind(name="peer-reviews", title="Peer reviews", columns=_REVIEWS, sections=("peer-reviews",),
             organisations=("convening-org",)),
        Kind(name="research-resources", title="Research resources", columns=_RESOURCES,
             sections=("research-resources",), organisations=("proposal-host", "resource-host")),
        Kind(name="other-names", title="Other names", columns=_OTHER_NAMES, sections=("other-names",)),
        Kind(name="keywords", title="Keywords", columns=_KEYWORDS, sections=("keywords",)),
        Kind(name="researcher-urls", title="Web sites", columns=_WEBSITES, sections=("researcher-urls",)),
        Kind(name="external-identifiers", title="External ids of people", columns=_EXTERNAL_IDS,
             sections=("external-identifiers",)),
        Kind(name="properties", title="Names, keywords, web sites and countries in one", columns=_PROPERTIES,
             sections=tuple(PROPERTIES.values())),
    )
}  # fmt: skip

PEOPLE = Kind(
    name="people", title="People", sections=(),
    columns=(
        column("local-id", "the number or name by which you know the person: the same one later changes what "
                "is said (this or the e-mail address is needed)", form.text, "person-id", "staff-id",
                "employee-id", "student-id", "person-local-id", "local-identifier", "identifier", "id",
                example="p4711"),
        column("email", "where letters go, the one with the personal link first", form.email, "e-mail",
                "mail", "email-address", example="m.tane@uni.example"),
        column("given-names", "for your own eyes and the letter: names come from the registry", form.text,
                "first-name", "given-name", "firstname", "forename", example="Mere"),
        column("family-names", "for your own eyes and the letter", form.text, "last-name", "family-name",
                "surname", "lastname", example="Tane"),
        column("unit", "the code or the name of one of your units", form.text, "unit-code", "department",
                "faculty", "institute", example="GEO"),
        column("orcid", "an iD from old data: a hint that fills in the registry's sign-in page, nothing more",
                form.orcid, "orcid-id", "id-orcid", "orcidid", "orcid-hint"),
    ),
)  # fmt: skip
"""Not what is asserted of people but who they are, as the organisation knows them: never recognised, only
asked for."""
EVERY = {**KINDS, PEOPLE.name: PEOPLE}

NEEDS_ID = frozenset({"employments", "educations", "fundings", "research-resources"})
"""Where the registry takes an organisation by its identifier only."""
NEEDS_ADDRESS = frozenset({"employments", "educations"})
