"""What programs send by mistake and others on purpose: it is refused, with an answer that is described, on
both databases alike."""

from typing import Any
from urllib.parse import quote

import pytest

from registry.api.people import JSON, NOBODY, Api, code, external_id, told, work

NUL = "a\x00b"
ORGANISATION = {
    "name": NUL,
    "address": {"city": NUL, "country": "DE"},
    "disambiguated-organization": {
        "disambiguated-organization-identifier": NUL,
        "disambiguation-source": "ROR",
    },
}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/work", work(title=NUL)),
        ("/work", work("10.5555/x\x00")),
        ("/work", {**work(), "external-ids": {"external-id": [external_id("1", kind=NUL)]}}),
        ("/work", {**work(), NUL: 1}),
        ("/employment", {"organization": ORGANISATION}),
        ("/keywords", {"content": NUL}),
    ],
)
def test_no_text_holds_the_character_that_xml_and_databases_lack(api: Api, path: str, body: Any) -> None:
    who = api.token(api.member_client.id, api.ada, "/activities/update", "/person/update")
    answer = api.ask("POST", f"/v3.0/{api.ada}{path}", who, body=body)
    assert told(answer) in ((400, 9001), (400, 9047))
    assert api.stored() == 0


def test_a_backslash_before_u0000_is_text_as_any_other(api: Api) -> None:
    number = api.add(work(title="a\\u0000b"))
    assert api.get(f"/work/{number}").json()["title"]["title"]["value"] == "a\\u0000b"


@pytest.mark.parametrize(
    "odd",
    [
        "%00",
        "1%00",
        "%ff",
        "%ed%a0%80",
        "1%2f2",
        "..%2f..",
        "1;2",
        "%e2%80%ae",
        "-0",
        "+1",
        "1e3",
        "１",
        "%20",
    ],
)
def test_odd_paths_lead_nowhere(api: Api, odd: str) -> None:
    for who in (NOBODY, api.member):
        for path in (f"/work/{odd}", f"/works/1,{odd}", f"/{odd}"):
            assert api.get(path, who).status in (400, 404)
        assert api.ask("GET", f"/v3.0/{odd}/works", who).status == 404
    assert api.delete(odd).status in (400, 404)


@pytest.mark.parametrize("query", ["a=%00", "%00", "a=%ff", "access_token=%00", "&&=&;", "a" * 7000])
def test_odd_queries_are_passed_over_or_refused(api: Api, query: str) -> None:
    assert api.get(f"/works?{query}").status in (200, 400, 401)


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "/"},
        {"Accept": "application/json;q=x, */*;q=-1"},
        {"Accept": "," * 500},
        {"If-None-Match": '"'},
        {"Authorization": "Bearer " + "x" * 3000},
        {"Authorization": "Basic YTpi"},
        {"Content-Type": "application/json; charset=klingon"},
        {"Content-Type": ";;;"},
    ],
    ids=str,
)
def test_odd_headers(api: Api, headers: dict[str, str]) -> None:
    assert api.get("/works", accept=None, headers=headers).status in (200, 401, 406)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"title":' * 2000 + b"1" + b"}" * 2000,
        b'{"put-code": 1e400}',
        b'{"put-code": %s}' % (b"9" * 400),
        b"\xff\xfe{}",
        b'{"title": "\\ud800"}',
        b"null",
        b'{"a": NaN}',
    ],
    ids=range(8),
)
def test_odd_json(api: Api, body: bytes) -> None:
    answer = api.post(body, kind=JSON)
    assert (answer.status, code(answer)) in ((400, 9001), (400, 9047))


@pytest.mark.parametrize("path", ["/verify-email/%00", "/%00", "/%ff"])
def test_pages_too(api: Api, path: str) -> None:
    browser = api.place.browser(api.place.ada)
    assert browser.open(api.place.at(path)).status == 404


def test_a_form_too(api: Api) -> None:
    body = f"name={quote(NUL)}&password=x".encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert api.place.http.post(api.place.at("/oauth/token"), content=body, headers=headers).status == 400
