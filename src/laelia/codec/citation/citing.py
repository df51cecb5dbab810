"""What any citation needs to know of a work: what it counts as, who made it, where it is, and its key."""

import re
import unicodedata
from typing import NamedTuple

from laelia.model.common import ExternalId
from laelia.model.identifiers import normalise, resolve_url
from laelia.model.person import Name
from laelia.model.work import Contributor, Work

# fmt: off
TYPES = {
    # work type                       CSL                   BibTeX
    "annotation":                     ("document",          "misc"),
    "artistic-performance":           ("performance",       "misc"),
    "blog-post":                      ("post-weblog",       "misc"),
    "book":                           ("book",              "book"),
    "book-chapter":                   ("chapter",           "incollection"),
    "book-review":                    ("review-book",       "article"),
    "cartographic-material":          ("map",               "misc"),
    "clinical-study":                 ("document",          "misc"),
    "conference-abstract":            ("paper-conference",  "inproceedings"),
    "conference-output":              ("paper-conference",  "inproceedings"),
    "conference-paper":               ("paper-conference",  "inproceedings"),
    "conference-poster":              ("paper-conference",  "inproceedings"),
    "conference-presentation":        ("speech",            "misc"),
    "conference-proceedings":         ("book",              "proceedings"),
    "data-management-plan":           ("report",            "techreport"),
    "data-set":                       ("dataset",           "misc"),
    "design":                         ("graphic",           "misc"),
    "dictionary-entry":               ("entry-dictionary",  "incollection"),
    "disclosure":                     ("document",          "misc"),
    "dissertation-thesis":            ("thesis",            "phdthesis"),
    "edited-book":                    ("book",              "book"),
    "encyclopedia-entry":             ("entry-encyclopedia", "incollection"),
    "image":                          ("graphic",           "misc"),
    "invention":                      ("document",          "misc"),
    "journal-article":                ("article-journal",   "article"),
    "journal-issue":                  ("periodical",        "misc"),
    "learning-object":                ("document",          "misc"),
    "lecture-speech":                 ("speech",            "misc"),
    "license":                        ("document",          "misc"),
    "magazine-article":               ("article-magazine",  "article"),
    "manual":                         ("report",            "manual"),
    "moving-image":                   ("motion_picture",    "misc"),
    "musical-composition":            ("musical_score",     "misc"),
    "newsletter-article":             ("article-newspaper", "article"),
    "newspaper-article":              ("article-newspaper", "article"),
    "online-resource":                ("webpage",           "misc"),
    "other":                          ("document",          "misc"),
    "patent":                         ("patent",            "misc"),
    "physical-object":                ("document",          "misc"),
    "preprint":                       ("article",           "misc"),
    "public-speech":                  ("speech",            "misc"),
    "registered-copyright":           ("document",          "misc"),
    "report":                         ("report",            "techreport"),
    "research-technique":             ("document",          "misc"),
    "research-tool":                  ("document",          "misc"),
    "review":                         ("review",            "article"),
    "software":                       ("software",          "misc"),
    "sound":                          ("song",              "misc"),
    "spin-off-company":               ("document",          "misc"),
    "standards-and-policy":           ("standard",          "misc"),
    "supervised-student-publication": ("document",          "misc"),
    "technical-standard":             ("standard",          "misc"),
    "test":                           ("document",          "misc"),
    "trademark":                      ("document",          "misc"),
    "transcription":                  ("document",          "misc"),
    "translation":                    ("document",          "misc"),
    "undefined":                      ("document",          "misc"),
    "website":                        ("webpage",           "misc"),
    "working-paper":                  ("article",           "techreport"),
}
# fmt: on
"""Every work type as CSL 1.0.2 and as BibTeX know it. The first are ORCID's wherever ORCID has one (orcid-api
§1.9); it leaves the others without a type, which CSL's schema does not allow."""

PUBLISHED_BY = ("book", "report", "thesis")
"""CSL types that stand in nothing larger: what a record calls journal-title names their publisher or
institution, as the forms in which people fill it in say (registry-ui §4.3)."""

_EDITORS = ("editor",)
_WEB = ("http://", "https://", "ftp://")


class Who(NamedTuple):
    """A name as it was written: `Family, Given` where it has a comma; else nobody knows which is which."""

    written: str

    @property
    def parts(self) -> tuple[str, str] | None:
        family, comma, given = self.written.partition(",")
        whole = comma and family.strip() and given.strip() and "," not in given
        return (family.strip(), given.strip()) if whole else None


def cited_name(name: Name | None) -> str:
    """How the holder of a record is cited where a work names nobody: by her credit name, else as `Family,
    Given`."""
    if name is None:
        return ""
    return name.credit_name or ", ".join(part for part in (name.family_name, name.given_names) if part)


def title(work: Work) -> str:
    """Title and subtitle on one line; empty where there is none."""
    if work.title is None:
        return ""
    said = (" ".join((part or "").split()) for part in (work.title.title, work.title.subtitle))
    return ": ".join(part for part in said if part)


def people(work: Work, owner: str) -> tuple[list[Who], list[Who]]:
    """Authors and editors, each once. Contributors of any other role count as authors, as they do with ORCID;
    a work that names nobody is its owner's."""
    authors: dict[str, Who] = {}
    editors: dict[str, Who] = {}
    for one in work.contributors:
        name = " ".join((one.credit_name or "").split())
        if name:
            same = (one.orcid.path if one.orcid else None) or name
            (editors if _role(one) in _EDITORS else authors).setdefault(same, Who(name))
    if not authors and not editors and owner:
        authors[owner] = Who(owner)
    return list(authors.values()), list(editors.values())


def _role(one: Contributor) -> str | None:
    return one.attributes.role if one.attributes else None


def date(work: Work) -> tuple[int, ...]:
    """Year, month and day as far as they are known."""
    found: list[int] = []
    said = work.publication_date
    for part in (said.year, said.month, said.day) if said else ():
        if not part or not part.isascii() or not part.isdigit():
            break
        found.append(int(part))
    return tuple(found)


def identifier(work: Work, kind: str, *relationships: str) -> str:
    """The first identifier of a type that the work has in one of these relationships, in its normal form."""
    for one in work.external_ids:
        if one.type == kind and one.value and (one.relationship or "self") in relationships:
            return normalise(kind, one.value) or ""
    return ""


def url(work: Work) -> str:
    """Where the work is found: its `uri`, else its DOI, its handle, its link, or what else leads there."""
    own = [one for one in work.external_ids if one.value and (one.relationship or "self") == "self"]
    best = [_address(one) for kind in ("uri", "doi", "handle") for one in own if one.type == kind]
    links = (*best, work.url, *(one.url for one in own))
    return next((link.strip() for link in links if link and link.strip().lower().startswith(_WEB)), "")


def _address(one: ExternalId) -> str | None:
    return one.value if one.type == "uri" else resolve_url(one.type or "", one.value or "")


def key(work: Work, owner: str) -> str:
    """`Lovelace2026-17`: a name, the year and the put-code, so that it is nobody else's and stays."""
    authors, editors = people(work, owner)
    first = next(iter((*authors, *editors)), Who(""))
    family = first.parts[0] if first.parts else first.written.rpartition(" ")[2]
    flat = unicodedata.normalize("NFKD", family).encode("ascii", "ignore").decode()
    year = "".join(str(part) for part in date(work)[:1])
    return f"{re.sub(r'[^A-Za-z]', '', flat) or 'work'}{year}-{work.put_code or 0}"
