"""Figshare's item types as work types of ORCID 3.0, close to what DataCite's kinds of resource become, so
that an item has one type whichever way it comes. Source: the list `item_type` of Figshare's API v2, with what
its older documentation calls the numbers that are gone; docs/guides/figshare.md shows it."""

from collections.abc import Mapping
from typing import NamedTuple


class ItemType(NamedTuple):
    name: str
    work: str


# `other` only where ORCID has no type: a grant, a model, a workflow.
TYPES: Mapping[int, ItemType] = {
    1: ItemType("figure", "image"),
    2: ItemType("media", "moving-image"),
    3: ItemType("dataset", "data-set"),
    4: ItemType("fileset", "data-set"),
    5: ItemType("poster", "conference-poster"),
    6: ItemType("journal contribution", "journal-article"),
    7: ItemType("presentation", "conference-presentation"),
    8: ItemType("thesis", "dissertation-thesis"),
    9: ItemType("software", "software"),
    11: ItemType("online resource", "online-resource"),
    12: ItemType("preprint", "preprint"),
    13: ItemType("book", "book"),
    14: ItemType("conference contribution", "conference-paper"),
    15: ItemType("chapter", "book-chapter"),
    16: ItemType("peer review", "review"),
    17: ItemType("educational resource", "learning-object"),
    18: ItemType("report", "report"),
    19: ItemType("standard", "technical-standard"),
    20: ItemType("composition", "musical-composition"),
    21: ItemType("funding", "other"),
    22: ItemType("physical object", "physical-object"),
    23: ItemType("data management plan", "data-management-plan"),
    24: ItemType("workflow", "other"),
    25: ItemType("monograph", "book"),
    26: ItemType("performance", "artistic-performance"),
    27: ItemType("event", "conference-output"),
    28: ItemType("service", "online-resource"),
    29: ItemType("model", "other"),
}
# Names of older documents, and of what has no number.
NAMES: Mapping[str, str] = {
    **{kind.name: kind.work for kind in TYPES.values()},
    "code": "software",
    "collection": "other",
    "metadata": "other",
    "paper": "journal-article",
}


def work_type(number: object, name: object) -> str:
    """The work type of an item's `defined_type` and `defined_type_name`. The number decides: the names are
    shown in the words of a portal here and there."""
    known = TYPES.get(number) if isinstance(number, int) and not isinstance(number, bool) else None
    if known is not None:
        return known.work
    said = name if isinstance(name, str) else number if isinstance(number, str) else ""
    return NAMES.get(" ".join(said.replace("_", " ").casefold().split()), "other")
