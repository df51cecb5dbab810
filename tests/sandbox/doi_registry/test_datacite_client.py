"""The package `datacite` of Python's index, as it is, against this registry over the network: what a
repository does with DataCite's test system it can do here."""

from collections.abc import Iterator
from typing import Any

import pytest

from browser.conftest import served
from sandbox.doi_registry.people import GOOD, OTHER, OWNER

datacite = pytest.importorskip("datacite")
errors = pytest.importorskip("datacite.errors")

METADATA: dict[str, Any] = {name: value for name, value in GOOD.items() if name not in ("doi", "url")} | {
    "schemaVersion": "http://datacite.org/schema/kernel-4"
}
URL = "https://repository.test/items/1"


@pytest.fixture
def site(registry: Any) -> Iterator[str]:
    with served(registry.service.wsgi) as origin:
        yield origin


@pytest.fixture
def client(site: str) -> Any:
    return datacite.DataCiteRESTClient(*OWNER, "10.5072", url=site, timeout=30)


def metadata(**more: Any) -> dict[str, Any]:
    """Anew each time: the client writes into what it is given."""
    return {**METADATA, **more}


def test_a_draft_is_made_changed_published_and_drafts_alone_are_deleted(registry: Any, client: Any) -> None:
    drafted = client.draft_doi(metadata())
    assert drafted.startswith("10.5072/")
    assert client.get_metadata(drafted)["state"] == "draft"
    named = client.draft_doi(doi="named")
    assert named == "10.5072/named"
    client.delete_doi(named)
    with pytest.raises(errors.DataCiteNotFoundError):
        client.get_metadata(named)
    attributes = client.update_doi(drafted, metadata(event="publish"), url=URL)
    assert (attributes["state"], attributes["url"]) == ("findable", URL)
    assert registry.found() == [drafted]
    with pytest.raises(errors.DataCiteServerError):
        client.delete_doi(drafted)  # 405, as DataCite answers; the client knows no class for it


def test_a_doi_of_its_own_choice_and_one_made_for_it(registry: Any, client: Any) -> None:
    given = client.public_doi(metadata(), URL, doi="10.5072/Given")
    assert given == "10.5072/given"
    made = client.public_doi(metadata(titles=[{"title": "Another"}]), f"{URL}/2")
    assert sorted(registry.found()) == sorted([given, made])
    assert client.get_doi(given) == URL
    assert client.update_url(given, f"{URL}?moved") == f"{URL}?moved"
    assert client.get_doi(given) == f"{URL}?moved"
    changed = client.update_doi(given, metadata(titles=[{"title": "Changed"}]))
    assert changed["titles"] == [{"title": "Changed"}]
    assert client.get_metadata(given)["titles"] == [{"title": "Changed"}]
    with pytest.raises(errors.DataCiteError):
        client.public_doi(metadata(), URL, doi="10.5072/given")  # taken
    with pytest.raises(ValueError, match="prefix"):
        client.check_doi("10.9999/x")


def test_hidden_and_shown(registry: Any, client: Any) -> None:
    doi = client.public_doi(metadata(), URL, doi="10.5072/x")
    assert client.hide_doi(doi)["state"] == "registered"
    assert registry.found() == []
    assert client.get_metadata(doi)["state"] == "registered"  # its owner still sees it
    assert client.show_doi(doi)["state"] == "findable"
    assert registry.found() == [doi]
    private = client.private_doi(metadata(), URL, doi="10.5072/y")
    assert client.get_metadata(private)["state"] == "registered"
    assert registry.found() == [doi]


def test_what_is_refused_comes_as_the_client_s_own_errors(site: str, client: Any) -> None:
    wrong = datacite.DataCiteRESTClient(OWNER[0], "guessed", "10.5072", url=site)
    with pytest.raises(errors.DataCiteUnauthorizedError):
        wrong.public_doi(metadata(), URL)
    stranger = datacite.DataCiteRESTClient(*OTHER, "10.5072", url=site)
    with pytest.raises(errors.DataCiteForbiddenError):
        stranger.public_doi(metadata(), URL, doi="10.5072/x")
    with pytest.raises(errors.DataCiteError, match="title"):
        client.public_doi(metadata(titles=[]), URL)
    with pytest.raises(errors.DataCiteNotFoundError):
        client.get_doi("10.5072/nothing")


DOCUMENT: dict[str, Any] = {
    "creators": [{"name": "Ekelund, Maja", "nameType": "Personal"}],
    "titles": [{"title": "Counts of orchids"}],
    "publicationYear": "2026",
    "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Table"},
    "identifiers": [{"identifier": "counts-1", "identifierType": "local"}],
    "dates": [{"date": "2026-03-01", "dateType": "Issued"}],
    "language": "en",
    "version": "1.0",
    "sizes": ["3 MB"],
    "descriptions": [{"description": "Counts.", "descriptionType": "Abstract"}],
    "relatedIdentifiers": [
        {
            "relatedIdentifier": "10.5072/old",
            "relatedIdentifierType": "DOI",
            "relationType": "IsNewVersionOf",
        }
    ],
    "schemaVersion": "http://datacite.org/schema/kernel-4",
}


@pytest.mark.parametrize(("name", "publisher"), [("schema43", "Demo"), ("schema45", {"name": "Demo"})])
def test_what_its_schemas_take_is_taken_here(client: Any, name: str, publisher: Any) -> None:
    schema = pytest.importorskip(f"datacite.{name}")
    document = {**DOCUMENT, "publisher": publisher}
    if name == "schema45":
        document["alternateIdentifiers"] = [
            {"alternateIdentifier": "c-1", "alternateIdentifierType": "local"}
        ]
        del document["identifiers"]
    assert list(schema.validator.iter_errors(document)) == []
    kept = client.get_metadata(client.public_doi(document, URL))
    for field in ("titles", "dates", "descriptions"):
        assert kept[field][0].items() >= DOCUMENT[field][0].items(), field
    for field in ("sizes", "version", "language"):
        assert kept[field] == DOCUMENT[field], field
    assert kept["relatedIdentifiers"][0]["relationType"] == "IsNewVersionOf"
    assert kept["publisher"] == "Demo"
