"""Where somebody is signed in, how she ends it, and how it ends by itself."""

import pytest

from laelia.lib.browser import Browser
from laelia.lib.clock import DAY, HOUR
from laelia.lib.http import Http
from laelia.registry.account.sign_in.agents import words
from registry.place import Person, Place
from registry.sign_in.steps import cookie, signed_in

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0"


def with_agent(place: Place, who: Person, agent: str) -> Browser:
    def app(environ: dict[str, object], start_response: object) -> object:
        return place.service.wsgi({**environ, "HTTP_USER_AGENT": agent}, start_response)

    browser = Browser(Http(apps={place.site: app}))
    place.sign_in(browser, who)
    return browser


def test_they_are_listed_and_ended_one_by_one(place: Place, grace: Person) -> None:
    here, there = place.browser(grace), with_agent(place, grace, FIREFOX)
    page = here.open(place.at("/account")).link("Sessions")
    cards = page.all("//section[contains(@class, 'card')]")
    assert len(cards) == 2
    first, second = (" ".join(card.text_content().split()) for card in cards)
    assert "this one" in first
    assert "End this session" not in first
    assert second.startswith("Firefox on Windows Signed in20")
    assert "by password" in second
    assert cookie(there) not in page.html
    page = page.form(containing="End this session").submit()
    assert "The session is ended." in page.text
    assert "You are signed in nowhere else." in page.text
    assert not signed_in(there, place)
    assert signed_in(here, place)


def test_all_others_are_ended_at_once(place: Place, grace: Person) -> None:
    here, *others = (place.browser(grace) for _ in range(3))
    page = here.open(place.at("/account/sessions")).form("/account/sessions/end-others").submit()
    assert "Every other session is ended." in page.text
    assert [signed_in(each, place) for each in (here, *others)] == [True, False, False]


def test_nobody_ends_the_session_of_somebody_else(place: Place, grace: Person) -> None:
    thief, victim = place.browser(place.stranger), place.browser(grace)
    name = next(row.id_hash[:16] for row in place.rows("session") if row.subject == grace.orcid)
    token = thief.open(place.at("/account")).form("/signout").value("csrf_token")
    for each in (name, "%" * 16, "_" * 16, name[:8], ""):
        thief.send("POST", place.at(f"/account/sessions/{each}/end"), data={"csrf_token": token})
    assert signed_in(victim, place)


def test_one_that_is_used_ends_after_thirty_days_all_the_same(place: Place, grace: Person) -> None:
    browser = place.browser(grace)
    for _ in range(29):
        place.clock.advance(DAY)
        assert signed_in(browser, place)
    place.clock.advance(DAY)
    assert not signed_in(browser, place)


def test_one_that_nobody_uses_ends_after_two_days(place: Place, grace: Person) -> None:
    browser = place.browser(grace)
    place.clock.advance(2 * DAY)
    assert not signed_in(browser, place)


def test_signing_out_ends_it_at_the_registry_too(place: Place, grace: Person) -> None:
    browser = place.browser(grace)
    kept = cookie(browser)
    place.sign_out(browser)
    other = place.browser()
    other._cookies["registry.test"] = {"__Host-laelia-registry": kept}
    assert not signed_in(other, place)


def test_last_seen_is_right_to_ten_minutes(place: Place, grace: Person) -> None:
    browser = place.browser(grace)
    place.clock.advance(HOUR)
    browser.open(place.at("/my-record"))
    (row,) = [row for row in place.rows("session") if row.subject == grace.orcid]
    assert row.seen == place.clock.now()
    assert row.created == place.clock.now() - HOUR


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (FIREFOX, "Firefox on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/18.1 Safari/605.1.15", "Safari on macOS"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 "
         "Safari/537.36 Edg/150.0.0.0", "Edge on Linux"),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/150.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "CriOS/150.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone"),
        ("curl/8.5.0", "curl"),
        ("<script>alert(1)</script>", "A browser that does not say its name"),
        ("", "A browser that does not say its name"),
        (None, "A browser that does not say its name"),
    ],
)  # fmt: skip
def test_browsers_by_what_they_call_themselves(agent: str | None, said: str) -> None:
    assert words(agent) == said
