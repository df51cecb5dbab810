"""What somebody prefers, and the letters that follow from it as the clock goes on."""

import pytest

from laelia.lib.clock import DAY, HOUR, MINUTE
from laelia.registry.record import people
from registry.place import Member, Person, Place
from registry.web.news import PREFERENCES, ask, deposit, letters, prefer

WEEK = 7 * DAY


@pytest.fixture
def place(town: Place) -> Place:
    return town


@pytest.fixture
def client(place: Place) -> Member:
    return place.member(name="Bee Library")


def test_requests_and_changes_of_a_week_are_one_letter(place: Place, client: Member, nora: Person) -> None:
    number = ask(place, client, nora, "Your works\nof 2025")
    deposit(place, client, nora, "one", "two")
    assert letters(place, nora, HOUR - 1) == []
    [letter] = letters(place, nora, 1)
    for words in (
        "Dear Nora News,",
        "One organisation asks for your permission:\n\n  Bee Library: Your works of 2025",
        "Others changed your record:\n\n  Bee Library added 2 works",
        "https://registry.test/inbox",
        "https://registry.test/account/preferences",
    ):
        assert words in letter.text
    row = next(row for row in place.rows("notification") if row.put_code == number)
    assert row.sent == place.clock.now()
    deposit(place, client, nora, "three")
    assert len(letters(place, nora, WEEK - 1)) == 1
    assert "Bee Library added a work\n" in letters(place, nora, 1)[1].text
    assert len(letters(place, nora, 4 * WEEK)) == 2  # nothing new, nothing written


def test_the_api_tells_when_it_was_mailed(place: Place, client: Member, nora: Person) -> None:
    number = ask(place, client, nora, "Works")
    letters(place, nora, HOUR)
    token = place.credentials(client, "/premium-notification").json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    path = place.at(f"/v3.0/{nora.orcid}/notification-permission/{number}")
    assert place.http.get(path, headers=headers).json()["sent-date"] == place.clock.now()


@pytest.mark.parametrize(
    ("frequency", "first", "then"),
    [("immediately", 5 * MINUTE, 5 * MINUTE), ("daily", HOUR, DAY), ("weekly", HOUR, WEEK)],
)
def test_as_often_as_she_wants(
    place: Place, client: Member, nora: Person, frequency: str, first: int, then: int
) -> None:
    prefer(place, nora, requests=frequency)
    ask(place, client, nora, "The first")
    assert letters(place, nora, first - 1) == []
    assert len(letters(place, nora, 1)) == 1
    ask(place, client, nora, "The second")
    assert len(letters(place, nora, then - 1)) == 1
    found = letters(place, nora, 1)
    assert len(found) == 2
    assert "The second" in found[1].text
    assert "The first" not in found[1].text


def test_each_kind_has_a_pace_of_its_own(place: Place, client: Member, nora: Person) -> None:
    prefer(place, nora, requests="immediately", changes="daily", trust="never")
    deposit(place, client, nora, "a")
    letters(place, nora, HOUR)
    place.token(nora, client)
    deposit(place, client, nora, "b")
    ask(place, client, nora, "At once")
    found = letters(place, nora, 5 * MINUTE)
    assert "At once" in found[1].text
    assert "added" not in found[1].text
    found = letters(place, nora, DAY)
    assert len(found) == 3
    assert "Bee Library added a work\n" in found[2].text
    assert "permission" not in found[2].text


def test_whom_she_trusts(place: Place, client: Member, nora: Person) -> None:
    place.token(nora, client)
    form = place.browser(nora).open(place.at("/account/trusted")).form(f"/account/trusted/{client.id}/revoke")
    form.submit()
    [letter] = letters(place, nora, HOUR)
    assert "You gave Bee Library a permission." in letter.text
    assert "Bee Library has no permission any more." in letter.text


def test_never_is_never_and_what_she_read_is_not_told(place: Place, client: Member, nora: Person) -> None:
    prefer(place, nora, requests="weekly", changes="never", trust="never")
    deposit(place, client, nora, "a")
    ask(place, client, nora, "Read")
    place.browser(nora).open(place.at("/inbox"))
    assert letters(place, nora, WEEK) == []


def test_nothing_is_written_to_an_address_nobody_confirmed(place: Place, client: Member) -> None:
    who = place.person("Una", "Confirmed", "una@example.org")
    ask(place, client, who, "Works")
    deposit(place, client, who, "a")
    assert letters(place, who, WEEK) == []
    with place.service.db.writing() as tx:
        people.verify_email(tx, place.clock.now(), who.orcid, who.email)
    ask(place, client, who, "Again")
    [letter] = letters(place, who, HOUR)
    assert "2 requests for your permission" in letter.text


def test_one_click_ends_the_letters(place: Place, client: Member, nora: Person) -> None:
    """RFC 8058: a POST without cookies, from nowhere. Whoever only looks at the page ends nothing."""
    ask(place, client, nora, "Works")
    [letter] = letters(place, nora, HOUR)
    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = letter.headers["List-Unsubscribe"].strip("<>")
    assert link in letter.text
    page = place.browser().open(link)
    assert nora.email in page.text
    ask(place, client, nora, "More")
    assert len(letters(place, nora, WEEK)) == 2
    one_click = place.http.post(
        link,
        content=b"List-Unsubscribe=One-Click",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert one_click.status == 200
    assert "We write no more" in page.form(0).submit().text  # and again, by the page
    ask(place, client, nora, "Even more")
    deposit(place, client, nora, "a")
    assert len(letters(place, nora, 2 * WEEK)) == 2
    assert place.browser().open(link + "x").status == 404
    shown = place.browser(nora).open(place.at(PREFERENCES)).form(PREFERENCES)
    assert [shown.value(kind) for kind in ("requests", "changes", "trust")] == ["never"] * 3


def test_who_takes_no_requests(place: Place, client: Member, nora: Person) -> None:
    page = prefer(place, nora, takes_requests=False)
    assert "Your preferences are kept" in page.text
    token = place.credentials(client, "/premium-notification").json()["access_token"]
    body = {
        "notification-type": "permission",
        "authorization-url": {"uri": "https://client.test/ask"},
        "notification-subject": "Works",
        "notification-intro": "We know of these:",
        "items": {"item": [{"item-type": "work", "item-name": "On bees"}]},
    }
    path = place.at(f"/v3.0/{nora.orcid}/notification-permission")
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    refused = place.http.post(path, json=body, headers=headers)
    assert (refused.status, refused.json()["error-code"]) == (409, 9032)
    prefer(place, nora, takes_requests=True)
    assert place.http.post(path, json=body, headers=headers).status == 201


def test_new_items_take_the_visibility_that_is_preferred_now(
    place: Place, client: Member, nora: Person
) -> None:
    prefer(place, nora, visibility="private")
    deposit(place, client, nora, "hidden")
    assert {row.visibility for row in place.rows("item") if row.orcid == nora.orcid} == {"private"}
