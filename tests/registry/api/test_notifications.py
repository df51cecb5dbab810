"""Permission notifications: who may send, see and take back which, in every version and form."""

import pathlib
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree

from laelia.lib.clock import DAY
from laelia.lib.http import Http
from laelia.registry import worker
from laelia.registry.notify import notifications
from laelia.registry.record.uris import Uris
from registry.api.desk import NEW, WHERE, XML_ASKING, Desk, asking, item
from registry.api.people import FORMS, NOBODY, NS, VERSIONS, XML, Api, code, external_id, told
from registry.place import Place


@pytest.fixture
def desk(api: Api) -> Desk:
    return Desk(api.place)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("form", FORMS)
def test_what_is_sent_is_given_back_with_what_the_registry_adds(desk: Desk, version: str, form: str) -> None:
    answer = desk.send(XML_ASKING if form == XML else None, version=version, accept=form)
    assert (answer.status, answer.body) == (201, b"")
    number = answer.headers["location"].rpartition("/")[2]
    path = f"/v{version}/{desk.ada}/notification-permission/{number}"
    assert answer.headers["location"] == desk.place.at(path)
    got = desk.at(number, version=version, accept=form)
    assert got.status == 200
    scheme = "http" if version == "2.0" else "https"
    client = f"{scheme}://registry.test/client/{desk.member_client.id}"
    if form == XML:
        root = etree.fromstring(got.body)
        assert root.get("put-code") == number
        assert root.findtext(f".//{NS % ('notification', 'uri')}") == WHERE
        assert root.findtext(f".//{NS % ('common', 'source-client-id')}/{NS % ('common', 'uri')}") == client
        assert root.find(NS % ("common", "sent-date")) is None  # ours to say
        listed = etree.fromstring(desk.at(version=version, accept=form).body)
        assert [one.tag for one in listed] == [NS % ("notification", "notification")]
        return
    found = got.json()
    assert found["put-code"] == int(number)
    assert found["notification-type"] == ("permission" if version == "3.0" else "PERMISSION")
    assert found["authorization-url"] == {
        "uri": WHERE,
        "path": "/oauth?client_id=APP&scope=/activities/update",
        "host": "library.test",
    }
    assert found["created-date"] == desk.now
    assert [found[f"{name}-date"] for name in ("sent", "read", "actioned", "archived")] == [None] * 4
    assert found["source"]["source-client-id"]["uri"] == client
    assert found["source"]["source-name"] == {"value": "Bee Library"}
    assert found["items"]["item"][0]["item-name"] == "On bees"
    assert desk.at(version=version).json() == {"notification": [found]}


def test_kinds_that_2_x_lacks_are_left_out_there(desk: Desk) -> None:
    number = desk.sent(asking("3.0", item("service", "Warden"), item("work")))
    for version, names in (("2.1", ["On bees"]), ("3.0", ["Warden", "On bees"])):
        found = desk.at(number, version=version).json()["items"]["item"]
        assert [one["item-name"] for one in found] == names


def test_a_path_is_one_of_this_site(desk: Desk) -> None:
    number = desk.sent(asking(**{"authorization-url": {"path": "/oauth/authorize?a=b"}}))
    assert desk.at(number).json()["authorization-url"] == {
        "uri": "https://registry.test/oauth/authorize?a=b",
        "path": "/oauth/authorize?a=b",
        "host": "registry.test",
    }


# What is wrong with a notification, and its code in 2.x and 3.0.
URL = "authorization-url"
BAD: list[tuple[str, dict[str, Any], int]] = [
    ("put-code", {"put-code": 5}, 9006),
    ("no address", {URL: {}}, 9020),
    ("not absolute", {URL: {"uri": "/oauth/authorize"}}, 9020),
    ("script", {URL: {"uri": "javascript:alert(1)"}}, 9020),
    ("mail", {URL: {"uri": "mailto:ada@example.org"}}, 9020),
    ("space", {URL: {"uri": "https://library.test/?scope=a b"}}, 9020),
    ("another's name before it", {URL: {"uri": "https://registry.test@library.test/"}}, 9020),
    ("no host", {URL: {"uri": "https:///oauth"}}, 9020),
    ("path of another site", {URL: {"path": "//library.test/"}}, 9020),
    ("path without a slash", {URL: {"path": ".library.test/"}}, 9020),
    ("path with a backslash", {URL: {"path": "/\\library.test/"}}, 9020),
    ("too large", {"notification-subject": "x" * (notifications.LARGEST + 1)}, 9020),
    ("intro too long", {"notification-intro": "x" * 1001}, 9047),
    ("no items", {"items": {"item": []}}, 9047),
    ("no subject", {"notification-subject": None}, 9047),
    ("unknown key", {"colour": "red"}, 9047),
    ("another type", {"notification-type": "custom"}, 9047),
]


def test_what_is_wrong_is_told_and_nothing_is_stored(desk: Desk) -> None:
    for version in VERSIONS:
        for name, changed, expected in BAD:
            answer = desk.send(asking(version, **changed), version=version)
            assert told(answer) == (400, expected), (name, answer.text)
    for kind, more in (("shoe-size", {}), ("doi", {"external-id-relationship": None})):
        own = {**external_id("10.5555/1", kind), **more}
        assert told(desk.send(asking("3.0", item(**{"external-id": own})))) == (400, 9023)
    unknown = XML_ASKING.replace(b">work<", b">poem<")
    assert [code(desk.send(unknown, version=version)) for version in VERSIONS] == [9012] * 3
    assert told(desk.send(b"<a", version="3.0")) == (400, 9001)
    assert told(desk.send(b"{}", kind="text/plain")) == (415, 9001)
    assert desk.place.rows("notification") == []


@pytest.mark.parametrize("version", VERSIONS)
def test_without_the_scope_nothing_goes(desk: Desk, version: str) -> None:
    number = desk.sent()
    before = desk.place.everything()
    for who, expected in (
        (NOBODY, (401, None)),
        (desk.public, (401, 9017)),
        (desk.of_sophie, (401, 9017)),
        (desk.member, (403, 9038)),
        (desk.reader, (403, 9038)),
        (desk.token(desk.member_client.id, None, "/basic-notification"), (403, 9038)),
    ):
        assert told(desk.send(None, who, version)) == expected
        assert told(desk.at(who=who, version=version)) == expected
        for method in ("GET", "DELETE"):
            assert told(desk.at(number, method, who, version)) == expected
    assert [row.put_code for row in desk.place.rows("notification")] == [number]
    assert "/premium-notification" in desk.at(who=desk.reader).text
    assert before.count("\n") + 1 == desk.place.everything().count("\n")  # the one token more


def test_each_client_sees_its_own_and_of_each_person_hers(desk: Desk) -> None:
    mine = [desk.sent(), desk.sent()]
    theirs = desk.sent(None, desk.other_asker)
    assert desk.listed() == mine[::-1]
    assert desk.listed(desk.other_asker) == [theirs]
    assert told(desk.at(theirs)) == (403, 9004)
    assert told(desk.at(theirs, "DELETE")) == (403, 9010)
    assert told(desk.at(mine[0], orcid=desk.sophie)) == (404, 9029)
    assert told(desk.at(mine[0], "DELETE", orcid=desk.sophie)) == (404, 9029)
    for unknown in ("999", "99999999999999999999999", "-1"):
        assert told(desk.at(unknown)) == told(desk.at(unknown, "DELETE")) == (404, 9029)
    assert told(desk.at("x")) == told(desk.at("x", "DELETE")) == (400, 9034)
    assert desk.listed(desk.other_asker) == [theirs]


def test_a_client_takes_back_what_was_not_read_yet(desk: Desk) -> None:
    first, second = desk.sent(), desk.sent()
    desk.place.clock.advance(1000)
    taken = desk.at(first, "DELETE")
    assert (taken.status, taken.json()["archived-date"]) == (200, desk.now)
    desk.place.clock.advance(1000)
    assert desk.at(first, "DELETE").json() == taken.json()
    assert desk.at(first).json() == taken.json()  # archived, not gone
    desk.by_ada(notifications.mark_read, desk.ada, [second])
    assert told(desk.at(second, "DELETE")) == (403, 9009)
    assert desk.at(second).json()["read-date"] == desk.now
    place = notifications.Place(Uris(""), "")
    desk.by_ada(notifications.answer, place, desk.ada, second)
    assert desk.at(second).json()["actioned-date"] == desk.now


@pytest.mark.parametrize(
    ("state", "reading", "writing"),
    [
        ({"state": "locked"}, (409, 9018), (409, 9018)),
        ({"state": "deactivated"}, (200, None), (409, 9044)),
        ({"state": "deprecated", "primary_orcid": "sophie"}, (301, 9007), (409, 9007)),
        ({"claimed": False}, (409, 9036), (409, 9036)),
    ],
    ids=lambda value: str(value),
)
def test_the_state_of_the_record_counts(
    desk: Desk, state: dict[str, Any], reading: tuple[int, int], writing: tuple[int, int]
) -> None:
    number = desk.sent()
    desk.set_record(**{k: desk.sophie if v == "sophie" else v for k, v in state.items()})
    assert told(desk.at()) == told(desk.at(number)) == reading
    assert told(desk.send()) == told(desk.at(number, "DELETE")) == writing
    if reading[0] == 200:  # the state opens no door of its own
        assert told(desk.at(number, who=desk.reader)) == (403, 9038)


@pytest.mark.parametrize("form", FORMS)
def test_a_record_that_is_not_there(desk: Desk, form: str) -> None:
    for method, number in (("GET", None), ("GET", 1), ("DELETE", 1)):
        assert told(desk.at(number, method, orcid=NEW, accept=form)) == (404, 9011)
    path = f"/v3.0/{NEW}/notification-permission"
    assert told(desk.ask("POST", path, desk.asker, body=asking(), accept=form)) == (404, 9011)


def test_only_the_member_api_has_them(desk: Desk) -> None:
    path = f"/v3.0/{desk.ada}/notification-permission"
    for method in ("GET", "POST"):
        assert told(desk.ask(method, f"/pub{path}", desk.asker)) == (405, 9001)
    made = desk.ask("POST", f"/api{path}", desk.asker, body=asking())
    assert made.headers["location"].startswith(desk.place.at(f"/api{path}/"))
    behalf = desk.token(
        desk.member_client.id, None, "/premium-notification", obo_client_id=desk.other_client.id
    )
    assert told(desk.at(who=behalf, version="2.1")) == (403, 9052)


def test_on_a_host_of_its_own_the_public_api_has_none(
    new_database: Callable[..., str], tmp_path: pathlib.Path
) -> None:
    hosts = {"api_url": "https://api.registry.test", "pub_url": "https://pub.registry.test"}
    place = Place(new_database("laelia.registry.migrations"), tmp_path / "var", **hosts)
    desk = Desk(place)
    app = place.service.wsgi
    http = Http(apps=dict.fromkeys(hosts.values(), app))
    headers = {"Authorization": f"Bearer {desk.asker}", "Accept": "application/json"}
    path = f"/v3.0/{desk.ada}/notification-permission"
    assert told(http.get(hosts["pub_url"] + path, headers=headers)) == (404, 9001)
    assert told(http.get(hosts["api_url"] + path, headers=headers)) == (200, None)
    made = http.post(hosts["api_url"] + path, headers=headers, json=asking())
    assert made.headers["location"].startswith(hosts["api_url"] + path)
    http.close()
    place.close()


def test_a_notification_changes_nothing_on_the_record(desk: Desk) -> None:
    before = desk.get("/record").headers["etag"]
    desk.sent()
    assert desk.get("/record").headers["etag"] == before
    assert desk.at().headers["cache-control"] == "private, no-store"


def test_old_ones_are_archived_and_very_old_ones_deleted(desk: Desk) -> None:
    old = desk.sent()
    desk.place.clock.advance(DAY)
    young = desk.sent()
    for days, archived, left in ((180, [], 2), (1, [old], 2), (183, [old, young], 2), (1, [young], 1)):
        desk.place.clock.advance(days * DAY)
        worker.sweep(desk.place.service)
        rows = {row.put_code: row.archived for row in desk.place.rows("notification")}
        assert sorted(number for number, when in rows.items() if when is not None) == archived
        assert len(rows) == left


@pytest.mark.parametrize("version", VERSIONS)
def test_orcids_sample_can_be_sent_and_what_is_given_back_is_valid(
    new_database: Callable[..., str], tmp_path: pathlib.Path, shared_data: pathlib.Path, version: str
) -> None:
    url = new_database("laelia.registry.migrations")
    desk = Desk(Place(url, tmp_path / "var", id_base="https://orcid.org"))
    folder = shared_data / "orcid"
    sample = folder / "samples" / version / "notification" / f"notification-permission-{version}.xml"
    number = desk.sent(sample.read_bytes().replace(b'put-code="1" ', b""), version=version, accept=XML)
    named = folder / "xsd" / f"notification_{version}" / f"notification-permission-{version}.xsd"
    schema = etree.XMLSchema(etree.parse(named))
    for one in (number, None):
        answer = desk.at(one, version=version, accept=XML)
        assert schema.validate(etree.fromstring(answer.body)), schema.error_log
    sent = etree.parse(sample).findtext(f".//{NS % ('notification', 'path')}")
    assert etree.fromstring(answer.body).findtext(f".//{NS % ('notification', 'path')}") == sent
    desk.place.close()
