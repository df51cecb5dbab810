"""Tokens and addresses. Who may read and change what is in `matrix.txt`."""

import pytest

from registry.api.people import Api, put_codes, told, work


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_a_token_that_is_no_good_is_never_nobody_instead(api: Api, method: str) -> None:
    number = api.add()
    expired = api.token(api.member_client.id, api.ada, "/activities/update", expires=api.now - 1)
    path = f"/v3.0/{api.ada}/work" + ("" if method == "POST" else f"/{number}")
    body = work() if method in ("POST", "PUT") else None
    for token in ("unknown-token", expired):
        answer = api.ask(method, path, token, body=body)
        assert answer.status == 401
        assert answer.json()["error"] == "invalid_token"
        assert token not in answer.text
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_token_its_person_revoked_still_removes_what_its_client_added(api: Api) -> None:
    from laelia.registry.grants import consents

    mine, theirs = api.add(), api.add(who=api.other)
    with api.place.service.db.writing() as tx:
        consents.revoke(tx, api.now, api.ada, api.member_client.id)
    assert api.get("/works", api.member).status == 401
    assert api.post(work()).status == 401
    assert told(api.delete(theirs)) == (403, 9010)
    assert api.delete(mine).status == 204


def test_a_token_may_stand_in_the_query_and_the_bare_word_bearer_is_none(api: Api) -> None:
    api.add(visibility="limited")
    assert len(put_codes(api.get(f"/works?access_token={api.member}"))) == 1
    path = f"/v3.0/{api.ada}/works"
    assert put_codes(api.ask("GET", path, headers={"Authorization": "Bearer"})) == []
    assert api.ask("GET", path, headers={"Authorization": "Basic YTpi"}).status == 401


def test_the_member_api_named_outright_needs_a_token_and_the_public_one_takes_no_writes(api: Api) -> None:
    assert api.ask("GET", f"/api/v3.0/{api.ada}/works").status == 401
    assert api.ask("GET", f"/pub/v3.0/{api.ada}/works").status == 200
    assert told(api.ask("POST", f"/pub/v3.0/{api.ada}/work", api.member, body=work())) == (405, 9001)
    made = api.ask("POST", f"/api/v3.0/{api.ada}/work", api.member, body=work())
    assert made.headers["location"].startswith(f"https://registry.test/api/v3.0/{api.ada}/work/")
    assert (
        api.place.http.get(made.headers["location"], headers={"Authorization": f"Bearer {api.member}"}).status
        == 200
    )


def test_a_token_on_behalf_of_another_works_in_3_0_only_and_guards_what_it_added(api: Api) -> None:
    every = ("/read-limited", "/activities/update")
    behalf = api.token(api.member_client.id, api.ada, *every, obo_client_id=api.other_client.id)
    number = api.add(work("10.5555/obo"), behalf)
    source = api.get(f"/work/{number}").json()["source"]
    assert source["source-client-id"]["path"] == api.member_client.id
    assert source["assertion-origin-client-id"]["path"] == api.other_client.id
    assert source["assertion-origin-name"]["value"] == "Other Library"
    assert told(api.get("/works", behalf, version="2.1")) == (403, 9052)
    changed = work("10.5555/obo", title="New", **{"put-code": number})
    assert told(api.put(number, changed)) == (403, 9010)  # the same client, on its own behalf
    assert api.put(number, changed, behalf).status == 200
    assert api.post(work("10.5555/obo")).status == 201  # another source may say the same


def test_texts_that_are_no_token(api: Api) -> None:
    path = f"/v3.0/{api.ada}/works"
    for text in ("%00", "%FF", "%ED%A0%80", "a" * 7000, "%F0%9F%90%9D", "a,b", "%20", "Bearer"):
        answer = api.ask("GET", f"{path}?access_token={text}")
        assert answer.status == 401, text
        assert answer.json()["error"] == "invalid_token"
    for text in ("a" * 7000, "a b", "a,b", '"a"', "%00"):
        assert api.ask("GET", path, headers={"Authorization": f"Bearer {text}"}).status == 401, text


def test_texts_that_are_no_id(api: Api) -> None:
    for text in (
        "0000-0000",
        "%D9%A0000-0002-1825-0097",
        "0000-0002-1825-009x",
        f"{api.ada}%00",
        "%FF",
        "..%2F",
    ):
        for method, path in (("GET", "/record"), ("GET", "/works"), ("POST", "/work"), ("DELETE", "/work/1")):
            who = api.member if method != "GET" else ""
            body = work() if method == "POST" else None
            assert told(api.ask(method, f"/v3.0/{text}{path}", who, body=body)) == (404, 9001), (method, text)
