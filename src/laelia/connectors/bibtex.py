"""BibTeX → works: the entries of a file, each by itself, so that one that can't be used costs no other."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from laelia.codec.citation import bibtex as writer
from laelia.codec.citation.bibtex_reader import MOST, Entry, Name, read
from laelia.connectors.bibtex_types import TYPES, work_type
from laelia.connectors.csl_types import IN_A_BOOK, PUBLISHED_BY
from laelia.connectors.datacite import language
from laelia.connectors.datacite_dates import parse
from laelia.connectors.identifying import Identifiers, in_address, link_of
from laelia.connectors.item import Setting, Unusable
from laelia.connectors.text import plain
from laelia.model.common import PublicationDate
from laelia.model.work import Citation, Contributor, ContributorAttributes, Work, WorkTitle

TITLE, ABSTRACT, NAME = 1000, 5000, 150
MOST_LATEX = 1_500_000
MOST_LATEX_OF_ABSTRACTS = 400_000
"""Characters with LaTeX in them, of one file, that are turned into text: each 300,000 take a second. Beyond
the first, entries are not read; beyond the second, their abstracts are left out."""

INHERITED = (
    "year", "month", "date", "publisher", "institution", "organization", "school", "series", "editor",
    "journal", "journaltitle", "isbn", "issn", "address", "location",
)  # fmt: skip
"""What an entry takes over from the one that its `crossref` names, where it does not say so itself; the title
there is its booktitle. A DOI or an address is each one's own."""
NOT_OF_THE_CITATION = (
    "abstract", "annote", "annotation", "keywords", "owner", "timestamp", "groups", "note-private", "comment",
    "date-added", "date-modified", "mendeley-tags", "mendeley-groups", "bdsk-url-1", "bdsk-url-2",
    "bdsk-file-1", "username", "priority", "readstatus", "ranking",
)  # fmt: skip
"""What tools keep for whoever collected the entries, and the abstract, which has a place of its own."""
LANGUAGES = {
    "english": "en", "american": "en", "usenglish": "en", "ukenglish": "en", "british": "en", "german": "de",
    "ngerman": "de", "austrian": "de", "naustrian": "de", "french": "fr", "francais": "fr", "spanish": "es",
    "italian": "it", "portuguese": "pt", "brazilian": "pt", "brazil": "pt", "dutch": "nl", "danish": "da",
    "swedish": "sv", "norsk": "no", "finnish": "fi", "polish": "pl", "russian": "ru", "czech": "cs",
    "japanese": "ja", "chinese": "zh_CN", "korean": "ko", "turkish": "tr", "greek": "el", "catalan": "ca",
}  # fmt: skip
"""Names of languages as babel has them."""
EPRINTS = {
    "arxiv": "arxiv", "pubmed": "pmid", "pmid": "pmid", "pmcid": "pmc", "pmc": "pmc", "hdl": "handle",
    "jstor": "jstor", "hal": "hal",
}  # fmt: skip
IDENTIFIERS = {
    "doi": "doi", "pmid": "pmid", "pmcid": "pmc", "pmc": "pmc", "arxiv": "arxiv", "arxivid": "arxiv",
    "bibcode": "bibcode", "handle": "handle", "hdl": "handle", "hal_id": "hal", "eid": "eid",
}  # fmt: skip
"""Fields that hold an identifier of the work itself, and its type."""

_MARK = re.compile(r"\\([%&_#$])")
_MORE = re.compile(r"[\\{}$~]|--|``|''")


@dataclass(frozen=True)
class Reference:
    """One entry: the line on which it begins, what it is called in the file, and what was made of it."""

    line: int
    name: str
    made: Work | Unusable


def references(text: str, setting: Setting) -> list[Reference]:
    """Everything in a file, in its order. A work may have no identifier."""
    if text.count("@") > MOST:
        return [Reference(1, "", Unusable("too-much"))]
    found = read(text)
    by_key = {entry.key.lower(): entry for entry in reversed(found.entries)}
    allowance = _Allowance()
    made = [
        Reference(entry.line, entry.key, _reference(_whole(entry, by_key), setting, allowance))
        for entry in found.entries
    ]
    made += [Reference(one.line, "", Unusable("unreadable")) for one in found.refused]
    return sorted(made, key=lambda one: one.line)


def work(entry: Entry, setting: Setting, *, abstract: bool = True) -> Work | Unusable:
    """The work of one entry."""
    title = plain(entry.text("title", "maintitle"), TITLE)
    if title is None:
        return Unusable("no-title")
    authors, editors = entry.people("author"), entry.people("editor")
    kind = work_type(
        entry.kind,
        entry.text("type", "entrysubtype"),
        edited=bool(editors) and not authors,
        preprint=_eprint(entry)[0] == "arxiv",
    )
    ids, link = _identifiers(entry, kind, setting), link_of(entry.text("url", "howpublished"))
    ids.add_link(link)
    return Work(
        title=WorkTitle(title=title, subtitle=plain(entry.text("subtitle"), TITLE)),
        journal_title=_container(entry, kind, title),
        short_description=_abstract(entry) if abstract or _simple(entry.fields.get("abstract", "")) else None,
        citation=_citation(entry),
        type=kind,
        publication_date=_date(entry),
        external_ids=ids.all(),
        url=link or next((one.url for one in ids.all() if one.url), None),
        contributors=list(_contributors(authors, [] if authors and kind in IN_A_BOOK else editors)),
        language_code=_language(entry),
    )


class _Allowance:
    """How much LaTeX of one file is still turned into text."""

    def __init__(self) -> None:
        self.all, self.abstracts = MOST_LATEX, MOST_LATEX_OF_ABSTRACTS

    def take(self, entry: Entry) -> tuple[bool, bool]:
        """Whether this entry, and whether its abstract, is still read."""
        costs = {name: len(value) for name, value in entry.fields.items() if _simple(value) is None}
        abstract = costs.pop("abstract", 0)
        self.all -= sum(costs.values())
        self.abstracts -= abstract
        return self.all >= 0, self.abstracts >= 0


def _abstract(entry: Entry) -> str | None:
    simple = _simple(entry.fields.get("abstract", ""))
    return plain(entry.text("abstract") if simple is None else simple, ABSTRACT)


def _simple(value: str) -> str | None:
    """The text of a value in which there is no more LaTeX than a mark behind a backslash."""
    text = _MARK.sub(r"\1", value)
    return None if _MORE.search(text) else text


def _reference(entry: Entry, setting: Setting, allowance: _Allowance) -> Work | Unusable:
    whole, abstract = allowance.take(entry)
    return work(entry, setting, abstract=abstract) if whole else Unusable("too-much")


def _whole(entry: Entry, by_key: Mapping[str, Entry]) -> Entry:
    """The entry with what it takes over from the one its crossref names."""
    parent = by_key.get(entry.fields.get("crossref", "").strip().lower())
    if parent is None or parent is entry:
        return entry
    given = {name: parent.fields[name] for name in INHERITED if name in parent.fields}
    if "title" in parent.fields:
        given["booktitle"] = parent.fields.get("booktitle", parent.fields["title"])
    return replace(entry, fields={**given, **entry.fields})


def _container(entry: Entry, kind: str, title: str) -> str | None:
    names: tuple[str, ...]
    if kind in PUBLISHED_BY:
        names = ("publisher", "school", "institution", "organization")
    else:
        names = (
            "journal",
            "journaltitle",
            "booktitle",
            "maintitle",
            "howpublished",
            "institution",
            "organization",
        )
    said = (plain(entry.text(name), TITLE) for name in names)
    return next((name for name in said if name and name != title and link_of(name) is None), None)


def _date(entry: Entry) -> PublicationDate | None:
    return parse("-".join(str(part) for part in entry.date))


def _identifiers(entry: Entry, kind: str, setting: Setting) -> Identifiers:
    ids = Identifiers(setting.doi_url)
    for field, of_kind in IDENTIFIERS.items():
        value = entry.text(field)
        inside, path = in_address(value) if link_of(value) else (None, "")
        ids.add(inside or of_kind, path or value)
    of_kind, value = _eprint(entry)
    if of_kind:
        ids.add(of_kind, value)
    ids.add_all("isbn", entry.text("isbn"), "part-of" if kind in IN_A_BOOK else "self")
    ids.add_all("issn", ",".join((entry.text("issn"), entry.text("eissn"))), "part-of")
    return ids


def _eprint(entry: Entry) -> tuple[str, str]:
    """The kind and value of what stands in an archive. Without the archive's name it is arXiv's, if it has a
    class or says so."""
    value = entry.text("eprint")
    archive = entry.text("archiveprefix", "eprinttype").casefold()
    if not value:
        return "", ""
    if not archive and (entry.text("primaryclass", "eprintclass") or value.casefold().startswith("arxiv")):
        archive = "arxiv"
    return EPRINTS.get(archive, ""), value


def _contributors(authors: list[Name], editors: list[Name]) -> Iterator[Contributor]:
    sequence = "first"
    for role, names in (("author", authors), ("editor", editors)):
        for one in names:
            said = " ".join(part for part in (one.given, one.von, one.family, one.suffix) if part)
            if name := plain(said, NAME):
                attributes = ContributorAttributes(sequence=sequence, role=role)
                yield Contributor(credit_name=name, attributes=attributes)
                sequence = "additional"


def _language(entry: Entry) -> str | None:
    said = entry.text("langid", "language").casefold()
    return language(LANGUAGES.get(said, said))


def _citation(entry: Entry) -> Citation | None:
    """The entry as others may have it, if it is of a length that is looked at."""
    text = writer.written(entry, *NOT_OF_THE_CITATION)
    return Citation(type="bibtex", value=text) if len(text) <= writer.LONGEST else None


__all__ = ["TYPES", "Reference", "references", "work"]
