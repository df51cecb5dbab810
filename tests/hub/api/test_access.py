"""Programs come in by client credentials, as far as their scopes go, and not faster than they may."""

import dataclasses

import pytest

from hub.api.desk import Desk, refused
from hub.staff.desk import BY
from laelia.client import hub
from laelia.hub.api import Limits
from laelia.hub.organisations import Clash, programs


def test_a_token_by_header_and_by_form(desk: Desk) -> None:
    answer = desk.token()
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 3600, "read write")
    form = {"grant_type": "client_credentials", "client_id": desk.program.client_id,
            "client_secret": desk.secret, "scope": "read"}  # fmt: skip
    answer = desk.town.everyone.post(desk.town.at("/library/api/token"), data=form)
    assert (answer.status, answer.json()["scope"]) == (200, "read")
    kept = " ".join(
        str(tuple(row)) for table in ("program", "program_token") for row in desk.town.rows(table)
    )
    assert desk.secret not in kept
    assert body["access_token"] not in kept


def test_what_the_token_endpoint_refuses(desk: Desk) -> None:
    where = desk.town.at("/library/api/token")
    answer = desk.token(secret="wrong")
    assert (answer.status, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"].startswith("Basic")
    assert desk.token(client_id="HUB-nobody").json()["error"] == "invalid_client"
    assert desk.token(scope="read admin").json()["error"] == "invalid_scope"
    assert desk.token(grant_type="password").json()["error"] == "unsupported_grant_type"
    assert desk.town.everyone.post(where, json={}).json()["error"] == "invalid_request"
    twice = b"grant_type=client_credentials&grant_type=client_credentials"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert desk.town.everyone.post(where, content=twice, headers=headers).json()["error"] == "invalid_request"
    # It is a program of the library, and of no other place.
    other = desk.town.at("/datacite/api/token")
    data = {"grant_type": "client_credentials"}
    answer = desk.town.everyone.post(other, data=data, auth=(desk.program.client_id, desk.secret))
    assert answer.json()["error"] == "invalid_client"


def test_no_token_a_wrong_one_one_of_elsewhere_and_one_that_is_over(desk: Desk) -> None:
    for token in ("", "wrong"):
        answer = desk.raw("GET", "/people", token=token)
        refused(answer, "token")
        assert answer.headers["www-authenticate"].startswith("Bearer")
    token = desk.token().json()["access_token"]
    elsewhere = desk.town.at("/datacite/api/v1/people")
    assert desk.http.get(elsewhere, headers={"Authorization": f"Bearer {token}"}).status == 401
    assert desk.raw("GET", "/people", token=token).status == 200
    desk.town.clock.advance(3600_000)
    refused(desk.raw("GET", "/people", token=token), "token")


def test_a_scope_that_is_missing(desk: Desk) -> None:
    token = desk.token(scope="read").json()["access_token"]
    body = refused(desk.raw("PUT", "/people/HR-1", {}, token=token), "scope")
    assert "write" in body["detail"]
    assert desk.town.rows("person") == []
    reader, secret = desk.add(name="Dashboard", scopes=["read"])
    assert desk.token(secret, reader.client_id, scope="write").json()["error"] == "invalid_scope"
    client = desk.client(reader.client_id, secret, scopes=("read",))
    assert list(client.people()) == []
    with pytest.raises(hub.Refused) as problem:
        client.put_person("HR-1", email="a@library.example")
    assert problem.value.kind == "scope"


def test_who_is_revoked_is_out_with_the_next_call(desk: Desk) -> None:
    assert list(desk.hub.people()) == []
    with desk.town.hub.db.writing() as tx:
        programs.revoke(tx, desk.town.clock.now(), BY, desk.program)
    with pytest.raises(hub.OAuthRefused):
        list(desk.hub.people())
    assert desk.token().json()["error"] == "invalid_client"


def test_the_client_renews_a_token_that_the_hub_no_longer_takes(desk: Desk) -> None:
    assert list(desk.hub.people()) == []
    desk.town.clock.advance(7200_000)
    assert list(desk.hub.people()) == []


def test_calls_that_come_too_fast(desk: Desk) -> None:
    desk.town.hub.limits = Limits(8, desk.town.clock)
    token = desk.token().json()["access_token"]
    assert desk.raw("GET", "/status", token=token).status == 200
    answer = desk.raw("GET", "/status", token=token)
    refused(answer, "too-many")
    after = int(answer.headers["retry-after"])  # a call each 7.5 seconds, two at once
    desk.town.clock.advance(after * 1000)
    assert desk.raw("GET", "/status", token=token).status == 200
    answer = desk.token()
    assert (answer.status, answer.headers["retry-after"]) == (429, "7")
    unlimited = Limits(0, desk.town.clock)
    assert {unlimited.wait(1) for _ in range(1000)} == {None}


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://hr.test/orcid", True), ("https://hr.test/orcid/", True), ("https://HR.test/orcid", True),
        ("https://hr.test/orcid/7?person=HR-7", True), ("https://hr.test/orcid?a=1", True),
        ("https://hr.test/orcidevil", False), ("https://hr.test/", False), ("http://hr.test/orcid", False),
        ("https://hr.test.evil.test/orcid", False), ("https://hr.test@evil.test/orcid", False),
        ("https://hr.test:8443/orcid", False), ("https://hr.test/orcid/../admin", False),
        ("https://hr.test/orcid#x", False), ("//hr.test/orcid", False),
        ("https://hr.test\\@evil.test", False),
    ],
)  # fmt: skip
def test_where_a_session_may_lead_back_to(url: str, may: bool) -> None:
    fields = {field.name: None for field in dataclasses.fields(programs.Program)}
    one = programs.Program(**{**fields, "return_urls": ("https://hr.test/orcid",)})  # type: ignore[arg-type]
    assert one.may_return(url) is may


def test_return_addresses_that_are_none(desk: Desk) -> None:
    for url in ("http://hr.test/orcid", "https://hr.test/?x=1", "javascript:alert(1)", "https://a@hr.test/"):
        with pytest.raises(Clash):
            desk.add(return_urls=[url])
    assert desk.add(return_urls=["http://localhost:9000/back"])[0].return_urls == (
        "http://localhost:9000/back",
    )
