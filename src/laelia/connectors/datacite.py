"""DataCite metadata → work. Pure: takes the REST API's `attributes` as they come, whatever they are, and
never raises over them. Field names are those of kernel 4.7 in JSON."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from laelia.connectors.datacite_dates import publication_date
from laelia.connectors.datacite_people import contributors
from laelia.connectors.datacite_terms import DESCRIPTIONS, ID_TYPES, LANGUAGES, PART_OF, VERSION_OF
from laelia.connectors.datacite_types import work_type
from laelia.connectors.item import Setting, Unusable
from laelia.connectors.text import plain
from laelia.model.common import ExternalId, TranslatedTitle
from laelia.model.identifiers import normalise
from laelia.model.vocabularies import LANGUAGE
from laelia.model.work import Work, WorkTitle

Attributes = Mapping[str, Any]

TITLE, DESCRIPTION, URL = 1000, 5000, 2000


def doi_of(attributes: Attributes) -> str | None:
    """The DOI in lower case, as it is compared everywhere."""
    value = attributes.get("doi")
    if not isinstance(value, str):
        identifiers = (
            one for one in dicts(attributes.get("identifiers")) if one.get("identifierType") == "DOI"
        )
        value = next((one.get("identifier") for one in identifiers), attributes.get("id"))
    return (normalise("doi", value) or None) if isinstance(value, str) else None


def version_of(attributes: Attributes) -> str | None:
    """The DOI of the thing whatever its version, where this is the DOI of one version and says so, in the way
    of Figshare: the base DOI with .v1, .v2 … behind it."""
    whole, version, number = (doi_of(attributes) or "").rpartition(".v")
    if not version or not (number.isascii() and number.isdigit()):
        return None
    named = (value for relationship, _, value in _related(attributes) if relationship == "version-of")
    return whole if any(normalise("doi", value) == whole for value in named) else None


def work(attributes: Attributes, setting: Setting) -> Work | Unusable:
    """The work as it should stand on the record of each creator; the same for all of them."""
    doi = doi_of(attributes)
    if doi is None:
        return Unusable("no-doi")
    if attributes.get("state") not in ("findable", None):
        return Unusable("hidden")
    title = _title(attributes)
    if title is None:
        return Unusable("no-title")
    types = attributes.get("types")
    return Work(
        title=title,
        journal_title=_container(attributes, title),
        short_description=_description(attributes),
        type=work_type(types if isinstance(types, dict) else {}),
        publication_date=publication_date(attributes),
        external_ids=_external_ids(doi, attributes, setting),
        url=_url(attributes.get("url")) or f"{setting.doi_url}/{doi}",
        contributors=contributors(attributes, setting),
        language_code=language(attributes.get("language")),
    )


def dicts(value: object) -> Iterator[dict[str, Any]]:
    """The objects of what should be a list of objects."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield one


def language(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    tag = value.strip().lower().replace("_", "-")
    for known in (tag, tag.partition("-")[0]):
        code = LANGUAGES.get(known, known.replace("-tw", "_TW").replace("-cn", "_CN"))
        if code in LANGUAGE.terms:
            return code
    return None


def _title(attributes: Attributes) -> WorkTitle | None:
    """The first title without a type is the title; one of another language beside it is its translation."""
    titles = [
        (plain(one.get("title"), TITLE), one.get("titleType") or None, language(one.get("lang")))
        for one in dicts(attributes.get("titles"))
    ]
    said = [(text, kind, tongue) for text, kind, tongue in titles if text]
    main = next(
        (one for one in said if one[1] is None),
        next((one for one in said if one[1] != "Subtitle"), said[0] if said else None),
    )
    if main is None:
        return None
    subtitle = next((one[0] for one in said if one[1] == "Subtitle" and one is not main), None)
    own = main[2] or language(attributes.get("language"))
    translated = next(
        (
            TranslatedTitle(value=text, language_code=tongue)
            for text, kind, tongue in said
            if tongue and text != main[0] and (kind == "TranslatedTitle" or (kind is None and tongue != own))
        ),
        None,
    )
    return WorkTitle(title=main[0], subtitle=subtitle, translated_title=translated)


def _container(attributes: Attributes, title: WorkTitle) -> str | None:
    """What it appeared in: never the publisher, which contains nothing, nor the thing itself as books do."""
    hosts = [
        one for one in dicts(attributes.get("relatedItems")) if one.get("relationType") == "IsPublishedIn"
    ]
    names = [
        plain(first.get("title"), TITLE) for host in hosts for first in list(dicts(host.get("titles")))[:1]
    ]
    names += [plain(one.get("title"), TITLE) for one in dicts(attributes.get("container"))]
    return next((name for name in names if name and name != title.title), None)


def _description(attributes: Attributes) -> str | None:
    said = [
        (one.get("descriptionType"), one.get("description")) for one in dicts(attributes.get("descriptions"))
    ]
    for kind in DESCRIPTIONS:
        for one, text in said:
            if one == kind and (short := plain(text, DESCRIPTION)):
                return short
    return None


def _external_ids(doi: str, attributes: Attributes, setting: Setting) -> list[ExternalId]:
    ids = [ExternalId(type="doi", value=doi, url=f"{setting.doi_url}/{doi}", relationship="self")]
    seen = {("doi", doi)}
    for relationship, kind, value in _related(attributes):
        normal = normalise(kind, value)
        if not normal or (kind, normal) in seen:
            continue
        seen.add((kind, normal))
        url = f"{setting.doi_url}/{normal}" if kind == "doi" else None
        ids.append(ExternalId(type=kind, value=normal, url=url, relationship=relationship))
    return ids


def _related(attributes: Attributes) -> Iterator[tuple[str, str, str]]:
    """(relationship, identifier type, value); versions first, so that a DOI that is both groups."""
    related = [
        (str(one.get("relationType")), one.get("relatedIdentifierType"), one.get("relatedIdentifier"))
        for one in dicts(attributes.get("relatedIdentifiers"))
    ]
    versions = [(kind, value) for relation, kind, value in related if relation in VERSION_OF]
    hosts = [(kind, value) for relation, kind, value in related if relation in PART_OF]
    for item in dicts(attributes.get("relatedItems")):
        for one in (
            dicts(item.get("relatedItemIdentifier")) if str(item.get("relationType")) in PART_OF else ()
        ):
            hosts.append((one.get("relatedItemIdentifierType"), one.get("relatedItemIdentifier")))
    hosts += [
        (one.get("identifierType"), one.get("identifier")) for one in dicts(attributes.get("container"))
    ]
    for relationship, found in (("version-of", versions), ("part-of", hosts)):
        for kind, value in found:
            if isinstance(kind, str) and kind in ID_TYPES and isinstance(value, str):
                yield relationship, ID_TYPES[kind], value


def _url(value: object) -> str | None:
    """The landing page, if it is an address a browser may follow."""
    if (
        not isinstance(value, str)
        or len(value) > URL
        or any(c.isspace() or c in '<>"' for c in value.strip())
    ):
        return None
    try:
        parts = urlsplit(value.strip())
        usable = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return value.strip() if usable else None
