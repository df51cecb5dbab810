"""Items as JSON of Figshare's API v2: the list form, the complete form, and the smaller objects in them.

Fields that Figshare always sends and that have no meaning here are present and null or empty, because
clients were written against that.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from laelia.sandbox.repository.draft import Author, Body, Draft, File
from laelia.sandbox.repository.kinds import CATEGORY_BY_ID, LICENCE_BY_VALUE, TYPE_BY_ID


@dataclass(frozen=True)
class Item:
    """An article as a caller sees it: the draft, or one public version of it."""

    id: int
    account_id: int
    body: Body
    number: int  # 0 before the first publication
    doi: str  # as it is shown: of this version, or '' when there is none yet
    public: bool
    created: int
    modified: int
    posted: int | None
    published: int | None
    hidden: bool = False  # was public and is no more

    @property
    def shown(self) -> bool:
        """Whether anybody sees a version of it."""
        return bool(self.number) and not self.hidden


# Confidential and embargoed items do not exist here; clients look for the fields all the same.
_NOT_HERE: dict[str, Any] = {
    "is_confidential": False,
    "confidential_reason": "",
    "is_embargoed": False,
    "embargo_type": None,
    "embargo_date": None,
    "embargo_title": "",
    "embargo_reason": "",
    "embargo_options": [],
    "custom_fields": [],
}


def moment(ms: int | None) -> str | None:
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def slug(title: str) -> str:
    """The title as Figshare puts it in addresses: words joined by underscores, cut short."""
    return re.sub(r"\W+", "_", title).strip("_")[:80] or "item"


def landing_path(item: Item) -> str:
    kind = TYPE_BY_ID[item.body.draft.type]
    return f"/articles/{kind.slug}/{slug(item.body.draft.title)}/{item.id}"


def summary(item: Item, base: str) -> dict[str, Any]:
    """The form of lists; it has no authors."""
    kind = TYPE_BY_ID[item.body.draft.type]
    api = f"{base}/v2/articles/{item.id}"
    private = f"{base}/v2/account/articles/{item.id}"
    return {
        "id": item.id,
        "title": item.body.draft.title,
        "doi": item.doi,
        "handle": "",
        "group_id": item.body.draft.group_id,
        "url": api if item.public else private,
        "url_public_html": base + landing_path(item) if item.shown else "",
        "url_public_api": api if item.shown else "",
        "url_private_html": f"{base}/items/{item.id}",
        "url_private_api": private,
        "published_date": moment(item.published),
        "timeline": _timeline(item),
        "thumb": "",
        "defined_type": kind.id,
        "defined_type_name": kind.name,
        "resource_doi": "",
        "resource_title": "",
    }


def complete(item: Item, base: str) -> dict[str, Any]:
    """The form of a single item; the owner's has account_id besides."""
    draft = item.body.draft
    found = (
        summary(item, base)
        | {
            "citation": citation(item),
            "size": sum(file.size for file in item.body.files),
            "funding": ", ".join(one.title for one in draft.funding) or None,
            "funding_list": [_funding(place, one) for place, one in enumerate(draft.funding, 1)],
            "tags": draft.tags,
            "keywords": draft.tags,
            "version": max(item.number, 1),
            "is_active": True,
            "is_metadata_record": draft.metadata_only,
            "metadata_reason": draft.metadata_reason,
            "status": "public" if item.shown else "draft",
            "description": draft.description,
            "is_public": item.shown,
            "modified_date": moment(item.modified),
            "created_date": moment(item.created),
            "has_linked_file": any(file.link for file in item.body.files),
            "categories": [category(one) for one in draft.categories],
            "license": licence(draft.licence),
            "references": draft.references,
            "related_materials": _related(draft),
            "figshare_url": base + landing_path(item),
            "download_disabled": False,
            "files": [file(one, base, item.public) for one in item.body.files],
            "authors": [author(one) for one in item.body.authors],
        }
        | _NOT_HERE
    )
    if not item.public:
        found |= {"account_id": item.account_id, "group_resource_id": None, "curation_status": None}
    return found


def author(given: Author) -> dict[str, Any]:
    return {
        "id": given.id,
        "full_name": given.full_name,
        "first_name": given.first_name,
        "last_name": given.last_name,
        "is_active": given.has_account,
        "url_name": slug(given.full_name),
        "orcid_id": given.orcid,
    }


def file(given: File, base: str, public: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": given.id,
        "name": given.name,
        "size": given.size,
        "is_link_only": bool(given.link),
        "download_url": given.link or f"{base}/ndownloader/files/{given.id}",
        "supplied_md5": given.supplied_md5,
        "computed_md5": given.computed_md5,
        "mimetype": given.mimetype,
    }
    if not public:
        shown |= {"status": given.status, "viewer_type": "", "preview_state": "preview_not_available"}
    return shown


def category(category_id: int) -> dict[str, Any]:
    known = CATEGORY_BY_ID[category_id]
    return {
        "id": known.id,
        "title": known.title,
        "parent_id": 0,
        "path": f"/{known.id}",
        "source_id": known.source_id,
        "taxonomy_id": 100,
    }


def licence(value: int) -> dict[str, Any]:
    known = LICENCE_BY_VALUE[value]
    return {"value": known.value, "name": known.name, "url": known.url}


def citation(item: Item) -> str:
    names = "; ".join(_cited(one) for one in item.body.authors)
    year = (moment(item.published) or moment(item.created) or "")[:4]
    kind = TYPE_BY_ID[item.body.draft.type].title
    link = f" https://doi.org/{item.doi}" if item.doi else ""
    return f"{names} ({year}). {item.body.draft.title}. {kind}.{link}"


def _cited(given: Author) -> str:
    if given.last_name and given.first_name:
        return f"{given.last_name}, {given.first_name}"
    return given.full_name


def _timeline(item: Item) -> dict[str, Any]:
    timeline = item.body.draft.timeline
    found = {
        "posted": moment(item.posted),
        "firstOnline": timeline.first_online or moment(item.posted),
        "revision": moment(item.published) if item.number > 1 else None,
        "publisherPublication": timeline.publisherPublication,
        "publisherAcceptance": timeline.publisherAcceptance,
    }
    return {name: value for name, value in found.items() if value}


def _funding(place: int, given: Any) -> dict[str, Any]:
    return {
        "id": place,
        "title": given.title,
        "grant_code": given.grant_code,
        "funder_name": given.funder_name,
        "is_user_defined": True,
        "url": given.url,
    }


def _related(draft: Draft) -> list[dict[str, Any]]:
    return [
        {
            "id": place,
            "identifier": one.identifier,
            "title": one.title,
            "relation": one.relation,
            "identifier_type": one.identifier_type,
            "is_linkout": one.is_linkout,
            "link": one.identifier if one.identifier.startswith(("http://", "https://")) else "",
        }
        for place, one in enumerate(draft.related, 1)
    ]
