"""The activities of a record in blocks, as its page shows them: which sections stand together, in which
order, how many at once.

What is grouped here is what the API groups: both ask `record.groups`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.model.sections import Section
from laelia.registry.record import arranged
from laelia.registry.record.arranged import Found
from laelia.registry.record.listings import Reading
from laelia.registry.registers import group_ids
from laelia.registry.web.editing.editors import EDITORS, Editor
from laelia.registry.web.showing.items import ItemView, view
from laelia.registry.web.views import IdView

PAGE = 50
"""Groups of a block that are shown at once."""
WHOLE = 2000
"""The same where the address asks for everything on one page (`whole=yes`), to be printed."""


@dataclass(frozen=True)
class Block:
    """Sections that stand under one heading. `name` is its anchor and its place in the page's address."""

    name: str
    heading: str
    sections: tuple[str, ...]

    @property
    def editors(self) -> list[Editor]:
        """Those by which something can be added here by hand."""
        return [EDITORS[name] for name in self.sections if EDITORS[name].form is not None]


BLOCKS = (
    Block("employment", lazy("Employment"), ("employments",)),
    Block("education", lazy("Education and qualifications"), ("educations", "qualifications")),
    Block(
        "professional",
        lazy("Professional activities"),
        ("invited-positions", "distinctions", "memberships", "services"),
    ),
    Block("funding", lazy("Funding"), ("fundings",)),
    Block("resources", lazy("Research resources"), ("research-resources",)),
    Block("works", lazy("Works"), ("works",)),
    Block("reviews", lazy("Peer review"), ("peer-reviews",)),
)
BY_SECTION = {name: block for block in BLOCKS for name in block.sections}


def orders() -> list[tuple[str, str]]:
    """How a block can be sorted; the first is how it comes."""
    return [
        ("newest", _("Newest first")),
        ("oldest", _("Oldest first")),
        ("title", _("By title")),
        ("kind", _("By kind")),
        ("source", _("By source")),
    ]


@dataclass(frozen=True, kw_only=True)
class GroupView:
    """Versions of one thing: the preferred one is shown, the others fold away behind it. `about` is what a
    review was done for."""

    shown: ItemView
    others: list[ItemView] = field(default_factory=list)
    ids: list[IdView] = field(default_factory=list)
    about: str = ""

    @property
    def other_sources(self) -> str:
        return ", ".join(dict.fromkeys(item.source for item in self.others))


@dataclass(frozen=True, kw_only=True)
class BlockView:
    block: Block
    groups: list[GroupView]
    total: int
    page: int
    pages: int
    order: str


def shown(at: Reading, asked: Mapping[str, str]) -> list[BlockView]:
    """Every block, with the page and the order that the address asks for: `works=2`, `works-order=title`."""
    found = arranged.sections(at)
    return [_block(at, block, found, asked) for block in BLOCKS]


def page_of(at: Reading, section: Section, put_code: int) -> int | None:
    """On which page of its block an item stands in the usual order; None where there is none such."""
    block = BY_SECTION[section.name]
    listed = _listed(block, arranged.sections(at), "newest")
    for number, one in enumerate(listed):
        if any(one.section is section and m.row.put_code == put_code for m in one.group.members):
            return number // PAGE + 1
    return None


def _block(
    at: Reading, block: Block, found: Mapping[str, list[Found]], asked: Mapping[str, str]
) -> BlockView:
    order = asked.get(f"{block.name}-order", "")
    order = order if order in dict(orders()) else "newest"
    listed = _listed(block, found, order)
    size = WHOLE if asked.get("whole") else PAGE
    pages = max(1, -(-len(listed) // size))
    number = asked.get(block.name, "1")
    page = min(max(1, int(number)), pages) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    few = listed[(page - 1) * size : page * size]
    whole = arranged.whole(at, few)
    names = _reviewed_for(at, few)
    return BlockView(
        block=block,
        groups=[_group(one, items, at.orcid, names) for one, items in zip(few, whole, strict=True)],
        total=len(listed),
        page=page,
        pages=pages,
        order=order,
    )


def _listed(block: Block, found: Mapping[str, list[Found]], order: str) -> list[Found]:
    return arranged.in_order([one for name in block.sections for one in found[name]], order)


def _group(one: Found, items: Sequence[Any], owner: str, names: Mapping[str, str]) -> GroupView:
    """The preferred item, the others, the identifiers that any of them carries of the thing itself, and what
    the shown one is part or a version of."""
    views = [view(item, owner) for item in items]
    own = [one for item in views for one in item.ids if one.own]
    ids = {(one.label, one.value.lower()): one for one in (*own, *views[0].ids)}
    return GroupView(shown=views[0], others=views[1:], ids=list(ids.values()), about=names.get(one.under, ""))


def _reviewed_for(at: Reading, few: Sequence[Found]) -> dict[str, str]:
    """The names of the groups that reviews were done for."""
    found = {}
    for under in {one.under for one in few if one.under}:
        row = group_ids.by_id(at.tx, under)
        found[under] = row.name if row is not None else under
    return found
