"""Addresses, versions, caching, the call log: what surrounds the documents."""

import itertools
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

from laelia.lib.http import Http
from laelia.registry import access
from laelia.registry.api import routes
from laelia.registry.edge import Door, Hosts
from registry.api.people import JSON, VERSIONS, Api, put_codes, told, work
from registry.place import Place


class TestCache:
    def test_an_unchanged_answer_is_304_and_a_changed_one_is_not(self, api: Api) -> None:
        first = api.get("/works")
        tag = first.headers["etag"]
        assert first.headers["cache-control"] == "public, no-cache"
        assert first.headers["vary"] == "Accept, Authorization"
        same = api.get("/works", headers={"If-None-Match": f'"x", W/{tag}'})
        assert (same.status, same.body, same.headers["etag"]) == (304, b"", tag)
        assert api.get("/works", accept="application/xml").headers["etag"] != tag
        assert api.get("/works", version="2.1").headers["etag"] != tag
        api.add()
        fresh = api.get("/works", headers={"If-None-Match": tag})
        assert fresh.status == 200
        assert fresh.headers["etag"] != tag

    @pytest.mark.parametrize("path", ["", "/record", "/works", "/activities"])
    def test_nothing_that_changes_stays_in_the_cache(self, api: Api, path: str) -> None:
        seen = [api.get(path).text]
        number = api.add(work("10.5555/c"))
        seen.append(api.get(path).text)
        api.put(number, work("10.5555/c", title="Changed", **{"put-code": number}))
        seen.append(api.get(path).text)
        api.show(number, "private")
        seen.append(api.get(path).text)
        api.show(number, "public")
        seen.append(api.get(path).text)
        api.delete(number)
        seen.append(api.get(path).text)
        for before, after in itertools.pairwise(seen):
            assert before != after
        assert "Changed" not in seen[3]
        api.set_record(state="locked")
        assert told(api.get(path)) == (409, 9018)

    def test_answers_to_a_token_are_nobody_elses(self, api: Api) -> None:
        api.add(visibility="limited")
        assert api.get("/works", api.member).headers["cache-control"] == "private, no-store"
        assert api.get("/works").json()["group"] == []
        assert "etag" not in api.get("/works", api.public).headers

    def test_the_cache_keeps_to_its_bytes(self, api: Api) -> None:
        cache = api.place.service.cache
        cache.limit = 3000
        for path in ("", "/record", "/person", "/works", "/activities", "/personal-details"):
            for version in VERSIONS:
                assert api.get(path, version=version, accept="application/xml").status == 200
        assert 0 < cache.size <= 3000


class TestAddresses:
    def test_a_path_without_version_leads_to_3_0_with_its_query(self, api: Api) -> None:
        answer = api.ask("GET", f"/{api.ada}/works?a=1&b=2")
        assert answer.status == 302
        assert answer.headers["location"] == f"https://registry.test/v3.0/{api.ada}/works?a=1&b=2"

    def test_what_leads_on_writes_no_header_of_its_own(self, api: Api) -> None:
        for path in (f"/{api.ada}/a%0d%0aSet-Cookie:b", "/client/a%0d%0aSet-Cookie:b"):
            assert api.ask("GET", path).headers["location"].endswith("a%0D%0ASet-Cookie:b")

    @pytest.mark.parametrize(
        "path", ["/identifiers?locale=en", "/client/APP-1", "/group-id-record?page=2", "/group-id-record/7"]
    )
    def test_the_registers_without_version_lead_there_too(self, api: Api, path: str) -> None:
        answer = api.ask("GET", path)
        assert (answer.status, answer.headers["location"]) == (302, f"https://registry.test/v3.0{path}")
        assert told(api.ask("PUT", path.partition("?")[0], api.member, body={})) == (400, 9012)

    def test_a_write_without_version_is_refused(self, api: Api) -> None:
        assert told(api.ask("POST", f"/{api.ada}/work", api.member, body=work())) == (400, 9012)

    @pytest.mark.parametrize(
        ("asked", "instead"),
        [("2.0_rc2", "2.0"), ("2.1_rc1", "2.1"), ("3.0_rc1", "3.0"), ("1.2", "3.0"), ("9", "3.0")],
    )
    def test_a_retired_version_leads_to_its_successor(self, api: Api, asked: str, instead: str) -> None:
        answer = api.ask("GET", f"/v{asked}/{api.ada}/works?x=1")
        assert told(answer) == (308, 9056)
        assert answer.headers["location"] == f"https://registry.test/v{instead}/{api.ada}/works?x=1"

    def test_a_foreign_host_is_421(self, api: Api) -> None:
        apps = {"https://evil.test": api.place.service.wsgi}
        answer = Http(apps=apps).get(f"https://evil.test/v3.0/{api.ada}/works", headers={"Accept": JSON})
        assert answer.status == 421

    def test_on_this_machine_all_its_names_will_do(self) -> None:
        hosts = Hosts(("http://localhost:8000", "https://registry.example.org"))
        assert hosts.known == {"localhost:8000", "127.0.0.1:8000", "::1:8000", "registry.example.org"}
        assert not hosts.needs_https("127.0.0.1:8000")
        assert hosts.needs_https("registry.example.org")

    def test_plain_http_is_refused(self, api: Api) -> None:
        apps = {"http://registry.test": api.place.service.wsgi}
        answer = Http(apps=apps).get(f"http://registry.test/v3.0/{api.ada}/works", headers={"Accept": JSON})
        assert told(answer) == (400, 9012)

    def test_hosts_of_their_own_decide_which_api_is_meant(
        self, new_database: Callable[..., str], tmp_path: pathlib.Path
    ) -> None:
        hosts = {"api_url": "https://api.test", "pub_url": "https://pub.test", "id_base": "https://id.test"}
        place = Place(new_database("laelia.registry.migrations"), tmp_path / "var", **hosts)
        api = Api(place)
        http = Http(apps={f"https://{name}.test": place.service.wsgi for name in ("api", "pub", "registry")})
        path = f"/v3.0/{api.ada}/works"
        bearer = {"Authorization": f"Bearer {api.member}", "Accept": JSON}
        number = api.add(visibility="limited")
        assert http.get(f"https://api.test{path}", headers=bearer).json()["group"] != []
        assert http.get(f"https://api.test{path}", headers={"Accept": JSON}).status == 401
        assert http.get(f"https://pub.test{path}", headers=bearer).json()["group"] == []
        refused = http.request("DELETE", f"https://pub.test/v3.0/{api.ada}/work/{number}", headers=bearer)
        assert told(refused) == (405, 9001)
        record = http.get(f"https://pub.test/v3.0/{api.ada}", headers={"Accept": JSON}).json()
        assert record["orcid-identifier"] == {
            "uri": f"https://id.test/{api.ada}",
            "path": api.ada,
            "host": "id.test",
        }
        place.close()

    def test_any_page_may_read_the_api(self, api: Api) -> None:
        assert api.get("/works").headers["access-control-allow-origin"] == "*"
        asked = api.ask("OPTIONS", f"/v3.0/{api.ada}/work")
        assert "Authorization" in asked.headers["access-control-allow-headers"]


def test_head_answers_as_get_without_a_body(api: Api) -> None:
    answer = api.ask("HEAD", f"/v3.0/{api.ada}/record")
    assert (answer.status, answer.body) == (200, b"")


def test_every_door_states_its_lock() -> None:
    """Reading is open to all and filtered item by item; what writes names its scopes."""
    for route in routes:
        if route.method in ("POST", "PUT", "DELETE") and isinstance(route.access, Door):
            assert route.access.scopes, route.path
            assert all(scope in access.IMPLIES for scope in route.access.scopes)


def test_the_call_log_keeps_who_did_what_and_nothing_they_said(api: Api) -> None:
    number = api.add(work("10.5555/secret-doi"))
    api.get(f"/work/{number}?access_token={api.member}")
    api.post(work("10.5555/secret-doi"))
    api.get("/works")  # nobody's
    api.place.service.work()
    rows: list[Any] = api.place.rows("call_log")
    assert [(row.method, row.path, row.status, row.error_code) for row in rows] == [
        ("POST", "/v3.0/{orcid}/work", 201, None),
        ("GET", "/v3.0/{orcid}/work/{put_code}", 200, None),
        ("POST", "/v3.0/{orcid}/work", 409, 9021),
    ]
    assert {(row.client_id, row.orcid) for row in rows} == {(api.member_client.id, api.ada)}
    assert "secret-doi" not in str(rows)
    assert api.member not in str(rows)
    api.place.service.calls.sweep(api.now + 31 * 86_400_000)
    assert api.place.rows("call_log") == []


class TestShortWay:
    """A kept answer goes past the framework; nobody can tell, except by the time it takes."""

    def test_both_ways_answer_the_same(self, api: Api) -> None:
        api.add()
        for accept in (JSON, "application/xml", "application/vnd.orcid+json", None):
            for path in ("", "/works", "/person"):
                first, second = (api.get(path, accept=accept) for _ in range(2))
                assert second.body == first.body
                drop = ("x-request-id",)
                assert {n: v for n, v in second.headers.items() if n not in drop} == {
                    n: v for n, v in first.headers.items() if n not in drop
                }

    def test_it_is_not_for_a_token_a_query_or_another_host(self, api: Api) -> None:
        number = api.add(visibility="limited")
        for _ in range(3):
            assert put_codes(api.get("/works")) == []
        assert put_codes(api.get("/works", api.member)) == [number]
        assert put_codes(api.get(f"/works?access_token={api.member}")) == [number]
        assert api.get("/works", "no-such-token").status == 401
        apps = {"https://evil.test": api.place.service.wsgi}
        foreign = Http(apps=apps).get(f"https://evil.test/v3.0/{api.ada}/works", headers={"Accept": JSON})
        assert foreign.status == 421

    def test_it_counts_against_the_rate_as_well(self, api: Api) -> None:
        limits = api.place.service.limits
        limits.rate, limits.burst = 1, 4
        statuses = [api.get("/works").status for _ in range(12)]
        assert statuses[:3] == [200, 200, 200]
        assert statuses[-1] == 429
        assert api.get("/works").headers["retry-after"] == "1"
        assert api.get("/works", api.member).status == 200
