"""The repository through its API, as a client written for Figshare would use it."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from laelia.sandbox.repository import tables
from sandbox.repository.neighbours import ADA, BOB, WHOLE, Api, World

OWN = "/v2/account/articles"


def published(world: World, api: Api, **more: Any) -> int:
    """An item made and published by the API; the DOIs are registered as well."""
    made = api("POST", OWN, {**WHOLE, "is_metadata_record": True, **more})
    article_id = int(made.json()["entity_id"])
    assert api("POST", f"{OWN}/{article_id}/publish").status == 201
    world.repository.work()
    return article_id


def upload(api: Api, article_id: int, content: bytes, md5: str = "") -> int:
    """Announce, send the parts, complete: the way of Figshare's documentation."""
    announced = {"name": "data.bin", "size": len(content), "md5": md5 or hashlib.md5(content).hexdigest()}
    location = api("POST", f"{OWN}/{article_id}/files", announced).json()["location"]
    begun = api("GET", location).json()
    for part in api("GET", begun["upload_url"]).json()["parts"]:
        piece = content[part["startOffset"] : part["endOffset"] + 1]
        assert api("PUT", f"{begun['upload_url']}/{part['partNo']}", content=piece).status == 200
    assert api("GET", begun["upload_url"]).json()["status"] == "COMPLETED"
    return int(begun["id"])


def test_from_draft_to_doi_with_a_file_in_parts(make_world: Any) -> None:
    world = make_world(part_bytes=10)
    api = world.api(world.token())
    made = api("POST", OWN, WHOLE | {"group_id": 5, "handle": "1/2", "colour": "red"})
    assert made.status == 201
    location = f"https://repository.test{OWN}/1"
    assert made.json() == {
        "entity_id": 1,
        "location": location,
        "warnings": ["colour is not a field of an item.", "handle is not kept by this repository."],
    }
    assert made.headers["location"] == location
    assert api("POST", f"{OWN}/1/reserve_doi").json() == {"doi": "10.5072/laelia.1"}
    content = b"twenty-five bytes of data"
    file_id = upload(api, 1, content)
    assert api("POST", f"{OWN}/1/publish").status == 422  # not completed yet
    assert api("POST", f"{OWN}/1/files/{file_id}").status == 202
    assert api("POST", f"{OWN}/1/publish").status == 201
    world.repository.work()
    anyone = world.api()
    whole = anyone("GET", "/v2/articles/1").json()
    assert whole["doi"] == "10.5072/laelia.1.v1"
    assert whole["authors"][0]["orcid_id"] == ADA[0]
    assert whole["defined_type"] == 3
    assert whole["defined_type_name"] == "dataset"
    assert whole["license"]["name"] == "CC BY 4.0"
    assert "account_id" not in whole
    assert whole["files"][0]["computed_md5"] == hashlib.md5(content).hexdigest()
    assert anyone("GET", whole["files"][0]["download_url"]).body == content
    listed = anyone("GET", "/v2/articles").json()
    assert [each["id"] for each in listed] == [1]
    assert "authors" not in listed[0]
    assert world.registered("10.5072/laelia.1")["sizes"] == ["25 Bytes"]


def test_upload_errors(world: World) -> None:
    api = world.api(world.token())
    api("POST", OWN, WHOLE)
    file_id = upload(api, 1, b"abc", md5="0" * 32)
    refused = api("POST", f"{OWN}/1/files/{file_id}")
    assert refused.status == 400
    assert "checksum" in refused.json()["message"]
    begun = api("GET", f"{OWN}/1/files/{file_id}").json()
    assert api("PUT", f"{begun['upload_url']}/1", content=b"longer").status == 409
    assert api("PUT", f"{begun['upload_url']}/7", content=b"abc").status == 404
    assert api("POST", f"{OWN}/1/files", {"name": "huge", "size": 10**12}).status == 413
    assert api("POST", f"{OWN}/1/files", {}).status == 422
    assert api("DELETE", f"{OWN}/1/files/{file_id}").status == 204
    assert api("GET", f"{OWN}/1/files").json() == []
    api("POST", f"{OWN}/1/files", {"link": "https://example.org/data"})
    assert api("GET", f"{OWN}/1/files").json()[0]["is_link_only"] is True


def test_updates_answer_as_figshare_does(world: World) -> None:
    api = world.api(world.token())
    api("POST", OWN, {"title": "A title"})
    changed = api("PUT", f"{OWN}/1", {"title": "Another title", "categories_by_source_id": ["31"]})
    assert changed.status == 205
    assert changed.headers["location"] == f"https://repository.test{OWN}/1"
    assert api("PATCH", f"{OWN}/1", {"defined_type": "software", "license": 3}).status == 205
    bob = {"name": "Bob Builder", "orcid_id": BOB[0]}
    assert api("POST", f"{OWN}/1/authors", {"authors": [bob]}).status == 205
    now = api("GET", f"{OWN}/1").json()
    assert (now["title"], now["defined_type_name"], now["license"]["name"]) == (
        "Another title",
        "software",
        "MIT",
    )
    assert [each["orcid_id"] for each in now["authors"]] == [ADA[0], BOB[0]]
    assert [each["is_active"] for each in now["authors"]] == [True, False]
    assert api("DELETE", f"{OWN}/1/authors/{now['authors'][1]['id']}").status == 204
    assert api("GET", f"{OWN}/1/categories").json()[0]["source_id"] == "31"
    assert api("DELETE", f"{OWN}/1").status == 204
    assert api("GET", f"{OWN}/1").json()["code"] == "EntityNotFound"


def test_a_published_item_is_not_deleted_and_other_edits_keep_the_version(world: World) -> None:
    api = world.api(world.token())
    article_id = published(world, api)
    assert api("DELETE", f"{OWN}/{article_id}").status == 403
    world.clock.advance(1000)
    api("PUT", f"{OWN}/{article_id}", {"description": "Measured again."})
    api("POST", f"{OWN}/{article_id}/publish")
    assert world.api()("GET", f"/v2/articles/{article_id}/versions").json()[-1]["version"] == 1
    calls = world.doi.calls
    assert world.repository.work() == 2
    assert world.doi.calls == calls + 2
    base = world.registered("10.5072/laelia.1")
    assert base is not None
    assert base["descriptions"][0]["description"] == "Measured again."
    api("POST", f"{OWN}/{article_id}/publish")  # nothing changed, nobody is told
    assert world.repository.work() == 0
    api("PUT", f"{OWN}/{article_id}", {"title": "Not yet public"})
    assert world.api()("GET", f"/v2/articles/{article_id}").json()["title"] == WHOLE["title"]
    assert world.api()("GET", f"/v2/articles/{article_id}/versions/2").status == 404


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        (b"{", 400, "not JSON"),
        (b"{}", 422, "title"),
        (b'{"title":"ab"}', 422, "title"),
        (b'{"title":7}', 422, "title"),
        (b'{"title":"abc","defined_type":"poem"}', 422, "poem"),
        (b'{"title":"abc","license":99}', 400, "licence 99"),
        (b'{"title":"abc","categories":[1]}', 400, "category 1"),
        (b'{"title":"abc","authors":[{"id":99}]}', 400, "author 99"),
        (
            b'{"title":"abc","authors":[{"name":"X","orcid_id":"0009-8000-0000-0013"}]}',
            422,
            "0009-8000-0000-0013",
        ),
        (b'{"title":"abc","related_materials":[{"identifier":"x","relation":"Eats"}]}', 422, "Eats"),
    ],
)
def test_wrong_bodies_are_named_and_store_nothing(world: World, body: bytes, status: int, word: str) -> None:
    api = world.api(world.token())
    refused = api("POST", OWN, content=body)
    assert refused.status == status
    assert set(refused.json()) == {"message", "code", "data"}
    assert word in refused.json()["message"]
    assert api("GET", OWN).json() == []


def test_tokens_are_judged(world: World) -> None:
    anyone = world.api()
    assert anyone("GET", OWN).status == 401
    assert anyone("GET", "/v2/articles", headers={"Authorization": "token nonsense"}).status == 401
    assert anyone("GET", OWN, headers={"Authorization": "Bearer x"}).json()["code"] == "Unauthorized"
    assert anyone("POST", "/v2/token", {"grant_type": "password"}).status == 400
    token = world.token()
    assert anyone("GET", f"/v2/account?access_token={token}").json()["first_name"] == "Ada"
    assert anyone("GET", f"/v2/token?access_token={token}").json()["scope"] == ["all"]
    world.api(token)("POST", OWN, WHOLE)
    bob = world.api(world.token(BOB))
    for method, path in (("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/publish"), ("GET", "/files")):
        assert bob(method, f"{OWN}/1{path}", {} if method == "PUT" else None).status == 404


def test_paging_in_both_styles_and_by_cursor(world: World) -> None:
    api = world.api(world.token())
    for number in range(5):
        published(world, api, title=f"Item number {number}")
        world.clock.advance(60_000)
    anyone = world.api()

    def ids(query: str, **parts: Any) -> list[int]:
        return [each["id"] for each in anyone("GET", f"/v2/articles?{query}", **parts).json()]

    assert ids("page=2&page_size=2") == [3, 2]
    assert ids("limit=2&offset=3") == [2, 1]
    assert ids("order=created_date&order_direction=asc&limit=2") == [1, 2]
    first = anyone("GET", "/v2/articles?limit=3")
    assert ids("limit=3", headers={"X-Cursor": first.headers["x-cursor"]}) == [2, 1]
    assert anyone("GET", "/v2/articles?page=1&limit=2").status == 422
    assert anyone("GET", "/v2/articles?page_size=0").status == 422
    assert anyone("GET", "/v2/articles?order=colour").status == 400
    assert anyone("GET", "/v2/articles?limit=2", headers={"X-Cursor": "?"}).status == 422
    assert ids("doi=10.5072/laelia.3.v1") == [3]
    assert ids("item_type=9") == []
    assert ids("modified_since=2999-01-01") == []


def test_search(world: World) -> None:
    api = world.api(world.token())
    published(world, api, authors=[{"name": "Carl Coauthor", "orcid_id": BOB[0]}])
    published(world, api, title="Leaf area", tags=["leaves"])
    anyone = world.api()

    def found(words: str) -> list[int]:
        answer = anyone("POST", "/v2/articles/search", {"search_for": words, "order_direction": "asc"})
        assert answer.status == 200, answer.text
        return [each["id"] for each in answer.json()]

    assert found(f":orcid: {BOB[0]}") == [1]
    assert found(f":orcid: {ADA[0]}") == [2]
    assert found(":orcid: 0009-8000") == []
    assert found(":title: nectar OR :tag: leaves") == [1, 2]
    assert found("NOT :tag: leaves") == [1]
    assert found('(:author: "carl coauthor" OR :author: nobody) AND nectar') == [1]
    assert found("") == [1, 2]
    assert found("100%_") == []
    for wrong in ("(nectar", ":colour: red", "nectar AND", ":title:"):
        assert anyone("POST", "/v2/articles/search", {"search_for": wrong}).status == 400


def test_the_lists(world: World) -> None:
    anyone = world.api()
    assert {"id": 3, "name": "Dataset"}.items() <= anyone("GET", "/v2/item_types").json()[2].items()
    assert anyone("GET", "/v2/licenses").json()[0]["value"] == 1
    assert anyone("GET", "/v2/categories").json()[0]["source_id"] == "30"
    answer = anyone("GET", "/v2/nothing")
    assert answer.status == 404
    assert set(answer.json()) == {"message", "code", "data"}
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in answer.headers


def test_a_change_while_the_registry_is_told_is_told_as_well(world: World) -> None:
    api = world.api(world.token())
    told = world.doi.app

    def changing(environ: dict[str, Any], start: Any) -> Any:
        world.doi.app = told
        api("PUT", f"{OWN}/1", {"description": "Changed in between."})
        api("POST", f"{OWN}/1/publish")
        return told(environ, start)

    made = api("POST", OWN, {**WHOLE, "is_metadata_record": True})
    assert made.status == 201
    api("POST", f"{OWN}/1/publish")
    world.doi.app = changing
    world.repository.work()
    base = world.registered("10.5072/laelia.1")
    assert base is not None
    assert base["descriptions"][0]["description"] == "Changed in between."
    with world.repository.db.reading() as tx:
        rows = list(tx.execute(tables.doi.select()))
    assert all(row.sent == row.wanted for row in rows)


def test_what_the_doi_registry_refuses_is_kept_to_be_shown(make_world: Any) -> None:
    world = make_world(doi_prefix="10.9999")
    api = world.api(world.token())
    published(world, api)
    with world.repository.db.reading() as tx:
        row = tx.execute(tables.doi.select()).first()
    assert row is not None
    assert row.registered is None
    assert row.trouble.startswith("The DOI registry answered 403: ")
    page = world.sign_in().open("https://repository.test/items/1")
    assert "The DOI registry answered 403" in page.text


def test_two_publications_at_once_make_one_version(world: World) -> None:
    api = world.api(world.token())
    for _ in range(5):
        made = api("POST", OWN, {**WHOLE, "is_metadata_record": True}).json()["entity_id"]
        with ThreadPoolExecutor(4) as pool:
            answers = pool.map(lambda _: api("POST", f"{OWN}/{made}/publish").status, range(4))  # noqa: B023
            assert set(answers) == {201}
        assert len(world.api()("GET", f"/v2/articles/{made}/versions").json()) == 1
