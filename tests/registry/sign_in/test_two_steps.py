"""The second step of signing in, from turning it on to coming in without the phone."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from laelia.lib.clock import MINUTE
from laelia.registry.bulk import fixtures
from laelia.registry.bulk.fixtures import people
from laelia.registry.bulk.fixtures import place as file_of
from registry.place import PASSWORD, Person, Place
from registry.sign_in.steps import code, cookie, first_step, later, mails, second_step, signed_in, turn_on


def test_from_turning_it_on_to_coming_in(place: Place, grace: Person) -> None:
    browser = place.browser(grace)
    secret, codes = turn_on(place, browser)
    assert len(set(codes)) == 10
    assert mails(place, grace.email)[0][0] == "Signing in takes two steps now"
    place.sign_out(browser)
    page = first_step(place, browser, grace, onward="?next=%2Faccount%2Ftrusted")
    assert page.url == place.at("/signin/code?next=%2Faccount%2Ftrusted")
    assert not signed_in(browser, place)
    page = browser.open(page.url)
    assert second_step(page, "000000").status == 401
    page = second_step(browser.page, code(place, secret))
    assert page.url == place.at("/account/trusted")
    (row,) = [row for row in place.rows("session") if row.subject == grace.orcid]
    assert (row.methods, row.arrived) == ("pwd otp", place.clock.now())
    assert "halfway" not in row.data


def test_nothing_counts_before_the_first_code(place: Place, grace: Person) -> None:
    browser = place.browser(grace)
    page = browser.open(place.at("/account/two-steps")).form("/account/two-steps/start").submit()
    assert page.form("/account/two-steps/set-up").fill(code="000000").submit().status == 422
    assert page.form("/account/two-steps/set-up").fill(code="").submit().status == 422
    place.sign_out(browser)
    assert first_step(place, browser, grace).url == place.at("/my-record")
    again = browser.open(place.at("/account/two-steps")).form("/account/two-steps/start").submit()
    first = page.all("string(//*[contains(@class, 'secret')])")
    assert again.all("string(//*[contains(@class, 'secret')])") != first


@pytest.mark.parametrize(("steps", "right"), [(0, True), (-1, True), (1, True), (-2, False), (2, False)])
def test_a_phones_clock_may_be_half_a_minute_wrong(
    place: Place, grace: Person, steps: int, right: bool
) -> None:
    browser = place.browser(grace)
    secret, _ = turn_on(place, browser)
    later(place)
    place.sign_out(browser)
    page = second_step(first_step(place, browser, grace), code(place, secret, steps))
    assert (page.url == place.at("/my-record")) == right


def test_a_code_does_not_work_twice_nor_an_earlier_one_after_it(place: Place, grace: Person) -> None:
    secret, _ = turn_on(place, place.browser(grace))
    shown = code(place, secret)
    assert second_step(first_step(place, place.browser(), grace), shown).url == place.at("/my-record")
    for old in (shown, code(place, secret, -1)):
        page = second_step(first_step(place, place.browser(), grace), old)
        assert page.status == 401
        assert "was used before" in page.text


def test_one_code_sent_by_many_at_once_works_once(place: Place, grace: Person) -> None:
    secret, _ = turn_on(place, place.browser(grace))
    forms = [first_step(place, place.browser(), grace) for _ in range(4)]
    shown = code(place, secret)
    with ThreadPoolExecutor(4) as threads:
        pages = list(threads.map(lambda page: second_step(page, shown), forms))
    assert sorted(page.status for page in pages) == [200, 401, 401, 401]


def test_a_recovery_code_works_once_in_any_spelling(place: Place, grace: Person) -> None:
    _, codes = turn_on(place, place.browser(grace))
    spelled = f" {codes[0].upper().replace('-', ' ')}"
    page = second_step(first_step(place, place.browser(), grace), spelled)
    assert page.url == place.at("/my-record")
    subject, text = mails(place, grace.email)[0]
    assert subject == "A recovery code was used"
    assert "9 are left" in text
    assert second_step(first_step(place, place.browser(), grace), codes[0]).status == 401
    assert second_step(first_step(place, place.browser(), grace), codes[1]).url == place.at("/my-record")


def test_new_recovery_codes_make_the_old_ones_void(place: Place, grace: Person) -> None:
    browser = place.browser(grace)
    _, old = turn_on(place, browser)
    page = browser.open(place.at("/account/two-steps")).form("/account/two-steps/codes").submit()
    new = [each.text for each in page.all("//ul[contains(@class, 'codes')]/li")]
    assert len(new) == 10
    assert not set(new) & set(old)
    assert new[0] not in browser.open(place.at("/account/two-steps")).text
    assert second_step(first_step(place, place.browser(), grace), old[0]).status == 401
    assert second_step(first_step(place, place.browser(), grace), new[0]).url == place.at("/my-record")


def test_nothing_of_it_is_stored_in_clear(place: Place, grace: Person) -> None:
    secret, codes = turn_on(place, place.browser(grace))
    kept = place.everything()
    assert secret not in kept
    assert not [one for one in codes if one in kept or one.replace("-", "") in kept]


def test_the_first_step_lasts_ten_minutes(place: Place, grace: Person) -> None:
    secret, _ = turn_on(place, place.browser(grace))
    browser = place.browser()
    page = first_step(place, browser, grace)
    place.clock.advance(10 * MINUTE)
    page = second_step(page, code(place, secret))
    assert page.url == place.at("/signin")
    assert "from the start" in page.text
    assert not signed_in(browser, place)


def test_the_first_step_is_worth_nothing_at_another_browser(place: Place, grace: Person) -> None:
    secret, _ = turn_on(place, place.browser(grace))
    first_step(place, place.browser(), grace)
    assert place.browser().open(place.at("/signin/code")).url == place.at("/signin")
    assert code(place, secret)


def test_a_new_password_ends_what_was_half_done(place: Place, grace: Person) -> None:
    browser = place.browser(grace)
    secret, _ = turn_on(place, browser)
    thief = place.browser()
    page = first_step(place, thief, grace)
    form = browser.open(place.at("/account/password")).form("/account/password")
    form.fill(old=PASSWORD, password="another 1 password", repeat="another 1 password").submit()
    assert second_step(page, code(place, secret)).url == place.at("/signin")


def test_who_left_meanwhile_is_not_let_in(place: Place, grace: Person) -> None:
    secret, _ = turn_on(place, place.browser(grace))
    page = first_step(place, place.browser(), grace)
    place.set_state(grace, "deactivated")
    assert second_step(page, code(place, secret)).url == place.at("/signin")


def test_turning_it_off_takes_password_and_code(place: Place, grace: Person) -> None:
    browser = place.browser(grace)
    secret, codes = turn_on(place, browser)

    def off(**fields: str) -> str:
        form = browser.open(place.at("/account/two-steps")).form("/account/two-steps/off")
        page = form.fill(**fields).submit()
        return f"{page.status} {page.text}"

    assert off(password="wrong 1 password", code=code(place, secret)).startswith("401")
    assert off(password=PASSWORD, code="000000").startswith("401")
    assert off(password=PASSWORD, code="").startswith("422")
    assert "The second step is off." in off(password=PASSWORD, code=codes[3])
    assert mails(place, grace.email)[0][0] == "Signing in takes one step again"
    assert first_step(place, place.browser(), grace).url == place.at("/my-record")
    assert [row for row in place.rows("recovery_code") if row.orcid == grace.orcid] == []


def test_codes_are_slowed_and_the_owner_is_told(place: Place, grace: Person) -> None:
    """Somebody who has her password guesses from many places; she comes in all the same."""
    own = place.browser(grace)
    secret, _ = turn_on(place, own)
    statuses = []
    for number in range(12):
        thief = place.elsewhere(f"203.0.113.{number}")
        statuses.append(second_step(first_step(place, thief, grace), "000000").status)
    assert statuses == [401] * 10 + [429] * 2
    assert mails(place, grace.email)[0][0] == "Somebody may know your password"
    place.sign_out(own)
    assert second_step(first_step(place, own, grace), code(place, secret)).url == place.at("/my-record")


def test_every_step_gives_the_browser_a_new_id(place: Place, grace: Person) -> None:
    """Session fixation: an id planted before is worth nothing after either step."""
    secret, _ = turn_on(place, place.browser(grace))
    browser = place.browser()
    browser.open(place.at("/signin"))
    planted = cookie(browser)
    page = first_step(place, browser, grace)
    half = cookie(browser)
    second_step(page, code(place, secret))
    assert len({planted, half, cookie(browser)}) == 3
    for old in (planted, half):
        other = place.browser()
        other._cookies["registry.test"] = {"__Host-laelia-registry": old}
        assert not signed_in(other, place)


def test_a_person_of_the_fixtures_signs_in_with_two_steps(place: Place) -> None:
    """With the secret of the file, so that an integration's test can make the code itself."""
    orcid, secret = "0009-8000-0000-0012", "JBSWY3DPEHPK3PXPJBSWY3DP"
    person = people.Person(orcid=orcid, given="Ada", password=PASSWORD, second_factor=secret)
    given = fixtures.Fixtures(people=[person])
    with place.service.db.writing() as tx:
        hashed = file_of.hashes(given, place.service.passwords)
        file_of.start_with(tx, place.clock.now(), given, hashed, place.service.keys)
    page = first_step(place, place.browser(), Person(orcid, "Ada", ""))
    assert second_step(page, code(place, secret)).url == place.at("/my-record")
