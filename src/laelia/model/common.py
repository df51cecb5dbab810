"""What items of every section are made of: identifiers, sources, dates, external ids, titles."""

from typing import Annotated

from laelia.model.language import V3_0, Entity, Scalar, attr, body, common, el, entity
from laelia.model.vocabularies import COUNTRY, LANGUAGE, RELATIONSHIP, VISIBILITY

ORCID_PATH = r"(\d{4}-){3}\d{3}[\dX]"
CLIENT_PATH = rf"(APP-[\da-zA-Z]{{16}}|{ORCID_PATH})"


@entity("orcid-id", "common")
class OrcidUri(Entity, kw_only=True):
    """An iD. `path` is the iD itself; the registry fills `uri` (from its id_base) and `host` (no port)."""

    uri: Annotated[str | None, el(type=Scalar.ID_URI, pattern=rf"https?://[^?#\s]+/{ORCID_PATH}")] = None
    path: Annotated[str | None, el(pattern=ORCID_PATH)] = None
    host: Annotated[str | None, el()] = None


@entity("client-id", "common")
class ClientUri(Entity, kw_only=True):
    """A client (`APP-…`), in the same three parts."""

    uri: Annotated[str | None, el(type=Scalar.ID_URI, pattern=rf"https?://[^?#\s]+/client/{CLIENT_PATH}")] = (
        None
    )
    path: Annotated[str | None, el(pattern=CLIENT_PATH)] = None
    host: Annotated[str | None, el()] = None


@entity(
    "source-type",
    "common",
    exclusive=[
        ("source-orcid", "source-client-id"),
        ("assertion-origin-orcid", "assertion-origin-client-id"),
    ],
)
class Source(Entity, kw_only=True):
    """Who put an item on the record, and on whose behalf (the assertion origin)."""

    source_orcid: Annotated[OrcidUri | None, el()] = None
    source_client_id: Annotated[ClientUri | None, el()] = None
    source_name: Annotated[str | None, el(wrap=True)] = None
    assertion_origin_orcid: Annotated[OrcidUri | None, el(since=V3_0)] = None
    assertion_origin_client_id: Annotated[ClientUri | None, el(since=V3_0)] = None
    assertion_origin_name: Annotated[str | None, el(wrap=True, since=V3_0)] = None


SOURCE_PARTS = (
    common("source-orcid", type=OrcidUri),
    common("source-client-id", type=ClientUri),
    common("source-name", type=str),
    common("assertion-origin-orcid", type=OrcidUri),
    common("assertion-origin-client-id", type=ClientUri),
    common("assertion-origin-name", type=str),
)
"""What the schema lets stand in a group-id record, and the model has no place for."""


class Dated(Entity, kw_only=True):
    """Times in milliseconds since 1970 UTC."""

    created_date: Annotated[int | None, common(type=Scalar.INSTANT, wrap=True)] = None
    last_modified_date: Annotated[int | None, common(type=Scalar.INSTANT, wrap=True)] = None


class Item(Dated, kw_only=True):
    """The envelope of everything that has a put-code."""

    source: Annotated[Source | None, common()] = None
    put_code: Annotated[int | None, attr()] = None
    path: Annotated[str | None, attr()] = None
    visibility: Annotated[str | None, attr(type=VISIBILITY)] = None
    display_index: Annotated[int | None, attr(type=Scalar.INDEX)] = None


ENVELOPE_ATTRIBUTES = ("put-code", "path", "visibility", "display-index")
"""The order in which activities write the envelope's attributes."""


class Container(Entity, kw_only=True):
    """A list of items with the time of its latest change and its path."""

    last_modified_date: Annotated[int | None, common(type=Scalar.INSTANT, wrap=True)] = None
    path: Annotated[str | None, attr()] = None


ENVELOPE = (
    common("created-date", type=Scalar.INSTANT),
    common("last-modified-date", type=Scalar.INSTANT),
    common("source", type=Source),
    attr("put-code", type=int),
    attr("visibility", type=VISIBILITY),
    attr("display-index", type=str),
    attr("path", type=str),
)
"""What the schemas let stand in every external id, and the model has no place for."""


@entity("transient-error", "common")
class NormalizationError(Entity, kw_only=True):
    """Why an identifier has no normalised form (code 8001)."""

    error_code: Annotated[str | None, el(blank=False)] = None
    error_message: Annotated[str | None, el(blank=False)] = None
    transient: Annotated[bool, attr(required=True)] = True


@entity("external-id", "common", tolerated=ENVELOPE)
class ExternalId(Entity, kw_only=True):
    """An identifier of the thing described. The registry fills `normalized` or `normalized_error`."""

    type: Annotated[str | None, el("external-id-type", required=True, blank=False)] = None
    value: Annotated[str | None, el("external-id-value", required=True, blank=False)] = None
    normalized: Annotated[
        str | None, el("external-id-normalized", wrap=True, transient=True, blank=False, since=V3_0)
    ] = None
    normalized_error: Annotated[NormalizationError | None, el("external-id-normalized-error", since=V3_0)] = (
        None
    )
    url: Annotated[str | None, el("external-id-url", wrap=True)] = None
    relationship: Annotated[str | None, el("external-id-relationship", type=RELATIONSHIP, omits=True)] = None


@entity("fuzzy-date", "common")
class FuzzyDate(Entity, kw_only=True):
    """A date known to the year, the month or the day; parts are zero-padded text."""

    year: Annotated[str | None, el(wrap=True, required=True, low=1900, high=2100)] = None
    month: Annotated[str | None, el(wrap=True, low=1, high=12)] = None
    day: Annotated[str | None, el(wrap=True, low=1, high=31)] = None


@entity("publication-date", "common")
class PublicationDate(FuzzyDate, kw_only=True):
    """2.x JSON carries one key more than other dates: `media-type`, always null."""

    media_type: Annotated[None, el(type=Scalar.NONE, xml=False, v2={"json": True}, json=False)] = None


@entity("translated-title", "common")
class TranslatedTitle(Entity, kw_only=True):
    value: Annotated[str | None, body(required=True, blank=False)] = None
    language_code: Annotated[str | None, attr(type=LANGUAGE, required=True)] = None


@entity("organization-address", "common")
class OrganisationAddress(Entity, kw_only=True):
    """City and country are the schema's business in 2.x; since 3.0 `rules` asks for them by kind of item."""

    city: Annotated[str | None, el(blank=False, max=4000, v2={"required": True})] = None
    region: Annotated[str | None, el(blank=False, max=4000)] = None
    country: Annotated[str | None, el(type=COUNTRY, v2={"required": True})] = None


@entity("disambiguated-organization", "common")
class DisambiguatedOrganisation(Entity, kw_only=True):
    """An organisation's identifier and whose it is: ROR, GRID, RINGGOLD, FUNDREF or LEI."""

    identifier: Annotated[str | None, el("disambiguated-organization-identifier", required=True, max=500)] = (
        None
    )
    source: Annotated[str | None, el("disambiguation-source", required=True, max=500)] = None


@entity("organization", "common")
class Organisation(Entity, kw_only=True):
    name: Annotated[str | None, el(required=True, blank=False, max=4000)] = None
    address: Annotated[OrganisationAddress | None, el(required=True)] = None
    disambiguated: Annotated[DisambiguatedOrganisation | None, el("disambiguated-organization")] = None
