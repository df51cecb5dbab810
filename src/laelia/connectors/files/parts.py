"""Columns that several kinds of file have: whose row it is, organisations, identifiers, titles, dates."""

from collections.abc import Callable

from laelia.connectors.files import columns as form
from laelia.connectors.files.columns import Column
from laelia.model import vocabularies as v


def one(choices: dict[str, str], words: dict[str, str]) -> Callable[[str], str]:
    known = {name: name for name in choices} | words

    def term(cell: str) -> str:
        found = known.get(form.folded(cell))
        if found is None:
            raise form.Wrong("term", value=cell[:50], terms=", ".join(choices))
        return found

    return term


def column(name: str, means: str, form: Callable[[str], object], *aliases: str, **more: object) -> Column:
    others = tuple(dict.fromkeys(alias for alias in aliases if alias != name))
    return Column(name=name, means=means, form=form, aliases=others, **more)  # type: ignore[arg-type]  # by their names


PERSON = (
    column("email", "whose record it is for: the e-mail address this person is known by here", form.email,
            "e-mail", "mail", "email-address", example="m.tane@uni.example"),
    column("local-id", "whose record it is for, by your own number (one of the two is needed)", form.text,
            "person-id", "staff-id", "employee-id", "student-id", "person-local-id", example="p4711"),
    column("orcid", "the iD, as a hint only: it finds people who signed in here with it", form.orcid,
            "orcid-id", "id-orcid", "orcidid"),
    column("first-name", "for your own eyes: names come from the registry", form.text, "given-names",
            "given-name", "firstname", "forename"),
    column("last-name", "for your own eyes", form.text, "family-name", "surname", "lastname"),
)  # fmt: skip
ITEM = (
    column("id", "your key of the row: the same key later changes or deletes the same item", form.text,
            "key", "local-identifier", "identifier", "record-id", example="HR-7001"),
    column("put-code", "instead of the key: the number of an item that came from here", form.number,
            "putcode"),
    column("delete", "yes takes the item back; needs the key or the put-code", form.yes,
            "delete-record", "deleted", "remove"),
    column("visibility", "public, limited or private, where the registry lets you say so",
            form.term_of(v.VISIBILITY), place="/visibility", terms=v.VISIBILITY.terms),
)  # fmt: skip
UNUSED = (
    column("is-active", "not used: nothing is sent before the plan is confirmed, where you ask for that",
            form.as_written, "active", "is-activated"),
    column("display-index", "not used: people order their records themselves", form.as_written),
)  # fmt: skip


def organisation(prefix: str, place: str, *, required: bool, short: bool = True) -> tuple[Column, ...]:
    """Name, place and identifier of an organisation; `short` lets plain headers (`city`) mean this one."""

    def others(*names: str) -> tuple[str, ...]:
        bare = names if short else ()
        stems = {prefix, prefix.replace("org", "organisation"), prefix.replace("org", "organization")}
        return (*bare, *(f"{stem}-{name}" for stem in sorted(stems) for name in names))

    name = (prefix.replace("org", "organisation"), prefix.replace("org", "organization")) if short else ()
    need = "" if required else "; may be left out"
    return (
        column(f"{prefix}-name",
                f"the organisation's name; with it alone it is looked up in the register{need}",
                form.text, *name, *others("name")[short:], *(("institution", "employer") if short else ()),
                place=f"{place}/name", example="Example University"),
        column(f"{prefix}-city", "its city", form.text, *others("city", "town"),
                place=f"{place}/address/city", example="Dunedin"),
        column(f"{prefix}-region", "its region or state", form.text,
                *others("region", "state", "region-state", "state-region", "province"),
                place=f"{place}/address/region"),
        column(f"{prefix}-country", "its country: the code of two letters, or its English name",
                form.country, *others("country", "country-code"), place=f"{place}/address/country",
                example="NZ"),
        column(f"{prefix}-id" if prefix != "org" else "disambiguated-organization-identifier",
                "its identifier: ROR's, or that of the source named beside it", form.as_written,
                *others("disambiguated-id", "disambiguated-org-id", "disambiguated-organisation-id",
                        "disambiguated-organization-id", "disambiguated-identifier", "ror", "ror-id",
                        "org-id", "disambiguation-id", "disambiguated-organisation-identifier",
                        "disambiguated-organization-identifier", "id" if not short else "organisation-id"),
                place=f"{place}/disambiguated-organization", example="https://ror.org/01abcde99"),
        column(f"{prefix}-id-source" if prefix != "org" else "disambiguation-source",
                "whose identifier it is: ROR, RINGGOLD, GRID, FUNDREF or LEI; may be left out for ROR",
                form.organisation_source,
                *others("disambiguation-source", "disambiguated-source", "disambiguation-org-source",
                        "disambiguated-org-source", "org-id-source", "id-source"),
                terms=("ROR", "RINGGOLD", "GRID", "FUNDREF", "LEI"), example="ROR"),
    )  # fmt: skip


def external_id(prefix: str, place: str, *, required: bool, what: str, more: tuple[str, ...] = ()
                 ) -> tuple[Column, ...]:  # fmt: skip
    stem = f"{prefix}external-id"
    return (
        column(f"{stem}-type", f"what kind of identifier of {what} it is: doi, isbn, grant_number …",
                form.id_type, f"{stem}entifier-type", f"{prefix}identifier-type",
                place=f"{place}/external-id-type",
                required=required, example="doi"),
        column(f"{stem}-value", f"the identifier of {what}", form.as_written, stem, f"{stem}entifier",
                f"{stem}entifier-value", f"{prefix}identifier-value", *more,
                place=f"{place}/external-id-value", required=required, example="10.5072/silt.23"),
        column(f"{stem}-url", "its web address", form.link, f"{stem}entifier-url",
                place=f"{place}/external-id-url"),
        column(f"{stem}-relationship", "self (if left out), part-of, version-of or funded-by",
                form.term_of(v.RELATIONSHIP), f"{stem}entifier-relationship", f"{stem}-rel",
                place=f"{place}/external-id-relationship", terms=v.RELATIONSHIP.terms),
    )  # fmt: skip


def titles(prefix: str = "", place: str = "/title", *, subtitle: bool, required: bool) -> tuple[Column, ...]:
    middle = (
        (column(f"{prefix}subtitle", "its second title", form.text, place=f"{place}/subtitle"),)
        if subtitle
        else ()
    )  # fmt: skip
    return (
        column(f"{prefix}title", "its title", form.text, f"{prefix}name" if prefix else "work-title",
                *(() if prefix else ("funding-title",)), place=f"{place}/title", required=required,
                example="River silt grain sizes"),
        *middle,
        column(f"{prefix}translated-title", "the title in another language", form.text,
                f"{prefix}name-translated-title", place=f"{place}/translated-title"),
        column(f"{prefix}translated-title-language-code", "the language of that", form.code_of(v.LANGUAGE),
                f"{prefix}translated-title-language", f"{prefix}translated-title-lang",
                f"{prefix}name-language-code",
                *((f"{prefix}language-code",) if prefix else ()),
                place=f"{place}/translated-title/language-code", example="mi"),
    )  # fmt: skip


def dates(prefix: str = "", place: str = "") -> tuple[Column, ...]:
    return (
        column(f"{prefix}start-date", "when it began: a year, a month or a day", form.date, f"{prefix}start",
                f"{prefix}from", place=f"{place}/start-date", example="2021-02"),
        column(f"{prefix}end-date", "when it ended; left out if it goes on", form.date, f"{prefix}end",
                f"{prefix}to", place=f"{place}/end-date"),
    )  # fmt: skip


URL = column("url", "a web page about it", form.link, "link", "website", place="/url")
TYPE = "what it is"
DESCRIPTION = column(
    "short-description", "some sentences about it", form.long_text, "description", "abstract",
    place="/short-description",
)  # fmt: skip
