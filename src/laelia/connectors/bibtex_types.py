"""BibTeX's and biblatex's types of entries, and those that tools write beside them, as work types of ORCID
3.0."""

from collections.abc import Mapping

from laelia.connectors.datacite_types import work_type as from_words

TYPES: Mapping[str, str] = {
    "article": "journal-article",
    "artwork": "image",
    "audio": "sound",
    "bachelorthesis": "dissertation-thesis",
    "bibnote": "annotation",
    "blog": "blog-post",
    "book": "book",
    "bookinbook": "book-chapter",
    "booklet": "book",
    "collection": "edited-book",
    "commentary": "annotation",
    "conference": "conference-paper",
    "data": "data-set",
    "dataset": "data-set",
    "electronic": "online-resource",
    "image": "image",
    "inbook": "book-chapter",
    "incollection": "book-chapter",
    "inproceedings": "conference-paper",
    "inreference": "encyclopedia-entry",
    "jurisdiction": "other",
    "lecture": "lecture-speech",
    "legal": "standards-and-policy",
    "legislation": "standards-and-policy",
    "letter": "other",
    "manual": "manual",
    "map": "cartographic-material",
    "mastersthesis": "dissertation-thesis",
    "misc": "other",
    "movie": "moving-image",
    "music": "sound",
    "mvbook": "book",
    "mvcollection": "edited-book",
    "mvproceedings": "conference-proceedings",
    "mvreference": "book",
    "online": "online-resource",
    "patent": "patent",
    "performance": "artistic-performance",
    "periodical": "journal-issue",
    "phdthesis": "dissertation-thesis",
    "poster": "conference-poster",
    "preprint": "preprint",
    "presentation": "conference-presentation",
    "proceedings": "conference-proceedings",
    "reference": "book",
    "report": "report",
    "review": "review",
    "software": "software",
    "softwaremodule": "software",
    "softwareversion": "software",
    "standard": "technical-standard",
    "suppbook": "book-chapter",
    "suppcollection": "book-chapter",
    "suppperiodical": "journal-article",
    "talk": "conference-presentation",
    "techreport": "report",
    "thesis": "dissertation-thesis",
    "unpublished": "working-paper",
    "video": "moving-image",
    "www": "online-resource",
}

REFINED = {
    "article": frozenset({"magazine-article", "newspaper-article", "review", "book-review", "preprint"}),
    "inproceedings": frozenset({"conference-abstract", "conference-poster", "conference-presentation"}),
    "report": frozenset({"working-paper", "technical-standard", "standards-and-policy"}),
    "techreport": frozenset({"working-paper", "technical-standard", "standards-and-policy"}),
}
"""What the field `type` may say more exactly than the type of its entry. Where that says nothing (`misc`, or
a word nobody knows) the field decides alone."""
_WORDS = {"magazine": "magazine-article", "newspaper": "newspaper-article"}


def work_type(kind: str, said: str = "", *, edited: bool = False, preprint: bool = False) -> str:
    """The work type for an entry's type; `said` is what its field `type` says, `edited` that it names editors
    and no author, `preprint` that it is known by the number of a preprint."""
    decided = TYPES.get(kind, "other")
    meant = _WORDS.get(said.casefold()) or from_words({"resourceTypeGeneral": "Other", "resourceType": said})
    if meant in REFINED.get(kind, ()) or (decided == "other" and meant != "other"):
        return meant
    if preprint and decided in ("other", "online-resource", "working-paper"):
        return "preprint"
    return "edited-book" if edited and decided == "book" else decided
