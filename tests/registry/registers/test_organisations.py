"""Organisations looked up by everybody, and taken in items only when they are known."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from laelia.lib.http import Response
from laelia.registry.registers import organisations
from laelia.registry.registers.organisations import Organisation
from registry.api.people import FORMS, JSON, VERSIONS, Api, code, told
from registry.place import Place

ROR, OTHER, GONE = "https://ror.org/0beeeee01", "https://ror.org/0waaaap02", "https://ror.org/0gooone03"
FUNDER = "http://dx.doi.org/10.13039/501100077777"
KNOWN = [
    Organisation(
        name="Universität Łódź", names=("University of Lodz", "UŁ"), city="Łódź", country="PL",
        ids=(("ROR", ROR), ("GRID", "grid.77777.1"), ("FUNDREF", FUNDER)), kinds="education,funder",
    ),
    Organisation(name="Lodz Bee Research Institute", ids=(("ROR", OTHER),), url="https://bees.example"),
    Organisation(name="Lodz Museum", ids=(("ROR", GONE),), status="withdrawn"),
    Organisation(name="University of Lodz", ids=(("RINGGOLD", "12345"),), city="Lodz", country="PL"),
    Organisation(name="Ulm Wasp Society", ids=(("LEI", "529900T8BM49AURSDO55"),), status="inactive"),
    Organisation(name="Ulm Wasp Society of the South", ids=(("RINGGOLD", "777"),)),
    Organisation(name="東京大学", names=("Tōkyō University 100%_\\",), ids=(("GRID", "grid.1.a"),)),
]  # fmt: skip
PATH = "/resources/organisations"


@pytest.fixture
def filled(api: Api) -> Api:
    with api.place.service.db.writing() as tx:
        organisations.put_all(tx, api.now, [organisations.fit(one) for one in KNOWN])
    return api


def look(api: Api, query: str, **options: Any) -> Response:
    return api.ask("GET", f"{PATH}?{query}", **options)


def first_ids(answer: Response) -> list[str]:
    return [one["ids"][0]["id"] for one in answer.json()["organisations"]]


def test_what_is_told_is_what_an_item_needs(filled: Api) -> None:
    answer = look(filled, "name=universit%C3%A4t%20lodz")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json() == {
        "organisations": [
            {
                "name": "Universität Łódź",
                "city": "Łódź",
                "region": None,
                "country": "PL",
                "url": None,
                "types": ["education", "funder"],
                "status": "active",
                "ids": [
                    {"source": "ROR", "id": ROR},
                    {"source": "GRID", "id": "grid.77777.1"},
                    {"source": "FUNDREF", "id": FUNDER},
                ],
            }
        ]
    }


BY_NAME = [
    ("name=university of lodz", [ROR, "12345"]),  # called so, led by ROR first
    ("name=LODZ", [OTHER, ROR, "12345"]),  # begins so; who was withdrawn is not suggested
    ("name=lo", [OTHER, ROR, "12345"]),
    ("name=ŁÓDŹ", [OTHER, ROR, "12345"]),
    ("name=lodz univ", [ROR, "12345"]),
    ("name=ul", [ROR, "777", "529900T8BM49AURSDO55"]),  # called so; among the others the active one
    ("name=ulm wasp society", ["529900T8BM49AURSDO55", "777"]),  # called just so
    ("name=東京大学", ["grid.1.a"]),
    ("name=東京", ["grid.1.a"]),
    ("name=tokyo", ["grid.1.a"]),
    ("name=tokyo 100%25_", ["grid.1.a"]),
    ("name=%25", []),
    ("name=_", []),
    ("name=versity", []),
    ("name=bee wasp", []),
    ("name=lodz bee research institute of everything", []),
    ("name=lodz&limit=1", [OTHER]),
]
BY_ID = [
    (f"id={ROR}", [ROR]),
    ("id=ror.org/0beeeee01", [ROR]),
    ("id=0BEEEEE01", [ROR]),
    (f"id={GONE}", [GONE]),
    ("id=grid.77777.1", [ROR]),
    (f"id={FUNDER}", [ROR]),
    ("id=10.13039/501100077777", [ROR]),
    ("id=https://doi.org/10.13039/501100077777", [ROR]),
    ("id=%2012345%20", ["12345"]),
    ("id=grid.77777.2", []),
    ("id=%25", []),
]


def test_found_by_name_or_by_identifier(filled: Api) -> None:
    for query, expected in (*BY_NAME, *BY_ID):
        answer = look(filled, query)
        assert (answer.status, first_ids(answer)) == (200, expected), query


NO_QUESTIONS = ["", "name=", "name=%20", "id=", "name=a&id=b", "name=" + "a" * 301, "name=a&limit=0",
                "name=a&limit=51", "name=%00", "name=a&limit=x", "name=a&limit="]  # fmt: skip


def test_what_is_no_question(api: Api) -> None:
    for query in NO_QUESTIONS:
        answer = look(api, query)
        assert (answer.status, bool(answer.json()["detail"])) == (400, True), query


def test_head_and_rate(filled: Api) -> None:
    head = filled.ask("HEAD", f"{PATH}?name=lodz")
    assert (head.status, head.body) == (200, b"")
    filled.place.service.limits.rate, filled.place.service.limits.burst = 1, 1
    assert [look(filled, "name=lodz").status for _ in range(4)][-1] == 429


def employment(source: str, identifier: str, version: str) -> dict[str, Any]:
    return {
        "organization": {
            "name": "As she calls it",
            "address": {"city": "Łódź", "region": None, "country": "PL"},
            "disambiguated-organization": {
                "disambiguated-organization-identifier": identifier,
                "disambiguation-source": source,
            },
        },
        **({"start-date": {"year": {"value": "2020"}}} if version == "3.0" else {}),
    }


WRITES = [
    ("ROR", ROR, True),
    ("GRID", "grid.77777.1", True),
    ("FUNDREF", FUNDER, True),
    ("RINGGOLD", "12345", True),
    ("LEI", "529900T8BM49AURSDO55", True),
    ("ROR", GONE, True),  # withdrawn since: the identifier stays known
    ("ROR", "https://ror.org/0nobody99", False),
    ("ROR", "0beeeee01", False),
    ("ror", ROR, False),
    ("GRID", ROR, False),
    ("RINGGOLD", "529900T8BM49AURSDO55", False),
    ("FUNDREF", "https://doi.org/10.13039/501100077777", False),
]


def test_items_name_organisations_that_are_known(filled: Api) -> None:
    for version, form, (source, identifier, known) in itertools.product(VERSIONS, FORMS, WRITES):
        body = employment(source, identifier, version)
        answer = filled.post(body, version=version, path="/employment", accept=form)
        if known:
            assert answer.status == 201, answer.text
            number = answer.headers["location"].rpartition("/")[2]
            read = filled.get(f"/employment/{number}").json()["organization"]
            assert read["name"] == "As she calls it"
            assert read["disambiguated-organization"] == {
                "disambiguated-organization-identifier": identifier,
                "disambiguation-source": source,
            }
        else:
            assert told(answer) == (400, 9045)
            assert identifier in answer.text


def test_a_sandbox_may_take_any_organisation(new_database: Callable[..., str], tmp_path: Any) -> None:
    url = new_database("laelia.registry.migrations")
    place = Place(url, tmp_path / "var", unknown_organisations="accept")
    api = Api(place)
    body = employment("ROR", "https://ror.org/0nobody99", "3.0")
    assert api.post(body, path="/employment").status == 201
    del body["organization"]["disambiguated-organization"]
    assert code(api.post(body, path="/employment", accept=JSON)) == 9045
    place.close()
