"""The client of a record: what it sends, and which problem it makes of every answer."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from laelia.client import orcid
from laelia.client.orcid import Unavailable
from laelia.client.orcid.api import MEDIA
from laelia.codec import xml
from laelia.lib.http import Http
from laelia.model.affiliation import Distinction, DistinctionSummary
from laelia.model.common import ExternalId, Item
from laelia.model.language import V2_1, V3_0
from laelia.model.other import Error
from laelia.model.person import Email
from laelia.model.problems import CATALOGUE, Deprecated, Duplicate, OAuthProblem, Problem
from laelia.model.work import Work, WorkSummary, WorkTitle

ORIGIN, ANNA = "https://registry.test", "0000-0002-1825-0097"
WORK = Work(
    title=WorkTitle(title="A title"),
    type="data-set",
    external_ids=[ExternalId(type="doi", value="10.5072/a", relationship="self")],
    visibility="public",
)


class Registry:
    """Answers everything alike and keeps what it was asked."""

    def __init__(self, status: int, body: Any = b"", **headers: str) -> None:
        self.answer, self.asked = (status, body, headers), dict[str, Any]()
        self.registry = orcid.Registry(orcid.at(ORIGIN), http=Http(apps={ORIGIN: self}))
        self.record = self.registry.record(ANNA, "secret")

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
    assert registry.record.add(WORK) == 77
    assert registry.asked["path"] == f"/v3.0/{ANNA}/work"
    assert (registry.asked["accept"], registry.asked["type"]) == (MEDIA["json"], MEDIA["json"])
    assert registry.asked["authorization"] == "Bearer secret"
    assert registry.asked["body"]["put-code"] is None


def test_changing_carries_the_put_code_and_never_a_visibility() -> None:
    registry = Registry(200, {})
    registry.record.change(WORK, 7)
    assert (registry.asked["verb"], registry.asked["path"]) == ("PUT", f"/v3.0/{ANNA}/work/7")
    assert (registry.asked["body"]["put-code"], registry.asked["body"]["visibility"]) == (7, None)


def test_bulk_answers_stand_in_their_places() -> None:
    said = "The client has put this here already; put-code 12."
    registry = Registry(200, {"bulk": [{"work": {"put-code": 11}}, {"error": error(9021, 409, said)}]})
    first, second = registry.record.add_all([WORK, WORK])
    assert first == 11
    assert isinstance(second, Duplicate)
    assert second.params["put_code"] == 12


def test_in_xml_the_other_types_are_sent() -> None:
    registry = Registry(200, xml.encode(WORK, V2_1))
    record = orcid.Registry(orcid.at(ORIGIN), "secret", V2_1, "xml", http=registry.registry.http).record(ANNA)
    assert record.get(Work, 7).title == WORK.title
    assert registry.asked["path"] == f"/v2.1/{ANNA}/work/7"
    assert (registry.asked["accept"], registry.asked["type"]) == (MEDIA["xml"], None)


def test_the_summary_of_a_record_is_a_view_of_its_own() -> None:
    registry = Registry(200, {"orcid-identifier": {"path": ANNA}, "works": {"self-asserted-count": 3}})
    found = registry.record.summary()
    assert registry.asked["path"] == f"/v3.0/{ANNA}/summary"
    assert found.works is not None
    assert found.works.self_asserted_count == 3


@pytest.mark.parametrize("body", [b"", b"<html>", {"bulk": []}, {"bulk": [{"work": {}}]}, {}])
def test_a_bulk_answer_that_does_not_match_is_no_answer(body: Any) -> None:
    with pytest.raises(Unavailable) as caught:
        Registry(200, body).record.add_all([WORK, WORK])
    assert not caught.value.certain


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_code_comes_back_as_its_own_class(code: int) -> None:
    status = CATALOGUE[code].http
    with pytest.raises(CATALOGUE[code]) as caught:
        Registry(status, error(code, status, "words of the registry")).record.add(WORK)
    assert (caught.value.code, caught.value.status) == (code, status)
    assert caught.value.__notes__ == ["words of the registry"]


def test_a_moved_record_names_its_primary() -> None:
    other = "0000-0001-5109-3700"
    for answer in (
        Registry(301, error(9007, 301), Location=f"{ORIGIN}/v3.0/{other}/works"),
        Registry(409, error(9007, 409, f"{ANNA} is deprecated; use https://orcid.org/{other}")),
    ):
        with pytest.raises(Deprecated) as caught:
            answer.record.section(WorkSummary)
        assert caught.value.params["primary"] == other


def test_a_refused_token_is_told_in_the_words_of_oauth() -> None:
    with pytest.raises(OAuthProblem) as caught:
        Registry(401, {"error": "invalid_token", "error_description": "gone"}).record.section(WorkSummary)
    assert (caught.value.error, caught.value.status) == ("invalid_token", 401)


def test_an_unknown_code_keeps_its_status() -> None:
    with pytest.raises(Problem) as caught:
        Registry(418, error(9999, 418)).record.section(WorkSummary)
    assert caught.value.status == 418


@pytest.mark.parametrize("code", [9016, 9021])
def test_an_error_in_xml_is_the_same_error(code: int) -> None:
    error = Error(response_code=409, developer_message="it has put-code 12", error_code=code)
    plain = xml.encode(error, V3_0).replace(b"error:", b"").replace(b"xmlns:error=", b"xmlns=")
    for body in (xml.encode(error, V3_0), plain):
        with pytest.raises(CATALOGUE[code]) as caught:
            Registry(409, body).record.get(Work, 12)
        assert (caught.value.status, caught.value.params["put_code"]) == (409, 12)
        assert orcid.said(caught.value) == "it has put-code 12"


@pytest.mark.parametrize(
    ("status", "certain"), [(429, True), (503, True), (404, True), (500, False), (502, False), (504, False)]
)
@pytest.mark.parametrize("body", [b"<html>", b"<!DOCTYPE html><html>", b"Slow down", b"", b"[]", b"<error/>"])
def test_a_proxys_answer(status: int, certain: bool, body: bytes) -> None:
    with pytest.raises(Unavailable) as caught:
        Registry(status, body, Retry_After="30").record.add(WORK)
    assert (caught.value.certain, caught.value.retry_after) == (certain, 30)


@pytest.mark.parametrize(("said", "seconds"), [("", None), ("soon", None), ("-5", None), ("7", 7)])
def test_what_retry_after_says(said: str, seconds: int | None) -> None:
    with pytest.raises(Unavailable) as caught:
        Registry(503, b"", Retry_After=said).record.whole()
    assert caught.value.retry_after == seconds


def test_retry_after_may_be_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    for date, least in (
        (later, 3000),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
        ("Sun, 06 Nov 1994 08:49:37 -0000", 0),
    ):
        with pytest.raises(Unavailable) as caught:
            Registry(503, b"", Retry_After=date).record.whole()
        assert caught.value.retry_after is not None
        assert least <= caught.value.retry_after <= least + 600


def test_a_created_item_without_an_address_is_settled_later() -> None:
    with pytest.raises(Unavailable) as caught:
        Registry(201).record.add(WORK)
    assert not caught.value.certain


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", {"group": "none"}, {"group": [{"work-summary": 5}]}])
def test_an_answer_that_cannot_be_read_is_no_refusal(body: Any) -> None:
    for registry in (Registry(200, body).record, orcid.Registry(
        orcid.at(ORIGIN), form="xml", http=Registry(200, body).registry.http
    ).record(ANNA)):  # fmt: skip
        with pytest.raises(Unavailable) as caught:
            registry.section(WorkSummary)
        assert caught.value.status == 200


def test_what_another_registry_says_beyond_the_model_is_passed_over() -> None:
    work = {"put-code": "7", "type": "a-type-of-tomorrow", "colour": "green", "title": {"title": "Bare text"}}
    (found,) = Registry(200, {"group": [{"work-summary": work, "external-ids": None}]}).record.section(
        WorkSummary
    )
    assert (found.put_code, found.type, found.title) == (
        7,
        "a-type-of-tomorrow",
        WorkTitle(title="Bare text"),
    )
    assert Registry(200, {"group": None}).record.section(WorkSummary) == []


@pytest.mark.parametrize(
    ("kind", "call", "expected"),
    [
        (Work, "section", "works take WorkSummary here"),
        (WorkSummary, "delete", "works take Work here"),
        (Email, "get", "Email names no section"),
        (Item, "get", "Item names no section"),
    ],
)
def test_a_class_that_names_no_section_is_told_at_once(kind: type[Item], call: str, expected: str) -> None:
    record = Registry(500).record
    calls: dict[str, Callable[[], object]] = {
        "section": lambda: record.section(kind),
        "get": lambda: record.get(kind, 1),
        "delete": lambda: record.delete(kind, 1),
    }
    with pytest.raises(TypeError, match=expected):
        calls[call]()
    assert record.api.peer.reads == record.api.peer.writes == 0


def test_a_section_of_3_0_is_not_asked_for_in_2_1() -> None:
    record = orcid.Registry(orcid.at(ORIGIN), version=V2_1).record(ANNA, "secret")
    for call in (lambda: record.section(DistinctionSummary), lambda: record.add(Distinction())):
        with pytest.raises(ValueError, match=r"distinctions exist since version 3\.0; this is 2\.1"):
            call()


@pytest.mark.parametrize("bad", ["0000-0002-1825-0098", "https://orcid.org/0000-0002-1825-0097", "../x", ""])
def test_only_an_id_is_a_record(bad: str) -> None:
    with pytest.raises(ValueError, match="is no iD"):
        orcid.Registry(orcid.at(ORIGIN)).record(bad)


def test_nothing_is_asked_where_there_is_nothing_to_ask() -> None:
    record = Registry(500).record
    assert record.add_all([]) == record.get_all([]) == []


def test_a_token_shows_in_no_text() -> None:
    registry = orcid.Registry(orcid.PRODUCTION, "own-secret")
    record = registry.record(ANNA, "her-secret")
    assert "secret" not in f"{registry!r} {record!r} {record.api!r} {registry.group_ids!r}"


@pytest.mark.parametrize(
    ("how", "token", "base"),
    [
        ({}, None, "https://pub.orcid.org"),
        ({}, "hers", "https://api.orcid.org"),
        ({"token": "own"}, None, "https://api.orcid.org"),
        ({"token": "own", "public": True}, None, "https://pub.orcid.org"),
    ],
)
def test_a_token_goes_to_the_member_api_and_nobody_to_the_public_one(
    how: dict[str, Any], token: str | None, base: str
) -> None:
    api = orcid.Registry(orcid.PRODUCTION, **how).record(ANNA, token).api
    assert (api.peer.base, api.token) == (base, token or how.get("token"))
    assert api.peer.pace is not None
