"""What the guides show works as written."""

import pathlib
import re
import subprocess
import sys

from laelia.registry.bulk import fixtures

GUIDES = pathlib.Path(__file__).resolve().parents[2] / "docs" / "guides"


def test_the_fixtures_of_the_guide_are_good() -> None:
    given = fixtures.read(GUIDES / "fixtures.yaml")
    assert [person.orcid for person in given.people] == ["0009-8000-0000-0012"]


def test_the_guide_names_every_field_of_the_fixtures_file() -> None:
    text = (GUIDES / "sandbox.md").read_text()
    declared = {
        name
        for struct in (
            fixtures.Person, fixtures.Email, fixtures.Item, fixtures.Source, fixtures.Client, fixtures.Token,
            fixtures.Fixtures,
        )
        for name in struct.__struct_fields__
    }  # fmt: skip
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


def test_the_reference_says_what_the_declarations_say() -> None:
    done = subprocess.run(
        [sys.executable, str(GUIDES.parents[1] / "tools" / "reference.py"), "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
