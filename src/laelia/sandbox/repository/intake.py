"""What the API takes for an item: read, checked, and put in its place in the draft."""

from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from laelia.model.identifiers import normalise_orcid
from laelia.sandbox.repository.draft import Draft, Funding, Related, Timeline
from laelia.sandbox.repository.kinds import (
    CATEGORY_BY_ID,
    CATEGORY_BY_SOURCE,
    IDENTIFIER_TYPES,
    LICENCE_BY_VALUE,
    RELATIONS,
    TYPE_BY_NAME,
)
from laelia.sandbox.repository.problems import BadRequest, Invalid

# Figshare's fields that mean nothing here are named, so that they can be answered
# with a warning instead of silence.
NOT_KEPT = frozenset(
    [
        "custom_fields",
        "custom_fields_list",
        "handle",
        "doi",
        "resource_doi",
        "resource_title",
        "funding",
        "resource_id",
        "download_disabled",
        "is_confidential",
        "confidential_reason",
        "embargo_date",
        "embargo_type",
        "embargo_title",
    ]
)
Short = Annotated[str, Meta(max_length=1000)]


class AuthorGiven(msgspec.Struct):
    id: int | None = None
    name: Short = ""
    first_name: Short = ""
    last_name: Short = ""
    email: Short = ""
    orcid_id: str | None = ""


class FundingGiven(msgspec.Struct):
    id: int | None = None
    title: Short = ""
    grant_code: Short = ""
    funder_name: Short = ""


class RelatedGiven(msgspec.Struct):
    identifier: Annotated[str, Meta(min_length=1, max_length=2000)]
    title: Short = ""
    relation: str = "References"
    identifier_type: str = "URL"
    is_linkout: bool = False


class Given(msgspec.Struct, kw_only=True):
    """The body of a create or an update; a field left out stays as it is."""

    title: Annotated[str, Meta(min_length=3, max_length=1000)] | UnsetType = UNSET
    description: Annotated[str, Meta(max_length=20000)] | UnsetType = UNSET
    defined_type: str | UnsetType = UNSET
    license: int | UnsetType = UNSET
    categories: list[int] | UnsetType = UNSET
    categories_by_source_id: list[str] | UnsetType = UNSET
    tags: (
        Annotated[list[Annotated[str, Meta(min_length=1, max_length=200)]], Meta(max_length=100)] | UnsetType
    ) = UNSET
    keywords: Annotated[list[str], Meta(max_length=100)] | UnsetType = UNSET
    authors: Annotated[list[AuthorGiven], Meta(max_length=100)] | UnsetType = UNSET
    references: list[Annotated[str, Meta(max_length=2000)]] | UnsetType = UNSET
    related_materials: list[RelatedGiven] | UnsetType = UNSET
    funding_list: Annotated[list[FundingGiven], Meta(max_length=100)] | UnsetType = UNSET
    timeline: Timeline | UnsetType = UNSET
    is_metadata_record: bool | UnsetType = UNSET
    metadata_reason: Annotated[str, Meta(max_length=4000)] | UnsetType = UNSET
    group_id: Annotated[int, Meta(ge=1)] | UnsetType | None = UNSET


class UnpublishGiven(msgspec.Struct):
    reason: Annotated[str, Meta(min_length=5, max_length=500)]


class AuthorsGiven(msgspec.Struct):
    authors: Annotated[list[AuthorGiven], Meta(min_length=1, max_length=100)]


class CategoriesGiven(msgspec.Struct):
    categories: list[int] = []
    categories_by_source_id: list[str] = []


Kind = TypeVar("Kind")


def read(body: bytes, kind: type[Kind]) -> Kind:
    """The request's JSON as `kind`; unreadable JSON is a BadRequest (400), a wrong field Invalid (422)."""
    try:
        return msgspec.json.decode(body or b"{}", type=kind)
    except msgspec.ValidationError as wrong:
        sentence, _, place = str(wrong).partition(" - at `$")
        raise Invalid({place.rstrip("`").lstrip(".") or "body": sentence}) from wrong
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise BadRequest(f"The body is not JSON: {wrong}.") from wrong


def warnings(body: bytes) -> list[str]:
    """Fields that were understood by Figshare and are not kept here, and those nobody knows."""
    given: Any = msgspec.json.decode(body or b"{}")
    unknown = sorted(set(given) - set(Given.__struct_fields__))
    return [
        f"{name} is not kept by this repository."
        if name in NOT_KEPT
        else f"{name} is not a field of an item."
        for name in unknown
    ]


def apply(draft: Draft, given: Given) -> Draft:
    """The draft with what was given put in its place; authors are the caller's, who knows their ids."""
    changed: dict[str, Any] = {}
    for name, target in (
        ("title", "title"),
        ("description", "description"),
        ("timeline", "timeline"),
        ("references", "references"),
        ("is_metadata_record", "metadata_only"),
        ("metadata_reason", "metadata_reason"),
        ("group_id", "group_id"),
    ):
        if (value := getattr(given, name)) is not UNSET:
            changed[target] = value
    if given.defined_type is not UNSET:
        changed["type"] = _item_type(given.defined_type)
    if given.license is not UNSET:
        changed["licence"] = _licence(given.license)
    chosen = categories(given.categories, given.categories_by_source_id)
    if chosen is not None:
        changed["categories"] = chosen
    words = given.keywords if given.keywords is not UNSET else given.tags
    if words is not UNSET:
        changed["tags"] = list(dict.fromkeys(word.strip() for word in words if word.strip()))
    if given.related_materials is not UNSET:
        changed["related"] = [_related(one) for one in given.related_materials]
    if given.funding_list is not UNSET:
        changed["funding"] = [
            Funding(one.title, one.grant_code, one.funder_name) for one in given.funding_list if one.title
        ]
    return msgspec.structs.replace(draft, **changed)


def categories(ids: list[int] | UnsetType, codes: list[str] | UnsetType) -> list[int] | None:
    """Category ids from ids or from classification codes; codes win, as at Figshare."""
    if codes is not UNSET and codes:
        if unknown := [code for code in codes if code not in CATEGORY_BY_SOURCE]:
            raise BadRequest(f"There is no category with the code {unknown[0]!r}; see /v2/categories.")
        return [CATEGORY_BY_SOURCE[code].id for code in codes]
    if ids is UNSET:
        return None
    if missing := [one for one in ids if one not in CATEGORY_BY_ID]:
        raise BadRequest(f"There is no category {missing[0]}; see /v2/categories.")
    return list(dict.fromkeys(ids))


def checked_orcid(text: str | None) -> str:
    """A typed iD in its 19 characters, '' for none; a wrong check digit is refused (ISO 7064 MOD 11-2)."""
    if not text or not text.strip():
        return ""
    orcid = normalise_orcid(text)
    if orcid is None:
        raise Invalid({"orcid_id": f"{text!r} is not an iD: its check digit or its form is wrong."})
    return orcid


def _item_type(name: str) -> int:
    if name not in TYPE_BY_NAME:
        raise Invalid({"defined_type": f"{name!r} is none of {', '.join(TYPE_BY_NAME)}."})
    return TYPE_BY_NAME[name].id


def _licence(value: int) -> int:
    if value not in LICENCE_BY_VALUE:
        raise BadRequest(f"There is no licence {value}; see /v2/licenses.")
    return value


def _related(given: RelatedGiven) -> Related:
    if given.relation not in RELATIONS:
        raise Invalid({"related_materials": f"{given.relation!r} is not a relation."})
    if given.identifier_type not in IDENTIFIER_TYPES:
        raise Invalid({"related_materials": f"{given.identifier_type!r} is not an identifier type."})
    return Related(given.identifier, given.title, given.relation, given.identifier_type, given.is_linkout)
