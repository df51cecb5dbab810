"""Trusted organisations as they are listed: how each got in, since when it may what, what it did, and those
that are past."""

from typing import Any

import pytest

from laelia.lib.browser import Page
from laelia.lib.clock import DAY, HOUR
from laelia.registry.record import people
from registry.place import Member, Person, answer
from registry.trust.conftest import Town, work

ALL = "/read-limited /activities/update"


@pytest.fixture
def page_of(town: Town) -> Any:
    def look(who: Person) -> Page:
        town.service.work()  # the call log is written
        return town.browser(who).open(town.at("/account/trusted"))

    return look


def test_what_each_thing_is_allowed_since(town: Town, ada: Person, member: Member, page_of: Any) -> None:
    town.token(ada, member, scope="/read-limited")
    town.later(3 * DAY)
    town.token(ada, member, scope=ALL)
    text = page_of(ada).text
    assert "Since 2026-09-" in text
    first, later = (town.of("consent", ada)[n].granted for n in (0, 1))
    assert later - first == 3 * DAY
    assert text.count("Since 20") == 2  # of the whole, and of the thing that came later


def test_since_counts_from_when_it_was_given_again(
    town: Town, ada: Person, member: Member, page_of: Any
) -> None:
    town.token(ada, member, scope=ALL)
    town.later(DAY)
    town.take_back(ada, member, "add works")
    town.later(DAY)
    town.token(ada, member, scope=ALL)
    later = [each.text_content() for each in page_of(ada).all("//li//span[contains(., 'Since')]")]
    assert len(later) == 1
    town.revoke_all(ada, member)
    town.later(DAY)
    town.token(ada, member, scope=ALL)
    assert page_of(ada).text.count("Since 20") == 1


def test_an_hour_is_not_since_last_year(town: Town, ada: Person, member: Member, page_of: Any) -> None:
    """Permissions for an hour with pauses between them don't add up."""
    town.token(ada, member, scope=ALL, until_revoked=False)
    town.later(2 * HOUR)
    town.token(ada, member, scope=ALL, until_revoked=True)
    assert [row.reason for row in town.of("consent", ada)] == ["lapsed", None]


def test_what_it_did(town: Town, ada: Person, member: Member, page_of: Any) -> None:
    got = town.token(ada, member, scope=ALL)["access_token"]
    paths = [town.add(got, ada) for _ in range(3)]
    town.add(got, ada, "/works", {"bulk": [{"work": work()}, {"work": work()}]})
    town.api(got, "DELETE", ada, paths[0])
    for _ in range(4):
        town.api(got, "GET", ada, "/record")
    town.take_back(ada, member, "add works")
    town.api(got, "POST", ada, "/work", work())
    text = page_of(ada).text
    for said in ("added 5 works", "removed a work", "read your record, 4 times", "was refused once"):
        assert said in text
    other = town.somebody()
    town.token(other, member, scope=ALL)
    assert "added 5" not in page_of(other).text
    town.later(31 * DAY)
    assert "did nothing in the last thirty days" in page_of(ada).text


def test_who_only_signed_her_in(town: Town, ada: Person, member: Member, page_of: Any) -> None:
    town.token(ada, member, scope="openid /authenticate")
    assert "It last signed you in" in page_of(ada).text


def test_how_it_got_in(town: Town, ada: Person, member: Member, page_of: Any) -> None:
    """Through her inbox, if she followed its notification there; else it asked."""
    sender = town.credentials(member, "/premium-notification").json()["access_token"]
    told = {
        "notification-type": "permission",
        "authorization-url": {"uri": town.authorize_url(member, scope=ALL)},
        "notification-subject": "A work of yours",
        "notification-intro": "We found it.",
        "items": {"item": [{"item-type": "work", "item-name": "On bees"}]},
    }
    sent = town.api(sender, "POST", ada, "/notification-permission", told)
    assert sent.status == 201, sent.text
    page = town.browser(ada).open(town.at("/inbox")).form(containing="Grant permission").submit()
    back = page.form(containing="Authorise").fill(until_revoked=True).submit("Authorise access")
    assert town.redeem(member, answer(back.url)["code"]).status == 200
    assert "you granted its request in your inbox" in page_of(ada).text
    town.later(2 * HOUR)
    other = town.member(name="Asked itself")
    town.token(ada, other, scope=ALL)
    assert [row.via for row in town.of("consent", ada)] == ["inbox", "asked"]
    assert "it asked you, and you allowed it" in page_of(ada).text


def test_past_permissions(town: Town, ada: Person, member: Member, page_of: Any) -> None:
    by_her, by_time, by_itself = (town.member(name=name) for name in ("By her", "By time", "By itself"))
    town.token(ada, member, scope=ALL)
    town.token(ada, by_her, scope=ALL)
    town.token(ada, by_time, scope=ALL, until_revoked=False)
    town.revoke(by_itself, town.token(ada, by_itself, scope=ALL)["access_token"])
    town.revoke_all(ada, by_her)
    town.later(2 * HOUR)
    page = page_of(ada)
    past = " ".join(page.all("//section[@aria-labelledby='past']")[0].text_content().split())
    assert "By her" in past.split("you took it back")[0]
    assert "By time" in past.split("its time was over")[0]
    assert "By itself" in past.split("it gave the permission back")[0]
    assert past.count("It may still remove what it added itself") == 1
    assert f"/account/trusted/{by_her.id}" not in page.html
    town.later(31 * DAY)
    past = " ".join(page_of(ada).all("//section[@aria-labelledby='past']")[0].text_content().split())
    assert "By time" not in past
    assert "By her" in past
    town.token(ada, by_her, scope=ALL)
    past = " ".join(page_of(ada).all("//section[@aria-labelledby='past']")[0].text_content().split())
    assert "By her" not in past


# ---- the notice of a permission without an end


def messages(town: Town, who: Person) -> list[str]:
    """The texts of all she was sent, once what happened together can be told together."""
    town.service.work()
    town.clock.advance(DAY + HOUR)
    town.service.work()
    return [row.text for row in town.rows("outbox") if row.recipient == who.email]


@pytest.fixture
def confirmed(town: Town, ada: Person) -> Person:
    with town.service.db.writing() as tx:
        people.verify_email(tx, town.clock.now(), ada.orcid, ada.email)
    return ada


def test_she_is_told_once_by_mail_and_in_her_inbox(town: Town, confirmed: Person) -> None:
    member = town.member(name="Registry\r\nof bees")
    town.token(confirmed, member, scope="/read-limited", until_revoked=False)
    assert messages(town, confirmed) == []
    town.token(confirmed, member, scope="/read-limited")
    town.token(confirmed, member, scope=ALL)  # more for one that she knows
    (text,) = messages(town, confirmed)
    assert "You gave Registry of bees a permission." in " ".join(text.split())
    page = town.browser(confirmed).open(town.at("/inbox"))
    assert "has your permission" in page.text
    assert "Grant permission" not in page.text
    assert page.link("See what it may do").url == town.at("/account/trusted")
    page = page.browser.open(town.at("/inbox")).form(containing="Archive").submit("Archive")
    assert "has your permission" not in page.text


def test_an_address_that_is_not_confirmed_learns_nothing(town: Town, ada: Person, member: Member) -> None:
    town.token(ada, member, scope=ALL)
    assert messages(town, ada) == []
    assert "has your permission" in town.browser(ada).open(town.at("/inbox")).text


def test_no_client_sees_the_notice(town: Town, ada: Person, member: Member) -> None:
    """It lies beside those that clients send, and is none of them."""
    town.token(ada, member, scope=ALL)
    (notice,) = town.of("notification", ada)
    own = town.credentials(member, "/premium-notification").json()["access_token"]
    assert town.api(own, "GET", ada, "/notification-permission").json().get("notifications") in ([], None)
    for method in ("GET", "DELETE"):
        assert town.api(own, method, ada, f"/notification-permission/{notice.put_code}").status == 404
    assert town.of("notification", ada)[0].archived is None
