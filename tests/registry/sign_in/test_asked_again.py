"""Who does something delicate shows again who she is, unless she did so within ten minutes."""

import pytest

from laelia.lib.clock import MINUTE
from laelia.lib.web.core import OPEN, Call, Reply, Route, page
from laelia.registry import web
from laelia.registry.web.door import freshly_signed_in
from registry.place import PASSWORD, Person, Place

COOKIE = "__Host-laelia-registry"


@freshly_signed_in
def _delicate(call: Call, orcid: str) -> Reply:
    return page(call, "verified.html", email=f"{call.method} by {orcid}")


@pytest.fixture(scope="module", autouse=True)
def _a_delicate_page() -> None:
    routes = [Route(method, "/delicate/thing", _delicate, OPEN) for method in ("GET", "POST")]
    web.routes[:0] = [one for one in routes if one.path not in {route.path for route in web.routes}]


def test_who_has_just_come_in_is_not_asked(place: Place, grace: Person) -> None:
    page = place.browser(grace).open(place.at("/delicate/thing"))
    assert f"GET by {grace.orcid}" in page.text


def test_after_ten_minutes_she_is_asked_and_comes_back(place: Place, grace: Person) -> None:
    browser = place.browser(grace)
    place.clock.advance(10 * MINUTE)
    asked = browser.open(place.at("/delicate/thing?a=b"))
    assert asked.url == place.at("/confirm?next=%2Fdelicate%2Fthing%3Fa%3Db")
    wrong = asked.form("/confirm").fill(password="not 1 of mine").submit()
    assert wrong.status == 401
    assert "This is not your password." in wrong.text
    assert wrong.form("/confirm").submit().status == 422
    before = browser.cookies("registry.test")[COOKIE]
    page = wrong.form("/confirm").fill(password=PASSWORD).submit()
    assert page.url == place.at("/delicate/thing?a=b")
    assert f"GET by {grace.orcid}" in page.text
    assert browser.cookies("registry.test")[COOKIE] != before
    (session,) = [row for row in place.rows("session") if row.subject == grace.orcid]
    assert session.created == place.clock.now() - 10 * MINUTE
    assert session.arrived == place.clock.now()


def test_what_a_form_sent_too_late_is_not_done(place: Place, grace: Person) -> None:
    browser = place.browser(grace)
    shown = browser.open(place.at("/account"))
    token = shown.form("/signout").value("csrf_token")
    place.clock.advance(10 * MINUTE)
    page = browser.send("POST", place.at("/delicate/thing"), data={"csrf_token": token})
    assert page.url == place.at("/confirm?next=%2Faccount")
    assert page.form("/confirm").fill(password=PASSWORD).submit().url == place.at("/account")


def test_who_is_not_signed_in_signs_in(place: Place) -> None:
    page = place.browser().open(place.at("/delicate/thing"))
    assert page.url == place.at("/signin?next=%2Fdelicate%2Fthing")


def test_guesses_are_slowed_here_too(place: Place, grace: Person) -> None:
    browser = place.browser(grace)
    place.clock.advance(10 * MINUTE)
    for _ in range(5):
        page = browser.open(place.at("/confirm")).form("/confirm").fill(password="wrong 1 word").submit()
        assert page.status == 401
    held = page.form("/confirm").fill(password=PASSWORD).submit()
    assert (held.status, held.headers["retry-after"]) == (429, "1")


def test_confirming_leads_nowhere_else(place: Place, grace: Person) -> None:
    browser = place.browser(grace)
    assert browser.open(place.at("/confirm?next=https://evil.test/")).url == place.at("/account")
