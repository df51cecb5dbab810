"""Asking a registry's search, for tests: with the people of town_of_many.py in it."""

from urllib.parse import urlencode

import pytest

from laelia.lib.http import Response
from registry.place import Place
from registry.search.town_of_many import settle


@pytest.fixture(scope="module")
def ids(town: Place) -> dict[str, str]:
    return settle(town)


def get(town: Place, path: str, accept: str, **query: object) -> Response:
    address = town.at(f"{path}?{urlencode(query)}")
    return town.http.get(address, headers={"Accept": accept})


def from_json(answer: Response) -> list[str]:
    return [one["orcid-identifier"]["path"] for one in answer.json()["result"] or []]
