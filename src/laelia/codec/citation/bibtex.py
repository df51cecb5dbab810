"""Works as BibTeX: the citation a work brought along, else one made of what is known of it."""

import re
from collections.abc import Iterable
from dataclasses import replace

from laelia.codec.citation import bibtex_reader, citing, latex
from laelia.codec.citation.bibtex_reader import MONTHS, Entry
from laelia.model.work import Work

LONGEST = 32 * 1024
"""Characters of a citation that is looked at; that of a paper with a thousand authors has fewer."""

ALL_TOGETHER = 8 * 1024 * 1024
"""The same of all citations in one file: beyond that, entries are made. Ten thousand citations of the usual
length stay below it."""

_CONTAINER = {
    "article": "journal",
    "incollection": "booktitle",
    "inproceedings": "booktitle",
    "book": "publisher",
    "proceedings": "publisher",
    "phdthesis": "school",
    "techreport": "institution",
    "manual": "organization",
    "misc": "howpublished",
}
"""What each type of entry calls that in which the work appeared, or who published it."""

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9:.+/_-]*")
_TAKEN_APART = re.compile(r"\band\b|^others$", re.IGNORECASE)
_VERBATIM = ("url", "doi", "eprint")
# They name other entries, which are not here.
_ELSEWHERE = ("crossref", "xdata", "xref", "entryset", "related", "file")


def citation(work: Work) -> Entry | None:
    """The entry a work brought along as its citation, if all of it can be read and it has a title."""
    told = work.citation
    if told is None or told.type != "bibtex" or not told.value or len(told.value) > LONGEST:
        return None
    found = bibtex_reader.read(told.value, most=100)
    first = found.entries[0] if found.entries and not found.refused else None
    return first if first is not None and first.text("title") else None


def entry(work: Work, owner: str = "") -> str:
    """One work. `owner` is cited where the work names nobody (`citing.cited_name`)."""
    return bibliography([work], owner)


def bibliography(works: Iterable[Work], owner: str = "") -> str:
    """A .bib file, every entry under a key of its own. An entry keeps the key it brought, unless that is
    taken or none."""
    taken: set[str] = set()
    made = []
    left = ALL_TOGETHER
    for work in works:
        left -= len(work.citation.value or "") if work.citation else 0
        own = citation(work) if left >= 0 else None
        key = key_of(work, own, owner)
        if key.lower() in taken:
            key = citing.key(work, owner)
        while key.lower() in taken:
            key += "-"
        taken.add(key.lower())
        made.append(_brought(own, key) if own is not None else _made(work, owner, key))
    return "\n".join(made)


def written(own: Entry, *leave_out: str) -> str:
    """An entry that was read, written anew: with what its abbreviations stood for, and harmless as all that
    is handed on."""
    fields = {name: value for name, value in own.fields.items() if name not in leave_out}
    return _brought(replace(own, fields=fields), own.key if _KEY.fullmatch(own.key) else "work")


def key_of(work: Work, own: Entry | None, owner: str = "") -> str:
    """The key a work goes by: that of its own citation, or one made for it."""
    return own.key if own is not None and _KEY.fullmatch(own.key) else citing.key(work, owner)


def _brought(own: Entry, key: str) -> str:
    """An entry as it was written, but for values that could harm a file they stand in: of these the text."""
    kind = own.kind if own.kind.isascii() and own.kind.isalpha() else "misc"
    fields = {name: _again(name, value) for name, value in own.fields.items() if name not in _ELSEWHERE}
    return _written(kind, key, {name: value for name, value in fields.items() if value != "{}"})


def _again(name: str, value: str) -> str:
    if name == "month" and value in MONTHS:
        return value
    if name in _VERBATIM:
        return f"{{{latex.verbatim(latex.address(value))}}}"
    value = " ".join(value.split())
    return f"{{{value if latex.harmless(value) else latex.escape(latex.plain(value))}}}"


def _made(work: Work, owner: str, key: str) -> str:
    kind = citing.TYPES.get(work.type or "", citing.TYPES["other"])[1]
    authors, editors = citing.people(work, owner)
    year, month, *_ = (*citing.date(work), 0, 0)
    fields = {
        "author": " and ".join(map(_name, authors)),
        "editor": " and ".join(map(_name, editors)),
        "title": latex.escape(citing.title(work)),
        _CONTAINER[kind]: latex.escape(work.journal_title or ""),
        "year": str(year or ""),
        "month": MONTHS[month - 1] if 1 <= month <= 12 else "",
        "isbn": citing.identifier(work, "isbn", "self", "part-of"),
        "issn": citing.identifier(work, "issn", "self", "part-of"),
        "doi": latex.verbatim(citing.identifier(work, "doi", "self")),
        **_eprint(work),
        "pmid": citing.identifier(work, "pmid", "self"),
        "pmcid": _pmcid(work),
        "url": latex.verbatim(citing.url(work)),
    }
    told = {name: value for name, value in fields.items() if value}
    return _written(
        kind, key, {name: value if name == "month" else f"{{{value}}}" for name, value in told.items()}
    )


def _eprint(work: Work) -> dict[str, str]:
    number = citing.identifier(work, "arxiv", "self").removeprefix("arXiv:")
    return {"archiveprefix": "arXiv", "eprint": latex.verbatim(number)} if number else {}


def _pmcid(work: Work) -> str:
    number = citing.identifier(work, "pmc", "self")
    return f"PMC{number}" if number else ""


def _name(who: citing.Who) -> str:
    """A name BibTeX can take apart, or in braces where it would take apart what is one."""
    escaped = latex.escape(who.written)
    one = _TAKEN_APART.search(who.written) or ("," in who.written and who.parts is None)
    return f"{{{escaped}}}" if one else escaped


def _written(kind: str, key: str, fields: dict[str, str]) -> str:
    lines = "".join(f",\n  {name} = {value}" for name, value in fields.items())
    return f"@{kind}{{{key}{lines}\n}}\n"
