"""Passwords: changed by the old one, or chosen anew by a link in a message."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from laelia.lib.browser import Page
from laelia.lib.clock import HOUR
from registry.place import PASSWORD, Person, Place
from registry.sign_in.steps import (
    code,
    cookie,
    first_step,
    later,
    mails,
    reset_link,
    second_step,
    signed_in,
    turn_on,
)

NEW = "tern & 9 gulls"


def change(page: Page, old: str = PASSWORD, new: str = NEW, repeat: str | None = None) -> Page:
    form = page.form("/account/password").fill(old=old, password=new)
    return form.fill(repeat=new if repeat is None else repeat).submit()


def ask(place: Place, name: str, address: str = "198.51.100.1") -> Page:
    form = place.elsewhere(address).open(place.at("/reset-password")).form("/reset-password")
    return form.fill(name=name).submit()


def choose(place: Place, link: str, new: str = NEW) -> Page:
    return place.browser().open(link).forms()[0].fill(password=new, repeat=new).submit()


def test_a_changed_password_ends_every_other_session(place: Place, grace: Person) -> None:
    here, elsewhere = place.browser(grace), place.browser(grace)
    before = cookie(here)
    page = change(here.open(place.at("/account")).link("Password"))
    assert page.url == place.at("/account")
    assert "every other session is ended" in page.text
    assert cookie(here) != before
    assert signed_in(here, place)
    assert not signed_in(elsewhere, place)
    assert mails(place, grace.email)[0][0] == "Your password was changed"
    assert first_step(place, place.browser(), grace).status == 401
    assert first_step(place, place.browser(), grace, NEW).url == place.at("/my-record")


@pytest.mark.parametrize(
    ("fields", "status", "says"),
    [
        ({"old": "wrong 1 password"}, 401, "This is not your password."),
        ({"new": "short1"}, 422, "at least 8 characters"),
        ({"new": "y1" * 129}, 422, "at most 256 characters"),
        ({"new": "only letters"}, 422, "at least one digit"),
        ({"new": "1234567890"}, 422, "at least one letter or symbol"),
        ({"new": "Password123"}, 422, "anybody would try"),
        ({"repeat": "tern & 8 gulls"}, 422, "not the same password"),
    ],
)
def test_what_a_new_password_may_lack(
    place: Place, grace: Person, fields: dict[str, str], status: int, says: str
) -> None:
    page = change(place.browser(grace).open(place.at("/account/password")), **fields)
    assert page.status == status
    assert says in page.text
    assert not any(each.get("value") for each in page.all("//input[@type='password']"))


def test_her_address_is_no_password(place: Place, grace: Person) -> None:
    page = change(place.browser(grace).open(place.at("/account/password")), new=f"{grace.email.upper()}1")
    assert "Leave your e-mail address out" in page.text


def test_forgotten_and_chosen_anew(place: Place, grace: Person) -> None:
    elsewhere = place.browser(grace)
    page = place.browser().open(place.at("/signin")).link("Forgotten your password?")
    page = page.form("/reset-password").fill(name=grace.email.upper()).submit()
    assert "Look into your mailbox" in page.text
    subject, text = mails(place, grace.email)[0]
    assert subject == "Choose a new password"
    link = reset_link(text)
    assert link.rpartition("/")[2] not in str(place.rows("email_link"))
    page = choose(place, link)
    assert page.url == place.at("/signin")
    assert "You can sign in with it now" in page.text
    assert not signed_in(page.browser, place)
    assert not signed_in(elsewhere, place)
    assert first_step(place, place.browser(), grace, NEW).url == place.at("/my-record")
    assert mails(place, grace.email)[0][0] == "Your password was changed"
    assert place.browser().open(link).status == 404


def test_by_her_id_it_goes_to_her_primary_address(place: Place, grace: Person) -> None:
    ask(place, grace.orcid)
    assert mails(place, grace.email)[0][0] == "Choose a new password"


def test_looking_at_the_link_does_not_use_it_up(place: Place, grace: Person) -> None:
    ask(place, grace.email)
    link = reset_link(mails(place, grace.email)[0][1])
    for method in ("HEAD", "GET"):
        assert place.http.request(method, link).status == 200
    assert choose(place, link, "short1").status == 422
    assert choose(place, link).url == place.at("/signin")


def test_a_link_works_once_however_many_send_it_at_once(place: Place, grace: Person) -> None:
    ask(place, grace.email)
    link = reset_link(mails(place, grace.email)[0][1])
    forms = [place.browser().open(link).forms()[0] for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(lambda form: form.fill(password=NEW, repeat=NEW).submit(), forms))
    assert sorted(page.status for page in done) == [200, 404, 404, 404]


def test_only_the_newest_link_works_and_only_for_four_hours(place: Place, grace: Person) -> None:
    ask(place, grace.email)
    first = reset_link(mails(place, grace.email)[0][1])
    ask(place, grace.email)
    second = reset_link(mails(place, grace.email)[0][1])
    assert place.browser().open(first).status == 404
    place.clock.advance(4 * HOUR - 1)
    assert place.browser().open(second).status == 200
    place.clock.advance(1)
    page = place.browser().open(second)
    assert page.status == 404
    assert page.link("Send me a new link").url == place.at("/reset-password")


def test_a_reset_does_not_skip_the_second_step(place: Place, grace: Person) -> None:
    secret, _ = turn_on(place, place.browser(grace))
    ask(place, grace.email)
    choose(place, reset_link(mails(place, grace.email)[0][1]))
    later(place)
    page = first_step(place, place.browser(), grace, NEW)
    assert page.url == place.at("/signin/code")
    assert second_step(page, code(place, secret)).url == place.at("/my-record")


def test_a_link_of_another_kind_sets_no_password(place: Place, grace: Person) -> None:
    place.browser(grace).open(place.at("/account/emails")).form("/account/emails/link").submit()
    text = mails(place, grace.email)[0][1]
    token = text.partition("/verify-email/")[2].split()[0]
    assert place.browser().open(place.at(f"/reset-password/{token}")).status == 404


def test_who_left_gets_no_link(place: Place, grace: Person) -> None:
    ask(place, grace.email)
    link = reset_link(mails(place, grace.email)[0][1])
    place.set_state(grace, "deactivated")
    assert place.browser().open(link).status == 404
    ask(place, grace.email)
    assert mails(place, grace.email)[0][0] == "No account with this address"


def test_nobody_learns_whether_an_address_is_known(place: Place, grace: Person) -> None:
    """The same answer, and the same work before it: one job, which says what was typed."""
    known, unknown = grace.email, grace.email.replace("grace", "grail")
    pages = {}
    for name in (known, unknown):
        before = {row.id for row in place.rows("job")}
        pages[name] = ask(place, name)
        (job,) = [row for row in place.rows("job") if row.id not in before]
        assert (job.kind, job.payload["name"]) == ("password-reset", name)
    assert pages[known].status == pages[unknown].status == 200
    assert pages[known].text.replace(known, "X") == pages[unknown].text.replace(unknown, "X")
    assert sorted(pages[known].headers) == sorted(pages[unknown].headers)
    assert mails(place, unknown)[0][0] == "No account with this address"
    assert mails(place, known)[0][0] == "Choose a new password"


def test_nobody_floods_her_mailbox(place: Place, grace: Person) -> None:
    """The third message has to wait, whoever asks and from wherever; the answer stays the same."""
    answers = {ask(place, grace.email, f"198.51.100.{number}").text for number in range(6)}
    assert len(answers) == 1
    assert len(mails(place, grace.email)) == 2
    link = reset_link(mails(place, grace.email)[0][1])
    assert place.browser().open(link).status == 200


def test_one_place_can_not_ask_for_everybody(place: Place) -> None:
    place.clock.advance(2 * HOUR)
    pages = [ask(place, f"n{number}@example.org", "198.51.100.99") for number in range(21)]
    assert [page.status for page in pages] == [200] * 20 + [429]
    assert pages[-1].headers["retry-after"] == "60"


def test_guesses_at_links_are_slowed(place: Place) -> None:
    browser = place.elsewhere("198.51.100.77")
    found = {browser.open(place.at(f"/reset-password/guess-{number}")).status for number in range(100)}
    assert found == {404}
    assert browser.open(place.at("/reset-password/guess-100")).status == 429


def test_who_has_no_password_gets_a_link_to_choose_one(place: Place, grace: Person) -> None:
    """Somebody who comes through an institution: here, with the password taken away."""
    browser = place.browser(grace)
    with place.service.db.writing() as tx:
        tx.exec_driver_sql(f"delete from credential where orcid = '{grace.orcid}'")
    page = browser.open(place.at("/account/password"))
    assert "You have no password here" in page.text
    page.form("/reset-password").submit()
    choose(place, reset_link(mails(place, grace.email)[0][1]))
    assert first_step(place, place.browser(), grace, NEW).url == place.at("/my-record")
