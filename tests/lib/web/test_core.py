"""The path of a request: transactions, errors, limits, headers, logs."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from laelia.lib.database import Database
from laelia.lib.web.core import OPEN, Hooks, Route, json_reply, make_app
from lib.web.service import Service, metadata

SITE = "https://notes.test"


@pytest.fixture
def service(new_database: Any) -> Iterator[Service]:
    database = Database(new_database())
    with database.writing() as tx:
        metadata.create_all(tx)
    service = Service(database)
    yield service
    service.http.close()
    database.dispose()


def test_returning_commits_raising_rolls_back_and_a_refusal_is_remembered(service: Service) -> None:
    answers = [
        service.http.post(SITE + "/api/write", params={"how": each}) for each in ("ok", "raise", "refuse")
    ]
    assert [each.status for each in answers] == [201, 409, 409]
    assert answers[2].json() == {"refused": "refused"}
    assert service.notes() == ["ok", "refuse"]
    assert service.http.post(SITE + "/api/outside").json() == "/api/outside has no transaction (tx=none)"
    assert service.notes()[-1] == "outside"
    assert service.after == [
        ("/api/write", 201),
        ("/api/write", 409),
        ("/api/write", 409),
        ("/api/outside", 200),
    ]


def test_get_cannot_write(service: Service) -> None:
    assert service.http.get(SITE + "/api/read").status == 500
    assert service.notes() == []


def test_a_crash_tells_a_number_and_nothing_else(service: Service, capsys: Any) -> None:
    answer = service.http.post(SITE + "/api/write?how=crash", content=b"my-password")
    assert answer.status == 500
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]
    assert "secret detail" not in answer.text
    assert service.notes() == []
    logged = capsys.readouterr().err
    assert answer.json()["request_id"] in logged
    assert "my-password" not in logged


def test_errors_are_pages_for_people_and_json_for_programs(service: Service) -> None:
    for method, path, status in (("GET", "/nowhere", 404), ("DELETE", "/", 405)):
        html = service.http.request(method, SITE + path, headers={"Accept": "text/html"})
        assert html.status == status
        assert "<h1>" in html.text
        assert html.headers["Content-Type"] == "text/html; charset=utf-8"
        assert service.http.request(method, SITE + path).json()["status"] == status
    assert "POST" in service.http.get(SITE + "/in").headers["Allow"]
    assert service.http.request("OPTIONS", SITE + "/in").status == 200
    assert service.http.get(SITE + "/%2e%2e/%00").status == 404


def test_a_zero_character_is_refused_before_a_database_fails_over_it(service: Service) -> None:
    assert service.http.get(SITE + "/doi/10.1/%00").status == 404
    assert service.http.get(SITE + "/api/read?how=a%00b").status == 400
    assert service.notes() == []


def test_an_unknown_host_is_refused(service: Service) -> None:
    assert service.http.get("https://evil.test/").status == 421


@pytest.mark.parametrize("size", [0, 1, 999, 1000])
def test_bodies_up_to_the_limit_are_taken_declared_or_chunked(service: Service, size: int) -> None:
    body = b"x" * size
    assert service.http.post(SITE + "/api/write", content=body).json() == size
    assert service.http.post(SITE + "/api/write", content=iter([body[:5], body[5:]])).json() == size


def test_larger_bodies_are_413_before_any_transaction(service: Service) -> None:
    assert service.http.post(SITE + "/api/write", content=b"x" * 1001).status == 413
    assert service.http.post(SITE + "/api/write", content=iter([b"x" * 600] * 2)).status == 413
    assert service.notes() == []


def test_a_body_that_ends_early_is_400(service: Service) -> None:
    status = call(service, "POST", "/api/write", body=b"xy", CONTENT_LENGTH="5")[0]
    assert status.startswith("400")


def test_head_is_get_without_a_body(service: Service) -> None:
    head, get = (service.http.request(each, SITE + "/doi/10.1/a/b") for each in ("HEAD", "GET"))
    assert head.status == 200
    assert head.body == b""
    assert head.headers["Content-Length"] == get.headers["Content-Length"]
    assert get.json() == {"prefix": "10.1", "suffix": "a/b"}
    assert service.http.request("HEAD", SITE + "/in").status == 405


def test_a_trailing_slash_and_an_encoded_one(service: Service) -> None:
    assert service.http.get(SITE + "/doi/10.1/a/").json() == {"prefix": "10.1", "suffix": "a"}
    assert service.http.get(SITE + "/doi/10.1/a%2Fb").json() == {"prefix": "10.1", "suffix": "a/b"}


def test_security_headers_and_that_a_handlers_own_win(service: Service) -> None:
    headers = service.http.get(SITE + "/").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "form-action" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"]
    assert headers["Cache-Control"] == "no-store"
    streamed = service.http.get(SITE + "/api/stream")
    assert streamed.headers["Referrer-Policy"] == "no-referrer"
    assert streamed.text == "ab"


def test_static_files_bear_the_hash_of_their_content(service: Service) -> None:
    path = service.browser().open(SITE + "/").all("//link[@rel='stylesheet']/@href")[0]
    answer = service.http.get(SITE + path)
    assert answer.status == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"].startswith("text/css")
    for wrong in ("/static/look.css", "/static/..%2fcore.py", "/static/x"):
        assert service.http.get(SITE + wrong).status == 404


def call(
    service: Service, method: str, path: str, body: bytes = b"", **environ: str
) -> tuple[str, dict[str, Any]]:
    seen: dict[str, Any] = {}
    full: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "notes.test",
        "SERVER_PORT": "443",
        "HTTP_HOST": "notes.test",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        **environ,
    }
    list(service.wsgi(full, lambda status, headers, *_: seen.update(status=status, headers=dict(headers))))
    return seen["status"], full


def test_forwarded_headers_are_believed_from_trusted_proxies_only(service: Service) -> None:
    claims = {
        "HTTP_X_FORWARDED_FOR": "1.2.3.4, 5.6.7.8, 10.0.0.9",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_HOST": "localhost",
    }
    _, seen = call(service, "GET", "/plain", REMOTE_ADDR="10.1.1.1", **claims)
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"], seen["HTTP_HOST"]) == (
        "5.6.7.8",
        "https",
        "localhost",
    )
    _, seen = call(service, "GET", "/plain", REMOTE_ADDR="9.9.9.9", **claims)
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"], seen["HTTP_HOST"]) == (
        "9.9.9.9",
        "http",
        "notes.test",
    )
    assert "HTTP_X_FORWARDED_FOR" not in seen


def test_the_access_log_has_the_template_and_no_secret(service: Service, capsys: Any) -> None:
    service.http.get(SITE + "/doi/10.1/s3cret?token=s3cret", headers={"Authorization": "Bearer s3cret"})
    line = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert line["route"] == "/doi/{prefix}/{suffix:path}"
    assert line["status"] == 200
    assert line["method"] == "GET"
    assert len(line["request_id"]) == 16
    assert "s3cret" not in json.dumps(line)


def test_a_route_without_access_does_not_start(service: Service) -> None:
    def handle(call: Any) -> Any:
        return json_reply(1)

    with pytest.raises(ValueError, match="states no access"):
        make_app(service, [Route("GET", "/x", handle)], Hooks())
    with pytest.raises(ValueError, match="routed twice"):
        make_app(service, [Route("GET", "/x", handle, OPEN), Route("GET", "/x", handle, OPEN)], Hooks())


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"a=%ff"),
        ("application/x-www-form-urlencoded", b"a=1&" * 3000),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b"nonsense"),
    ],
)
def test_a_form_that_cannot_be_read_is_400(service: Service, kind: str, body: bytes) -> None:
    headers = {"Content-Type": kind, "Origin": SITE}
    assert service.http.post(SITE + "/in", content=body, headers=headers).status in (400, 403)
