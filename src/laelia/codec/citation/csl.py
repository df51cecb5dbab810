"""A work as CSL JSON, the form in which citation styles are fed (CSL 1.0.2, schema csl-data).

Unlike ORCID's, an item names all its authors and always has a type, and what a BibTeX citation leaves out is
filled in from the work.
"""

from typing import Any

import orjson

from laelia.codec.citation import bibtex, citing
from laelia.codec.citation.bibtex_reader import Entry, Name
from laelia.model.identifiers import normalise
from laelia.model.work import Work

Item = dict[str, Any]

_KINDS = {
    "article": "article-journal",
    "book": "book",
    "booklet": "pamphlet",
    "conference": "paper-conference",
    "dataset": "dataset",
    "electronic": "webpage",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "manual": "report",
    "mastersthesis": "thesis",
    "online": "webpage",
    "patent": "patent",
    "phdthesis": "thesis",
    "proceedings": "book",
    "report": "report",
    "software": "software",
    "techreport": "report",
    "thesis": "thesis",
    "unpublished": "manuscript",
    "www": "webpage",
}
"""BibTeX's types, and biblatex's. The others say nothing, and the work's own type counts."""

_FIELDS = {
    "title": ("title",),
    "container-title": ("journal", "journaltitle", "booktitle"),
    "collection-title": ("series",),
    "publisher": ("publisher", "school", "institution", "organization"),
    "publisher-place": ("address", "location"),
    "volume": ("volume",),
    "edition": ("edition",),
    "chapter-number": ("chapter",),
    "abstract": ("abstract",),
    "note": ("note",),
    "language": ("language", "langid"),
    "ISBN": ("isbn",),
    "ISSN": ("issn",),
    "URL": ("url",),
}
"""CSL's variables and the fields they are taken from."""


def encode(work: Work, owner: str = "") -> bytes:
    """The item as JSON. `owner` is cited where the work names nobody (`citing.cited_name`)."""
    return orjson.dumps(item(work, owner))


def item(work: Work, owner: str = "") -> Item:
    """The item of a work: what its BibTeX citation says, if it brought one, over what is known of it."""
    known = _known(work, owner)
    own = bibtex.citation(work)
    if own is None:
        return known
    said = _said(own)
    if "issued" in said and _finer(known, said):
        del said["issued"]
    return {**known, **said, "id": bibtex.key_of(work, own, owner)}


def _known(work: Work, owner: str) -> Item:
    kind = citing.TYPES.get(work.type or "", citing.TYPES["other"])[0]
    authors, editors = citing.people(work, owner)
    container = "publisher" if kind in citing.PUBLISHED_BY else "container-title"
    parts = citing.date(work)
    found: Item = {
        "id": citing.key(work, owner),
        "type": kind,
        "title": citing.title(work),
        "author": [_who(one) for one in authors],
        "editor": [_who(one) for one in editors],
        container: " ".join((work.journal_title or "").split()),
        "issued": {"date-parts": [list(parts)]} if parts else {},
        "DOI": citing.identifier(work, "doi", "self"),
        "ISBN": citing.identifier(work, "isbn", "self", "part-of"),
        "ISSN": citing.identifier(work, "issn", "self", "part-of"),
        "PMID": citing.identifier(work, "pmid", "self"),
        "PMCID": citing.identifier(work, "pmc", "self"),
        "URL": citing.url(work),
        "language": (work.language_code or "").replace("_", "-"),
    }
    return {name: value for name, value in found.items() if value}


def _said(own: Entry) -> Item:
    """What an entry says, in CSL's words."""
    kind = _KINDS.get(own.kind, "")
    found: Item = {
        "type": kind,
        **{name: own.text(*fields) for name, fields in _FIELDS.items()},
        "issue" if kind == "article-journal" else "number": own.text("number", "issue"),
        "page": own.text("pages").replace("–", "-"),
        "DOI": normalise("doi", own.text("doi")) or "",
        "author": [_person(one) for one in own.people("author")],
        "editor": [_person(one) for one in own.people("editor")],
        "translator": [_person(one) for one in own.people("translator")],
        "issued": {"date-parts": [list(own.date)]} if own.date else {},
    }
    return {name: value for name, value in found.items() if value}


def _finer(known: Item, said: Item) -> bool:
    """Whether the work tells the same date more exactly."""
    ours = known.get("issued", {}).get("date-parts", [[]])[0]
    theirs = said["issued"]["date-parts"][0]
    return bool(ours[: len(theirs)] == theirs)


def _who(one: citing.Who) -> dict[str, str]:
    if one.parts is None:
        return {"literal": one.written}
    return {"family": one.parts[0], "given": one.parts[1]}


def _person(one: Name) -> dict[str, str]:
    if one.group or not (one.given or one.von):
        return {"literal": one.written}
    parts = {
        "family": one.family,
        "given": one.given,
        "non-dropping-particle": one.von,
        "suffix": one.suffix,
    }
    return {name: value for name, value in parts.items() if value}


_TEXT = {"type": "string"}
_NAME = {
    "type": "object",
    "properties": dict.fromkeys(("family", "given", "literal", "non-dropping-particle", "suffix"), _TEXT),
    "additionalProperties": False,
}
_DATE = {
    "type": "object",
    "properties": {"date-parts": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}},
    "required": ["date-parts"],
    "additionalProperties": False,
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "An item of CSL 1.0.2.",
    "properties": {
        **dict.fromkeys(("id", "type", *_FIELDS, "DOI", "PMID", "PMCID", "issue", "number", "page"), _TEXT),
        **{name: {"type": "array", "items": _NAME} for name in ("author", "editor", "translator")},
        "issued": _DATE,
    },
    "required": ["id", "type"],
    "additionalProperties": False,
}
"""The same as JSON Schema."""
