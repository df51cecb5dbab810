"""Who may read and change what: the owner, a stranger, a member with permission, another member, a public
client."""

import pytest

from registry.api.people import FORMS, NOBODY, VERSIONS, Api, put_codes, told, work

THREE = ("public", "limited", "private")


@pytest.fixture
def shown(api: Api) -> dict[str, int]:
    """One work of another member in each visibility, set by Ada."""
    return {visibility: api.add(who=api.other, visibility=visibility) for visibility in THREE}


# Who asks, through which API, and which of the three are seen.
SEEN = [
    ("nobody", "", ("public",)),
    ("public", "", ("public",)),
    ("public", "/pub", ("public",)),
    ("reader", "", ("public",)),
    ("member", "", ("public", "limited")),
    ("member", "/api", ("public", "limited")),
    ("member", "/pub", ("public",)),
    ("other", "", THREE),
    ("other", "/pub", ("public",)),
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("who", "prefix", "seen"), SEEN)
def test_each_sees_what_is_theirs_to_see(
    api: Api, shown: dict[str, int], who: str, prefix: str, seen: tuple[str, ...], version: str
) -> None:
    token = NOBODY if who == "nobody" else getattr(api, who)
    base = f"{prefix}/v{version}/{api.ada}"
    listed = api.ask("GET", f"{base}/works", token)
    assert sorted(put_codes(listed)) == sorted(shown[name] for name in seen)
    for name in THREE:
        for path in (f"/work/{shown[name]}", f"/work/summary/{shown[name]}"):
            assert (api.ask("GET", base + path, token).status == 200) is (name in seen)
    several = ",".join(str(number) for number in shown.values())
    bulk = api.ask("GET", f"{base}/works/{several}", token).json()["bulk"]
    assert ["work" in one for one in bulk] == [name in seen for name in THREE]
    for path in ("", "/record", "/activities"):
        assert api.ask("GET", base + path, token).text.count('"put-code":') == len(seen)


@pytest.mark.parametrize(
    ("who", "visibility", "expected"),
    [
        ("nobody", "limited", (403, 9039)),
        ("nobody", "private", (403, 9039)),
        ("public", "limited", (403, 9039)),
        ("reader", "limited", (403, 9038)),
        ("member", "private", (403, 9013)),
    ],
)
@pytest.mark.parametrize("form", FORMS)
def test_one_item_that_is_not_shown_says_why(
    api: Api, shown: dict[str, int], who: str, visibility: str, expected: tuple[int, int], form: str
) -> None:
    token = NOBODY if who == "nobody" else getattr(api, who)
    assert told(api.get(f"/work/{shown[visibility]}", token, accept=form)) == expected


def test_what_a_client_added_it_sees_whatever_its_scopes_and_visibility(api: Api) -> None:
    number = api.add(visibility="private")
    writer = api.token(api.member_client.id, api.ada, "/activities/update")
    assert api.get(f"/work/{number}", writer).status == 200
    assert put_codes(api.get("/works", writer)) == [number]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("nobody", (401, None)),
        ("public", (401, 9017)),
        ("of_sophie", (401, 9017)),
        ("reader", (403, 9038)),
    ],
)
def test_who_may_not_write_is_told_why_and_nothing_is_stored(
    api: Api, who: str, expected: tuple[int, int | None], version: str
) -> None:
    number = api.add()
    token = NOBODY if who == "nobody" else getattr(api, who)
    before = api.stored()
    assert told(api.post(work(), token, version)) == expected
    assert told(api.post({"bulk": [{"work": work()}]}, token, version, path="/works")) == expected
    assert told(api.put(number, work(**{"put-code": number}), token, version)) == expected
    assert told(api.delete(number, token, version)) == expected
    assert api.stored() == before


@pytest.mark.parametrize(
    ("scope", "post", "change"),
    [
        ("/orcid-works/create", 201, 403),
        ("/orcid-works/update", 201, 200),
        ("/activities/update", 201, 200),
        ("/read-limited", 403, 403),
        ("/person/update", 403, 403),
        ("/affiliations/update", 403, 403),
    ],
)
def test_each_scope_opens_its_own_doors(api: Api, scope: str, post: int, change: int) -> None:
    number = api.add(work("10.5555/mine"))
    token = api.token(api.member_client.id, api.ada, scope)
    assert api.post(work(), token).status == post
    assert api.put(number, work("10.5555/mine", title="New", **{"put-code": number}), token).status == change


@pytest.mark.parametrize("version", VERSIONS)
def test_another_members_item_can_be_read_but_not_touched(api: Api, version: str) -> None:
    number = api.add(who=api.other)
    changed = work(title="Mine now", **{"put-code": number})
    assert told(api.put(number, changed, version=version)) == (403, 9010)
    assert told(api.delete(number, version=version)) == (403, 9010)
    assert api.get(f"/work/{number}").json()["title"]["title"]["value"] == "On bees"


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
