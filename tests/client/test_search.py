"""Searching with the client and the command, at a registry that is served."""

import json
import pathlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from client.conftest import Club
from client.desk import command
from client.served import serving
from laelia.codec.found import Person
from laelia.model.language import V2_0
from laelia.model.problems import BadRequest, SearchTooFar
from registry.place import Place
from registry.search.known import other_name, works_at


@pytest.fixture
def found(bees: Club) -> Club:
    works_at(bees.place, bees.ada.orcid, "Bee House")
    other_name(bees.place, bees.ada.orcid, "Augusta King")
    bees.place.service.search.work()
    return bees


def test_ids_names_and_tables(found: Club) -> None:
    ada = found.ada.orcid
    for registry in (found.registry, replace(found.registry, version=V2_0)):
        answer = registry.search("given-names:ada")
        assert (answer.total, answer.people) == (1, [Person(orcid=ada)])
    told = found.registry.search_expanded("augusta")
    assert told.people == [
        Person(
            orcid=ada, given_names="Ada", family_names="Lovelace", other_names=["Augusta King"], emails=[],
            current_institutions=["Bee House"],
        )
    ]  # fmt: skip
    assert found.registry.search("nobody").people == []
    table = found.registry.search_table("ada", fl="orcid,family-name")
    assert table == f"orcid,family-name\n{ada},Lovelace\n".encode()


def test_everybody_comes_page_by_page(found: Club) -> None:
    for number in range(450):
        found.place.person(f"N{number}", "Crowd", f"n{number}@crowd.example")
    found.place.service.search.work()
    crowd = [one.orcid for one in found.registry.search_all("family-name:crowd")]
    assert len(crowd) == len(set(crowd)) == 450
    assert crowd == sorted(crowd)


def test_what_is_refused_is_raised(found: Club) -> None:
    with pytest.raises(BadRequest, match="at character"):
        found.registry.search("a AND")
    with pytest.raises(SearchTooFar):
        found.registry.search("a", start=10_001)


def run(address: str, *words: str) -> tuple[int, str, str]:
    done = command("search", "--at", address, *words)
    return done.exit_code, done.stdout, done.stderr


def test_the_command(new_database: Callable[..., str], tmp_path: pathlib.Path) -> None:
    with serving() as served:
        place = Place(new_database("laelia.registry.migrations"), tmp_path / "var", site=served.url)
        served.app = place.service.wsgi
        works_at(place, place.ada.orcid, "Bee House")
        place.service.search.work()
        ask(served.url, place.ada.orcid)
        place.close()


def ask(address: str, ada: str) -> None:
    assert run(address, "family-name:lovelace") == (0, f"{ada}\n", "1 found\n")
    code, out, _ = run(address, "family-name:lovelace", "--format", "json")
    assert (code, json.loads(out)["expanded-result"][0]["institution-name"]) == (0, ["Bee House"])
    assert run(address, "ada", "--format", "csv")[1].startswith("orcid,email,")
    assert run(address, "a AND")[0] == 1
    assert run(address, "ada", "--format", "csv", "--version", "2.0")[0] == 2
