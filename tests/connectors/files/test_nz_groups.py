"""Files of the NZ ORCID Hub in YAML, and rows of it that are one item together."""

import pytest

from laelia.connectors.files import grouped
from laelia.connectors.files.read import read
from laelia.connectors.files.recognise import recognise
from laelia.connectors.files.rows import Judged, asked, judged
from laelia.connectors.files.sheet import Refused

HEAD = (
    "Title,Type,Publication Date,External Id Type,External Id Value,External Id Relationship,Email,"
    "Local Identifier,Is Active"
)
YAML = """
- invitees:
  - {identifier: 0042, email: a@uni.example, first-name: NO, put-code: null, visibility: PUBLIC}
  - {identifier: W-32, email: b@uni.example}
  title: {title: {value: Silt}}
  type: DATA_SET
  publication-date: {year: {value: 2023}, month: {value: '06'}}
  external-ids: {external-id: [{external-id-type: doi, external-id-value: 10.5072/silt,
    external-id-relationship: SELF}]}
"""


def rows(*lines: str) -> list[Judged]:
    sheet = read("x.csv", "\n".join((HEAD, *lines)).encode())
    reading = recognise(sheet.headers)
    assert (reading.kind, reading.maker) == ("works", "nz-hub")
    taken = [asked(reading, sheet.headers, row) for row in sheet.rows]
    grouped.put_together(reading, sheet.headers, taken)
    return [judged(reading, each, {}) for each in taken]


def ids(one: Judged) -> list[str]:
    assert not one.said, [str(each) for each in one.said]
    item = one.item
    return [each.value or "" for each in item.external_ids]  # type: ignore[union-attr]  # it is a work


def test_neighbours_share_their_identifiers():
    first, second, third, alone = rows(
        "Silt,data-set,2023,doi,10.5072/a,self,a@uni.example,W1,",
        "Silt,data-set,2023,isbn,9780306406157,part-of,a@uni.example,W1,",
        "Silt,data-set,2023,doi,10.5072/a,self,b@uni.example,W1,",
        "Clay,data-set,2023,doi,10.5072/c,self,a@uni.example,W2,",
    )
    assert ids(first) == ids(second) == ids(third) == ["10.5072/a", "9780306406157"]
    assert ids(alone) == ["10.5072/c"]
    assert (first.identity, first.item) == (second.identity, second.item)


def test_rows_that_are_apart_stay_apart():
    first, _, last = rows(
        "Silt,data-set,2023,doi,10.5072/a,self,a@uni.example,,",
        "Clay,data-set,2023,doi,10.5072/c,self,a@uni.example,,",
        "Silt,data-set,2023,doi,10.5072/b,self,a@uni.example,,",
    )
    assert (ids(first), ids(last)) == (["10.5072/a"], ["10.5072/b"])


def test_a_batch_ends_where_a_group_does():
    lines = [f"{title},data-set,2023,doi,10.5072/{n},self,a@uni.example,," for n, title in enumerate("AABBB")]
    sheet = read("x.csv", "\n".join((HEAD, *lines)).encode())
    found, reading = list(sheet.rows), recognise(sheet.headers)
    assert grouped.whole(reading, sheet.headers, found) == 2
    assert grouped.whole(reading, sheet.headers, found[2:]) == 3


@pytest.mark.parametrize("name", ["works.yaml", "works.yml"])
def test_yaml_with_its_invitees(name: str):
    sheet = read(name, YAML.encode())
    reading = recognise(sheet.headers, whole=True)
    found = [judged(reading, asked(reading, sheet.headers, row), {}) for row in sheet.rows]
    assert [(one.key, one.who.email) for one in found] == [
        ("0042", "a@uni.example"),
        ("W-32", "b@uni.example"),
    ]
    assert [ids(one) for one in found] == [["10.5072/silt"]] * 2


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: &x [1]\nb: *x\n", "another part"),
        ("- [", "YAML"),
        ("just words", "has to be a list"),
        ("- !!python/object/apply:os.system ['true']\n", "!!python/object/apply:os.system"),
        ("- {title: !!binary aGVsbG8=}\n", "of what type a value is (!!binary)"),
        ("- {title: !!timestamp 2020-01-01}\n", "!!timestamp"),
        ("- !mine {title: x}\n", "(!mine)"),
        ("- {~: x}\n", "has no name"),
        ("- {title: x, ? : y}\n", "has no name"),
        ("- invitees: [{email: a@x.example}]\n  type: {~: x}\n", "has no name"),
        ("- {? [a] : y}\n", "YAML"),
        ("[" * 5000, "YAML"),
    ],
)
def test_yaml_that_is_not_taken(text: str, why: str):
    with pytest.raises(Refused) as refused:
        read("x.yaml", text.encode())
    assert why in str(refused.value)
