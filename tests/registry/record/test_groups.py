"""Which items are one group depends on what they share and on nothing else (orcid-api §5)."""

import os
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laelia.codec import json
from laelia.model.language import V3_0
from laelia.model.sections import BY_NAME
from laelia.registry.record import groups, identifiers, summaries
from registry.api import documents
from registry.api.matrix import SECTIONS

Id = tuple[str, str, str]

SAME = "10.5555/a"
# Value → normal form; the last is recognised as no DOI and stands for itself.
DOIS = {SAME: SAME, "https://doi.org/10.5555/A": SAME, "10.5555/b": "10.5555/b", "10.5555/c": "10.5555/c",
        "A bee": "A bee"}  # fmt: skip
# An identifier in one of these relationships says nothing of what the item itself is. 2.x has no version-of.
APART = {True: ("part-of", "funded-by"), False: ("part-of", "version-of")}

_IDS = st.tuples(
    st.sampled_from(["doi", "other-id"]),
    st.sampled_from(sorted(DOIS)),
    st.sampled_from(["self", "self", "part-of", "version-of", "funded-by"]),
)
_ITEMS = st.lists(st.lists(_IDS, max_size=3), max_size=7)

RULES = [
    pytest.param(one.name, normalised, id=f"{one.name}-{'3.0' if normalised else '2.x'}")
    for one in SECTIONS.values()
    for normalised in (True, False)
    if one.listed != "flat" and (normalised or (one.listed == "grouped" and one.lives_in("2.0")))
]
often = settings(max_examples=1000 if os.environ.get("LAELIA_SOAK") else 40, deadline=None)


def row(name: str, number: int, ids: list[Id], index: int = 1) -> Any:
    """An item as it is stored."""
    section = BY_NAME[name]
    tree = documents.item(SECTIONS[name].noun, number, ids=documents.identifiers(*ids))
    entity = json.decode(section.entity, orjson.dumps(documents.as_json(tree, "3.0")), V3_0)
    identifiers.prepare(section, entity)
    kept = {"id": number, "put_code": number, "created": number, "modified": number, "display_index": index}
    return SimpleNamespace(summary=summaries.summarise(section, entity), apart=False, **kept)


def told(found: list[groups.Group]) -> set[tuple[frozenset[int], frozenset[Any]]]:
    """Each group as the items in it and the identifiers it stands for."""
    return {
        (frozenset(member.row.put_code for member in group.members), frozenset(group.ids)) for group in found
    }


def keys(ids: list[Id], normalised: bool) -> frozenset[tuple[str, str]]:
    """What an item is compared by."""
    return frozenset(
        (kind, _normal(kind, value) if normalised else value)
        for kind, value, relationship in ids
        if relationship not in APART[normalised]
    )


def _normal(kind: str, value: str) -> str:
    return DOIS[value] if kind == "doi" else value.lower()


def expected(items: list[list[Id]], normalised: bool) -> set[tuple[frozenset[int], frozenset[Any]]]:
    """Begin with every item by itself, and join two groups that share something until none do."""
    found = [(frozenset({i}), keys(ids, normalised)) for i, ids in enumerate(items)]
    while True:
        pair = next(((a, b) for a in found for b in found if a is not b and a[1] & b[1]), None)
        if pair is None:
            return set(found)
        found = [one for one in found if one not in pair] + [
            (pair[0][0] | pair[1][0], pair[0][1] | pair[1][1])
        ]


@pytest.mark.parametrize(("name", "normalised"), RULES)
@often
@given(items=_ITEMS, data=st.data())
def test_groups_do_not_depend_on_the_order_of_arrival(
    name: str, normalised: bool, items: list[list[Id]], data: st.DataObject
) -> None:
    rows = [row(name, i, ids) for i, ids in enumerate(items)]
    section = BY_NAME[name]
    for arrived in (rows, data.draw(st.permutations(rows))):
        assert told(groups.grouped(section, arrived, normalised=normalised)) == expected(items, normalised)


@pytest.mark.parametrize(("name", "normalised"), RULES)
@often
@given(indices=st.lists(st.integers(0, 3), min_size=1, max_size=6), data=st.data())
def test_the_preferred_item_stands_first_whenever_it_came(
    name: str, normalised: bool, indices: list[int], data: st.DataObject
) -> None:
    rows = [row(name, i, [("doi", SAME, "self")], index) for i, index in enumerate(indices)]
    arrived = data.draw(st.permutations(rows))
    [group] = groups.grouped(BY_NAME[name], arrived, normalised=normalised)
    if BY_NAME[name].listing != "reviews":  # these stand in the order in which they were done
        assert group.members[0].row.display_index == max(indices)


@often
@given(of=st.lists(st.sampled_from(["orcid-generated:a1", "orcid-generated:b1"]), max_size=6), data=st.data())
def test_reviews_are_parted_by_their_group_first(of: list[str], data: st.DataObject) -> None:
    rows = [row("peer-reviews", i, [("doi", SAME, "self")]) for i in range(len(of))]
    for one, group in zip(rows, of, strict=True):
        one.summary = one.summary.replace(documents.GROUP.encode(), group.encode())
    found = groups.by_group_id(data.draw(st.permutations(rows)), BY_NAME["peer-reviews"])
    assert {name: sorted(one.put_code for one in inside) for name, inside in found.items()} == {
        name: [i for i, group in enumerate(of) if group == name] for name in set(of)
    }
