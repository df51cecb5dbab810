"""A sandbox that starts with exactly its fixtures, and a file of them that can't be used."""

import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from laelia.lib.clock import StoppedClock
from laelia.lib.http import Http, Response
from laelia.lib.secret import Passwords
from laelia.registry import app
from laelia.registry.bulk import fixtures, place
from laelia.registry.settings import Settings

GUIDE = pathlib.Path(__file__).resolve().parents[3] / "docs" / "guides" / "fixtures.yaml"
SITE = "https://registry.test"
ADA = "0009-8000-0000-0012"
MEMBER, REVOKED, EXPIRED = (
    "0e5f2c1a-7a30-4f0e-9d0b-3d6b1c5f7a10",
    "1b2c3d4e-0000-4000-8000-000000000001",
    "1b2c3d4e-0000-4000-8000-000000000002",
)


class Sandbox:
    def __init__(self, database: str, var: pathlib.Path) -> None:
        settings = Settings(database=database, public_url=SITE, sandbox=True, var=var)
        self.service = app.build(settings, clock=StoppedClock(1_795_000_000_000))
        self.http = Http(apps={SITE: self.service.wsgi})

    def start_with(self, given: fixtures.Fixtures) -> None:
        passwords = Passwords()
        hashed = place.hashes(given, passwords)
        passwords.close()
        with self.service.db.writing() as tx:
            place.start_with(tx, self.service.clock.now(), given, hashed)

    def ask(self, path: str, token: str | None = None, method: str = "GET") -> Response:
        headers = {"Accept": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return self.http.request(method, f"{SITE}/v3.0/{path}", headers=headers)


@pytest.fixture
def sandbox(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Sandbox]:
    made = Sandbox(new_database("laelia.registry.migrations"), tmp_path)
    yield made
    made.service.close()


def put_codes(answer: Response) -> list[int]:
    return [one["put-code"] for group in answer.json()["group"] for one in group["work-summary"]]


def test_what_the_guide_shows_is_there_and_nothing_else(sandbox: Sandbox) -> None:
    sandbox.start_with(fixtures.read(GUIDE))
    assert put_codes(sandbox.ask(f"{ADA}/works")) == [12]
    assert sandbox.ask(f"{ADA}/work/12").json()["source"]["source-name"]["value"] == "Example University"
    assert sandbox.ask(f"{ADA}/works", MEMBER).status == 200
    assert sandbox.ask("0009-8000-0000-0020/works").status == 404


def test_starting_again_forgets_what_was_done_meanwhile(sandbox: Sandbox) -> None:
    given = fixtures.read(GUIDE)
    sandbox.start_with(given)
    assert sandbox.ask(f"{ADA}/work/12", MEMBER, "DELETE").status == 204
    assert put_codes(sandbox.ask(f"{ADA}/works")) == []
    sandbox.start_with(given)
    assert put_codes(sandbox.ask(f"{ADA}/works")) == [12]


def test_broken_tokens_are_broken_as_the_file_says(sandbox: Sandbox) -> None:
    sandbox.start_with(fixtures.read(GUIDE))
    assert sandbox.ask(f"{ADA}/works", EXPIRED).status == 401
    assert sandbox.ask(f"{ADA}/works", REVOKED).status == 401
    # ORCID's exception: what a client added it may still remove after the person revoked it.
    assert sandbox.ask(f"{ADA}/work/12", REVOKED, "DELETE").status == 204


def test_new_put_codes_start_above_those_of_the_file(sandbox: Sandbox) -> None:
    sandbox.start_with(fixtures.read(GUIDE))
    work = yaml.safe_load(GUIDE.read_text())["people"][0]["items"][0]["content"]
    work["external-ids"]["external-id"][0]["external-id-value"] = "10.5555/another"
    headers = {"Authorization": f"Bearer {MEMBER}", "Content-Type": "application/json"}
    made = sandbox.http.post(f"{SITE}/v3.0/{ADA}/work", headers=headers, json=work)
    assert made.status == 201, made.text
    assert int(made.headers["location"].rsplit("/", 1)[-1]) > 12


def change(path: str, value: Any) -> dict[str, Any]:
    """The guide's file with one value changed; the path is written as msgspec writes places."""
    document: dict[str, Any] = yaml.safe_load(GUIDE.read_text())
    at: Any = document
    *steps, last = path.replace("[", ".").replace("]", "").removeprefix("$.").split(".")
    for step in steps:
        at = at[int(step)] if step.isdigit() else at[step]
    at[int(last) if last.isdigit() else last] = value
    return document


@pytest.mark.parametrize(
    ("place_in_file", "value", "expected"),
    [
        ("$.people[0].orcid", "0009-8000-0000-0013", "ends in 2"),
        ("$.people[0].given", 7, "Expected `str`"),
        ("$.people[0].nick", "A", "unknown field `nick`"),
        ("$.people[0].state", "sleeping", "Invalid enum value 'sleeping'"),
        ("$.people[0].state", "deprecated", "primary iD"),
        ("$.people[0].items[0].section", "poems", "one of other-names"),
        ("$.people[0].items[0].source.client", "APP-NOBODY", "client of this file"),
        ("$.people[0].items[0].content.type", "poem", "poem"),
        ("$.clients[1].id", "APP-EXAMPLEUNIVERSIT", "second time"),
        ("$.clients[0].kind", "golden", "Invalid enum value 'golden'"),
        ("$.tokens[0].client", "APP-NOBODY", "client of this file"),
        ("$.tokens[0].orcid", "0009-8000-0000-0020", "person of this file"),
        ("$.tokens[0].scopes", [], "length >= 1"),
        ("$.tokens[1].expires", "tomorrow", "Invalid RFC3339"),
    ],
)
def test_a_mistake_is_answered_with_its_place_and_what_was_expected(
    tmp_path: pathlib.Path, place_in_file: str, value: Any, expected: str
) -> None:
    path = tmp_path / "fixtures.yaml"
    path.write_text(yaml.safe_dump(change(place_in_file, value)))
    with pytest.raises(fixtures.BadFixtures) as bad:
        fixtures.read(path)
    assert expected in str(bad.value)
    parent = place_in_file.rsplit(".", 1)[0]
    assert parent in str(bad.value), "the place is named"


@pytest.mark.parametrize("text", ["people: [", "\t- x", "- a list"])
def test_what_is_no_fixtures_file_is_said_to_be_none(tmp_path: pathlib.Path, text: str) -> None:
    path = tmp_path / "fixtures.yaml"
    path.write_text(text)
    with pytest.raises(fixtures.BadFixtures, match=r"fixtures\.yaml"):
        fixtures.read(path)


def test_what_the_database_refuses_stores_nothing(sandbox: Sandbox) -> None:
    given = fixtures.read(GUIDE)
    sandbox.start_with(given)
    given.clients[0].redirect_uris = ["not a URI"]
    with pytest.raises(fixtures.BadFixtures, match="redirect"):
        sandbox.start_with(given)
    assert put_codes(sandbox.ask(f"{ADA}/works")) == [12]
