"""The brake on guessing passwords, and what a wrong guess tells."""

from concurrent.futures import ThreadPoolExecutor

from laelia.lib.browser import Page
from registry.place import PASSWORD, Place


def guess(place: Place, name: str, password: str) -> Page:
    page = place.browser().open(place.at("/signin"))
    return page.form("/signin").fill(name=name, password=password).submit()


def test_nobody_learns_which_half_was_wrong(place: Place) -> None:
    known = guess(place, place.ada.email, "wrong 1 password")
    unknown = guess(place, "nobody@example.org", "wrong 1 password")
    nonsense = guess(place, "what", "wrong 1 password")
    assert known.status == unknown.status == nonsense.status == 401
    sentences = {page.all("string(//*[@role='alert'])")[0].strip() for page in (known, unknown, nonsense)}
    assert len(sentences) == 1


def test_after_five_guesses_the_right_password_waits_too(place: Place) -> None:
    for _ in range(5):
        assert guess(place, place.ada.orcid, "wrong 1 password").status == 401
    held = guess(place, place.ada.orcid, PASSWORD)
    assert held.status == 429
    assert "Please wait 1 seconds" in held.text
    assert held.headers["retry-after"] == "1"
    place.clock.advance(1_000)
    assert guess(place, place.ada.orcid, "wrong 1 password").status == 401
    place.clock.advance(1_000)
    assert guess(place, place.ada.orcid, PASSWORD).status == 429
    place.clock.advance(1_000)
    assert guess(place, place.ada.orcid, PASSWORD).url == place.at("/my-record")
    assert guess(place, place.ada.orcid, "wrong 1 password").status == 401


def test_a_guess_is_remembered_although_it_was_refused(place: Place) -> None:
    guess(place, place.ada.orcid, "wrong 1 password")
    assert [row.failures for row in place.rows("guess")] == [1, 1, 1]
    assert all(place.ada.orcid not in str(tuple(row)) for row in place.rows("guess"))


def test_guesses_at_once_count_one_by_one(place: Place) -> None:
    with ThreadPoolExecutor(8) as threads:
        pages = list(threads.map(lambda n: guess(place, place.ada.orcid, f"wrong {n} password"), range(8)))
    assert sorted(page.status for page in pages) == [401] * 5 + [429] * 3


def test_somebody_elses_guesses_do_not_lock_her_out(place: Place) -> None:
    """Guesses from one address slow down that address; hers is another."""
    for _ in range(6):
        guess(place, place.ada.orcid, "wrong 1 password")
    other = place.elsewhere("203.0.113.9")
    page = other.open(place.at("/signin")).form("/signin").fill(name=place.ada.orcid, password=PASSWORD)
    assert page.submit().url == place.at("/my-record")
