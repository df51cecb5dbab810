"""An item as the attributes of a DOI: DataCite's metadata, kernel 4, in the JSON form of its REST API.

What goes where follows Figshare's published overview of its metadata: categories become subjects, keywords
are not sent, creators carry their iD, and the DOI of a version says that it is identical to the base DOI.
"""

from datetime import UTC, datetime
from typing import Any

from laelia.sandbox.repository.draft import Author, Draft, File, Funding
from laelia.sandbox.repository.figshare import Item
from laelia.sandbox.repository.kinds import CATEGORY_BY_ID, LICENCE_BY_VALUE, TYPE_BY_ID

KERNEL = "http://datacite.org/schema/kernel-4"


def attributes(
    item: Item, *, url: str, publisher: str, orcid_base: str, identical_to: str | None = None
) -> dict[str, Any]:
    """Everything the DOI registry is told, in full each time: what a PUT leaves out would stay as it was.

    `item` is the public version to describe, its `doi` the one that is told about.
    """
    draft, kind = item.body.draft, TYPE_BY_ID[item.body.draft.type]
    published = item.published or item.created
    return {
        "doi": item.doi,
        "url": url,
        "creators": [creator(author, orcid_base) for author in item.body.authors],
        "titles": [{"title": draft.title}],
        "publisher": publisher,
        "publicationYear": datetime.fromtimestamp(published / 1000, UTC).year,
        "types": {"resourceTypeGeneral": kind.general, "resourceType": kind.title},
        "subjects": [_subject(one) for one in draft.categories],
        "dates": _dates(draft, item.posted or published, published, item.modified),
        "version": str(item.number),
        "relatedIdentifiers": _related(draft, identical_to),
        **_sizes(item.body.files),
        "rightsList": [_rights(draft)],
        "descriptions": [{"description": draft.description, "descriptionType": "Abstract"}],
        "fundingReferences": [_funding(one) for one in draft.funding],
        "schemaVersion": KERNEL,
    }


def creator(author: Author, orcid_base: str) -> dict[str, Any]:
    """A creator with the iD as name identifier. The schemeUri is ORCID's whatever the registry's own address
    is: it names the scheme, and a harvester looks for exactly this."""
    if author.last_name and author.first_name:
        named = {"name": f"{author.last_name}, {author.first_name}", "nameType": "Personal"}
        named |= {"givenName": author.first_name, "familyName": author.last_name}
    else:
        named = {"name": author.full_name, "nameType": "Personal"}
    if not author.orcid:
        return {**named, "nameIdentifiers": [], "affiliation": []}
    identifier = {
        "nameIdentifier": f"{orcid_base}/{author.orcid}",
        "nameIdentifierScheme": "ORCID",
        "schemeUri": "https://orcid.org",
    }
    return {**named, "nameIdentifiers": [identifier], "affiliation": []}


def document(values: dict[str, Any]) -> dict[str, Any]:
    """The JSON:API document of a PUT or POST. `publish` makes the DOI findable and is ignored when it is;
    values may name another event."""
    return {"data": {"id": values["doi"], "type": "dois", "attributes": {"event": "publish", **values}}}


def day(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d")


def _subject(category_id: int) -> dict[str, str]:
    category = CATEGORY_BY_ID[category_id]
    return {
        "subject": category.title,
        "subjectScheme": "Australian and New Zealand Standard Research Classification (ANZSRC), 2020",
        "classificationCode": category.source_id,
    }


def _sizes(files: list[File]) -> dict[str, list[str]]:
    kept = [file for file in files if not file.link]
    total = sum(file.size for file in kept)
    return {
        "sizes": [f"{total} Bytes"] if kept else [],
        "formats": sorted({file.mimetype for file in kept if file.mimetype}),
    }


def _rights(draft: Draft) -> dict[str, str]:
    licence = LICENCE_BY_VALUE[draft.licence]
    return {
        "rights": licence.title,
        "rightsUri": licence.url,
        "rightsIdentifier": licence.spdx,
        "rightsIdentifierScheme": "SPDX",
        "schemeUri": "https://spdx.org/licenses/",
    }


def _funding(given: Funding) -> dict[str, str]:
    number = {"awardNumber": given.grant_code} if given.grant_code else {}
    return {"funderName": given.funder_name or given.title, "awardTitle": given.title, **number}


def _dates(draft: Draft, posted: int, published: int, modified: int) -> list[dict[str, str]]:
    dates = [
        {"date": day(posted), "dateType": "Created"},
        {"date": day(modified), "dateType": "Updated"},
        {"date": draft.timeline.first_online or day(published), "dateType": "Issued"},
    ]
    if draft.timeline.publisherAcceptance:
        dates.append({"date": draft.timeline.publisherAcceptance, "dateType": "Accepted"})
    return dates


def _related(draft: Draft, identical_to: str | None) -> list[dict[str, str]]:
    found = [
        {
            "relatedIdentifier": one.identifier,
            "relatedIdentifierType": one.identifier_type,
            "relationType": one.relation,
        }
        for one in draft.related
    ]
    found += [
        {"relatedIdentifier": url, "relatedIdentifierType": "URL", "relationType": "References"}
        for url in draft.references
    ]
    if identical_to:
        found.append(
            {
                "relatedIdentifier": identical_to,
                "relatedIdentifierType": "DOI",
                "relationType": "IsIdenticalTo",
            }
        )
    return found
