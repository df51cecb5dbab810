"""Types of external identifiers: the list that everybody may read, and types that are added as data."""

import itertools
import json
from collections.abc import Callable

from lxml import etree
from typer.testing import Result

from laelia.lib.http import Http
from laelia.model.identifiers import IDENTIFIER_TYPES
from laelia.registry import app
from laelia.registry.registers import identifier_types
from registry.api.people import JSON, VERSIONS, XML, Api, code, external_id, told, work
from registry.at_once import at_once

Run = Callable[..., Result]
KEYS = ["name", "putCode", "description", "resolutionPrefix", "validationRegex", "deprecated",
        "caseSensitive", "primaryUse", "dateCreated", "lastModified"]  # fmt: skip
ADD = ("identifiers", "add", "bee-id", "--label", "Bee <number>", "--prefix", "https://bees.example/")


def test_everybody_may_read_the_list_in_json(api: Api) -> None:
    for prefix, version, accept in itertools.product(("", "/pub"), VERSIONS, (JSON, None, "*/*")):
        answer = api.ask("GET", f"{prefix}/v{version}/identifiers?locale=de", accept=accept)
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/json;charset=UTF-8"
        assert answer.headers["access-control-allow-origin"] == "*"
        found = {one["name"]: one for one in answer.json()}
        assert found.keys() == IDENTIFIER_TYPES.keys()
        assert list(found["doi"]) == KEYS
        assert found["doi"]["resolutionPrefix"] == "https://doi.org/"
        assert found["doi"]["primaryUse"] == "work"
        assert (found["rrid"]["caseSensitive"], found["doi"]["caseSensitive"]) == (True, False)
        assert found["other-id"]["resolutionPrefix"] is None


def test_everybody_may_read_the_list_in_xml(api: Api, run: Run) -> None:
    assert run(*ADD).exit_code == 0
    root = etree.fromstring(api.ask("GET", "/v3.0/identifiers", accept=XML).body)
    assert (root.tag, {child.tag for child in root}) == ("identifierTypes", {"identifierType"})
    assert root.getprevious() is None, "no stylesheet"
    assert {child.findtext("name") for child in root} == {*IDENTIFIER_TYPES, "bee-id"}
    [bee] = [child for child in root if child.findtext("name") == "bee-id"]
    absent = ("validationRegex",)
    assert [child.tag for child in bee] == [key for key in KEYS if key not in absent]
    assert bee.findtext("description") == "Bee <number>"
    assert bee.findtext("dateCreated", "").endswith("Z")


def test_what_the_list_refuses(api: Api) -> None:
    for accept in ("application/vnd.orcid+json", "application/vnd.orcid+xml", "text/html"):
        assert told(api.ask("GET", "/v3.0/identifiers", accept=accept)) == (406, 9001)
    assert told(api.ask("GET", "/api/v3.0/identifiers", api.member)) == (405, 9001)
    assert told(api.ask("POST", "/v3.0/identifiers", api.member)) == (405, 9001)
    assert api.ask("GET", "/v3.0/identifiers", "no-such-token").status == 401
    assert api.ask("HEAD", "/v3.0/identifiers").body == b""
    assert api.ask("OPTIONS", "/v3.0/identifiers").status == 204
    api.place.service.limits.rate, api.place.service.limits.burst = 1, 1
    assert [api.ask("GET", "/v3.0/identifiers").status for _ in range(4)][-1] == 429


def test_an_added_type_is_taken_normalised_and_listed_by_every_process(api: Api, run: Run) -> None:
    other = app.build(api.place.service.settings, clock=api.place.clock)
    elsewhere = Http(apps={"https://registry.test": other.wsgi})
    plain, careful = external_id("BEE 12", "bee-id"), external_id("BEE 12", "careful-id")
    assert code(api.post(work(**{"external-ids": {"external-id": [plain]}}))) == 9023
    made = run(*ADD, "--json")
    assert (made.exit_code, json.loads(made.stdout)) == (0, {"name": "bee-id", "number": 1000})
    careful_made = run("identifiers", "add", "careful-id", "--case-sensitive", "--json")
    assert json.loads(careful_made.stdout)["number"] == 1001
    both = {"external-ids": {"external-id": [plain, careful]}}
    headers = {"Authorization": f"Bearer {api.member}"}
    for version in VERSIONS:
        number = api.add(work(**both), version=version)
        read = elsewhere.get(f"https://registry.test/v3.0/{api.ada}/work/{number}", headers={"Accept": JSON})
        normal = [
            one["external-id-normalized"]["value"] for one in read.json()["external-ids"]["external-id"]
        ]
        assert normal == ["bee 12", "BEE 12"]
        again = work(**{"external-ids": {"external-id": [external_id("bee 12", "bee-id")]}})
        answer = elsewhere.post(f"https://registry.test/v3.0/{api.ada}/work", headers=headers, json=again)
        assert told(answer) == (409, 9021)
        api.delete(number)
    listed = elsewhere.get("https://registry.test/v2.0/identifiers", headers={"Accept": JSON}).json()
    [bee] = [one for one in listed if one["name"] == "bee-id"]
    assert (bee["putCode"], bee["description"]) == (1000, "Bee <number>")
    assert bee["resolutionPrefix"] == "https://bees.example/"
    assert bee["dateCreated"] == bee["lastModified"] > 0
    other.close()


def test_added_again_just_so_nothing_happens(api: Api, run: Run) -> None:
    assert run(*ADD).exit_code == run(*ADD).exit_code == 0
    other = run(*ADD, "--case-sensitive")
    assert (other.exit_code, "says something else" in other.stderr) == (1, True)
    assert len(api.place.rows("identifier_type")) == 1


NO_TYPES = [
    (("doi",), "exists already"),
    (("Bee",), "no name of a type"),
    (("bee id",), "no name of a type"),
    (("",), "no name of a type"),
    (("a" * 41,), "no name of a type"),
    (("peer-review",), "no name of a type"),
    (("bee", "--prefix", "bees.example/"), "no prefix of an address"),
    (("bee", "--prefix", "javascript:alert(1)"), "no prefix of an address"),
    (("bee", "--prefix", 'https://bees.example/">'), "no prefix of an address"),
]


def test_what_can_be_no_type(api: Api, run: Run) -> None:
    for words, said in NO_TYPES:
        answer = run("identifiers", "add", *words)
        assert (answer.exit_code, said in answer.stderr) == (1, True), words
    assert api.place.rows("identifier_type") == []


def test_the_command_lists_all_types(run: Run) -> None:
    run(*ADD)
    listed = json.loads(run("identifiers", "list", "--json").stdout)
    assert [one["name"] for one in listed] == sorted([*IDENTIFIER_TYPES, "bee-id"])
    assert [one["name"] for one in listed if one["added"]] == ["bee-id"]


def test_two_operators_at_once_get_numbers_of_their_own(api: Api) -> None:
    def add(name: str) -> None:
        with api.place.service.db.writing() as tx:
            identifier_types.add(tx, api.now, name=name)

    at_once(*(lambda name=name: add(name) for name in ("bee", "wasp", "bee", "hornet")))
    rows = api.place.rows("identifier_type")
    assert sorted((row.name, row.number >= 1000) for row in rows) == [
        ("bee", True), ("hornet", True), ("wasp", True),
    ]  # fmt: skip
    assert len({row.number for row in rows}) == 3
