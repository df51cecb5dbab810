"""Guesses from elsewhere slow nobody down at a browser where she has signed in before."""

import pathlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from laelia.lib.browser import Browser, Page
from laelia.lib.passwords import _Helper
from laelia.registry.account import credentials
from registry.place import PASSWORD, Person, Place
from registry.sign_in.steps import first_step, mails, reset_link

KNOWN = "__Host-laelia-registry-known"


def come_in(place: Place, browser: Browser, who: Person) -> Page:
    return first_step(place, browser, who)


def test_she_comes_in_at_her_own_browser_only(place: Place, grace: Person) -> None:
    own = place.browser(grace)
    place.sign_out(own)
    for number in range(31):
        page = place.elsewhere(f"203.0.113.{number}").open(place.at("/signin"))
        last = page.form("/signin").fill(name=grace.orcid, password="wrong 1 password").submit()
    assert last.status == 429
    assert come_in(place, place.elsewhere("192.0.2.1"), grace).status == 429
    assert come_in(place, own, grace).url == place.at("/my-record")


def test_her_own_browser_is_slowed_by_its_own_guesses(place: Place, grace: Person) -> None:
    own = place.browser(grace)
    place.sign_out(own)
    for _ in range(5):
        assert first_step(place, own, grace, "wrong 1 password").status == 401
    assert come_in(place, own, grace).status == 429
    assert come_in(place, place.browser(), grace).url == place.at("/my-record")


def test_the_mark_of_somebody_else_and_a_forged_one_are_no_help(place: Place, grace: Person) -> None:
    thief = place.browser(place.stranger)
    place.sign_out(thief)
    for forged in (None, "k0001.AAAA", "nonsense", ""):
        if forged is not None:
            thief._cookies["registry.test"][KNOWN] = forged
        page = first_step(place, thief, grace, "wrong 1 password")
        assert page.status in (401, 429)
    kinds = len(place.rows("guess"))
    first_step(place, place.browser(), grace, "wrong 1 password")
    assert len(place.rows("guess")) == kinds, "all were counted under the same name and address"


def test_a_new_password_makes_the_mark_void(place: Place, grace: Person) -> None:
    """Whoever knew the old one keeps no head start."""
    thief = place.browser(grace)
    mark = thief.cookies("registry.test")[KNOWN]
    place.clock.advance(1_000)
    page = place.browser().open(place.at("/reset-password")).form("/reset-password")
    page.fill(name=grace.email).submit()
    link = reset_link(mails(place, grace.email)[0][1])
    place.browser().open(link).forms()[0].fill(password="tern & 9 gulls", repeat="tern & 9 gulls").submit()
    before = {row.key_hash for row in place.rows("guess")}
    other = place.elsewhere("192.0.2.7")
    other._cookies["registry.test"] = {KNOWN: mark}
    assert first_step(place, other, grace, PASSWORD).status == 401
    assert len({row.key_hash for row in place.rows("guess")} - before) == 2, "the pair and the address"


def test_the_mark_says_nothing_to_who_reads_it(place: Place, grace: Person) -> None:
    mark = place.browser(grace).cookies("registry.test")[KNOWN]
    assert grace.orcid not in mark


def test_sign_ins_leave_a_thread_to_the_others(
    helper: _Helper, module_database: Callable[..., str], tmp_path: pathlib.Path
) -> None:
    """Of four threads three may wait for a hash; the fourth person is asked to come again."""
    place = Place(module_database("laelia.registry.migrations"), tmp_path, threads=4)
    with place.service.db.writing() as tx:  # hashes of tests cost too little for anybody to wait
        dear = place.service.passwords.hash(PASSWORD)
        credentials.set_password(tx, place.clock.now(), place.ada.orcid, dear)
    browsers = [place.elsewhere(f"198.51.100.{number}") for number in range(12)]
    forms = [browser.open(place.at("/signin")).form("/signin") for browser in browsers]
    for form in forms:
        form.fill(name=place.ada.orcid, password=PASSWORD)
    with ThreadPoolExecutor(12) as threads:
        pages = list(threads.map(lambda form: form.submit(), forms))
    counted = [row.failures for row in place.rows("guess") if row.failures]
    place.close()
    assert counted == [], "who was not looked at has not failed"
    assert {page.status for page in pages} == {200, 503}
    busy = next(page for page in pages if page.status == 503)
    assert "Please try again in a few seconds" in busy.text
    assert busy.headers["retry-after"] == "5"
