"""What is asked of the items that describe the person (orcid-api §4.2); all of it is 9020."""

from laelia.model.identifiers import Types
from laelia.model.language import Version
from laelia.model.person import Address, ExternalIdentifier, Keyword, ResearcherUrl
from laelia.model.problems import Invalid
from laelia.model.rules.parts import blank

URL = 2000
ID = 255


def check_address(address: Address, version: Version, types: Types) -> None:
    if not address.country:
        raise Invalid("an address needs a country.")


def check_keyword(keyword: Keyword, version: Version, types: Types) -> None:
    if blank(keyword.content):
        raise Invalid("a keyword needs a content that is not blank.")


def check_researcher_url(link: ResearcherUrl, version: Version, types: Types) -> None:
    _text("url", link.url, URL)


def check_external_identifier(one: ExternalIdentifier, version: Version, types: Types) -> None:
    """The type is free text: these are not the identifiers of things."""
    _text("external-id-type", one.external_id_type, ID)
    _text("external-id-value", one.external_id_value, ID)
    _text("external-id-url", one.external_id_url, URL)
    if one.external_id_relationship != "self":
        said = one.external_id_relationship or "none"
        raise Invalid(f"the external-id-relationship of a person's identifier is self, not {said}.")


def _text(name: str, value: str | None, most: int) -> None:
    if value is None or blank(value):
        raise Invalid(f"the {name} is missing or blank.")
    if len(value) > most:
        raise Invalid(f"the {name} has {len(value)} characters, and at most {most} are allowed.")
