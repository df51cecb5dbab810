"""A public item of Figshare → work. Pure: takes the API's answer for one item as it comes, whatever it is,
and never raises over it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from laelia.connectors.datacite import DESCRIPTION, TITLE, dicts
from laelia.connectors.datacite_dates import parse
from laelia.connectors.datacite_people import NAME
from laelia.connectors.datacite_terms import ID_TYPES, PART_OF, VERSION_OF
from laelia.connectors.figshare_types import work_type
from laelia.connectors.identifying import Identifiers, link_of, normal_form
from laelia.connectors.item import Holder, Setting, Unusable
from laelia.connectors.text import plain
from laelia.model.common import PublicationDate
from laelia.model.identifiers import normalise_orcid
from laelia.model.work import Contributor, ContributorAttributes, Work, WorkTitle

Item = Mapping[str, Any]

_VERSION = re.compile(r"\.v\d+\Z")
# The day it first was there to read, wherever that was; else the day Figshare showed it.
DATES = ("firstOnline", "publisherPublication", "posted")


def base_doi(item: Item) -> str | None:
    """The DOI of the item whatever its version: the same for as long as the item is there."""
    shown = normal_form("doi", item.get("doi"))
    return _VERSION.sub("", shown) or None if shown else None


def key(item: Item) -> str:
    """What the item is known by: its base DOI, else its handle, else its number."""
    if doi := base_doi(item):
        return f"doi:{doi}"
    handle = normal_form("handle", item.get("handle"))
    return f"handle:{handle}" if handle else f"number:{item.get('id')}"


def work(item: Item, setting: Setting) -> Work | Unusable:
    """The work as it should stand on the record of each author; the same for all of them."""
    if hindrance := _hindrance(item):
        return hindrance
    title = plain(item.get("title"), TITLE)
    if title is None:
        return Unusable("no-title")
    identifiers = _identifiers(item, setting)
    if not identifiers.named:
        return Unusable("no-identifier")
    doi = base_doi(item)
    landing = link_of([item.get("figshare_url"), item.get("url_public_html")])
    return Work(
        title=WorkTitle(title=title),
        short_description=plain(item.get("description"), DESCRIPTION),
        type=work_type(item.get("defined_type"), item.get("defined_type_name")),
        publication_date=_date(item),
        external_ids=identifiers.all(),
        url=landing or (f"{setting.doi_url}/{doi}" if doi else None),
        contributors=contributors(item, setting),
    )


def holders(item: Item) -> list[Holder]:
    """The authors that carry a right iD, each iD once. Whether it was typed or proven is not told."""
    found: dict[str, Holder] = {}
    for author in _authors(item):
        if (orcid := _orcid(author)) is not None and orcid not in found:
            found[orcid] = Holder(orcid, _name(author) or "")
    return list(found.values())


def contributors(item: Item, setting: Setting) -> list[Contributor]:
    """All authors in their order. An iD goes along only where its owner gave it to us herself."""
    result: list[Contributor] = []
    for author in _authors(item):
        name, orcid = _name(author), _orcid(author)
        if name is None:
            continue
        known = orcid if orcid in setting.authenticated else None
        sequence = "additional" if result else "first"
        result.append(
            Contributor(
                orcid=setting.uri(known) if known else None,
                credit_name=name,
                attributes=ContributorAttributes(sequence=sequence, role="author"),
            )
        )
    return result


def _hindrance(item: Item) -> Unusable | None:
    """What is not for everybody to read, and what is another's: a description of something that was published
    elsewhere keeps that publisher's DOI, and whoever deposits a description did not publish the thing. Only
    the DOIs that Figshare gives out hold the item's number."""
    embargoed = item.get("is_embargoed") in (True, 1) and item.get("embargo_type") == "article"
    if embargoed or item.get("is_confidential") in (True, 1) or item.get("is_public") in (False, 0):
        return Unusable("hidden")
    doi, number = base_doi(item), item.get("id")
    if (
        item.get("is_metadata_record") in (True, 1)
        and doi
        and not re.search(rf"(?<!\d){re.escape(str(number))}\Z", doi)
    ):
        return Unusable("foreign-doi")
    return None


def _identifiers(item: Item, setting: Setting) -> Identifiers:
    """The base DOI is the item; the DOI of a version says the same of one state of it, so it only groups.
    Related materials group or contain; what is cited names something else."""
    found = Identifiers(setting.doi_url)
    found.add("doi", base_doi(item))
    found.add("handle", item.get("handle"))
    found.add("doi", item.get("doi"), "version-of")
    related = [
        (str(one.get("relation")), one.get("identifier_type"), one.get("identifier"))
        for one in dicts(item.get("related_materials"))
    ]
    for relation, kind, value in related:
        if relation in VERSION_OF and kind == "DOI":
            found.add("doi", value, "version-of")
    for relation, kind, value in related:
        if relation in PART_OF and isinstance(kind, str) and kind in ID_TYPES:
            found.add(ID_TYPES[kind], value, "part-of")
    return found


def _date(item: Item) -> PublicationDate | None:
    timeline = next(dicts(item.get("timeline")), {})
    said = [timeline.get(name) for name in DATES] + [item.get("published_date")]
    return next((date for one in said if (date := parse(one))), None)


def _authors(item: Item) -> Iterator[dict[str, Any]]:
    yield from dicts(item.get("authors"))


def _orcid(author: Mapping[str, Any]) -> str | None:
    """The documentation's own samples are malformed, so form and check digit are looked at."""
    value = author.get("orcid_id")
    return normalise_orcid(value) if isinstance(value, str) else None


def _name(author: Mapping[str, Any]) -> str | None:
    whole = plain(author.get("full_name"), NAME)
    if whole is None:
        given, family = plain(author.get("first_name"), NAME), plain(author.get("last_name"), NAME)
        whole = plain(" ".join(part for part in (given, family) if part), NAME)
    return whole
