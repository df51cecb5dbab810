"""What goes wrong, by version and form: the status and code of the catalogue, in the asked form, and
nothing stored."""

from typing import Any

import pytest

from registry.api.people import (
    FORMS,
    JSON,
    NOBODY,
    VERSIONS,
    XML,
    Api,
    code,
    external_id,
    told,
    work,
    xml_work,
)


def ids(*given: dict[str, Any]) -> dict[str, Any]:
    return {"external-ids": {"external-id": list(given)}}


NO_SUCH_DAY = {"year": {"value": "2021"}, "month": {"value": "02"}, "day": {"value": "30"}}
UNTRANSLATED = {"title": {"value": "T"}, "translated-title": {"value": "U", "language-code": None}}
KEEPER = {"contributor-sequence": None, "contributor-role": "beekeeper"}
KEPT = {"contributor": [{"credit-name": {"value": "B"}, "contributor-attributes": KEEPER}]}
PART, FUNDED = external_id("1", "isbn", "part-of"), external_id("1", "pmid", "funded-by")

# body → code in 2.x and in 3.0; 0 is no error
JSON_BODIES: list[tuple[str, Any, int, int]] = [
    ("wrong shape", {**work(), "title": "plain"}, 9047, 9047),
    ("unknown type of work", work(type="poem"), 9047, 9047),
    ("unknown type of identifier", work(**ids(external_id("1", "shoe-size"))), 9023, 9023),
    ("no identifier", work(**{"external-ids": None}), 9023, 9023),
    ("no self", work(**ids(PART)), 0, 9023),
    ("funded-by a PMID", work(**ids(external_id("10.5555/f"), FUNDED)), 9047, 9020),
    ("no such day", work(**{"publication-date": NO_SUCH_DAY}), 9049, 9049),
    ("translated title without language", {**work(), "title": UNTRANSLATED}, 9047, 9047),
    ("no such role", work(contributors=KEPT), 9047, 9058),
]


@pytest.mark.parametrize("version", VERSIONS)
def test_json_bodies(api: Api, version: str) -> None:
    for what, body, in_2, in_3 in JSON_BODIES:
        expected = in_3 if version == "3.0" else in_2
        answer = api.post(body, version=version, kind=JSON)
        assert (code(answer) or 0) == expected, (what, answer.text)
        assert answer.status == (400 if expected else 201)
        if answer.status == 201:
            api.delete(answer.headers["location"].rpartition("/")[2])
    assert api.stored() == 0


XML_BODIES: list[tuple[str, bytes, int, int]] = [
    ("unknown element", xml_work().replace(b"</work:title>", b"</work:title><work:colour/>"), 9012, 9012),
    ("unknown type of work", xml_work(of_type="poem"), 9012, 9051),
    ("unknown type of identifier", xml_work(kind="shoe-size"), 9023, 9023),
    ("blank title", xml_work(title="  "), 9012, 9012),
]


@pytest.mark.parametrize("version", VERSIONS)
def test_xml_bodies(api: Api, version: str) -> None:
    for what, body, in_2, in_3 in XML_BODIES:
        answer = api.post(body, version=version, accept=XML)
        assert told(answer) == (400, in_3 if version == "3.0" else in_2), (what, answer.text)
    assert api.stored() == 0


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("form", FORMS)
def test_paths_methods_and_media_types(api: Api, version: str, form: str) -> None:
    base = f"/v{version}/{api.ada}"
    table = [
        ("GET", f"{base}/nonsense", None, (404, 9001)),
        ("GET", f"/v{version}/nonsense/record", None, (404, 9001)),
        ("GET", f"/v{version}/0000-0002-1825-0097/record", None, (404, 9016)),
        ("GET", f"/v{version}/0000-0002-1825-0098/record", None, (404, 9016)),
        ("POST", f"{base}/record", work(), (405, 9001)),
        ("PUT", f"{base}/works", work(), (405, 9001)),
        ("GET", f"{base}/work/x", None, (404, 9001)),
        ("GET", f"{base}/work/99999", None, (404, 9016)),
        ("GET", f"{base}/work/99999999999999999999999", None, (404, 9016)),
        ("GET", f"{base}/work/summary/99999", None, (404, 9016)),
    ]
    for method, path, body, expected in table:
        who = NOBODY if method == "GET" else api.member
        answer = api.ask(method, path, who, accept=form, body=body)
        assert told(answer) == expected, (method, path, answer.text)
        assert answer.headers["content-type"].startswith(form)
    assert told(api.post(b"a,b", version=version, kind="text/csv")) == (415, 9001)
    assert told(api.post(xml_work(), version=version, kind="text/xml")) == (415, 9001)


# state → (GET, write)
STATES = {
    "locked": ({"state": "locked"}, (409, 9018), (409, 9018)),
    "deactivated": ({"state": "deactivated"}, (409, 9044), (409, 9044)),
    "unclaimed": ({"claimed": False}, (409, 9036), (409, 9036)),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("version", VERSIONS)
def test_the_state_of_a_record_comes_before_all_else(api: Api, state: str, version: str) -> None:
    number = api.add()
    values, reading, writing = STATES[state]
    api.set_record(**values)
    for path in (
        "",
        "/record",
        "/person",
        "/personal-details",
        "/activities",
        "/works",
        f"/work/{number}",
        f"/works/{number}",
    ):
        for who in (NOBODY, api.member):
            assert told(api.get(path, who, version)) == reading, path
    assert told(api.post(work(), version=version)) == writing
    assert told(api.delete(number, version=version)) == writing


def test_an_unclaimed_record_is_shown_after_ten_days_and_to_its_maker_at_once(api: Api) -> None:
    api.set_record(claimed=False, creator=api.member_client.id)
    assert api.get("/works", api.member).status == 200
    assert told(api.get("/works")) == (409, 9036)
    api.place.clock.advance(11 * 86_400_000)
    assert api.get("/works").status == 200


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("form", FORMS)
def test_a_deprecated_record_points_to_the_one_that_is_used(api: Api, version: str, form: str) -> None:
    api.set_record(state="deprecated", primary_orcid=api.sophie)
    for who in (NOBODY, api.member):
        answer = api.get("/works?page=1", who, version, accept=form)
        assert told(answer) == (301, 9007)
        assert answer.headers["location"] == f"https://registry.test/v{version}/{api.sophie}/works?page=1"
        assert api.ada in answer.text
        assert api.sophie in answer.text
    assert told(api.post(work(), version=version, accept=form)) == (409, 9007)


def test_an_error_says_what_a_reader_needs_and_nothing_of_the_inside(api: Api) -> None:
    body = api.get("/work/99999").json()
    assert list(body) == ["response-code", "developer-message", "user-message", "error-code", "more-info"]
    assert body["response-code"] == 404
    assert "99999" in body["developer-message"]
