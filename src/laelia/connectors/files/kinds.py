"""The kinds of file, one table of columns each. From it come recognition, the mapping that is shown,
templates, and the tables of docs/guides/files.md."""

from collections.abc import Callable
from dataclasses import dataclass

from laelia.connectors.files import columns as form
from laelia.connectors.files.columns import Column
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


def _one(choices: dict[str, str], words: dict[str, str]) -> Callable[[str], str]:
    known = {name: name for name in choices} | words

    def term(cell: str) -> str:
        found = known.get(form.folded(cell))
        if found is None:
            raise form.Wrong("term", value=cell[:50], terms=", ".join(choices))
        return found

    return term


def _column(name: str, means: str, form: Callable[[str], object], *aliases: str, **more: object) -> Column:
    others = tuple(dict.fromkeys(alias for alias in aliases if alias != name))
    return Column(name=name, means=means, form=form, aliases=others, **more)  # type: ignore[arg-type]


_PERSON = (
    _column("email", "whose record it is for: the e-mail address this person is known by here", form.email,
            "e-mail", "mail", "email-address", example="m.tane@uni.example"),
    _column("local-id", "whose record it is for, by your own number (one of the two is needed)", form.text,
            "person-id", "staff-id", "employee-id", "student-id", "person-local-id", example="p4711"),
    _column("orcid", "the iD, as a hint only: it finds people who signed in here with it", form.orcid,
            "orcid-id", "id-orcid", "orcidid"),
    _column("first-name", "for your own eyes: names come from the registry", form.text, "given-names",
            "given-name", "firstname", "forename"),
    _column("last-name", "for your own eyes", form.text, "family-name", "surname", "lastname"),
)  # fmt: skip
_ITEM = (
    _column("id", "your key of the row: the same key later changes or deletes the same item", form.text,
            "key", "local-identifier", "identifier", "record-id", example="HR-7001"),
    _column("put-code", "instead of the key: the number of an item that came from here", form.number,
            "putcode"),
    _column("delete", "yes takes the item back; needs the key or the put-code", form.yes,
            "delete-record", "deleted", "remove"),
    _column("visibility", "public, limited or private, where the registry lets you say so",
            form.term_of(v.VISIBILITY), place="/visibility", terms=v.VISIBILITY.terms),
)  # fmt: skip
_UNUSED = (
    _column("is-active", "not used: nothing is sent before the plan is confirmed, where you ask for that",
            form.as_written, "active", "is-activated"),
    _column("display-index", "not used: people order their records themselves", form.as_written),
)  # fmt: skip


def _organisation(prefix: str, place: str, *, required: bool, short: bool = True) -> tuple[Column, ...]:
    """Name, place and identifier of an organisation; `short` lets plain headers (`city`) mean this one."""

    def others(*names: str) -> tuple[str, ...]:
        bare = names if short else ()
        stems = {prefix, prefix.replace("org", "organisation"), prefix.replace("org", "organization")}
        return (*bare, *(f"{stem}-{name}" for stem in sorted(stems) for name in names))

    name = (prefix.replace("org", "organisation"), prefix.replace("org", "organization")) if short else ()
    need = "" if required else "; may be left out"
    return (
        _column(f"{prefix}-name",
                f"the organisation's name; with it alone it is looked up in the register{need}",
                form.text, *name, *others("name")[short:], *(("institution", "employer") if short else ()),
                place=f"{place}/name", example="Example University"),
        _column(f"{prefix}-city", "its city", form.text, *others("city", "town"),
                place=f"{place}/address/city", example="Dunedin"),
        _column(f"{prefix}-region", "its region or state", form.text,
                *others("region", "state", "region-state", "state-region", "province"),
                place=f"{place}/address/region"),
        _column(f"{prefix}-country", "its country: the code of two letters, or its English name",
                form.country, *others("country", "country-code"), place=f"{place}/address/country",
                example="NZ"),
        _column(f"{prefix}-id" if prefix != "org" else "disambiguated-organization-identifier",
                "its identifier: ROR's, or that of the source named beside it", form.as_written,
                *others("disambiguated-id", "disambiguated-org-id", "disambiguated-organisation-id",
                        "disambiguated-organization-id", "disambiguated-identifier", "ror", "ror-id",
                        "org-id", "disambiguation-id", "disambiguated-organisation-identifier",
                        "disambiguated-organization-identifier", "id" if not short else "organisation-id"),
                place=f"{place}/disambiguated-organization", example="https://ror.org/01abcde99"),
        _column(f"{prefix}-id-source" if prefix != "org" else "disambiguation-source",
                "whose identifier it is: ROR, RINGGOLD, GRID, FUNDREF or LEI; may be left out for ROR",
                form.organisation_source,
                *others("disambiguation-source", "disambiguated-source", "disambiguation-org-source",
                        "disambiguated-org-source", "org-id-source", "id-source"),
                terms=("ROR", "RINGGOLD", "GRID", "FUNDREF", "LEI"), example="ROR"),
    )  # fmt: skip


def _external_id(prefix: str, place: str, *, required: bool, what: str, more: tuple[str, ...] = ()
                 ) -> tuple[Column, ...]:  # fmt: skip
    stem = f"{prefix}external-id"
    return (
        _column(f"{stem}-type", f"what kind of identifier of {what} it is: doi, isbn, grant_number …",
                form.id_type, f"{stem}entifier-type", f"{prefix}identifier-type",
                place=f"{place}/external-id-type",
                required=required, example="doi"),
        _column(f"{stem}-value", f"the identifier of {what}", form.as_written, stem, f"{stem}entifier",
                f"{stem}entifier-value", f"{prefix}identifier-value", *more,
                place=f"{place}/external-id-value", required=required, example="10.5072/silt.23"),
        _column(f"{stem}-url", "its web address", form.link, f"{stem}entifier-url",
                place=f"{place}/external-id-url"),
        _column(f"{stem}-relationship", "self (if left out), part-of, version-of or funded-by",
                form.term_of(v.RELATIONSHIP), f"{stem}entifier-relationship", f"{stem}-rel",
                place=f"{place}/external-id-relationship", terms=v.RELATIONSHIP.terms),
    )  # fmt: skip


def _titles(prefix: str = "", place: str = "/title", *, subtitle: bool, required: bool) -> tuple[Column, ...]:
    middle = (
        (_column(f"{prefix}subtitle", "its second title", form.text, place=f"{place}/subtitle"),)
        if subtitle
        else ()
    )  # fmt: skip
    return (
        _column(f"{prefix}title", "its title", form.text, f"{prefix}name" if prefix else "work-title",
                *(() if prefix else ("funding-title",)), place=f"{place}/title", required=required,
                example="River silt grain sizes"),
        *middle,
        _column(f"{prefix}translated-title", "the title in another language", form.text,
                f"{prefix}name-translated-title", place=f"{place}/translated-title"),
        _column(f"{prefix}translated-title-language-code", "the language of that", form.code_of(v.LANGUAGE),
                f"{prefix}translated-title-language", f"{prefix}translated-title-lang",
                f"{prefix}name-language-code",
                *((f"{prefix}language-code",) if prefix else ()),
                place=f"{place}/translated-title/language-code", example="mi"),
    )  # fmt: skip


def _dates(prefix: str = "", place: str = "") -> tuple[Column, ...]:
    return (
        _column(f"{prefix}start-date", "when it began: a year, a month or a day", form.date, f"{prefix}start",
                f"{prefix}from", place=f"{place}/start-date", example="2021-02"),
        _column(f"{prefix}end-date", "when it ended; left out if it goes on", form.date, f"{prefix}end",
                f"{prefix}to", place=f"{place}/end-date"),
    )  # fmt: skip


_URL = _column("url", "a web page about it", form.link, "link", "website", place="/url")
_TYPE = "what it is"
_DESCRIPTION = _column(
    "short-description", "some sentences about it", form.long_text, "description", "abstract",
    place="/short-description",
)  # fmt: skip

_AFFILIATIONS = (
    *_PERSON,
    _column("affiliation-section", _TYPE, _one(AFFILIATIONS, _SECTION_WORDS), "affiliation-type", "section",
            "affiliation", required=True, terms=tuple(AFFILIATIONS), example="employment"),
    _column("role-title", "the position, the course or the degree", form.text, "role", "position",
            "job-title",
            "course", "course-title-role", "course-or-role", "course-role", "title-role", "degree",
            place="/role-title", example="Lecturer"),
    _column("department-name", "the department", form.text, "department", "department-campus", "campus",
            "faculty", "unit", place="/department-name", example="Geology"),
    *_dates(),
    *_organisation("org", "/organization", required=True),
    _URL,
    *_external_id("", "/external-ids", required=False, what="this affiliation"),
    *_ITEM, *_UNUSED,
)  # fmt: skip
_WORKS = (
    *_PERSON, *_titles(subtitle=True, required=True),
    _column("type", _TYPE, form.term_of(v.WORK_TYPE), "work-type", place="/type", required=True,
            terms=v.WORK_TYPE.terms, example="data-set"),
    _column("journal-title", "the journal or book it appeared in", form.text, "journal", "container-title",
            place="/journal-title"),
    _column("publication-date", "when it was published", form.date, "date", "published", "publication-year",
            "year", place="/publication-date", example="2023-06-14"),
    *_external_id("", "/external-ids", required=True, what="the work", more=("work-id",)),
    _URL, _DESCRIPTION,
    _column("citation-type", "the form of the citation", form.term_of(v.CITATION_TYPE),
            place="/citation/citation-type", terms=v.CITATION_TYPE.terms),
    _column("citation-value", "the citation", form.long_text, "citation", place="/citation/citation-value"),
    _column("language-code", "the language it is in", form.code_of(v.LANGUAGE), "language",
            place="/language-code", example="en"),
    _column("country", "where it was published", form.country, "country-code", place="/country"),
    _column("media-type", "not used: the registry has no place for it", form.as_written),
    *_ITEM, *_UNUSED,
)  # fmt: skip
_FUNDING = (
    *_PERSON, *_titles(subtitle=False, required=True),
    _column("type", _TYPE, form.term_of(v.FUNDING_TYPE), "funding-type", place="/type", required=True,
            terms=v.FUNDING_TYPE.terms, example="grant"),
    _column("organization-defined-type", "what the funder calls it", form.text, "organisation-defined-type",
            "org-defined-type", "funding-subtype", place="/organization-defined-type"),
    _DESCRIPTION,
    _column("amount", "how much it is: digits, a point for decimals", form.text, "value", place="/amount",
            example="120000"),
    _column("currency", "in what", form.code_of(v.CURRENCY), "currency-code", "amount-currency",
            "amount-currency-code", place="/amount/currency-code", example="NZD"),
    *_dates(), *_organisation("org", "/organization", required=True),
    *_external_id("", "/external-ids", required=True, what="the funding",
                  more=("funding-id", "grant-number")),
    _URL, *_ITEM, *_UNUSED,
)  # fmt: skip
_REVIEWS = (
    *_PERSON,
    _column("review-group-id", "the group it is shown in, which the registry has to know: issn:0028-0836 …",
            form.as_written, "group-id", place="/review-group-id", required=True, example="issn:0028-0836"),
    _column("reviewer-role", "as what", form.term_of(v.REVIEWER_ROLE, organiser="organizer"), "role",
            place="/reviewer-role", terms=v.REVIEWER_ROLE.terms, example="reviewer"),
    _column("review-type", _TYPE, form.term_of(v.REVIEW_TYPE), "type", place="/review-type",
            terms=v.REVIEW_TYPE.terms, example="review"),
    _column("review-completion-date", "when it was done", form.date, "completion-date", "review-date",
            place="/review-completion-date", example="2024"),
    _column("review-url", "its web page", form.link, place="/review-url"),
    *_external_id("", "/review-identifiers", required=True, what="the review", more=("review-id",)),
    *_organisation("convening-org", "/convening-organization", required=True, short=False),
    *_external_id("subject-", "/subject-external-identifier", required=False, what="what was reviewed"),
    _column("subject-container-name", "where that appeared", form.text, place="/subject-container-name"),
    _column("subject-type", "what that is", form.term_of(v.SUBJECT_TYPE), place="/subject-type",
            terms=v.SUBJECT_TYPE.terms),
    *_titles("subject-", "/subject-name", subtitle=True, required=False),
    _column("subject-url", "its web page", form.link, place="/subject-url"),
    *_ITEM, *_UNUSED,
)  # fmt: skip
_RESOURCES = (
    *_PERSON, *_titles("proposal-", "/proposal/title", subtitle=False, required=True),
    *_dates("proposal-", "/proposal"),
    _column("proposal-url", "a web page about it", form.link, place="/proposal/url"),
    *_external_id("proposal-", "/proposal/external-ids", required=True, what="the proposal"),
    *_organisation("proposal-host", "/proposal/hosts", required=True, short=False),
    _column("resource-name", "what was used", form.text, place="/resource-item/resource-name", required=True,
            example="Ion microprobe"),
    _column("resource-type", _TYPE,
            form.term_of(v.RESOURCE_TYPE, service="services", collection="collections"),
            place="/resource-item/resource-type", required=True, terms=v.RESOURCE_TYPE.terms,
            example="equipment"),
    *_external_id("resource-", "/resource-item/external-ids", required=True, what="the resource"),
    *_organisation("resource-host", "/resource-item/hosts", required=True, short=False),
    _column("resource-url", "a web page about it", form.link, place="/resource-item/url"),
    *_ITEM, *_UNUSED,
)  # fmt: skip
_OTHER_NAMES = (
    *_PERSON,
    _column("other-name", "another name this person goes by", form.text, "content", "value", "also-known-as",
            place="/content", required=True, example="Mere T."),
    *_ITEM, *_UNUSED,
)  # fmt: skip
_KEYWORDS = (
    *_PERSON,
    _column("keyword", "a word for what this person works on", form.text, "keywords", "content", "value",
            place="/content", required=True, example="sedimentology"),
    *_ITEM, *_UNUSED,
)  # fmt: skip
_WEBSITES = (
    *_PERSON,
    _column("url", "the address", form.link, "website", "link", "value", "content", "researcher-url",
            place="/url", required=True, example="https://uni.example/tane"),
    _column("url-name", "what the link is called", form.text, "name", "link-text", "website-name",
            place="/url-name", example="Staff page"),
    *_ITEM, *_UNUSED,
)  # fmt: skip
_EXTERNAL_IDS = (
    *_PERSON,
    _column("external-id-type", "whose identifier of the person it is: Scopus Author ID …", form.text,
            "external-identifier-type", "type", place="/external-id-type", required=True,
            example="Campus ID"),
    _column("external-id-value", "the identifier", form.as_written, "external-id", "external-identifier",
            "external-identifier-value", "value", place="/external-id-value", required=True,
            example="tane-m"),
    _column("external-id-url", "its web page", form.link, "external-identifier-url", "url",
            place="/external-id-url", required=True, example="https://uni.example/people/tane-m"),
    _column("external-id-relationship", "self, also if left out", form.term_of(v.RELATIONSHIP),
            "external-identifier-relationship", place="/external-id-relationship", terms=("self",)),
    *_ITEM, *_UNUSED,
)  # fmt: skip
_PROPERTIES = (
    *_PERSON,
    _column("type", "which of the four the row holds",
            _one(PROPERTIES, {"other-name": "name", "website": "url"}),
            "property-type", required=True, terms=tuple(PROPERTIES), example="keyword"),
    _column("value", "the name, the keyword, the address of the web site or the country", form.as_written,
            "content", "country", "keyword", required=True, example="sedimentology"),
    _column("name", "what a link is called", form.text, "url-name", place="/url-name"),
    *_ITEM, *_UNUSED,
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

NEEDS_ID = frozenset({"employments", "educations", "fundings", "research-resources"})
"""Where the registry takes an organisation by its identifier only."""
NEEDS_ADDRESS = frozenset({"employments", "educations"})
