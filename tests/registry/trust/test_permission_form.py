"""The permission form: what it says to whom, and that nothing is lost or slipped in on the way."""

import re
from typing import Any

import pytest

from laelia.lib.browser import Browser, Page
from laelia.registry.record import people
from registry.place import BACK, PASSWORD, SITE, Member, Person, answer
from registry.trust.conftest import Town
from registry.web.newcomer import go_through, step

ALL = "/read-limited /activities/update /person/update"


def listed(page: Page, section: str) -> list[str]:
    """The sentences of one section of the form, with their chips and hints."""
    items = page.all(f"//section[@aria-labelledby='{section}']//li")
    return [" ".join(item.text_content().split()) for item in items]


# ---- what it says


def test_each_thing_is_said_with_what_it_is_not(town: Town, ada: Person, member: Member) -> None:
    page = town.ask(ada, member, scope="openid /read-limited /activities/update /orcid-works/create")
    would = listed(page, "would")
    assert [line.split(" ")[0] for line in would] == ["know", "read", "add"]
    assert "Your e-mail address is not part of this" in would[0]
    assert "“Only me” is not part of this" in would[1]
    assert listed(page, "would-not") == [
        "change or remove anything that you or others added",
        "see what you keep to yourself, or your password",
    ]
    assert not page.all("//section[@aria-labelledby='does']")
    assert " new" not in " ".join(would)


def test_what_is_new_is_marked_and_the_rest_stands(town: Town, ada: Person, member: Member) -> None:
    town.token(ada, member, scope="/read-limited /activities/update")
    page = town.ask(ada, member, scope="/activities/update /orcid-works/update /person/update")
    (new,) = listed(page, "would")
    assert new.startswith("add personal details")
    assert " newly asked " in new
    standing = listed(page, "does")
    assert [line.split(" ")[0] for line in standing] == ["read", "add"]
    assert not any(" new" in line for line in standing)
    assert "stands until you revoke it, whatever you answer here" in page.text
    assert page.all("//input[@name='until_revoked'][not(@checked)]")


def test_a_permission_for_an_hour_stands_until_then(town: Town, ada: Person, member: Member) -> None:
    town.token(ada, member, scope="/read-limited", until_revoked=False)
    page = town.ask(ada, member, scope="/read-limited")
    assert listed(page, "would") == []
    assert len(listed(page, "does")) == 1
    assert "This ends at 2026-" in page.text


def test_what_was_taken_back_is_new_again(town: Town, ada: Person, member: Member) -> None:
    town.token(ada, member, scope=ALL)
    town.take_back(ada, member, "add personal details")
    page = town.ask(ada, member, scope=ALL)
    assert [line.split(",")[0] for line in listed(page, "would")] == ["add personal details"]
    assert len(listed(page, "does")) == 2
    assert "You took a permission back from" in page.text


def test_denying_more_leaves_what_stands(town: Town, ada: Person, member: Member) -> None:
    got = town.token(ada, member, scope="/read-limited")
    said = town.deny(ada, member, scope=ALL, state="s 7")
    assert said == {
        "error": "access_denied",
        "error_description": "User denied access",
        "state": "s 7",
        "iss": SITE,
    }
    assert town.api(got["access_token"], "GET", ada).status == 200
    assert len(town.of("consent", ada)) == 1


@pytest.mark.parametrize(
    "names", [{"given": "Ada", "visibility": "private"}, {"given": None}, {"given": "", "family": None}]
)
def test_names_and_addresses_that_are_private_or_absent_break_nothing(
    town: Town, ada: Person, member: Member, names: dict[str, Any]
) -> None:
    with town.service.db.writing() as tx:
        people.set_names(tx, town.clock.now(), ada.orcid, **names)
    page = town.ask(ada, member, scope=f"openid {ALL}")
    assert page.status == 200
    assert f"You are signed in as {'Ada ' if names['given'] else ''}{ada.orcid}" in page.text
    assert not page.all("//b[not(normalize-space())]")
    got = town.token(ada, member, scope=f"openid {ALL}")
    assert (got["name"], got["orcid"]) == ("", ada.orcid)
    assert town.browser(ada).open(town.at("/account/trusted")).status == 200


def test_somebody_without_any_address(town: Town, member: Member) -> None:
    nobody = town.somebody("Nemo", "")
    browser = town.browser(nobody)
    with town.service.db.writing() as tx:
        table = people.tables.email
        tx.execute(table.delete().where(table.c.orcid == nobody.orcid))
    form = browser.open(town.authorize_url(member)).form(containing="Authorise")
    assert answer(form.fill(until_revoked=True).submit("Authorise access").url)["code"]


# ---- on the way


def test_nothing_is_lost_on_the_way(town: Town, member: Member) -> None:
    """Wrong passwords, registering instead, the link in the mail opened in between, not you, in again: state,
    scopes and PKCE are those of the beginning."""
    browser = town.browser()
    start = town.authorize_url(member, scope="/read-limited", state='ü&"<s>/?=#+%20 1')
    page = browser.open(start)
    for _ in range(2):
        page = page.form("/signin").fill(name="maria@example.org", password="wrong 1 password").submit()
        assert page.status == 401
    page = page.link("Register, it is free")
    page = go_through(page, family="", repeat="something 2 else")
    assert page.status == 422
    page = go_through(step(page, family=""))
    assert page.title.startswith(f"{town_name(town, member)} asks")
    form = page
    town.service.work()
    (text,) = [row.text for row in town.rows("outbox") if row.recipient == "emilie@example.org"]
    link = re.search(r"https://\S+/verify-email/\S+", text)
    assert link is not None
    assert "is confirmed" in browser.open(link[0]).text
    page = form.form(containing="Sign in as somebody else").submit("Sign in as somebody else")
    page = page.form("/signin").fill(name="EMILIE@example.org", password=PASSWORD).submit()
    assert page.title == form.title
    said = answer(page.form(containing="Authorise").fill(until_revoked=True).submit("Authorise access").url)
    assert said["state"] == 'ü&"<s>/?=#+%20 1'
    assert town.redeem(member, said["code"]).json()["scope"] == "/read-limited"


def town_name(town: Town, member: Member) -> str:
    return next(str(row.name) for row in town.rows("client") if row.client_id == member.id)


def test_where_she_goes_afterwards(town: Town, ada: Person) -> None:
    app_of_hers = town.member(name="On her phone", redirect_uris=["org.example.app:/back"])
    page = town.ask(ada, app_of_hers, redirect_uri="org.example.app:/back")
    assert "Afterwards you go back to org.example.app:" in page.text


# ---- answers that must not count


def post(browser: Browser, url: str, body: str) -> Page:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return browser.send("POST", url, content=body.encode(), headers=headers)


@pytest.mark.parametrize("fault", ["no token", "another's token", "another site", "signed out"])
def test_csrf_of_allow(town: Town, ada: Person, member: Member, fault: str) -> None:
    """Nobody gives a permission in her name from elsewhere: neither without the session's token, nor with
    one of another session, nor from another origin, nor after she signed out."""
    browser, url = town.browser(ada), town.authorize_url(member)
    token = browser.open(url).form(containing="Authorise").value("csrf_token")
    if fault == "another's token":
        token = town.browser(town.stranger).open(url).form(containing="Authorise").value("csrf_token")
    if fault == "another site":
        browser.open("https://client.test/evil")
    if fault == "signed out":
        browser.open(url).form(containing="Sign in as somebody else").submit()
    sent = "" if fault == "no token" else token
    page = post(browser, url, f"csrf_token={sent}&decision=allow&account={ada.orcid}&shown=")
    assert page.status == 403
    assert town.of("code", ada) == town.of("consent", ada) == []


@pytest.mark.parametrize("more", ["&decision=allow", f"&decision=allow&account={'0' * 19}&shown="])
def test_opening_an_address_is_no_answer(town: Town, ada: Person, member: Member, more: str) -> None:
    page = town.browser(ada).open(town.authorize_url(member) + more)
    assert page.status == 200
    assert page.all("//button[@value='allow']")
    assert town.of("code", ada) == []


@pytest.mark.parametrize(
    ("answered", "counts"),
    [("allow", True), ("deny", False), ("", False), ("Allow", False), ("deny&decision=allow", False)],
)
def test_only_allow_is_a_yes(town: Town, ada: Person, member: Member, answered: str, counts: bool) -> None:
    browser, url = town.browser(ada), town.authorize_url(member)
    token = browser.open(url).form(containing="Authorise").value("csrf_token")
    page = post(browser, url, f"csrf_token={token}&account={ada.orcid}&shown=&decision={answered}")
    assert page.url.startswith(BACK)
    assert ("code" in answer(page.url)) == counts


def test_consent_of_another_account(town: Town, ada: Person, member: Member) -> None:
    """The form says whose permission it is: who signed in as somebody else since, is asked once more, and a
    form that names no account or another's does not count."""
    browser, url = town.browser(ada), town.authorize_url(member)
    token = browser.open(url).form(containing="Authorise").value("csrf_token")
    for account in ("", town.stranger.orcid):
        page = post(browser, url, f"csrf_token={token}&account={account}&shown=&decision=allow")
        assert "signed in as somebody else" in page.text
        assert page.all("//*[@role='alert']")
    assert town.of("code", ada) == town.of("code", town.stranger) == []


def test_a_replayed_form_does_not_undo_a_revocation(town: Town, ada: Person, member: Member) -> None:
    """Allowed, taken back, and then the old form sent once more, as by the browser's way back: she is asked
    anew, with what has happened, and only the new form counts."""
    form = town.ask(ada, member).form(containing="Authorise").fill(until_revoked=True)
    code = answer(form.submit("Authorise access").url)["code"]
    assert town.redeem(member, code).status == 200
    town.revoke_all(ada, member)
    page = form.submit("Authorise access")
    assert page.url.startswith(town.site)
    assert "You took a permission back from" in page.text
    assert page.all("//*[@role='alert']")
    assert [row.revoked_reason for row in town.of("token", ada)] == ["user"]
    assert all(row.used for row in town.of("code", ada))
    said = answer(page.form(containing="Authorise").submit("Authorise access").url)
    assert town.redeem(member, said["code"]).status == 200


def test_the_same_form_twice_gives_no_more_than_once(town: Town, ada: Person, member: Member) -> None:
    """A double click: two codes for one and the same permission, each good once, taken back together."""
    form, found = town.ask(ada, member).form(containing="Authorise"), []
    for _ in range(2):
        town.browser(ada).open(town.at("/account"))  # posted from this site, not from the client's
        found.append(answer(form.submit("Authorise access").url)["code"])
    assert [town.redeem(member, code).status for code in found] == [200, 200]
    town.revoke_all(ada, member)
    assert {row.revoked_reason for row in town.of("token", ada)} == {"user"}


def test_login_csrf(town: Town, ada: Person, member: Member) -> None:
    """Nobody is signed in as somebody else behind her back to give away that account's permission: a sign-in
    needs the form of this very browser."""
    browser = town.browser()
    browser.open(town.at("/signin"))
    theirs = town.browser(town.stranger).open(town.at("/account")).form("/signout").value("csrf_token")
    target = town.at("/signin")
    for token in ("", theirs):
        page = post(browser, target, f"csrf_token={token}&name={ada.orcid}&password={PASSWORD}")
        assert page.status == 403
    own = browser.open(target).form("/signin").value("csrf_token")
    browser.open("https://client.test/evil")
    page = post(browser, target, f"csrf_token={own}&name={ada.orcid}&password={PASSWORD}")
    assert page.status == 403
    assert browser.open(town.authorize_url(member)).url.startswith(town.at("/signin"))


def test_headers_of_every_page_with_a_permission_on_it(town: Town, ada: Person, member: Member) -> None:
    """Never in a frame (clickjacking), never kept, nothing of the address told to the next site."""
    pages = [town.ask(ada, member), town.ask(ada, member, redirect_uri="https://evil.example/")]
    pages.append(town.browser(ada).open(town.at("/account/trusted")))
    for page in pages:
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        assert "default-src 'self'" in page.headers["content-security-policy"]
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["referrer-policy"] in ("no-referrer", "same-origin")
    assert pages[0].headers["referrer-policy"] == pages[1].headers["referrer-policy"] == "no-referrer"
