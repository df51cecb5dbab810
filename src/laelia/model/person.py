"""What a record says about the person: names, biography, and the lists beside them.

Stored items may stand in a list as `Raw`.
"""

from typing import Annotated

from laelia.model.common import Container, Dated, Item, Source
from laelia.model.language import Raw, Scalar, attr, common, el, entity
from laelia.model.vocabularies import COUNTRY_OR_BLANK, RELATIONSHIP, VISIBILITY

_TAIL = (..., "visibility", "path", "put-code", "display-index")
_ATTRIBUTES = ("put-code", "visibility", "path", "display-index")


@entity(
    "name", "personal-details", json=(..., "source", "visibility", "path"), attributes=("visibility", "path")
)
class Name(Dated, kw_only=True):
    """The person's name. `path` is the bare iD; `source` exists in JSON only and stays null."""

    given_names: Annotated[str | None, el(wrap=True, blank=False, max=150)] = None
    family_name: Annotated[str | None, el(wrap=True, blank=False, max=150)] = None
    credit_name: Annotated[str | None, el(wrap=True, blank=False, max=150)] = None
    source: Annotated[Source | None, common(xml=False)] = None
    visibility: Annotated[str | None, attr(type=VISIBILITY)] = None
    path: Annotated[str | None, attr()] = None


@entity("biography", "personal-details", json=(..., "visibility", "path"), attributes=("visibility", "path"))
class Biography(Dated, kw_only=True):
    content: Annotated[str | None, el(required=True, blank=False)] = None
    visibility: Annotated[str | None, attr(type=VISIBILITY)] = None
    path: Annotated[str | None, attr()] = None


@entity("other-name", "other-name", json=_TAIL, attributes=_ATTRIBUTES)
class OtherName(Item, kw_only=True):
    content: Annotated[str | None, el(required=True, max=255)] = None


@entity("other-names", "other-name", json=(..., "path"))
class OtherNames(Container, kw_only=True):
    other_name: Annotated[list[OtherName | Raw], el(many=True)] = []


@entity("keyword", "keyword", json=_TAIL, attributes=_ATTRIBUTES)
class Keyword(Item, kw_only=True):
    content: Annotated[str | None, el(required=True, max=255)] = None


@entity("keywords", "keyword", json=(..., "path"))
class Keywords(Container, kw_only=True):
    keyword: Annotated[list[Keyword | Raw], el(many=True)] = []


@entity("address", "address", json=_TAIL, attributes=_ATTRIBUTES)
class Address(Item, kw_only=True):
    country: Annotated[str | None, el(type=COUNTRY_OR_BLANK, wrap=True, required=True)] = None


@entity("addresses", "address", json=(..., "path"))
class Addresses(Container, kw_only=True):
    address: Annotated[list[Address | Raw], el(many=True)] = []


@entity(
    "email",
    "email",
    json=(..., "path", "visibility", "verified", "primary", "put-code"),
    attributes=(*_ATTRIBUTES, "verified", "primary"),
)
class Email(Item, kw_only=True):
    display_index: Annotated[int | None, attr(type=Scalar.INDEX, json=False)] = None
    email: Annotated[str | None, el(required=True, max=350, pattern=r"[^@]+@[^.]+\..+")] = None
    verified: Annotated[bool | None, attr()] = None
    primary: Annotated[bool | None, attr()] = None


@entity("emails", "email", json=(..., "path"))
class Emails(Container, kw_only=True):
    email: Annotated[list[Email], el(many=True)] = []


@entity("researcher-url", "researcher-url", json=_TAIL, attributes=_ATTRIBUTES)
class ResearcherUrl(Item, kw_only=True):
    url_name: Annotated[str | None, el(blank=False, max=350, v2={"required": True})] = None
    url: Annotated[str | None, el(wrap=True, required=True)] = None


@entity("researcher-urls", "researcher-url", json=(..., "path"))
class ResearcherUrls(Container, kw_only=True):
    researcher_url: Annotated[list[ResearcherUrl | Raw], el(many=True)] = []


@entity("external-identifier", "external-identifier", json=_TAIL, attributes=_ATTRIBUTES)
class ExternalIdentifier(Item, kw_only=True):
    """An identifier of the person elsewhere; never normalised."""

    external_id_type: Annotated[str | None, common(required=True, blank=False)] = None
    external_id_value: Annotated[str | None, common(required=True, blank=False)] = None
    external_id_url: Annotated[str | None, common(wrap=True)] = None
    external_id_relationship: Annotated[str | None, common(type=RELATIONSHIP)] = None


@entity("external-identifiers", "external-identifier", json=(..., "path"))
class ExternalIdentifiers(Container, kw_only=True):
    external_identifier: Annotated[list[ExternalIdentifier | Raw], el(many=True)] = []


@entity("personal-details", "personal-details", json=(..., "path"))
class PersonalDetails(Container, kw_only=True):
    name: Annotated[Name | None, el()] = None
    other_names: Annotated[OtherNames | None, el(ns="other-name")] = None
    biography: Annotated[Biography | None, el()] = None


@entity("person", "person", json=(..., "path"))
class Person(Container, kw_only=True):
    name: Annotated[Name | None, el()] = None
    other_names: Annotated[OtherNames | None, el(ns="other-name")] = None
    biography: Annotated[Biography | None, el()] = None
    researcher_urls: Annotated[ResearcherUrls | None, el(ns="researcher-url")] = None
    emails: Annotated[Emails | None, el(ns="email", required=True)] = None
    addresses: Annotated[Addresses | None, el(ns="address")] = None
    keywords: Annotated[Keywords | None, el(ns="keyword")] = None
    external_identifiers: Annotated[ExternalIdentifiers | None, el(ns="external-identifier")] = None
