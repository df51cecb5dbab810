"""What a repository may do to a DOI, over HTTP."""

import base64
import pathlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from laelia.sandbox.doi_registry.metadata import xml_reader
from laelia.sandbox.doi_registry.tables import doi, term
from sandbox.doi_registry.people import GOOD, OTHER, OWNER, SITE


def test_a_draft_needs_only_a_prefix(registry: Any) -> None:
    answer = registry.send("POST", "/dois", {"prefix": "10.5072"})
    assert answer.status == 201
    made = answer.json()["data"]
    assert made["id"].startswith("10.5072/")
    assert made["attributes"]["state"] == "draft"
    assert made["relationships"]["client"]["data"] == {"id": "demo.repo", "type": "clients"}
    assert answer.headers["location"] == f"{SITE}/dois/{made['id']}"
    assert registry.get(f"/dois/{made['id']}").status == 404
    assert registry.get(f"/dois/{made['id']}", OTHER).status == 404
    assert registry.get(f"/dois/{made['id']}", OWNER).status == 200


def test_publishing_makes_it_public(registry: Any) -> None:
    answer = registry.send("POST", "/dois", GOOD | {"event": "publish"})
    assert answer.status == 201, answer.text
    shown = registry.get("/dois/10.5072/GOOD").json()["data"]["attributes"]
    assert shown["state"] == "findable"
    assert shown["isActive"] is True
    assert shown["registered"] is not None
    assert shown["published"] == "2026"
    assert shown["publisher"] == "Demo repository"
    assert shown["creators"][0]["affiliation"] == ["Uppsala"]
    assert shown["types"]["citeproc"] == "dataset"
    full = registry.get("/dois/10.5072/good", params={"affiliation": "true", "publisher": "true"})
    assert full.json()["data"]["attributes"]["creators"][0]["affiliation"] == [{"name": "Uppsala"}]
    assert full.json()["data"]["attributes"]["publisher"] == {"name": "Demo repository"}


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([], "draft"),
        (["hide"], "draft"),
        (["show"], "draft"),
        (["explode"], "draft"),
        (["register"], "registered"),
        (["publish"], "findable"),
        (["register", "publish"], "findable"),
        (["register", "show"], "findable"),
        (["publish", "hide"], "registered"),
        (["publish", "register"], "findable"),
        (["publish", "hide", "publish"], "findable"),
    ],
)
def test_events_move_the_state(registry: Any, events: list[str], state: str) -> None:
    registry.send("POST", "/dois", GOOD)
    for event in events:
        assert registry.send("PUT", "/dois/10.5072/good", {"event": event}).status == 200
    answer = registry.get("/dois/10.5072/good", OWNER).json()["data"]["attributes"]
    assert answer["state"] == state
    assert (registry.get("/dois/10.5072/good").status == 200) == (state == "findable")


def test_the_state_itself_cannot_be_written(registry: Any) -> None:
    answer = registry.send("POST", "/dois", GOOD | {"state": "findable"})
    assert answer.json()["data"]["attributes"]["state"] == "draft"


def test_put_creates_and_then_changes(registry: Any) -> None:
    first = registry.send("PUT", "/dois/10.5072/good", GOOD | {"event": "publish"})
    assert first.status == 201
    registry.clock.advance(1000)
    second = registry.send("PUT", "/dois/10.5072/GOOD", {"titles": [{"title": "Orchids, counted"}]})
    assert second.status == 200
    before, after = first.json()["data"]["attributes"], second.json()["data"]["attributes"]
    assert after["titles"] == [{"title": "Orchids, counted"}]
    assert after["creators"] == before["creators"]
    assert after["created"] == before["created"]
    assert after["updated"] > before["updated"]
    assert after["metadataVersion"] == before["metadataVersion"] + 1
    assert registry.found("counted") == ["10.5072/good"]
    assert registry.found('"counts of orchids"') == []


def test_a_findable_doi_cannot_lose_what_the_schema_requires(registry: Any) -> None:
    registry.publish("10.5072/good")
    answer = registry.send("PUT", "/dois/10.5072/good", {"titles": [], "url": ""})
    assert answer.status == 422
    assert [e["source"] for e in answer.json()["errors"]] == ["url", "titles"]
    assert registry.get("/dois/10.5072/good").json()["data"]["attributes"]["titles"] == GOOD["titles"]


def test_only_drafts_are_deleted(registry: Any) -> None:
    registry.send("POST", "/dois", GOOD)
    assert registry.send("DELETE", "/dois/10.5072/good", {}, OTHER).status == 404
    assert registry.send("DELETE", "/dois/10.5072/good", {}).status == 204
    assert registry.send("DELETE", "/dois/10.5072/good", {}).status == 404
    with registry.service.db.reading() as tx:
        assert tx.execute(sa.select(sa.func.count()).select_from(term)).scalar_one() == 0
    registry.publish("10.5072/good")
    answer = registry.send("DELETE", "/dois/10.5072/good", {})
    assert answer.status == 405
    assert answer.json() == {"errors": [{"status": "405", "title": "Method not allowed"}]}
    assert "PUT" in answer.headers["allow"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_writing_needs_an_account_with_the_prefix(registry: Any, method: str) -> None:
    registry.publish("10.5072/good")
    path = "/dois" if method == "POST" else "/dois/10.5072/good"
    stranger = registry.send(method, path, GOOD | {"doi": "10.5072/new"}, None)
    assert stranger.status == 401
    assert stranger.json() == {"errors": [{"status": "401", "title": "Bad credentials."}]}
    assert stranger.headers["www-authenticate"].startswith("Basic")
    assert registry.send(method, path, GOOD, ("demo.repo", "wrong")).status == 401
    assert registry.send(method, path, GOOD, ("nobody.here", "wrong")).status == 401
    other = registry.send(method, path, GOOD | {"doi": "10.5072/new"}, OTHER)
    assert other.status == 403
    assert other.json()["errors"][0]["title"] == "You are not authorized to access this resource."


def test_wrong_credentials_are_judged_on_reads_too(registry: Any) -> None:
    registry.publish("10.5072/good")
    assert registry.get("/dois/10.5072/good", ("demo.repo", "wrong")).status == 401
    assert registry.get("/dois/10.5072/good", OWNER).headers["x-credential-username"] == "demo.repo"
    assert registry.get("/dois/10.5072/good").headers["x-anonymous-consumer"] == "true"
    # The right password is remembered; a wrong one is still wrong.
    assert registry.get("/dois/10.5072/good", ("demo.repo", "wrong")).status == 401


@pytest.mark.parametrize(
    ("attributes", "source", "title"),
    [
        ({}, "doi", "Can't be blank"),
        ({"doi": "10.5072/a b"}, "doi", "Is invalid"),
        ({"doi": "10.5072/é"}, "doi", "Is invalid"),
        ({"prefix": "5072"}, "doi", "no DOI"),
        ({"doi": "10.5072/x", "creators": {}}, "creators", "array"),
        ({"doi": "10.5072/x", "url": 1}, "url", "not valid"),
        ({"doi": "10.5072/x", "xml": "!!!"}, "xml", "can't be read"),
        ({"doi": "10.5072/x", "xml": base64.b64encode(b"<a/>").decode()}, "xml", "can't be read"),
        (
            {"doi": "10.5072/x", "titles": [], "schemaVersion": "http://datacite.org/schema/kernel-3"},
            "xml",
            "longer",
        ),
        ({"doi": "10.5072/x", "event": "register"}, "creators", "required"),
    ],
)
def test_what_is_wrong_is_said_for_each_attribute(
    registry: Any, attributes: dict[str, Any], source: str, title: str
) -> None:
    answer = registry.send("POST", "/dois", attributes)
    assert answer.status == 422
    errors = {error["source"]: error for error in answer.json()["errors"]}
    assert title in errors[source]["title"]
    with registry.service.db.reading() as tx:
        assert tx.execute(sa.select(sa.func.count()).select_from(doi)).scalar_one() == 0


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b'{"data": []}', b'{"data": {"attributes": 1}}', b"\xff"]
)
def test_a_body_that_is_no_document_is_refused(registry: Any, body: bytes) -> None:
    answer = registry.http.post(f"{SITE}/dois", content=body, auth=OWNER)
    assert answer.status == 400
    assert answer.json()["errors"][0]["status"] == "400"


def test_a_body_above_the_limit_is_refused(registry: Any) -> None:
    answer = registry.http.post(f"{SITE}/dois", content=b" " * (10 * 1024 * 1024 + 1), auth=OWNER)
    assert answer.status == 413


@pytest.mark.parametrize("name", ["10.4229_23rdeupvsec2008_5co.8.3", "10.5063_f1m61h5x"])
def test_old_kernels_are_refused_on_write(registry: Any, documents: pathlib.Path, name: str) -> None:
    xml = base64.b64encode((documents / f"xml/{name}.xml").read_bytes()).decode()
    answer = registry.send("POST", "/dois", {"doi": "10.5072/old", "xml": xml})
    assert answer.status == 422
    assert "is no longer supported" in answer.json()["errors"][0]["title"]


def test_xml_is_kept_as_sent_and_read(registry: Any, documents: pathlib.Path) -> None:
    data = (documents / "xml/lupo_datacite-example-full-v4.7.xml").read_bytes()
    xml = base64.b64encode(data).decode()
    given = {"doi": "10.5072/full", "xml": xml, "url": "https://repository.test/1", "event": "publish"}
    answer = registry.send("POST", "/dois", given)
    assert answer.status == 201, answer.text
    shown = answer.json()["data"]["attributes"]
    assert shown["types"]["resourceTypeGeneral"] == "Presentation"
    assert base64.b64decode(shown["xml"]) == data
    assert registry.get("/dois/10.5072/full", accept="application/vnd.datacite.datacite+xml").body == data
    # Attributes beside it change what is said, so the XML is written anew.
    registry.send("PUT", "/dois/10.5072/full", {"titles": [{"title": "Another"}]})
    written = registry.get("/dois/10.5072/full", accept="application/vnd.datacite.datacite+xml").body
    assert xml_reader.read(written)["titles"] == [{"title": "Another"}]
    assert xml_reader.read(written)["doi"] == "10.5072/full"


def test_content_negotiation(registry: Any) -> None:
    registry.publish("10.5072/good")
    for accept in ("application/vnd.datacite.datacite+json", "application/x-datacite+xml", "text/html", None):
        assert registry.get("/dois/10.5072/good", accept=accept).status == 200
    assert registry.get("/dois/10.5072/good", accept="application/x-bibtex").status == 406
    by_path = registry.get("/dois/application/vnd.datacite.datacite+json/10.5072/good")
    assert by_path.json()["id"] == "https://doi.org/10.5072/good"
    assert by_path.json()["agency"] == "datacite"
    assert registry.get("/application/vnd.datacite.datacite+xml/10.5072/good").body.startswith(b"<?xml")
    assert registry.get("/application/x-bibtex/10.5072/good").status == 406


def test_validation_without_writing(registry: Any) -> None:
    fine = registry.send("POST", "/dois/validate", GOOD)
    assert fine.status == 200
    assert "errors" not in fine.json()
    bad = registry.send("POST", "/dois/validate", GOOD | {"titles": []})
    assert bad.status == 200
    assert bad.json()["errors"][0]["source"] == "titles"
    assert registry.found("", OWNER) == []


def test_six_posts_of_one_doi_make_one(registry: Any) -> None:
    registry.get("/dois", OWNER)  # the password is verified once before the race
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: registry.send("POST", "/dois", GOOD), range(6)))
    assert sorted(answer.status for answer in answers) == [201, *[422] * 5]
    titles = {answer.json()["errors"][0]["title"] for answer in answers if answer.status == 422}
    assert titles == {"This DOI has already been taken"}


def test_the_thin_lists(registry: Any) -> None:
    assert registry.get("/heartbeat").body == b"OK"
    assert [p["id"] for p in registry.get("/prefixes").json()["data"]] == ["10.1234", "10.5072"]
    assert registry.get("/prefixes/10.5072").json()["data"]["attributes"]["prefix"] == "10.5072"
    assert registry.get("/prefixes/10.9999").status == 404
    shown = registry.get("/clients/DEMO.REPO").json()["data"]
    assert shown["attributes"]["symbol"] == "DEMO.REPO"
    assert shown["relationships"]["prefixes"]["data"] == [{"id": "10.5072", "type": "prefixes"}]
    assert registry.get("/repositories/demo.repo").json()["data"]["type"] == "repositories"
    assert registry.get("/clients/nobody.here").status == 404
    assert registry.get("/dois/random").status == 422
    numbered = registry.get("/dois/random", params={"prefix": "10.14454", "number": "123456"})
    assert numbered.json() == {"dois": ["10.14454/003r-j076"]}
