"""The page on which anybody connects, and how an iD is shown: with the real registry."""

from urllib.parse import urlsplit

import sqlalchemy as sa

from hub.people.test_inviting import permit
from hub.staff.desk import BY
from hub.web.town import HUB, Town, query
from laelia.hub import people, tables
from laelia.hub.people import inviting
from laelia.lib.clock import SECOND
from laelia.registry.record import people as record_people
from registry.place import SITE as REGISTRY


def test_it_says_what_is_asked_why_how_to_withdraw_and_whom_to_ask(town: Town) -> None:
    page = town.browser().open(town.at("/library/"))
    headings = [each.text_content() for each in page.all("//h1|//h2")]
    assert headings[:2] == ["Create or connect your iD", "Three steps"]
    assert {"What is an iD?", "What is asked, and why", "How to take it back", "Whom to ask"} <= set(headings)
    # Each scope that is asked for in words, and the registry named beside the button.
    assert "add works to your record, and update or remove the ones it added" in page.text
    assert "read what you show to everyone and to trusted organisations" in page.text
    [block] = page.all("//section[@id='connect']")
    assert block.xpath(f".//a[@href='{REGISTRY}']")
    assert block.xpath(".//a[@href='/library/connect']//*[local-name()='svg']")
    with town.hub.db.writing() as tx:
        tx.execute(sa.update(tables.environment).values(scopes="/person/update /authenticate"))
    page = town.browser().open(town.at("/library/"))
    assert "add other names, keywords, web sites" in page.text
    assert "add works to your record" not in page.text


def test_no_page_takes_a_typed_id(town: Town) -> None:
    browser = town.connected(town.ada)
    for path in ("", "settings", "items", "search", "disconnect"):
        page = browser.open(town.at(f"/datacite/{path}"))
        named = {name for form in page.forms() for name in form.fields}
        assert not named & {"orcid", "iD", "id", "username"}, path


def test_another_person_on_a_shared_machine(town: Town) -> None:
    browser = town.browser(town.ada)
    town.clock.advance(SECOND)
    page = browser.open(town.at("/datacite/")).link("Sign in as another person")
    asked = query(next(url for url in browser.visited if "/oauth/authorize" in url))
    assert (asked["prompt"], asked["show_login"]) == ("login", "true")
    assert "openid" in asked["scope"].split()
    form = page.form(containing="Sign in")
    page = form.fill(name=town.stranger.email, password=town.stranger.password).submit("Sign in")
    page = permit(page)
    assert page.url == f"{HUB}/datacite/settings", page.text
    assert [row.orcid for row in town.rows("permission")] == [town.stranger.orcid]


def test_without_a_public_name_or_address(town: Town) -> None:
    with town.place.service.db.writing() as tx:
        name = {"given": "Clara", "family": "Quiet", "visibility": "private"}
        record_people.set_names(tx, town.clock.now(), town.ada.orcid, **name)
    page = town.connected(town.ada).open(town.at("/datacite/settings"))
    assert town.ada.orcid in page.text
    assert "Your iD" in page.text
    assert "Clara" not in page.text
    [row] = town.rows("person")
    assert (row.name, row.email, row.state) == (None, None, "connected")


def test_an_id_is_a_link_to_exactly_that_record_with_its_mark(town: Town) -> None:
    page = town.connected(town.ada).open(town.at("/datacite/settings"))
    whole = f"{REGISTRY}/{town.ada.orcid}"
    [link] = page.all("//a[contains(@class, 'orcid')]")
    assert link.get("href") == whole == "".join(link.text_content().split())
    assert link.xpath(".//*[local-name()='svg']")
    # An iD of this registry is never shown as one of ORCID's.
    assert urlsplit(whole).hostname == "registry.test"
    assert "orcid.org" not in page.html


def test_a_no_leads_to_less_to_another_try_and_to_another_person(town: Town) -> None:
    browser = town.browser(town.ada)
    form = browser.open(town.at("/datacite/connect")).form(containing="Authorise")
    page = form.submit("Deny")
    assert "That is fine." in page.text
    assert page.address("Try again") == f"{HUB}/datacite/connect"
    assert page.address("Sign in as another person") == f"{HUB}/datacite/connect?as=other"
    page = permit(page.link("Read only instead"))
    assert "connected in part" in page.text


def test_a_personal_link_fills_in_an_old_typed_id_or_else_the_address(town: Town) -> None:
    for hint in (town.ada.orcid, None):
        with town.hub.db.writing() as tx:
            tx.execute(sa.delete(tables.invitation))
            tx.execute(sa.delete(tables.person))
            made = inviting.add(
                tx, town.clock.now(), BY, town.library, email="a+b@uni.example", given_names="Åsa"
            )
            tx.execute(sa.update(tables.person).values(orcid_hint=hint))
            secret = inviting.new_link(tx, town.clock.now(), town.library, made)
        browser = town.browser()
        page = browser.open(town.at(f"/library/invitation/{secret}"))
        assert town.ada.orcid not in page.html
        page.form("answer").submit("connect")
        url = next(url for url in browser.visited if "/oauth/authorize" in url)
        asked = query(url)
        assert asked["given_names"] == "Åsa"
        if hint:
            assert asked["orcid"] == hint
            assert "email" not in asked
        else:
            assert asked["email"] == "a+b@uni.example"
            assert "a%2Bb%40uni.example" in url
            assert "orcid" not in asked


def test_what_she_wished_holds_on_when_her_id_becomes_another(town: Town) -> None:
    browser = town.connected(town.ada)
    browser.open(town.at("/datacite/settings")).form("choose-wish").fill(mode="pick").submit()
    with town.hub.db.writing() as tx:
        people.mark_moved(tx, town.clock.now(), town.datacite, town.ada.orcid, town.stranger.orcid)
    page = town.connected(town.stranger).open(town.at("/datacite/settings"))
    assert page.form("choose-wish").value("mode") == "pick"
