"""The token endpoint, as clients meet it."""

import base64

import pytest

from registry.place import BACK, CHALLENGE, VERIFIER, Place


def test_the_answer_has_orcids_keys_in_orcids_order(place: Place) -> None:
    client = place.member()
    code = place.allow(place.ada, client, until_revoked=True)["code"]
    response = place.redeem(client, code)
    assert response.status == 200
    body = response.json()
    assert list(body) == [
        "access_token",
        "token_type",
        "refresh_token",
        "expires_in",
        "scope",
        "name",
        "orcid",
    ]
    assert body["token_type"] == "bearer"
    assert body["scope"] == "/read-limited /activities/update"
    assert (body["name"], body["orcid"]) == (place.ada.name, place.ada.orcid)
    assert body["expires_in"] in (631138518, 631138519)
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["pragma"] == "no-cache"
    assert "access-control-allow-origin" not in response.headers
    assert "set-cookie" not in response.headers


def test_unticked_gives_an_hour(place: Place) -> None:
    client = place.member()
    body = place.redeem(client, place.allow(place.ada, client)["code"]).json()
    assert body["expires_in"] in (3599, 3600)
    assert place.status_of(body["access_token"]) == 200
    place.clock.advance(3_600_000)
    assert place.status_of(body["access_token"]) == 401


def test_nothing_is_stored_that_opens_anything(place: Place) -> None:
    client = place.member()
    code = place.allow(place.ada, client)["code"]
    body = place.redeem(client, code).json()
    stored = place.everything()
    for secret in (code, body["access_token"], body["refresh_token"], client.secret, place.ada.password):
        assert secret not in stored


def test_a_code_works_once_and_its_copy_ends_the_token(place: Place) -> None:
    client = place.member()
    code = place.allow(place.ada, client, until_revoked=True)["code"]
    first = place.redeem(client, code).json()
    refreshed = place.refresh(client, first["refresh_token"], revoke_old="false").json()
    again = place.redeem(client, code)
    assert (again.status, again.json()["error"]) == (400, "invalid_grant")
    assert code not in again.text
    for token in (first, refreshed):
        assert place.status_of(token["access_token"]) == 401
        assert place.refresh(client, token["refresh_token"]).status == 400
    assert {row.revoked_reason for row in place.rows("token")} == {"code-reuse"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uri": BACK + "/"},
        {"code_verifier": VERIFIER[:-1] + "A"},
        {"code_verifier": None},
        {"scope": "/person/update"},
    ],
)
def test_a_failed_check_spends_the_code_all_the_same(place: Place, wrong: dict) -> None:
    client = place.member()
    code = place.allow(place.ada, client, code_challenge=CHALLENGE, code_challenge_method="S256")["code"]
    right = {"code_verifier": VERIFIER}
    assert place.redeem(client, code, **{**right, **wrong}).status == 400
    assert [row.used is not None for row in place.rows("code")] == [True]
    assert place.redeem(client, code, **right).json()["error"] == "invalid_grant"
    assert place.rows("token") == []


def test_proof_key(place: Place) -> None:
    client = place.member()
    code = place.allow(place.ada, client, code_challenge=CHALLENGE, code_challenge_method="S256")["code"]
    assert place.redeem(client, code, code_verifier=VERIFIER).status == 200
    plain = place.allow(place.ada, place.member(), code_challenge=None)["code"]
    assert place.redeem(client, plain, code_verifier=VERIFIER).status == 400


def test_a_code_is_for_the_client_it_was_given_to(place: Place) -> None:
    client, other = place.member(), place.member(name="Other")
    code = place.allow(place.ada, client)["code"]
    stolen = place.redeem(other, code)
    assert (stolen.status, stolen.json()["error"]) == (400, "invalid_grant")
    assert place.redeem(client, code).status == 400
    assert place.rows("token") == []


def test_a_code_lives_ten_minutes(place: Place) -> None:
    client = place.member()
    code = place.allow(place.ada, client)["code"]
    place.clock.advance(10 * 60_000)
    late = place.redeem(client, code)
    assert (late.status, late.json()["error"]) == (400, "invalid_grant")


def test_the_redirect_uri_may_be_left_out_as_with_orcid(place: Place) -> None:
    client = place.member()
    assert place.redeem(client, place.allow(place.ada, client)["code"], redirect_uri=None).status == 200


def test_less_may_be_taken_than_was_given(place: Place) -> None:
    client = place.member()
    body = place.redeem(client, place.allow(place.ada, client)["code"], scope="/read-limited").json()
    assert body["scope"] == "/read-limited"


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "unsupported_grant_type"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, 400, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "x"}, 400, "invalid_grant"),
        ({"grant_type": "authorization_code", "code": ["x", "y"]}, 400, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "x", "client_secret": "wrong"}, 401, "invalid_client"),
        ({"grant_type": "authorization_code", "code": "x", "client_id": "APP-NONE"}, 401, "invalid_client"),
        ({"grant_type": "authorization_code", "code": "x", "client_id": None}, 401, "invalid_client"),
        ({"grant_type": "refresh_token"}, 400, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, "invalid_grant"),
        ({"grant_type": "client_credentials"}, 400, "invalid_scope"),
        ({"grant_type": "client_credentials", "scope": "/activities/update"}, 400, "invalid_scope"),
        ({"grant_type": "client_credentials", "scope": "/no-such"}, 400, "invalid_scope"),
    ],
)
def test_errors_have_a_body_of_two_keys(place: Place, form: dict, status: int, error: str) -> None:
    client = place.member()
    response = place.post_token({"client_id": client.id, "client_secret": client.secret, **form})
    assert (response.status, response.json()["error"]) == (status, error)
    assert set(response.json()) == {"error", "error_description"}
    assert response.headers["cache-control"] == "no-store"
    assert ("www-authenticate" in response.headers) == (status == 401)


def test_only_forms_by_post(place: Place) -> None:
    assert place.http.post(place.at("/oauth/token"), json={"grant_type": "x"}).status == 415
    assert place.http.get(place.at("/oauth/token")).status == 405


def test_basic_goes_before_the_body(place: Place) -> None:
    client = place.member()
    right = base64.b64encode(f"{client.id}:{client.secret}".encode()).decode()
    form = {
        "grant_type": "client_credentials",
        "scope": "/read-public",
        "client_id": "x",
        "client_secret": "y",
    }
    assert place.post_token(form, {"Authorization": f"Basic {right}"}).status == 200
    for bad in (
        base64.b64encode(b"\xff\xfe:x").decode(),
        "not base64",
        "",
        base64.b64encode(b"nocolon").decode(),
    ):
        form = {"grant_type": "client_credentials", "client_id": client.id, "client_secret": client.secret}
        response = place.post_token(form, {"Authorization": f"Basic {bad}"})
        assert (response.status, response.json()["error"]) == (401, "invalid_client")


def test_client_credentials(place: Place) -> None:
    response = place.credentials(place.public(), "/read-public /activities/update")
    body = response.json()
    assert list(body) == ["access_token", "token_type", "refresh_token", "expires_in", "scope", "orcid"]
    assert (body["scope"], body["orcid"]) == ("/read-public", None)
    assert place.credentials(place.public(), "/webhook").status == 400
    assert (
        place.credentials(place.member(), "/webhook /read-public").json()["scope"] == "/webhook /read-public"
    )


def test_refresh_gives_a_new_pair_and_ends_the_old(place: Place) -> None:
    client = place.member()
    old = place.token(place.ada, client, until_revoked=True)
    new = place.refresh(client, old["refresh_token"]).json()
    assert list(new) == list(old)
    assert new["access_token"] != old["access_token"]
    assert new["refresh_token"] != old["refresh_token"]
    assert (place.status_of(old["access_token"]), place.status_of(new["access_token"])) == (401, 200)
    again = place.refresh(client, old["refresh_token"])
    assert (again.status, again.json()["error"]) == (400, "invalid_grant")


def test_refresh_narrows_and_never_widens_or_lengthens(place: Place) -> None:
    client = place.member()
    old = place.token(place.ada, client, until_revoked=False)
    narrow = place.refresh(
        client, old["refresh_token"], scope="/orcid-works/update", revoke_old="false"
    ).json()
    assert narrow["scope"] == "/orcid-works/update"
    assert (
        place.refresh(client, narrow["refresh_token"], scope="/read-limited").json()["error"]
        == "invalid_scope"
    )
    assert (
        place.refresh(client, old["refresh_token"], expires_in="999999").json()["error"] == "invalid_request"
    )
    short = place.refresh(client, old["refresh_token"], expires_in="60").json()
    assert short["expires_in"] == 60
    place.clock.advance(60_000)
    assert place.status_of(short["access_token"]) == 401
    assert place.refresh(client, short["refresh_token"]).status == 400


def test_another_clients_refresh_token_is_unknown(place: Place) -> None:
    client, other = place.member(), place.member(name="Other")
    token = place.token(place.ada, client)
    assert place.refresh(other, token["refresh_token"]).json()["error"] == "invalid_grant"
    assert place.status_of(token["access_token"]) == 200


@pytest.mark.parametrize("half", ["access_token", "refresh_token"])
def test_revoking_either_half_ends_the_pair(place: Place, half: str) -> None:
    client = place.member()
    token = place.token(place.ada, client)
    response = place.revoke(client, token[half])
    assert (response.status, response.body) == (200, b"")
    assert place.status_of(token["access_token"]) == 401
    assert place.refresh(client, token["refresh_token"]).status == 400
    assert [row.revoked_reason for row in place.rows("token")] == ["client"]


def test_revoking_what_is_not_yours_does_nothing_and_says_nothing(place: Place) -> None:
    client, other = place.member(), place.member(name="Other")
    token = place.token(place.ada, client)
    assert place.revoke(other, token["access_token"]).status == 200
    assert place.revoke(other, "nothing").status == 200
    assert place.status_of(token["access_token"]) == 200
    assert place.revoke(client, "").status == 400


@pytest.mark.parametrize("text", ["nothing", "x" * 5000])
def test_a_bad_token_is_never_anonymous(place: Place, text: str) -> None:
    assert place.status_of(text) == 401
