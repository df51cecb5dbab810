"""People are said by local id, and no program states an iD."""

from datetime import UTC, datetime

import pytest

from hub.api.desk import BACK, Desk, refused
from hub.staff.desk import BY, letters
from laelia.client import hub
from laelia.hub import people, tables
from laelia.hub.organisations import units
from laelia.hub.web.staff import words


def test_a_person_is_made_changed_and_left_alone(desk: Desk) -> None:
    with desk.town.hub.db.writing() as tx:
        units.put(tx, desk.town.clock.now(), BY, desk.town.library, code="BOT", name="Botany")
    body = {"email": "Ada@library.example", "given_names": "Ada", "family_names": "L.", "unit": "BOT"}
    answer = desk.raw("PUT", "/people/HR-7", body)
    assert answer.status == 201
    assert (answer.json()["email"], answer.json()["state"], answer.json()["orcid"]) == (
        "ada@library.example", "known", None,
    )  # fmt: skip
    assert desk.raw("PUT", "/people/HR-7", body).status == 200
    changed = desk.hub.put_person("HR-7", family_names="Lovelace", unit=None)
    assert (changed.given_names, changed.family_names, changed.unit) == ("Ada", "Lovelace", None)
    assert desk.hub.person("HR-7") == changed
    actions = [(row.action, row.actor_name) for row in desk.town.rows("audit") if "person" in row.action]
    assert actions == [("person-added", "HR"), ("person-changed", "HR")]


def test_nobody_states_an_id(desk: Desk) -> None:
    for name in ("orcid", "ORCID-iD", "orcid_id", "orcid_uri"):
        body = refused(desk.raw("PUT", "/people/HR-7", {name: desk.town.ada.orcid}), "orcid")
        assert (body["status"], body["place"]) == (422, f"/{name}")
    assert desk.town.rows("person") == []


def test_a_typed_id_is_a_hint_and_nothing_else(desk: Desk) -> None:
    told = desk.hub.put_person("HR-7", email="a@library.example", hint=desk.town.ada.orcid)
    assert told.orcid is None
    assert [row.orcid for row in desk.town.rows("person")] == [None]
    url = desk.hub.connect("HR-7", BACK).url or ""
    asked = desk.town.everyone.get(url)
    assert f"orcid={desk.town.ada.orcid}" in asked.headers["location"]
    assert "email" not in asked.headers["location"]


def test_what_is_wrong_is_named_with_its_place(desk: Desk) -> None:
    assert refused(desk.raw("PUT", "/people/HR-7", b"{"), "not-json")
    assert refused(desk.raw("PUT", "/people/HR-7", {"email": 7}), "invalid")["place"] == "/email"
    assert "`mail`" in refused(desk.raw("PUT", "/people/HR-7", {"mail": "a@b.example"}), "invalid")["detail"]
    assert "no e-mail" in refused(desk.raw("PUT", "/people/HR-7", {"email": "ada"}), "clash")["detail"]
    assert "NONE" in refused(desk.raw("PUT", "/people/HR-7", {"unit": "NONE"}), "clash")["detail"]
    assert refused(desk.raw("PUT", "/people/HR-7", b" " * (11 << 20)), "too-large")
    assert desk.town.rows("person") == []
    assert refused(desk.raw("GET", "/people/HR-7"), "no-person")
    assert refused(desk.raw("GET", "/people?limit=0"), "invalid")["place"] == "limit"
    assert refused(desk.raw("GET", "/people?state=gone"), "invalid")["place"] == "state"
    assert refused(desk.raw("GET", "/people?modified_since=then"), "invalid")["place"] == "modified_since"
    assert refused(desk.raw("GET", "/people?cursor=x"), "invalid")["place"] == "cursor"
    assert refused(desk.raw("GET", "/nothing"), "not-found")
    answer = desk.raw("DELETE", "/people")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, OPTIONS")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/people", "/assertions", "/people/HR-7/assertions", "/records"])
def test_a_page_is_no_longer_than_the_description_says(desk: Desk, path: str) -> None:
    desk.hub.put_person("HR-7", email="ada@library.example")
    [limit] = [
        one["schema"]
        for one in desk.described.document["paths"][path.replace("HR-7", "{local_id}")]["get"]["parameters"]
        if one["name"] == "limit"
    ]
    assert (limit["minimum"], limit["maximum"]) == (1, 1000)
    for given in ("0", "-1", "1001", "", "ten", "1.5", "000100999999999999999999", "9" * 400):
        body = refused(desk.raw("GET", f"{path}?limit={given}"), "invalid")
        assert (body["status"], body["place"]) == (400, "limit")
    assert desk.raw("GET", f"{path}?limit=1000").status == 200


def test_people_are_listed_page_by_page(desk: Desk) -> None:
    for n in range(5):
        desk.hub.put_person(f"HR-{n}", email=f"{n}@library.example")
    first = desk.raw("GET", "/people?limit=2").json()
    assert [one["local_id"] for one in first["people"]] == ["HR-0", "HR-1"]
    second = desk.raw("GET", f"/people?limit=2&cursor={first['next']}").json()
    third = desk.raw("GET", f"/people?limit=2&cursor={second['next']}").json()
    assert [one["local_id"] for one in third["people"]] == ["HR-4"]
    assert third["next"] is None
    assert [one.local_id for one in desk.hub.people()] == [f"HR-{n}" for n in range(5)]
    desk.town.clock.advance(60_000)
    since = datetime.fromtimestamp(desk.town.clock.now() / 1000, UTC)
    desk.hub.put_person("HR-3", given_names="Cy")
    assert [one.local_id for one in desk.hub.people(modified_since=since)] == ["HR-3"]
    assert list(desk.hub.people(state="connected")) == []
    assert list(desk.hub.people(unit="BOT")) == []


def test_what_is_known_already_is_not_sent_again(desk: Desk) -> None:
    desk.hub.put_person("HR-7", email="ada@library.example")
    tag = desk.raw("GET", "/people/HR-7").headers["etag"]
    answer = desk.raw("GET", "/people/HR-7", If_None_Match=tag)
    assert (answer.status, answer.body) == (304, b"")
    desk.hub.put_person("HR-7", given_names="Ada")
    assert desk.raw("GET", "/people/HR-7", If_None_Match=tag).status == 200


def test_a_letter_asks_her_to_connect(desk: Desk) -> None:
    desk.hub.put_person("HR-7", email="ada@library.example")
    assert [one.state for one in desk.hub.people()] == ["known"]
    asked = desk.hub.invite("HR-7")
    assert (asked.state, asked.invited is not None) == ("invited", True)
    assert [one.local_id for one in desk.hub.people(state="invited")] == ["HR-7"]
    assert list(desk.hub.people(state="known")) == []
    assert desk.hub.status().people == {"invited": 1}
    assert [one.recipient for one in letters(desk.town)] == ["ada@library.example"]
    with pytest.raises(hub.Refused) as problem:
        desk.hub.invite("HR-8")
    assert problem.value.kind == "no-person"
    desk.connected()
    with pytest.raises(hub.Refused) as problem:
        desk.hub.invite("HR-7")
    assert problem.value.problem.status == 409


def test_a_local_id_is_one_however_it_is_typed(desk: Desk) -> None:
    desk.hub.put_person("E 1", email="ada@library.example")
    assert desk.hub.put_person(" E  1\u200b", given_names="Ada").local_id == "E 1"
    assert desk.hub.connect("\u00a0E 1 ", BACK).local_id == "E 1"
    assert desk.hub.put(" E 1", "keywords", "k", {"content": "engines"}).local_id == "E 1"
    lines = [hub.line(each, "keywords", "k2", {"content": "looms"}) for each in ("E 1", "E 1 ")]
    found = list(desk.hub.put_all(lines))
    assert [(one.local_id, one.verdict) for one in found] == [("E 1", "added"), ("E 1", "wrong")]
    assert [one.key for one in desk.hub.assertions("E 1  ")] == ["k", "k2"]
    assert [row.local_id for row in desk.town.rows("person")] == ["E 1"]
    assert refused(desk.raw("PUT", f"/people/{'x' * 201}", {}), "invalid")["place"] == "local_id"
    # What nobody sees before a space leaves no space behind.
    assert desk.raw("PUT", "/people/%E2%80%8B%2017", {}).status == 201
    assert desk.raw("PUT", "/people/17", {}).status == 200
    assert desk.raw("GET", "/people/%E2%80%8B%2017").json()["local_id"] == "17"


def test_a_character_that_no_database_holds_is_refused(desk: Desk) -> None:
    body = refused(desk.raw("PUT", "/people/HR-7", {"given_names": "A\0da"}), "invalid")
    assert (body["status"], body["place"]) == (400, "/given_names")
    assert "place" not in refused(desk.raw("PUT", "/people/HR-7", {"A\0": 1}), "invalid")
    session = {"local_id": "HR-7\0", "return_url": BACK}
    assert refused(desk.raw("POST", "/connect-sessions", session), "invalid")["place"] == "/local_id"
    assert desk.raw("PUT", "/people/HR-7", b'\xef\xbb\xbf{"given_names": "\\\\u0000"}').status == 201
    path = "/people/HR-7/assertions/keywords/k"
    assert refused(desk.raw("PUT", path, {"content": "a\0"}), "invalid")["place"] == "/content"
    lines = [{"local_id": "HR-7", "section": "keywords", "key": "k", "item": {"content": "\0"}}]
    body = refused(desk.raw("PUT", "/assertions", {"assertions": lines}), "invalid")
    assert body["place"] == "/assertions/0/item/content"
    assert refused(desk.raw("GET", "/people?unit=%00"), "invalid")
    deep = b'{"a":[' * 500 + b"]}" * 500
    assert refused(desk.raw("PUT", "/people/HR-7", deep), "invalid")


def test_a_letter_that_came_back_is_told(desk: Desk) -> None:
    desk.hub.put_person("HR-7", email="ada@library.example")
    desk.hub.invite("HR-7")
    with desk.town.hub.db.writing() as tx:
        tx.execute(tables.person.update().values(bounced=desk.town.clock.now()))
    assert [one.state for one in desk.hub.people(state="bounced")] == ["bounced"]
    assert set(people.STATES) == set(words.PEOPLE)
    states = desk.described.document["paths"]["/people"]["get"]["parameters"][0]
    assert (states["name"], states["schema"]["enum"]) == ("state", list(people.STATES))
