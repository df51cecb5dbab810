"""The kinds of CSL 1.0.2, and those that agencies of DOIs write instead, as work types of ORCID 3.0."""

from collections.abc import Mapping

STANDARD: Mapping[str, str] = {
    "article": "preprint",
    "article-journal": "journal-article",
    "article-magazine": "magazine-article",
    "article-newspaper": "newspaper-article",
    "bill": "standards-and-policy",
    "book": "book",
    "broadcast": "moving-image",
    "chapter": "book-chapter",
    "classic": "book",
    "collection": "other",
    "dataset": "data-set",
    "document": "other",
    "entry": "encyclopedia-entry",
    "entry-dictionary": "dictionary-entry",
    "entry-encyclopedia": "encyclopedia-entry",
    "event": "conference-output",
    "figure": "image",
    "graphic": "image",
    "hearing": "other",
    "interview": "other",
    "legal_case": "other",
    "legislation": "standards-and-policy",
    "manuscript": "working-paper",
    "map": "cartographic-material",
    "motion_picture": "moving-image",
    "musical_score": "musical-composition",
    "pamphlet": "other",
    "paper-conference": "conference-paper",
    "patent": "patent",
    "performance": "artistic-performance",
    "periodical": "journal-issue",
    "personal_communication": "other",
    "post": "online-resource",
    "post-weblog": "blog-post",
    "regulation": "standards-and-policy",
    "report": "report",
    "review": "review",
    "review-book": "book-review",
    "software": "software",
    "song": "sound",
    "speech": "lecture-speech",
    "standard": "technical-standard",
    "thesis": "dissertation-thesis",
    "treaty": "standards-and-policy",
    "webpage": "website",
}
"""Every type of the schema csl-data."""

OF_AGENCIES: Mapping[str, str] = {
    "book-part": "book-chapter",
    "book-section": "book-chapter",
    "book-series": "book",
    "book-set": "book",
    "book-track": "book-chapter",
    "component": "other",
    "database": "data-set",
    "dissertation": "dissertation-thesis",
    "edited-book": "edited-book",
    "grant": "other",
    "journal": "journal-issue",
    "journal-article": "journal-article",
    "book-chapter": "book-chapter",
    "journal-issue": "journal-issue",
    "journal-volume": "journal-issue",
    "monograph": "book",
    "other": "other",
    "peer-review": "review",
    "posted-content": "preprint",
    "proceedings": "conference-proceedings",
    "proceedings-article": "conference-paper",
    "proceedings-series": "conference-proceedings",
    "reference-book": "book",
    "reference-entry": "encyclopedia-entry",
    "report-component": "report",
    "report-series": "report",
    "standard-series": "technical-standard",
}
"""Crossref's own names for kinds, which its CSL JSON carries."""

IN_A_BOOK = frozenset({"book-chapter", "conference-paper", "dictionary-entry", "encyclopedia-entry"})
"""Work types whose ISBN and editors are those of the book they stand in."""

PUBLISHED_BY = frozenset({"book", "edited-book", "report", "dissertation-thesis", "manual"})
"""Work types that stand in nothing larger: the record names their publisher or institution where others name
their journal (registry-ui §4.3)."""


def work_type(kind: object) -> str:
    """The work type for a CSL type; `other` for what is none."""
    name = kind.strip().lower() if isinstance(kind, str) else ""
    return STANDARD.get(name) or OF_AGENCIES.get(name) or "other"
