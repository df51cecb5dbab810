"""The client of the Member API: what it sends, and which problem it makes of every answer."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from laelia.client.orcid import MEDIA, Record, Unavailable
from laelia.client.peer import Peer
from laelia.lib.http import Http
from laelia.model.common import ExternalId
from laelia.model.problems import CATALOGUE, Deprecated, Duplicate, OAuthProblem, Problem
from laelia.model.work import Work, WorkTitle

ORIGIN, ANNA = "https://registry.test", "0000-0002-1825-0097"
WORK = Work(
    title=WorkTitle(title="A title"),
    type="data-set",
    external_ids=[ExternalId(type="doi", value="10.5072/a", relationship="self")],
    visibility="public",
)


class Registry:
    def __init__(self, status: int, body: Any = b"", **headers: str) -> None:
        self.answer, self.asked = (status, body, headers), dict[str, Any]()
        self.record = Record(Peer(Http(apps={ORIGIN: self}), ORIGIN, trusted=True), ANNA, "secret")

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.asked = {
            "verb": environ["REQUEST_METHOD"],
            "path": environ["PATH_INFO"],
            "accept": environ.get("HTTP_ACCEPT"),
            "type": environ.get("CONTENT_TYPE"),
            "authorization": environ.get("HTTP_AUTHORIZATION"),
            "body": json.loads(body) if body else None,
        }
        status, said, headers = self.answer
        start(f"{status} X", [(name.replace("_", "-"), value) for name, value in headers.items()])
        return [said if isinstance(said, bytes) else json.dumps(said).encode()]


def error(code: int, status: int, said: str = "") -> dict[str, Any]:
    return {"response-code": status, "developer-message": said, "user-message": "", "error-code": code}


def test_adding_sends_the_right_types_and_reads_the_location() -> None:
    registry = Registry(201, Location=f"{ORIGIN}/v3.0/{ANNA}/work/77")
    assert registry.record.add_work(WORK) == 77
    assert registry.asked["path"] == f"/v3.0/{ANNA}/work"
    assert (registry.asked["accept"], registry.asked["type"]) == (MEDIA, MEDIA)
    assert registry.asked["authorization"] == "Bearer secret"
    assert registry.asked["body"]["put-code"] is None


def test_changing_carries_the_put_code_and_never_a_visibility() -> None:
    registry = Registry(200, {})
    registry.record.change_work(7, WORK)
    assert (registry.asked["verb"], registry.asked["path"]) == ("PUT", f"/v3.0/{ANNA}/work/7")
    assert (registry.asked["body"]["put-code"], registry.asked["body"]["visibility"]) == (7, None)


def test_bulk_answers_stand_in_their_places() -> None:
    said = "The client has put this here already; put-code 12."
    registry = Registry(200, {"bulk": [{"work": {"put-code": 11}}, {"error": error(9021, 409, said)}]})
    first, second = registry.record.add_works([WORK, WORK])
    assert first == 11
    assert isinstance(second, Duplicate)
    assert second.params["put_code"] == 12


@pytest.mark.parametrize("body", [b"", b"<html>", {"bulk": []}, {"bulk": [{"work": {}}]}, {}])
def test_a_bulk_answer_that_does_not_match_is_no_answer(body: Any) -> None:
    with pytest.raises(Unavailable) as caught:
        Registry(200, body).record.add_works([WORK, WORK])
    assert not caught.value.certain


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_code_comes_back_as_its_own_class(code: int) -> None:
    status = CATALOGUE[code].http
    with pytest.raises(CATALOGUE[code]) as caught:
        Registry(status, error(code, status, "words of the registry")).record.add_work(WORK)
    assert (caught.value.code, caught.value.status) == (code, status)
    assert caught.value.__notes__ == ["words of the registry"]


def test_a_moved_record_names_its_primary() -> None:
    other = "0000-0001-5109-3700"
    for answer in (
        Registry(301, error(9007, 301), Location=f"{ORIGIN}/v3.0/{other}/works"),
        Registry(409, error(9007, 409, f"{ANNA} is deprecated; use https://orcid.org/{other}")),
    ):
        with pytest.raises(Deprecated) as caught:
            answer.record.works()
        assert caught.value.params["primary"] == other


def test_a_refused_token_is_told_in_the_words_of_oauth() -> None:
    with pytest.raises(OAuthProblem) as caught:
        Registry(401, {"error": "invalid_token", "error_description": "gone"}).record.works()
    assert (caught.value.error, caught.value.status) == ("invalid_token", 401)


def test_an_unknown_code_keeps_its_status() -> None:
    with pytest.raises(Problem) as caught:
        Registry(418, error(9999, 418)).record.works()
    assert caught.value.status == 418


@pytest.mark.parametrize(
    ("status", "certain"), [(429, True), (503, True), (404, True), (500, False), (502, False), (504, False)]
)
def test_a_proxys_answer(status: int, certain: bool) -> None:
    with pytest.raises(Unavailable) as caught:
        Registry(status, b"<html>", Retry_After="30").record.add_work(WORK)
    assert (caught.value.certain, caught.value.retry_after) == (certain, 30)


def test_a_created_item_without_an_address_is_settled_later() -> None:
    with pytest.raises(Unavailable) as caught:
        Registry(201).record.add_work(WORK)
    assert not caught.value.certain
