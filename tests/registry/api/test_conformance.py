"""Judged by ORCID's own files: its samples can be posted, and what is answered is valid by its schemas.

Their client ids and iDs are of orcid.org, so that id_base is, too.
"""

import pathlib
from collections.abc import Callable, Iterator

import pytest
from lxml import etree

from registry.api.people import (
    NOBODY,
    VERSIONS,
    XML,
    Api,
    external_id,
    in_version,
    put_codes,
    work,
)
from registry.place import Place


@pytest.fixture
def api(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Api]:
    url = new_database("laelia.registry.migrations")
    place = Place(url, tmp_path / "var", id_base="https://orcid.org")
    yield Api(place)
    place.close()


def schema(shared: pathlib.Path, version: str, name: str) -> etree.XMLSchema:
    return etree.XMLSchema(
        etree.parse(shared / "orcid" / "xsd" / f"record_{version}" / f"{name}-{version}.xsd")
    )


FULL = {
    "journal-title": {"value": "Bee & Flower"},
    "short-description": "On <dancing>.",
    "citation": {"citation-type": "bibtex", "citation-value": "@article{a}"},
    "publication-date": {"year": {"value": "2020"}, "month": {"value": "02"}, "day": {"value": "29"}},
    "url": {"value": "https://example.org/?a=1&b=2"},
    "language-code": "en",
    "country": {"value": "DE"},
}


@pytest.mark.parametrize("version", VERSIONS)
def test_answers_are_valid_by_orcids_schemas(api: Api, shared_data: pathlib.Path, version: str) -> None:
    ids = [external_id("10.5555/full"), external_id("978-3-16-148410-0", "isbn", "part-of"),
           external_id("not a doi", "doi", "version-of")]  # fmt: skip
    number = api.add({**work(title="Bees", **FULL), "external-ids": {"external-id": ids}})
    api.add(work("10.5555/full"), api.other)
    with api.place.service.db.writing() as tx:
        from laelia.registry.record import people

        people.set_biography(tx, api.now, api.ada, "Keeps bees.", "public")
        people.set_names(tx, api.now, api.ada, given="Ada", family="Lovelace", credit="A. Lovelace")
    table = [
        ("", "record"), ("/record", "record"), ("/person", "person"), ("/personal-details",
        "personal-details"), ("/activities", "activities"), ("/works", "activities"), (f"/work/{number}",
        "work"), (f"/work/summary/{number}", "work"), (f"/works/{number},77777", "bulk"), ("/work/77777",
        "error"),
    ]  # fmt: skip
    for path, name in table:
        for who in (NOBODY, api.member):
            answer = api.get(path, who, version, accept=XML)
            found = schema(shared_data, version, name)
            assert found.validate(etree.fromstring(answer.body)), (path, found.error_log)


@pytest.mark.parametrize("written", VERSIONS)
@pytest.mark.parametrize("read", VERSIONS)
def test_what_is_written_in_one_version_is_read_in_every_other(api: Api, written: str, read: str) -> None:
    answer = api.post(work("10.5555/cross", title="Bees"), version=written)
    number = int(answer.headers["location"].rpartition("/")[2])
    full = api.get(f"/work/{number}", version=read).json()
    assert full["type"] == in_version(work(), read)["type"]
    assert full["title"]["title"]["value"] == "Bees"
    assert put_codes(api.get("/works", version=read)) == [number]
