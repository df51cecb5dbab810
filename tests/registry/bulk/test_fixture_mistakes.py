"""A fixtures file that can't be used: every mistake is answered with its place and what was expected."""

import pathlib
from typing import Any

import pytest
import yaml

from laelia.registry.bulk import fixtures
from registry.bulk.sandbox import GUIDE


def place(text: str) -> list[str]:
    """The steps to a place, which is written as msgspec writes places."""
    return text.replace("[", ".").replace("]", "").removeprefix("$.").split(".")


def changed(path: str, value: Any) -> dict[str, Any]:
    """The guide's file with one value changed."""
    document: dict[str, Any] = yaml.safe_load(GUIDE.read_text())
    at: Any = document
    *steps, last = place(path)
    for step in steps:
        at = at[int(step)] if step.isdigit() else at[step]
    if isinstance(at, list) and int(last) == len(at):
        at.append(value)
    else:
        at[int(last) if last.isdigit() else last] = value
    return document


ITEM = "$.people[0].items[0]"
REVIEW = "$.people[0].items[15]"
BEES = {"group_id": "publons:bees", "name": "Bees", "description": "On bees", "type": "journal"}
HOOK = {
    "orcid": "0009-8000-0000-0012",
    "client": "APP-EXAMPLEUNIVERSIT",
    "uri": "http://localhost:9000/changed",
}
OTHER = {"name": "Other", "ids": {"ROR": "https://ror.org/0exampl01"}}
# the place, what stands there, what is said; the place that is named, where it is not the parent's
MISTAKES: list[tuple[Any, ...]] = [
    ("$.people[0].orcid", "0009-8000-0000-0013", "ends in 2"),
    ("$.people[0].given", 7, "Expected `str`"),
    ("$.people[0].nick", "A", "unknown field `nick`"),
    ("$.people[0].state", "sleeping", "Invalid enum value 'sleeping'"),
    ("$.people[0].state", "deprecated", "primary iD"),
    ("$.people[0].primary", "0009-8000-0000-0039", "and of no other"),
    ("$.people[4].primary", "0009-8000-0000-0020", "person of this file"),
    ("$.people[4].primary", "0009-8000-0000-0063", "not deprecated itself"),
    ("$.people[1].creator", "APP-NOBODY", "client of this file"),
    ("$.people[0].locale", "tlh", "expected one of en, "),
    ("$.people[0].creation_method", "stork", "expected one of API, "),
    ("$.people[0].biography", "", "length >= 1"),
    ("$.people[0].biography_visibility", "friends", "Invalid enum value 'friends'"),
    ("$.people[0].emails[0].email", "nobody", "matching regex"),
    ("$.people[0].emails[0].visibility", "friends", "Invalid enum value 'friends'"),
    ("$.people[0].emails[1].email", "ADA.orchard@example.org", "second time"),
    ("$.people[0].emails[1].primary", True, "one primary", "$.people[0].emails"),
    ("$.people[0].email_domains[0].domain", "@bees.example", "matching regex"),
    ("$.people[0].email_domains[1]", {"domain": "bees.example"}, "each domain once"),
    ("$.people[1].orcid", "0009-8000-0000-0012", "second time"),
    (f"{ITEM}.section", "poems", "one of other-names"),
    (f"{ITEM}.source.client", "APP-NOBODY", "client of this file"),
    (f"{ITEM}.content.type", "poem", "poem"),
    (f"{ITEM}.put_code", -1, ">= 0"),
    ("$.people[0].items[1].put_code", 12, "second time"),
    ("$.people[0].items[5].content", {"word": "nectar"}, "word"),
    (f"{REVIEW}.content.review-group-id", "publons:nobody", "one of `group_ids`"),
    (f"{REVIEW}.content.review-group-id", "issn:1388-6151", "right ISSN"),
    ("$.clients[1].id", "APP-EXAMPLEUNIVERSIT", "second time"),
    ("$.clients[0].kind", "golden", "Invalid enum value 'golden'"),
    ("$.tokens[0].client", "APP-NOBODY", "client of this file"),
    ("$.tokens[0].orcid", "0009-8000-0000-0020", "person of this file"),
    ("$.tokens[0].scopes", [], "length >= 1"),
    ("$.tokens[0].scopes[0]", "/bees/update", "scope of the API"),
    ("$.tokens[1].token", "0e5f2c1a-7a30-4f0e-9d0b-3d6b1c5f7a10", "second time"),
    ("$.tokens[3].expires", "tomorrow", "Invalid RFC3339"),
    ("$.organisations[0].name", " ", "no name", "$.organisations[0]"),
    ("$.organisations[0].ids", {}, "no identifier", "$.organisations[0]"),
    ("$.organisations[0].ids.ROR", "https://ror.org/bees", "is no identifier of ROR", "$.organisations[0]"),
    ("$.organisations[0].ids.ISNI", "1", "is no source", "$.organisations[0]"),
    ("$.organisations[0].country", "UK", "is no country", "$.organisations[0]"),
    ("$.organisations[0].status", "sleeping", "is no state", "$.organisations[0]"),
    ("$.organisations[3]", OTHER, "second time"),
    ("$.group_ids[0].group_id", "bees:letters", "does not have the right form", "$.group_ids[0]"),
    ("$.group_ids[0].type", "poem", "poem", "$.group_ids[0]"),
    ("$.group_ids[0].client", "APP-NOBODY", "client of this file"),
    ("$.group_ids[1]", {**BEES, "group_id": "publons:BEE-letters"}, "second time"),
    ("$.group_ids[1]", {**BEES, "put_code": 30}, "second time"),
    ("$.group_ids[1]", {**BEES, "group_id": "issn:1388-6151"}, "right check digit"),
    ("$.group_ids[1]", {**BEES, "group_id": "issn:1388-6150", "client": "APP-EXAMPLEUNIVERSIT"}, "own"),
    ("$.identifier_types[0].name", "Bee id", "no name of a type", "$.identifier_types[0]"),
    ("$.identifier_types[0].name", "doi", "comes with Laelia", "$.identifier_types[0]"),
    ("$.identifier_types[0].prefix", "bees.example", "no prefix", "$.identifier_types[0]"),
    ("$.identifier_types[1]", {"name": "bee-id"}, "second time"),
    ("$.webhooks[0].orcid", "0009-8000-0000-0020", "person of this file"),
    ("$.webhooks[0].client", "APP-NOBODY", "client of this file"),
    ("$.webhooks[0].uri", "javascript:alert(1)", "no http or https address"),
    ("$.webhooks[1]", HOOK, "second time"),
    ("$.notifications[0].orcid", "0009-8000-0000-0020", "person of this file"),
    ("$.notifications[0].client", "APP-NOBODY", "client of this file"),
    ("$.notifications[0].items", [], "length >= 1"),
    ("$.notifications[0].authorization_url", "//evil.example", "single “/”", "$.notifications[0]"),
    ("$.notifications[0].items[0].external-id.external-id-type", "shoe", "shoe", "$.notifications[0]"),
    ("$.notifications[0].items[0].item-type", "poem", "poem", "$.notifications[0]"),
    ("$.notifications[0].intro", "a" * 1001, "1001", "$.notifications[0]"),
    ("$.notifications[0].read", "yesterday", "Invalid RFC3339"),
    ("$.clock", "noon", "Invalid RFC3339", "$.clock"),
]


@pytest.mark.parametrize("row", MISTAKES, ids=[f"{row[0]}-{row[2]}" for row in MISTAKES])
def test_a_mistake_is_answered_with_its_place_and_what_was_expected(
    tmp_path: pathlib.Path, row: tuple[Any, ...]
) -> None:
    where, value, expected, *named = row
    path = tmp_path / "fixtures.yaml"
    path.write_text(yaml.safe_dump(changed(where, value)))
    with pytest.raises(fixtures.BadFixtures) as bad:
        fixtures.read(path)
    assert expected in str(bad.value)
    assert (named[0] if named else where.rsplit(".", 1)[0]) in str(bad.value), "the place is named"


@pytest.mark.parametrize("text", ["people: [", "\t- x", "- a list"])
def test_what_is_no_fixtures_file_is_said_to_be_none(tmp_path: pathlib.Path, text: str) -> None:
    path = tmp_path / "fixtures.yaml"
    path.write_text(text)
    with pytest.raises(fixtures.BadFixtures, match=r"fixtures\.yaml"):
        fixtures.read(path)


def test_an_empty_file_is_an_empty_registry(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "fixtures.yaml"
    path.write_text("")
    assert fixtures.read(path) == fixtures.Fixtures()
