"""The page of docs/reference that shows what DataCite's metadata become in a work, made from the connector's
own tables; `tools/reference.py` writes it."""

from collections.abc import Iterable, Mapping

from laelia.connectors.datacite_terms import (
    ADDRESSES,
    CREATOR,
    DESCRIPTIONS,
    ID_TYPES,
    ISSUED,
    LANGUAGES,
    NEXT_DATES,
    RELATIONS,
    ROLES,
    YEAR,
)
from laelia.connectors.datacite_types import GENERAL, REFINED, SCHEMA_ORG, VAGUE, WORDS
from laelia.sandbox.doi_registry.metadata.vocabularies import (
    CONTRIBUTOR_TYPES,
    DATE_TYPES,
    DESCRIPTION_TYPES,
    RELATED_ID_TYPES,
    RELATION_TYPES,
)
from laelia.sandbox.doi_registry.metadata.vocabularies import RESOURCE_TYPES as TYPES

# Field of the work → what it is made of. Tables for the lists follow.
FIELDS = {
    "title": "the first of `titles` without a `titleType`; else the first that is no subtitle. Markup is"
    " taken out; 1,000 characters, cut at a word",
    "subtitle": "the first with `titleType` Subtitle",
    "translated title": "the first with TranslatedTitle and a `lang`, or an untyped one in"
    " another language than the title has",
    "journal title": "what it appeared in: the title of a `relatedItem` IsPublishedIn, else `container"
    ".title`. Never the publisher, which contains nothing, and never the thing's own title",
    "short description": "the first of `descriptions` by the table below, 5,000 characters",
    "type": "`types` by the tables below",
    "publication date": "`dates` and `publicationYear` by the table below. Of a range the start; what is"
    " no day of the calendar is cut back to its month or year; years before 1900 and after 2100 are no dates",
    "external ids": "the DOI as `self`; `relatedIdentifiers`, `relatedItems` and `container` by the tables"
    " below. A relation to the DOI itself says nothing",
    "URL": "`url`, the landing page, where a browser may follow it; else the DOI's own address",
    "contributors": "all `creators` in their order as `author`, then people among `contributors` by the table"
    " below, each person once. iDs go along only of people who gave them to the organisation themselves",
    "language": "`language`, by ORCID's list",
    "publisher": "has no place in a work of ORCID and is left out; it is not put into the journal title",
    "citation, country": "left empty: DataCite says nothing of them",
}


def datacite() -> str:
    parts = [
        "# DataCite's metadata as works\n",
        "How the attributes of DataCite's REST API (kernels 4.0 to 4.7, and what older ones knew) become a"
        " work of ORCID 3.0. `laelia hub check` tells which documents fall short.\n",
        _table(("work", "from"), FIELDS.items()),
        "Nothing can be made of a document without a DOI or a title, nor of one that is not findable.\n",
        "## Kind of resource\n",
        "`resourceTypeGeneral` decides, in whatever spelling. `other` stands only where ORCID has no type.\n",
        _table(
            ("resourceTypeGeneral", "work type", ""), (_type(name) for name in _sorted({*TYPES, *GENERAL}))
        ),
        f"Where it says little ({', '.join(_sorted(VAGUE))}, or none of the list) the free `resourceType`"
        " decides, by its last words or else its first; without words that are known, schema.org's type"
        f" ({', '.join(f'{name}: `{kind}`' for name, kind in SCHEMA_ORG.items())}).\n",
        _table(("work type", "resourceType"), _words()),
        "## Relations\n",
        _table(
            ("relationType", "relationship"),
            ((name, _code(RELATIONS.get(name))) for name in _sorted(RELATION_TYPES)),
        ),
        "Versions group with the work on a record. What is left out names something else.\n",
        _table(
            ("relatedIdentifierType", "type of external id"),
            ((name, _id_type(name)) for name in _sorted(RELATED_ID_TYPES)),
        ),
        "## People\n",
        f"Creators are `{CREATOR}`.\n",
        _table(
            ("contributorType", "role"),
            ((name, _code(ROLES.get(name))) for name in _sorted(CONTRIBUTOR_TYPES)),
        ),
        "What is left out hosts, funds, registers or owns the thing, or says nothing of a part in it;"
        " organisations among contributors are left out as well.\n",
        "## Dates, descriptions, languages\n",
        _table(("dateType", "place"), _places((ISSUED, YEAR, *NEXT_DATES), DATE_TYPES)),
        _table(("descriptionType", "place"), _places(DESCRIPTIONS, DESCRIPTION_TYPES)),
        "Languages are taken by ORCID's codes; these are written otherwise there: "
        + ", ".join(f"{name} `{code}`" for name, code in sorted(LANGUAGES.items()))
        + ".\n",
    ]
    return "\n".join(parts).rstrip() + "\n"


def _type(name: str) -> tuple[str, str, str]:
    also = ", ".join(f"`{kind}`" for kind in sorted(REFINED.get(name, ())))
    known = "" if name in TYPES else "kernel 2 alone"
    return name, _code(GENERAL.get(name)), f"the free text may make it {also}" if also else known


def _words() -> Iterable[tuple[str, str]]:
    by_kind: dict[str, list[str]] = {}
    for word, kind in WORDS.items():
        by_kind.setdefault(kind, []).append(word)
    return ((f"`{kind}`", ", ".join(words)) for kind, words in by_kind.items())


def _id_type(name: str) -> str:
    return "an address: left out" if name in ADDRESSES else _code(ID_TYPES.get(name))


def _places(order: Iterable[str], all_of: Iterable[str]) -> Iterable[tuple[str, str]]:
    placed = list(order)
    yield from ((name, str(number)) for number, name in enumerate(placed, 1))
    yield from ((name, "left out") for name in _sorted(set(all_of) - set(placed)))


def _code(value: str | None) -> str:
    return f"`{value}`" if value else "left out"


def _sorted(names: Iterable[str]) -> list[str]:
    return sorted(names, key=str.casefold)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]] | Mapping[str, str]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join(one.replace('|', '/') for one in row)} |" for row in rows]
    return "\n".join(lines) + "\n"
