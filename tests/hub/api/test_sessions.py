"""A program sends one person to connect: in one browser, for minutes, and back with what came of it."""

from urllib.parse import parse_qs, urlsplit

import pytest

from hub.api.desk import BACK, HR, Desk, refused
from hub.api.test_assertions import work
from laelia.client import hub
from laelia.hub import people
from laelia.hub.people import wishes
from laelia.hub.push import leaving
from laelia.lib.clock import MINUTE


def known(desk: Desk, local_id: str = "HR-7") -> hub.ConnectSession:
    desk.hub.put_person(local_id, email=f"{local_id}@library.example", given_names="Ada")
    return desk.hub.connect(local_id, f"{BACK}?lang=en")


def test_from_the_local_system_and_back(desk: Desk) -> None:
    session = known(desk)
    assert (session.state, session.local_id, session.orcid) == ("created", "HR-7", None)
    assert session.url is not None
    assert session.url.startswith(desk.town.at("/library/session/"))
    browser = desk.town.browser(desk.town.ada)
    form = browser.open(session.url)
    assert form.url.startswith(f"{desk.town.registry}/oauth/authorize")
    assert parse_qs(urlsplit(form.url).query)["given_names"] == ["Ada"]
    assert desk.hub.session(session.id).state == "opened"
    page = form.form(containing="Authorise").fill(until_revoked=True).submit("Authorise access")
    assert page.url.startswith(f"{BACK}?lang=en&")
    assert desk.site.answers == [{"lang": ["en"], "session": [session.id], "result": ["connected"]}]
    done = desk.hub.session(session.id)
    assert (done.state, done.orcid) == ("connected", desk.town.ada.orcid)
    assert done.orcid_uri == f"{desk.town.registry}/{desk.town.ada.orcid}"
    assert done.url is None
    person = desk.hub.person("HR-7")
    assert (person.state, person.orcid) == ("connected", desk.town.ada.orcid)
    assert person.permission is not None
    assert person.permission.state == "active"
    # Nobody is signed in at the hub by it, and the address is used up.
    assert browser.open(desk.town.at("/library/settings")).status == 403
    assert browser.open(session.url).status == 410
    secret = session.url.rpartition("/")[2]
    assert secret not in str(desk.town.rows("connect_session"))


def test_denied(desk: Desk) -> None:
    session = known(desk)
    page = desk.town.browser(desk.town.ada).open(session.url or "")
    page.form(containing="Authorise").submit("Deny")
    assert desk.site.answers[-1]["result"] == ["denied"]
    assert desk.hub.session(session.id).state == "denied"
    assert desk.hub.person("HR-7").state == "denied"
    assert desk.town.rows("permission") == []


def test_another_person_changes_nothing(desk: Desk) -> None:
    desk.connected("HR-7")
    session = desk.hub.connect("HR-7", BACK)
    before = desk.town.rows("permission"), desk.town.rows("person")
    page = desk.come(desk.town.browser(desk.town.stranger), session.url or "")
    assert page.status == 403
    assert "This link is for another person" in page.text
    assert desk.town.stranger.orcid in page.text
    assert (desk.town.rows("permission"), desk.town.rows("person")) == before
    back = page.link("Back to hr.test")
    assert back.url.startswith(HR)
    assert desk.site.answers[-1] == {"session": [session.id], "result": ["refused"]}
    ended = desk.hub.session(session.id)
    assert (ended.state, ended.orcid) == ("refused", None)
    # Another who is signed in at the organisation does not even get to the registry.
    other = desk.town.connected(desk.town.stranger, handle="library")
    again = desk.hub.connect("HR-7", BACK)
    assert "You are signed in here as" in other.open(again.url or "").text
    assert desk.hub.session(again.id).state == "created"


def test_one_browser_and_some_minutes(desk: Desk) -> None:
    session = known(desk)
    first, second = desk.town.browser(desk.town.ada), desk.town.browser(desk.town.ada)
    assert "Authorise" in first.open(session.url or "").text
    assert second.open(session.url or "").status == 410
    assert "Authorise" in first.open(session.url or "").text  # back, and again
    desk.town.clock.advance(10 * MINUTE)
    assert first.open(session.url or "").status == 410
    assert first.open(desk.town.at("/library/session/unknown")).status == 410
    late = desk.hub.connect("HR-7", BACK)
    desk.town.clock.advance(10 * MINUTE)
    assert desk.hub.session(late.id).state == "expired"
    assert desk.hub.cancel(late.id).state == "expired"
    assert desk.town.rows("permission") == []


def test_a_session_that_was_cancelled_while_she_was_away(desk: Desk) -> None:
    session = known(desk)
    form = desk.town.browser(desk.town.ada).open(session.url or "").form(containing="Authorise")
    assert desk.hub.cancel(session.id).state == "cancelled"
    page = form.submit("Authorise access")
    assert page.status == 410
    assert "Nothing was saved" in page.text
    assert desk.town.rows("permission") == []
    assert desk.hub.session(session.id).state == "cancelled"


def test_she_had_connected_by_herself_before(desk: Desk) -> None:
    desk.town.connected(desk.town.ada, handle="library")
    session = known(desk)
    desk.hub.put("HR-7", "keywords", "k1", {"content": "engines"})
    desk.come(desk.town.browser(desk.town.ada), session.url or "")
    assert desk.hub.session(session.id).orcid == desk.town.ada.orcid
    [row] = desk.town.rows("person")
    assert (row.orcid, row.local_id, row.state) == (desk.town.ada.orcid, "HR-7", "connected")
    desk.town.work()
    assert [one.key for one in desk.hub.assertions("HR-7")] == ["k1"]
    assert desk.town.rows("waiting") == []


def test_who_has_another_id_now_connects_with_it(desk: Desk) -> None:
    desk.connected()
    old, new = desk.town.ada.orcid, desk.town.stranger.orcid
    with desk.town.hub.db.writing() as tx:
        wishes.wish(tx, desk.town.clock.now(), desk.town.library, old, "pick")
        people.mark_moved(tx, desk.town.clock.now(), desk.town.library, old, new)
    body = refused(desk.raw("PUT", "/people/HR-7/assertions/keywords/k", {"content": "engines"}), "gone")
    assert new in body["detail"]
    session = desk.hub.connect("HR-7", BACK)
    asked = desk.town.everyone.get(session.url or "").headers["location"]
    assert parse_qs(urlsplit(asked).query)["orcid"] == [new]
    again = desk.hub.connect("HR-7", BACK)
    desk.come(desk.town.browser(desk.town.stranger), again.url or "")
    assert desk.hub.session(again.id).orcid == new
    assert (desk.hub.person("HR-7").state, desk.hub.person("HR-7").orcid) == ("connected", new)
    with desk.town.hub.db.reading() as tx:
        assert wishes.mode(tx, desk.town.library, new) == "pick"


def test_who_comes_by_a_session_while_she_leaves_stays(desk: Desk) -> None:
    desk.connected()
    desk.hub.put("HR-7", "works", "thesis", work("On engines"))
    desk.town.work()
    place, orcid = desk.town.library, desk.town.ada.orcid
    with desk.town.hub.db.writing() as tx:
        assert leaving.take_along(tx, desk.town.clock.now(), place, orcid) == 1
    desk.come(desk.town.browser(desk.town.ada), desk.hub.connect("HR-7", BACK).url or "")
    desk.town.work()
    assert desk.hub.person("HR-7").state == "connected"
    assert [(row.state, row.wanted) for row in desk.town.rows("assertion")] == [("in-record", True)]


def test_whose_record_was_closed_connects_anew(desk: Desk) -> None:
    desk.connected()
    with desk.town.hub.db.writing() as tx:
        people.mark_closed(tx, desk.town.clock.now(), desk.town.library, desk.town.ada.orcid, "closed")
    assert desk.hub.person("HR-7").state == "closed"
    session = desk.hub.connect("HR-7", BACK)  # her record is open again, which only the registry knows
    desk.come(desk.town.browser(desk.town.ada), session.url or "")
    assert desk.hub.session(session.id).orcid == desk.town.ada.orcid
    assert desk.hub.person("HR-7").state == "connected"


def test_fewer_scopes_and_what_is_refused(desk: Desk) -> None:
    known(desk)
    session = desk.hub.connect("HR-7", BACK, scopes=["/read-limited"])
    asked = desk.town.everyone.get(session.url or "").headers["location"]
    assert parse_qs(urlsplit(asked).query)["scope"] == ["/read-limited"]
    bodies = {
        "no-person": {"local_id": "HR-8", "return_url": BACK},
        "return-url": {"local_id": "HR-7", "return_url": "https://evil.test/orcid"},
        "invalid": {"local_id": "HR-7", "return_url": BACK, "scopes": ["/person/update"]},
        "orcid": {"local_id": "HR-7", "return_url": BACK, "orcid": desk.town.ada.orcid},
    }
    for kind, body in bodies.items():
        refused(desk.raw("POST", "/connect-sessions", body), kind)
    assert refused(
        desk.raw("POST", "/connect-sessions", {"local_id": "HR-7", "return_url": BACK, "expires_in": 5}),
        "invalid",
    )["place"] == "/expires_in"  # fmt: skip
    # Another program of the organisation does not see it.
    other = desk.client(*(lambda made: (made[0].client_id, made[1]))(desk.add(name="Other")))
    with pytest.raises(hub.Refused) as problem:
        other.session(session.id)
    assert problem.value.kind == "no-session"
