"""What people do at the hub once connected: claim, Auto-Update, revoke and grant again, disconnect."""

import pytest

from hub.web.town import HUB, Town
from laelia.hub.web import routes
from laelia.hub.web.entry import PERSON
from laelia.lib.http import HttpError
from registry.place import SITE as REGISTRY


def settings(town: Town, browser, handle: str = "datacite"):
    return browser.open(town.at(f"/{handle}/settings"))


def follow(town: Town, browser):
    """Turn Auto-Update on and add all that is there already."""
    return (
        settings(town, browser)
        .form("auto-update-switch")
        .submit("Turn Auto-Update on")
        .form("add-all")
        .submit()
    )


def claim(town: Town, browser, title: str):
    page = browser.open(town.at("/datacite/settings")).form("find").fill(q=title).submit()
    return page.form(containing="It is mine").submit()


def revoke_at_the_registry(town: Town, browser, name: str = "DataCite") -> None:
    page = browser.open(f"{REGISTRY}/account/trusted")
    page.form(containing="Revoke").submit()
    assert town.place.status_of(town.permission(town.ada).access_token) == 401


def test_every_page_of_a_person_asks_a_stranger_to_sign_in(town: Town):
    browser = town.browser()
    csrf = browser.open(town.at("/datacite/")).root
    del csrf
    persons = [route for route in routes if route.access == PERSON]
    assert len(persons) >= 9
    for route in persons:
        path = route.path.format(place="datacite", item="1", action="again", connector="datacite")
        if route.method == "GET":
            page = browser.open(town.at(path))
            assert page.status == 403, path
            assert "Please sign in" in page.text
        else:
            # Without a form of ours there is no token, so it is refused before anyone asks who she is.
            assert browser.send("POST", town.at(path), content=b"").status == 403, path


def test_claimed_is_on_her_record_with_datacite_as_source(town: Town):
    town.publish("orchids", "Orchids of the coast", "Someone Else")
    browser = town.connected(town.ada)
    page = claim(town, browser, "Orchids of the coast")
    assert "Claimed." in page.text
    assert "on its way" in page.text
    town.work()
    assert town.works(town.ada) == [{"title": "Orchids of the coast", "source": "DataCite"}]
    page = browser.open(town.at("/datacite/items"))
    assert "on your record" in page.text
    assert "claimed by you" in page.text
    [row] = town.rows("assertion")
    assert page.address(str(row.put_code)).startswith(f"{REGISTRY}/{town.ada.orcid}")
    page = browser.open(town.at("/datacite/search?q=10.5072/orchids"))
    assert "on your record" in page.text
    assert not [form for form in page.forms() if "It is mine" in form.text]


def test_a_doi_is_found_in_every_spelling(town: Town):
    town.publish("abc", "A data set", "Someone Else")
    browser = town.connected(town.ada)
    for q in ("10.5072/ABC", "https://doi.org/10.5072/abc", "doi:10.5072/abc", "data set"):
        assert (
            "A data set" in browser.open(town.at("/datacite/search")).form("search").fill(q=q).submit().text
        )
    page = browser.open(town.at("/datacite/search?q=10.5072/unknown"))
    assert "Nothing was found" in page.text


def test_what_carries_her_iD_is_said_so(town: Town):  # noqa: N802 - an iD is spelt so
    town.publish("hers", "Hers by iD", town.ada)
    browser = town.connected(town.ada)
    page = browser.open(town.at("/datacite/settings"))
    assert "1 item already carries your iD." in page.text
    assert "carries your iD" in browser.open(town.at(f"/datacite/search?q={town.ada.orcid}")).text


def test_auto_update_is_off_until_she_turns_it_on_and_then_looks_back(town: Town):
    town.publish("one", "First", town.ada)
    town.publish("two", "Second", town.ada)
    town.publish("other", "Not hers", town.stranger)
    browser = town.connected(town.ada)
    town.work()
    assert town.works(town.ada) == []
    page = settings(town, browser).form("auto-update-switch").submit("Turn Auto-Update on")
    assert "2 items already carry your iD" in page.text
    town.work()
    assert town.works(town.ada) == []
    page = browser.open(page.url).form("add-all").submit()
    assert "2 items will be on your record in a moment." in page.text
    town.work()
    assert sorted(work["title"] for work in town.works(town.ada)) == ["First", "Second"]
    assert "found by Auto-Update" in browser.open(town.at("/datacite/items")).text
    page = settings(town, browser).form("auto-update-switch").submit("Turn Auto-Update off")
    assert page.form("auto-update-switch").text.strip().startswith("Turn Auto-Update on")


def test_search_and_link_can_be_turned_off(town: Town):
    town.publish("orchids", "Orchids", "Someone Else")
    browser = town.connected(town.ada)
    page = browser.open(town.at("/datacite/search?q=Orchids"))
    form = page.form(containing="It is mine")
    settings(town, browser).form("search-link-switch").submit()
    assert browser.open(town.at("/datacite/search?q=Orchids")).status == 403
    assert form.submit().status == 403
    assert town.rows("assertion") == []


def test_revoked_is_shown_not_retried_and_what_waited_arrives_after_a_new_grant(town: Town):
    browser = town.connected(town.ada)
    settings(town, browser).form("auto-update-switch").submit("Turn Auto-Update on")
    town.work()
    revoke_at_the_registry(town, browser)
    town.publish("late", "Published later", town.ada)
    claim(town, browser, "Published later")
    town.work()
    page = settings(town, browser)
    assert "permission revoked" in page.text
    assert "1 item waits for it." in page.text
    calls = len(town.place.rows("call_log"))
    town.work()
    assert len(town.place.rows("call_log")) == calls
    assert "waits for your permission" in browser.open(town.at("/datacite/items")).text
    page = settings(town, browser).link("Grant permission again")
    page = page.form(containing="Authorise").fill(until_revoked=True).submit("Authorise access")
    assert page.url == f"{HUB}/datacite/settings"
    town.work()
    assert town.works(town.ada) == [{"title": "Published later", "source": "DataCite"}]


def test_what_is_claimed_without_permission_waits(town: Town):
    town.publish("early", "Claimed early", "Someone Else")
    browser = town.browser(town.ada)
    browser.open(town.at("/datacite/signin")).form(containing="Authorise").submit("Authorise access")
    page = claim(town, browser, "Claimed early")
    assert "It waits for your permission." in page.text
    town.work()
    assert town.works(town.ada) == []
    town.connect(browser)
    town.work()
    assert town.works(town.ada) == [{"title": "Claimed early", "source": "DataCite"}]


def test_disconnecting_revokes_at_the_registry(town: Town):
    browser = town.connected(town.ada)
    token = town.permission(town.ada).access_token
    page = settings(town, browser).link("Disconnect…").form("disconnect").submit("Disconnect")
    assert "disconnected" in page.text
    assert town.place.status_of(token) == 401
    permission = town.permission(town.ada)
    assert (permission.state, permission.access_token, permission.refresh_token) == ("revoked", None, None)
    assert "DataCite" not in browser.open(f"{REGISTRY}/account/trusted").form(0).text


def test_disconnecting_does_nothing_when_the_registry_cannot_be_told(
    town: Town, monkeypatch: pytest.MonkeyPatch
):
    browser = town.connected(town.ada)
    page = settings(town, browser).link("Disconnect…")

    def down(*_: object, **__: object) -> None:
        raise HttpError("unreachable", "no route")

    monkeypatch.setattr("laelia.client.oauth.revoke", down)
    page = page.form("disconnect").submit("Disconnect")
    assert page.status == 502
    assert "nothing was changed" in page.text
    assert town.permission(town.ada).state == "active"


def test_what_she_took_off_stays_off_until_she_asks(town: Town):
    town.publish("mine", "Mine for now", town.ada)
    browser = town.connected(town.ada)
    follow(town, browser)
    town.work()
    items = browser.open(town.at("/datacite/items"))
    page = items.form(containing="Take it off my record").submit()
    assert "being taken off" in page.text
    town.work()
    assert town.works(town.ada) == []
    page = browser.open(town.at("/datacite/items"))
    assert "You asked for it." in page.text
    page.form(containing="Add it again").submit()
    town.work()
    assert [work["title"] for work in town.works(town.ada)] == ["Mine for now"]


def test_a_name_unlike_hers_is_asked_about(town: Town):
    import dataclasses

    town.publish("odd", "Whose is this?", dataclasses.replace(town.ada, name="Quite Different"))
    town.publish("odder", "And this?", dataclasses.replace(town.ada, name="Another Entirely"))
    browser = town.connected(town.ada)
    follow(town, browser)
    town.work()
    assert town.works(town.ada) == []
    page = browser.open(town.at("/datacite/items"))
    assert "is it yours?" in page.text
    page = page.form(containing="Not mine").submit("Not mine")
    assert "You said that it is not yours." in page.text
    page.form(containing="It is mine: add it").submit("It is mine: add it")
    town.work()
    assert len(town.works(town.ada)) == 1


def test_only_her_own_items_can_be_acted_on(town: Town):
    town.publish("mine", "Hers", "Someone")
    browser = town.connected(town.ada)
    claim(town, browser, "Hers")
    [row] = town.rows("assertion")
    other = town.connected(town.stranger)
    form = other.open(town.at("/datacite/settings")).form("sign-out")
    form.element.set("action", f"/datacite/items/{row.id}/withdraw")
    assert form.submit().status == 404
    assert town.rows("assertion")[0].wanted


def test_forms_need_their_token_and_their_origin(town: Town):
    browser = town.connected(town.ada)
    page = settings(town, browser)
    url = town.at("/datacite/choice")
    body = b"feature=auto-update&enabled=yes"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert browser.send("POST", url, content=body, headers=kind).status == 403
    token = page.form("auto-update-switch").value("csrf_token").encode()
    body += b"&csrf_token=" + token
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies("hub.test").items())
    for origin in ("https://evil.example", "https://registry.test", "https://hub.test:8443"):
        answer = town.everyone.post(url, content=body, headers={**kind, "Cookie": cookie, "Origin": origin})
        assert answer.status == 403, origin
    assert town.rows("choice") == []
    answer = town.everyone.post(url, content=body, headers={**kind, "Cookie": cookie, "Origin": HUB})
    assert answer.status == 303
    assert {row.feature for row in town.rows("choice")} == {"auto-update", "undecided"}


def test_pages_for_anyone(town: Town):
    browser = town.browser()
    assert "Example Library" in browser.open(town.at("/")).text
    page = browser.open(town.at("/datacite/"))
    assert "Connect my iD" in page.text
    assert page.headers["x-robots-tag"] == "noindex"
    assert "style=" not in page.html
    assert "<script" not in page.html
    for text in ("about", "privacy", "terms", "contact"):
        assert browser.open(town.at(f"/{text}")).status == 200
    assert browser.open(town.at("/nobody/")).status == 404
    assert browser.open(town.at("/nobody/settings")).status == 404


def test_foreign_titles_are_text(town: Town):
    town.publish("evil", 'Cells <script>alert(1)</script> & "more"', "Mallory <img src=x>")
    browser = town.connected(town.ada)
    page = browser.open(town.at("/datacite/search?q=Cells"))
    assert "<script" not in page.html
    assert "<img" not in page.html


def test_a_silent_doi_registry_is_explained(town: Town, monkeypatch: pytest.MonkeyPatch):
    browser = town.connected(town.ada)

    def down(*_: object, **__: object) -> None:
        raise HttpError("timeout", "ten seconds")

    monkeypatch.setattr(town.hub.http, "request", down)
    assert "does not answer at the moment" in browser.open(town.at("/datacite/search?q=orchids")).text
    assert settings(town, browser).status == 200


def test_no_page_and_no_log_line_shows_a_secret(town: Town, capfd: pytest.CaptureFixture[str]):
    town.publish("hers", "Hers", town.ada)
    browser = town.connected(town.ada)
    pages = [browser.open(town.at(path)).html for path in ("/datacite/settings", "/datacite/items", "/")]
    permission = town.permission(town.ada)
    secrets = [permission.access_token, permission.refresh_token, town.client(town.datacite).secret]
    said = capfd.readouterr().err + "".join(pages)
    for secret in secrets:
        assert secret not in said
