"""To the registry and back: what a callback may and may not do, with the real registry on the other side."""

from urllib.parse import urlencode

import pytest

from hub.web.town import HUB, Town, query
from laelia.lib.clock import HOUR, MINUTE
from registry.place import SITE as REGISTRY

CALLBACK = f"{HUB}/datacite/callback"


def away(town: Town, browser, path: str = "/datacite/connect") -> dict[str, str]:
    """Set out without going: the query with which the registry would be asked."""
    browser.open(town.at("/datacite/"))
    response = town.everyone.get(town.at(path), headers={"Cookie": cookie(browser)})
    browser._keep(town.at(path), response)
    assert response.status == 303
    assert response.headers["location"].startswith(f"{REGISTRY}/oauth/authorize?")
    return query(response.headers["location"])


def cookie(browser) -> str:
    return "; ".join(f"{name}={value}" for name, value in browser.cookies("hub.test").items())


def nothing_written(town: Town) -> bool:
    return not town.rows("person") and not town.rows("permission")


def test_the_start_address_asks_for_exactly_what_is_needed(town: Town):
    asked = away(town, town.browser())
    assert asked["client_id"] == town.client(town.datacite).id
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == CALLBACK
    assert asked["scope"] == "/read-limited /activities/update"
    assert len(asked["state"]) >= 32
    assert asked["state"] != away(town, town.browser())["state"]


def test_ticked_permission_lasts(town: Town):
    page = town.connect(town.browser(town.ada))
    assert page.url == f"{HUB}/datacite/settings"
    assert "Connected. DataCite has your permission." in page.text
    assert "until you revoke it" in page.text
    permission = town.permission(town.ada)
    assert permission is not None
    assert permission.state == "active"
    assert not permission.short
    assert permission.scopes == {"/read-limited", "/activities/update"}
    assert town.place.status_of(permission.access_token or "") == 200
    [person] = town.rows("person")
    assert (person.orcid, person.name, person.state) == (town.ada.orcid, town.ada.name, "connected")


def test_unticked_permission_says_what_it_cannot_do_then(town: Town):
    browser = town.connected(town.ada, until_revoked=False)
    page = browser.open(town.at("/datacite/settings"))
    assert "for one hour" in page.text
    assert "Auto-Update does nothing" in page.text
    town.clock.advance(HOUR)
    page = browser.open(town.at("/datacite/settings"))
    assert "permission ended" in page.text
    assert "Grant permission again" in page.text


@pytest.mark.parametrize(
    "parameters", [{}, {"code": "abc"}, {"code": "abc", "state": "made-up"}, {"error": "access_denied"}]
)
def test_a_callback_nobody_asked_for_writes_nothing(town: Town, parameters: dict[str, str]):
    browser = town.browser()
    browser.open(town.at("/datacite/"))
    page = browser.open(f"{CALLBACK}?{urlencode(parameters)}")
    assert page.status == 400
    assert "Nothing was saved" in page.text
    assert page.address("Start again") == f"{HUB}/datacite/connect"
    assert nothing_written(town)
    assert not town.rows("session")


def test_a_state_of_another_browser_is_of_no_use(town: Town):
    victim, attacker = town.browser(town.ada), town.browser(town.stranger)
    state = away(town, attacker)["state"]
    code = query(callback_of(town, attacker, state))["code"]
    away(town, victim)  # the victim, too, is under way
    page = victim.open(f"{CALLBACK}?{urlencode({'code': code, 'state': state})}")
    assert page.status == 400
    assert nothing_written(town)
    page = attacker.open(f"{CALLBACK}?{urlencode({'code': code, 'state': state})}")
    assert page.url == f"{HUB}/datacite/settings"
    assert [row.orcid for row in town.rows("permission")] == [town.stranger.orcid]


def callback_of(town: Town, browser, state: str) -> str:
    """Allow at the registry, and stop short of the hub: the address of the callback."""
    url = town.place.authorize_url(town.client(town.datacite), redirect_uri=CALLBACK, state=state)
    form = browser.open(url).form(containing="Authorise")
    pairs = [*form.fill(until_revoked=True).element.form_values(), ("decision", "allow")]
    headers = {
        "Origin": REGISTRY,
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies("registry.test").items()),
    }
    answer = town.everyone.post(form.page.url, content=urlencode(pairs).encode(), headers=headers)
    assert answer.headers["location"].startswith(CALLBACK), answer.text
    return answer.headers["location"]


def test_a_state_is_good_once_and_for_ten_minutes(town: Town):
    browser = town.browser(town.ada)
    state = away(town, browser)["state"]
    back = callback_of(town, browser, state)
    town.clock.advance(10 * MINUTE)
    assert browser.open(back).status == 400
    assert nothing_written(town)

    town.connect(browser)
    url = next(url for url in browser.visited if url.startswith(CALLBACK) and "code=" in url and url != back)
    before = town.rows("permission")
    assert browser.open(url).status == 400
    assert town.rows("permission") == before


def test_a_state_for_another_environment_is_of_no_use(town: Town):
    browser = town.browser(town.ada)
    state = away(town, browser)["state"]
    back = callback_of(town, browser, state)
    for handle in ("datacite@production", "library"):
        page = browser.open(back.replace("/datacite/", f"/{handle}/"))
        assert page.status == 400
    assert nothing_written(town)


def test_denial_is_explained_and_can_be_undone(town: Town):
    browser = town.browser(town.ada)
    page = browser.open(town.at("/datacite/connect")).form(containing="Deny").submit("Deny")
    assert page.status == 200
    assert "You did not give permission" in page.text
    assert nothing_written(town)
    page = (
        page.link("Try again")
        .form(containing="Authorise")
        .fill(until_revoked=True)
        .submit("Authorise access")
    )
    assert page.url == f"{HUB}/datacite/settings"


def test_a_failing_registry_leaves_nothing_behind(town: Town):
    browser = town.browser(town.ada)
    state = away(town, browser)["state"]
    page = browser.open(f"{CALLBACK}?{urlencode({'code': 'never-issued', 'state': state})}")
    assert page.status == 400
    assert "That took too long" in page.text
    state = away(town, browser)["state"]
    page = browser.open(f"{CALLBACK}?{urlencode({'error': '<b>x</b>', 'state': state})}")
    assert page.status == 502
    assert "<b>x</b>" not in page.html
    assert nothing_written(town)


def test_signing_in_learns_who_she_is_and_files_no_permission(town: Town):
    browser = town.browser(town.ada)
    page = browser.open(town.at("/datacite/items"))
    assert page.status == 403
    page = page.link("Sign in with your iD").form(containing="Authorise").submit("Authorise access")
    assert page.url == f"{HUB}/datacite/items"
    assert town.rows("permission") == []
    page = browser.open(town.at("/datacite/settings"))
    assert town.ada.orcid in page.text
    assert "not connected" in page.text


def test_signing_in_does_not_touch_a_permission(town: Town):
    town.connected(town.ada)
    before = town.permission(town.ada)
    browser = town.browser(town.ada)
    browser.open(town.at("/datacite/signin"))
    if browser.page.forms() and "Authorise" in browser.page.text:
        browser.page.form(containing="Authorise").submit("Authorise access")
    assert browser.open(town.at("/datacite/settings")).status == 200
    assert town.permission(town.ada) == before


def test_another_person_does_not_take_over_the_session_in_silence(town: Town):
    browser = town.connected(town.ada)
    town.place.sign_out(browser)
    town.place.sign_in(browser, town.stranger)
    page = town.connect(browser)
    assert page.url == f"{HUB}/datacite/switch"
    assert town.ada.orcid in page.text
    assert town.stranger.orcid in page.text
    assert town.ada.orcid in browser.open(town.at("/datacite/settings")).text
    stays = browser.open(town.at("/datacite/switch")).form("switch").submit(f"Stay {town.ada.orcid}")
    assert town.stranger.orcid not in stays.text
    page = browser.open(
        town.at("/datacite/connect")
    )  # her permission stands: the registry need not ask again
    page = page.form("switch").submit(f"Go on as {town.stranger.orcid}")
    assert page.url == f"{HUB}/datacite/settings"
    assert town.stranger.orcid in page.text
    assert town.ada.orcid not in page.text


def test_organisations_and_environments_are_apart(town: Town):
    browser = town.connected(town.ada)
    for handle in ("library", "datacite@production"):
        assert browser.open(town.at(f"/{handle}/settings")).status == 403
    assert town.permission(town.ada, town.library) is None
    assert town.permission(town.ada, town.production) is None
    page = town.connect(browser, handle="library")
    assert page.url == f"{HUB}/library/settings"
    page = town.connect(browser, handle="datacite@production")
    assert page.url == f"{HUB}/datacite@production/settings"
    tokens = {
        town.permission(town.ada, each).access_token
        for each in (town.datacite, town.library, town.production)
    }
    assert len(tokens) == 3
    browser.open(town.at("/library/settings")).form("sign-out").submit()
    assert browser.open(town.at("/library/settings")).status == 403
    assert browser.open(town.at("/datacite/settings")).status == 200


def test_the_session_has_a_new_id_after_signing_in(town: Town):
    browser = town.browser(town.ada)
    away(town, browser)
    before = browser.cookies("hub.test")["__Host-laelia-hub"]
    town.connect(browser)
    after = browser.cookies("hub.test")["__Host-laelia-hub"]
    assert before != after
    stale = town.everyone.get(
        town.at("/datacite/settings"), headers={"Cookie": f"__Host-laelia-hub={before}"}
    )
    assert stale.status == 403


def test_granting_again_gives_the_former_token_back(town: Town):
    browser = town.connected(town.ada, until_revoked=False)
    former = town.permission(town.ada).access_token
    town.connect(browser)
    latter = town.permission(town.ada).access_token
    assert town.place.status_of(latter) == 200
    assert town.place.status_of(former) == 401


def test_next_leads_nowhere_else(town: Town):
    browser = town.browser(town.ada)
    for onward in ("https://evil.example/", "//evil.example", "/library/settings", "/datacite/\r\nX: y"):
        browser.open(town.at("/datacite/connect?" + urlencode({"next": onward})))
        page = browser.page
        if "Authorise" in page.text:
            page = page.form(containing="Authorise").fill(until_revoked=True).submit("Authorise access")
        assert page.url == f"{HUB}/datacite/settings"


def test_an_answer_of_another_registry_is_none(town: Town):
    """RFC 9207: ours says who it is, ORCID does not, and nobody else may."""
    browser = town.browser(town.ada)
    for iss, status in (("https://evil.example", 400), (f"{REGISTRY}.evil.example", 400)):
        asked = away(town, browser)
        told = urlencode({"code": "whatever", "state": asked["state"], "iss": iss})
        assert browser.open(f"{CALLBACK}?{told}").status == status
    assert nothing_written(town)
