"""The inbox: a person reads what members ask of her, grants, archives; nobody else touches it."""

from typing import Any

import pytest

from laelia.lib.browser import Browser, Page
from laelia.lib.clock import DAY, MINUTE
from laelia.model.common import ExternalId
from laelia.model.notification import AuthorizationUrl, NotificationItem, NotificationPermission
from laelia.registry.access import Principal
from laelia.registry.notify import notifications
from registry.place import Member, Place

GRANT = "https://client.test/ask?a=1&b=2"


def ask(place: Place, client: Member, subject: str = "Your works", **changed: Any) -> int:
    """What the API does with a notification that it has checked."""
    given: dict[str, Any] = {
        "notification_type": "permission",
        "authorization_url": AuthorizationUrl(uri=GRANT),
        "intro": "We know of these:",
        "items": [NotificationItem(item_type="work", item_name="On bees")],
        **changed,
    }
    who = Principal(kind="client", client=client.id, client_kind="premium")
    sent = NotificationPermission(subject=subject, **given)
    with place.service.db.writing() as tx:
        return notifications.add(tx, place.clock.now(), who, place.ada.orcid, sent)


@pytest.fixture
def client(place: Place) -> Member:
    return place.member(name="Bee Library")


def titles(page: Page) -> list[str]:
    return [" ".join(one.text_content().split()) for one in page.all("//article//h2")]


def link(page: Page) -> str:
    return next(words for words in page.links() if words.startswith("Inbox"))


def row(place: Place, number: int) -> Any:
    return next(one for one in place.rows("notification") if one.put_code == number)


def test_she_reads_who_asks_for_what(place: Place, client: Member) -> None:
    doi = ExternalId(type="doi", value="10.5555/bees", relationship="self")
    items = [
        NotificationItem(item_type="employment", item_name="Beekeeper"),
        NotificationItem(item_type="work", item_name="On bees", external_id=doi),
        *(NotificationItem(item_type="work", item_name=f"Bee {n}") for n in range(22)),
    ]
    ask(place, client, intro="We know\nof these:", items=items)
    page = place.browser(place.ada).open(place.at("/inbox"))
    for words in (
        "Your works",
        "From Bee Library",
        "We know of these:",
        "Works 23",
        "On bees",
        "Bee 18",
        "and 3 more",
        "Employment 1",
        "Granting leads to client.test",
    ):
        assert words in page.text
    assert page.links()["10.5555/bees"] == "https://doi.org/10.5555/bees"
    assert "Bee 19" not in page.text


def test_opening_it_is_reading_it(place: Place, client: Member) -> None:
    number = ask(place, client)
    place.clock.advance(MINUTE)
    browser = place.browser(place.ada)
    assert link(browser.open(place.at("/my-record"))) == "Inbox 1 new"
    head = place.http.request("HEAD", place.at("/inbox"), headers=_cookies(browser, place))
    assert head.status == 200
    assert row(place, number).read is None  # whoever only looks whether there is a page has read nothing
    page = browser.open(place.at("/account")).link("Inbox")
    assert page.all("//article//span[text()='new']")
    assert link(page) == "Inbox"
    assert row(place, number).read == place.clock.now()
    place.clock.advance(MINUTE)
    again = browser.open(place.at("/inbox"))
    assert not again.all("//article//span[text()='new']")
    assert row(place, number).read == place.clock.now() - MINUTE
    assert "Inbox" not in place.browser().open(place.at("/")).text


def _cookies(browser: Browser, place: Place) -> dict[str, str]:
    jar = browser.cookies("registry.test")
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}


def test_granting_leads_where_the_member_said(place: Place, client: Member) -> None:
    number = ask(place, client)
    browser = place.browser(place.ada)
    page = browser.open(place.at("/inbox")).form(f"/inbox/{number}/grant").submit("Grant permission")
    assert page.url == GRANT
    assert row(place, number).actioned == place.clock.now()
    assert "You went on to grant it" in browser.open(place.at("/inbox")).text


def test_a_path_is_granted_on_this_site(place: Place, client: Member) -> None:
    path = place.authorize_url(client).removeprefix(place.site)
    number = ask(place, client, authorization_url=AuthorizationUrl(path=path))
    page = place.browser(place.ada).open(place.at("/inbox"))
    assert "Granting leads to" not in page.text
    assert "Authorise" in page.form(f"/inbox/{number}/grant").submit().text


def test_what_is_archived_lies_elsewhere(place: Place, client: Member) -> None:
    first = ask(place, client, "The first")
    place.clock.advance(MINUTE)
    ask(place, client, "The second")
    browser = place.browser(place.ada)
    page = browser.open(place.at("/inbox"))
    assert titles(page) == ["The second", "The first"]
    form = page.form(f"/inbox/{first}/archive")
    page = form.submit("Archive")
    assert "Archived." in page.text
    assert titles(page) == ["The second"]
    page = page.link("Archived notifications")
    assert titles(page) == ["The first"]
    assert not [one for one in page.forms() if "/inbox/" in one.describe()]
    archived = row(place, first).archived
    place.clock.advance(MINUTE)
    form.submit()
    assert row(place, first).archived == archived
    with place.service.db.writing() as tx:
        notifications.sweep(tx, place.clock.now() + 400 * DAY)
    assert "not in your inbox any more" in form.submit().text


def test_a_long_inbox_has_pages_and_only_what_is_shown_is_read(place: Place, client: Member) -> None:
    for n in range(12):
        place.clock.advance(MINUTE)
        ask(place, client, f"No {n}")
    browser = place.browser(place.ada)
    page = browser.open(place.at("/inbox"))
    assert titles(page) == [f"No {n}" for n in range(11, 1, -1)]
    assert link(page) == "Inbox 2 new"
    assert titles(page.link("Next")) == ["No 1", "No 0"]
    assert titles(browser.open(place.at("/inbox?page=99"))) == ["No 1", "No 0"]
    assert titles(browser.open(place.at("/inbox?page=x")))[0] == "No 11"


def test_an_empty_inbox_says_what_it_is_for(place: Place) -> None:
    browser = place.browser(place.ada)
    assert "Nothing here" in browser.open(place.at("/inbox")).text
    assert "Nothing here" in browser.open(place.at("/inbox/archived")).text


def test_what_members_write_is_text(place: Place) -> None:
    nasty = "<script>alert(1)</script>"
    own = ExternalId(type="uri", value="javascript:alert(1)", url="javascript:alert(1)", relationship="self")
    item = NotificationItem(item_type="work", item_name=nasty, external_id=own)
    number = ask(
        place,
        place.member(name=nasty),
        nasty,
        intro=nasty,
        items=[item],
        authorization_url=AuthorizationUrl(uri="javascript:alert(1)"),  # the API takes no such thing
    )
    page = place.browser(place.ada).open(place.at("/inbox"))
    assert page.text.count(nasty) == 4
    assert not page.all("//script")
    assert not page.all("//a[starts-with(@href, 'javascript')]")
    form = page.form(f"/inbox/{number}/archive")
    form.element.set("action", f"/inbox/{number}/grant")
    assert form.submit().url == place.at("/inbox")


@pytest.mark.parametrize("action", ["grant", "archive"])
def test_nobody_else_touches_it(place: Place, client: Member, action: str) -> None:
    number = ask(place, client)
    before = row(place, number)
    stranger = place.browser(place.stranger)
    assert titles(stranger.open(place.at("/inbox"))) == []
    form = stranger.open(place.at("/inbox")).form("/signout")
    form.element.set("action", f"/inbox/{number}/{action}")
    assert "not in your inbox any more" in form.submit().text
    nobody = place.browser()
    page = nobody.open(place.at("/inbox"))
    assert page.url == place.at("/signin?next=%2Finbox")
    form = page.form("/signin?next=%2Finbox")
    form.element.set("action", f"/inbox/{number}/{action}")
    assert form.submit().url.startswith(place.at("/signin"))
    assert row(place, number) == before


def test_a_form_of_another_page_is_refused(place: Place, client: Member) -> None:
    number = ask(place, client)
    browser = place.browser(place.ada)
    browser.open(place.at("/my-record"))
    for path in (f"/inbox/{number}/grant", f"/inbox/{number}/archive"):
        assert browser.send("POST", place.at(path)).status == 403
    untouched = row(place, number)
    assert (untouched.read, untouched.actioned, untouched.archived) == (None, None, None)
    assert browser.open(place.at("/inbox/x")).status == 404


def test_a_closed_record_has_no_inbox(place: Place, client: Member) -> None:
    number = ask(place, client)
    browser = place.browser(place.ada)
    form = browser.open(place.at("/inbox")).form(f"/inbox/{number}/archive")
    place.set_state(place.ada, "locked")
    assert form.submit().url == place.at("/my-record")
    assert browser.open(place.at("/inbox")).url == place.at("/my-record")
    assert row(place, number).archived is None
