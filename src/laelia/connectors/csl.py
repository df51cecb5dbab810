"""CSL JSON → work: what resolvers of DOIs and PubMed's citation exporter tell of a publication. Pure: takes
an item as it comes, whatever it is, and never raises over it. Variables are those of CSL 1.0.2."""

import re
from collections.abc import Mapping
from typing import Any

from laelia.connectors.csl_types import IN_A_BOOK, PUBLISHED_BY, work_type
from laelia.connectors.datacite import dicts, language
from laelia.connectors.datacite_dates import parse
from laelia.connectors.identifying import Identifiers, link_of
from laelia.connectors.item import Setting, Unusable
from laelia.connectors.text import plain
from laelia.model.common import OrcidUri, PublicationDate
from laelia.model.identifiers import normalise_orcid
from laelia.model.work import Contributor, ContributorAttributes, Work, WorkTitle

Item = Mapping[str, Any]

TITLE, ABSTRACT, NAME = 1000, 5000, 150
DATES = ("issued", "published", "published-online", "published-print", "available-date", "submitted")
"""Where the date of publication may stand, the best first; but the first is CSL's."""
ROLES = {
    "author": "author",
    "editor": "editor",
    "translator": "chair-or-translator",
    "composer": "author",
    "director": "author",
    "illustrator": "author",
    "performer": "author",
    "script-writer": "author",
}
"""Who made a thing, by CSL's variables. Others had a part in something else: the reviewed, the recipient."""
VERSIONS = ("is-preprint-of", "has-preprint", "is-version-of", "has-version", "is-same-as")
"""Crossref's relations between versions of one thing."""

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def work(item: object, setting: Setting) -> Work | Unusable:
    """The work, with at least one identifier that names it, or why there is none."""
    if not isinstance(item, dict):
        return Unusable("unreadable")
    kind = work_type(item.get("type"))
    title = _first(item.get("title"), TITLE)
    if title is None:
        return Unusable("no-title")
    ids, link = _identifiers(item, kind, setting), link_of(item.get("URL"))
    ids.add_link(link)
    if not ids.named:
        return Unusable("no-identifier")
    return Work(
        title=WorkTitle(title=title, subtitle=_first(item.get("subtitle"), TITLE)),
        journal_title=_container(item, kind, title),
        short_description=plain(item.get("abstract"), ABSTRACT),
        type=kind,
        publication_date=publication_date(item),
        external_ids=ids.all(),
        url=link or next((one.url for one in ids.all() if one.url), None),
        contributors=_contributors(item, kind, setting),
        language_code=language(item.get("language")),
    )


def _first(value: object, limit: int) -> str | None:
    """The text, or the first of several, as Crossref writes titles."""
    for one in value if isinstance(value, list) else [value]:
        if text := plain(one, limit):
            return text
    return None


def _container(item: Item, kind: str, title: str) -> str | None:
    names = ("publisher",) if kind in PUBLISHED_BY else ("container-title", "collection-title")
    said = (_first(item.get(name), TITLE) for name in names)
    return next((name for name in said if name and name != title), None)


def _identifiers(item: Item, kind: str, setting: Setting) -> Identifiers:
    ids = Identifiers(setting.doi_url)
    ids.add("doi", item.get("DOI"))
    ids.add("pmid", item.get("PMID"))
    ids.add("pmc", item.get("PMCID"))
    ids.add_all("isbn", item.get("ISBN"), "part-of" if kind in IN_A_BOOK else "self")
    ids.add_all("issn", item.get("ISSN"), "part-of")
    relations = item.get("relation")
    said: Item = relations if isinstance(relations, dict) else {}
    for name in VERSIONS:
        for one in dicts(said.get(name)):
            if one.get("id-type") == "doi":
                ids.add("doi", one.get("id"), "version-of")
    return ids


# ---- dates


def publication_date(item: Item) -> PublicationDate | None:
    """The first date that says something."""
    return next((date for name in DATES if (date := _date(item.get(name)))), None)


def _date(value: object) -> PublicationDate | None:
    """Of a date as parts the beginning, else what was written; a season is no month, so the year is left."""
    if not isinstance(value, dict):
        return _written(value)
    parts = value.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts else None
    told = parse(_joined(first if isinstance(first, list) else [first]))
    return told or _written(value.get("raw")) or _written(value.get("literal"))


def _joined(parts: list[Any]) -> str:
    """`2020-5-1` of numbers, or of texts of digits; what is neither ends it."""
    numbers: list[str] = []
    for part in parts[:3]:
        text = str(part).strip() if isinstance(part, int | str) and not isinstance(part, bool) else ""
        if not re.fullmatch(r"[0-9]{1,4}", text):
            break
        numbers.append(text)
    return "-".join(numbers)


def _written(value: object) -> PublicationDate | None:
    """A date in words: the day where it is written as numbers, else the year that stands in it."""
    exact = parse(value)
    if exact is not None or not isinstance(value, str):
        return exact
    year = _YEAR.search(value[:200])
    return PublicationDate(year=year[0]) if year else None


# ---- people


def _contributors(item: Item, kind: str, setting: Setting) -> list[Contributor]:
    found: list[Contributor] = []
    for variable, role in ROLES.items():
        if variable == "editor" and kind in IN_A_BOOK and found:
            continue  # they edited the book that it stands in
        for who in dicts(item.get(variable)):
            name = _name(who)
            if name is not None:
                attributes = ContributorAttributes(sequence="additional" if found else "first", role=role)
                found.append(Contributor(orcid=_orcid(who, setting), credit_name=name, attributes=attributes))
    return found


def _name(who: Mapping[str, Any]) -> str | None:
    """The way a person says it; a group has a literal name, or with Crossref just a name."""
    names = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
    parts = [text for name in names if (text := plain(who.get(name), NAME))]
    return plain(" ".join(parts), NAME) or plain(who.get("literal"), NAME) or plain(who.get("name"), NAME)


def _orcid(who: Mapping[str, Any], setting: Setting) -> OrcidUri | None:
    """Her iD where it came from herself: what others wrote down is hearsay."""
    said = who.get("ORCID")
    orcid = normalise_orcid(said) if isinstance(said, str) else None
    return setting.uri(orcid) if orcid in setting.authenticated and orcid is not None else None
