"""What the guides show works as written."""

import pathlib
import re
import subprocess
import sys
from typing import get_args, get_type_hints

from msgspec import Struct

from laelia.model.sections import BY_NAME
from laelia.registry.bulk import fixtures
from laelia.registry.bulk.fixtures import people, registers, whole
from laelia.registry.registers.organisations import SOURCES

STRUCTS = {
    one
    for module in (people, registers, whole)
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, Struct) and one.__module__ == module.__name__
}
GUIDES = pathlib.Path(__file__).resolve().parents[2] / "docs" / "guides"


def test_the_fixtures_of_the_guide_are_good() -> None:
    given = fixtures.read(GUIDES / "fixtures.yaml")
    assert given.people[0].orcid == "0009-8000-0000-0012"


def test_the_guide_names_every_field_of_the_fixtures_file() -> None:
    text = (GUIDES / "sandbox.md").read_text()
    declared = {name for struct in STRUCTS for name in struct.__struct_fields__}
    assert not [name for name in declared if f"`{name}`" not in text and f"`{name}[]`" not in text]


def test_the_tokens_of_the_guides_are_in_the_fixtures() -> None:
    known = {one.token for one in fixtures.read(GUIDES / "fixtures.yaml").tokens}
    shown = {
        token
        for guide in GUIDES.glob("*.md")
        for token in re.findall(r"Authorization: Bearer ([\w-]+)", guide.read_text())
    }
    assert shown
    assert shown <= known


def test_the_fixtures_of_the_guide_show_one_of_each_kind() -> None:
    """Every list has something in it, every section an item, every state a record."""
    given = fixtures.read(GUIDES / "fixtures.yaml")
    lists = [name for name in given.__struct_fields__ if name != "clock"]
    assert not [name for name in lists if not getattr(given, name)]
    assert {item.section for person in given.people for item in person.items} == set(BY_NAME)
    states = get_args(get_type_hints(people.Person, include_extras=True)["state"])
    assert {person.state for person in given.people} == set(states)
    assert {kind for one in given.organisations for kind in one.ids} == set(SOURCES)


def test_the_reference_says_what_the_declarations_say() -> None:
    done = subprocess.run(
        [sys.executable, str(GUIDES.parents[1] / "tools" / "reference.py"), "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
