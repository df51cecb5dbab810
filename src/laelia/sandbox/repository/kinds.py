"""The lists an item is described with: item types, licences and categories, with what DataCite calls them.

Ids and names of item types and licences are those of Figshare's API v2 (its swagger, `item_types` and
`licenses`). The general types are DataCite's, kernel 4.7; where Figshare's own choice is not published,
the nearest one that a reader of the metadata can turn into the right kind of work is used.
Categories are the divisions of the Australian and New Zealand Standard Research Classification, Fields of
Research 2020, to whose codes Figshare's own category ids are bound by `source_id`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ItemType:
    id: int
    name: str  # as it is given to the API when an item is made
    general: str  # DataCite's resourceTypeGeneral

    @property
    def title(self) -> str:
        return self.name.capitalize()

    @property
    def slug(self) -> str:
        return self.name.replace(" ", "_")


ITEM_TYPES = (
    ItemType(1, "figure", "Image"),
    ItemType(2, "media", "Audiovisual"),
    ItemType(3, "dataset", "Dataset"),
    ItemType(5, "poster", "Poster"),
    ItemType(6, "journal contribution", "JournalArticle"),
    ItemType(7, "presentation", "Presentation"),
    ItemType(8, "thesis", "Dissertation"),
    ItemType(9, "software", "Software"),
    ItemType(11, "online resource", "InteractiveResource"),
    ItemType(12, "preprint", "Preprint"),
    ItemType(13, "book", "Book"),
    ItemType(14, "conference contribution", "ConferencePaper"),
    ItemType(15, "chapter", "BookChapter"),
    ItemType(16, "peer review", "PeerReview"),
    ItemType(17, "educational resource", "InteractiveResource"),
    ItemType(18, "report", "Report"),
    ItemType(19, "standard", "Standard"),
    ItemType(20, "composition", "Sound"),
    ItemType(21, "funding", "Award"),
    ItemType(22, "physical object", "PhysicalObject"),
    ItemType(23, "data management plan", "OutputManagementPlan"),
    ItemType(24, "workflow", "Workflow"),
    ItemType(25, "monograph", "Book"),
    ItemType(26, "performance", "Event"),
    ItemType(27, "event", "Event"),
    ItemType(28, "service", "Service"),
    ItemType(29, "model", "Model"),
)
TYPE_BY_ID = {kind.id: kind for kind in ITEM_TYPES}
TYPE_BY_NAME = {kind.name: kind for kind in ITEM_TYPES}
DATASET = TYPE_BY_NAME["dataset"]


@dataclass(frozen=True)
class Licence:
    value: int
    name: str
    title: str
    url: str
    spdx: str


LICENCES = (
    Licence(
        1,
        "CC BY 4.0",
        "Creative Commons Attribution 4.0 International",
        "https://creativecommons.org/licenses/by/4.0/",
        "cc-by-4.0",
    ),
    Licence(
        2,
        "CC0",
        "Creative Commons Zero v1.0 Universal",
        "https://creativecommons.org/publicdomain/zero/1.0/",
        "cc0-1.0",
    ),
    Licence(3, "MIT", "MIT License", "https://opensource.org/licenses/MIT", "mit"),
    Licence(
        4,
        "GPL",
        "GNU General Public License",
        "https://www.gnu.org/licenses/gpl-3.0.html",
        "gpl-3.0-only",
    ),
    Licence(
        5,
        "GPL 2.0+",
        "GNU General Public License v2.0 or later",
        "https://www.gnu.org/licenses/gpl-2.0.html",
        "gpl-2.0-or-later",
    ),
    Licence(
        6,
        "GPL 3.0+",
        "GNU General Public License v3.0 or later",
        "https://www.gnu.org/licenses/gpl-3.0.html",
        "gpl-3.0-or-later",
    ),
    Licence(
        7,
        "Apache 2.0",
        "Apache License 2.0",
        "https://www.apache.org/licenses/LICENSE-2.0",
        "apache-2.0",
    ),
)
LICENCE_BY_VALUE = {licence.value: licence for licence in LICENCES}


@dataclass(frozen=True)
class Category:
    id: int
    source_id: str  # the division's code
    title: str


CATEGORIES = tuple(
    Category(24000 + int(code), code, title)
    for code, title in (
        ("30", "Agricultural, veterinary and food sciences"),
        ("31", "Biological sciences"),
        ("32", "Biomedical and clinical sciences"),
        ("33", "Built environment and design"),
        ("34", "Chemical sciences"),
        ("35", "Commerce, management, tourism and services"),
        ("36", "Creative arts and writing"),
        ("37", "Earth sciences"),
        ("38", "Economics"),
        ("39", "Education"),
        ("40", "Engineering"),
        ("41", "Environmental sciences"),
        ("42", "Health sciences"),
        ("43", "History, heritage and archaeology"),
        ("44", "Human society"),
        ("45", "Indigenous studies"),
        ("46", "Information and computing sciences"),
        ("47", "Language, communication and culture"),
        ("48", "Law and legal studies"),
        ("49", "Mathematical sciences"),
        ("50", "Philosophy and religious studies"),
        ("51", "Physical sciences"),
        ("52", "Psychology"),
    )
)
CATEGORY_BY_ID = {category.id: category for category in CATEGORIES}
CATEGORY_BY_SOURCE = {category.source_id: category for category in CATEGORIES}

# Relations and identifier types of related materials, as Figshare's swagger lists them.
IDENTIFIER_TYPES = frozenset(
    [
        "ARK",
        "arXiv",
        "bibcode",
        "DOI",
        "EAN13",
        "EISSN",
        "Handle",
        "IGSN",
        "ISBN",
        "ISSN",
        "ISTC",
        "LISSN",
        "LSID",
        "PMID",
        "PURL",
        "UPC",
        "URL",
        "URN",
        "w3id",
    ]
)
RELATIONS = frozenset(
    [
        "IsCitedBy",
        "Cites",
        "IsSupplementTo",
        "IsSupplementedBy",
        "IsContinuedBy",
        "Continues",
        "IsDescribedBy",
        "Describes",
        "HasMetadata",
        "IsMetadataFor",
        "HasVersion",
        "IsVersionOf",
        "IsNewVersionOf",
        "IsPreviousVersionOf",
        "IsPartOf",
        "HasPart",
        "IsPublishedIn",
        "IsReferencedBy",
        "References",
        "IsDocumentedBy",
        "Documents",
        "IsCompiledBy",
        "Compiles",
        "IsVariantFormOf",
        "IsOriginalFormOf",
        "IsIdenticalTo",
        "IsReviewedBy",
        "Reviews",
        "IsDerivedFrom",
        "IsSourceOf",
        "IsRequiredBy",
        "Requires",
        "IsObsoletedBy",
        "Obsoletes",
    ]
)
