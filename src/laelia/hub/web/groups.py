"""Her items in the order in which they matter to her: what waits for her answer, what stands on her record by
section, what is under way, what she said no to, and what went without her."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from laelia.hub import assertions
from laelia.hub.web.item_words import shown_state
from laelia.hub.web.words import Standing
from laelia.lib.i18n import lazy

# Name in addresses → what it is called over a list, and in a line of figures.
GROUPS = {
    "asked": (lazy("Waits for you"), lazy("waiting for you")),
    "record": (lazy("On your record"), lazy("on your record")),
    "way": (lazy("On the way, or to look at"), lazy("on the way")),
    "no": (lazy("You said no"), lazy("you said no")),
    "gone": (lazy("Taken back"), lazy("taken back")),
}
# In the order in which a record shows them.
SECTIONS = {
    "employments": lazy("Employment"),
    "educations": lazy("Education"),
    "qualifications": lazy("Qualifications"),
    "invited-positions": lazy("Invited positions"),
    "distinctions": lazy("Distinctions"),
    "memberships": lazy("Memberships"),
    "services": lazy("Service"),
    "fundings": lazy("Funding"),
    "research-resources": lazy("Research resources"),
    "works": lazy("Works"),
    "peer-reviews": lazy("Peer reviews"),
    "other-names": lazy("Other names"),
    "researcher-urls": lazy("Web sites"),
    "addresses": lazy("Countries"),
    "keywords": lazy("Keywords"),
    "external-identifiers": lazy("Other identifiers"),
}
_ORDER = {name: number for number, name in enumerate(SECTIONS)}
_UNDER_WAY = ("pending", "sending", "waiting-permission", "leaving-waits", "conflict", "refused", "failed")


@dataclass(frozen=True)
class Count:
    group: str
    words: object
    n: int
    sections: tuple[tuple[object, int], ...]


def group_of(row: Row[Any], standing: Standing) -> str:
    state = shown_state(row, standing)
    if state == "ask":
        return "asked"
    if (row.put_code is not None and row.wanted and state != "conflict") or state in ("in-record", "leaving"):
        return "record"
    if state in _UNDER_WAY:
        return "way"
    if row.reason == assertions.REJECTED:
        return "gone"
    return "no" if state == "declined" or row.answer == "no" else "gone"


def ordered(rows: Iterable[Row[Any]], standing: Standing) -> list[tuple[str, Row[Any]]]:
    """The rows with their groups; within a section they stay in the order in which they came."""
    both = [(group_of(row, standing), row) for row in rows]
    order = {name: number for number, name in enumerate(GROUPS)}
    return sorted(both, key=lambda one: (order[one[0]], _ORDER.get(one[1].section, len(_ORDER))))


def counts(found: Sequence[tuple[str, Row[Any]]]) -> list[Count]:
    """The groups that hold something, each by section."""
    tally = Counter((group, row.section) for group, row in found)
    told = []
    for group, (_heading, words) in GROUPS.items():
        inside = tuple(
            (words_of, tally[group, section])
            for section, words_of in SECTIONS.items()
            if tally[group, section]
        )
        if inside:
            told.append(Count(group, words, sum(n for _, n in inside), inside))
    return told
