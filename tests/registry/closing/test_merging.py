"""Closing a duplicate: proven, reviewed, done; afterwards its iD leads to the other."""

import pytest

from laelia.lib.browser import Browser, Page
from registry.api.people import told, work
from registry.closing.life import SECOND, TITLE, Life
from registry.place import PASSWORD, Person
from registry.sign_in.steps import code, turn_on


@pytest.fixture
def other(life: Life) -> Person:
    """Ada's first record, which she keeps."""
    return life.place.person("Ada", "King", "ada.king@example.org")


def proven(life: Life, browser: Browser, name: str | None = None, password: str = PASSWORD) -> Page:
    page = browser.open(life.place.at("/account/duplicate"))
    return page.form(-1).fill(name=name or life.ada, password=password).submit()


def test_she_sees_what_stays_moves_and_goes(life: Life, other: Person) -> None:
    life.live()
    browser = life.place.browser(other)
    page = proven(life, browser, SECOND)
    assert page.url == life.place.at("/account/duplicate/review")
    for said in (other.orcid, life.ada, SECOND, "ada@example.org", "works: 1", "Bee Library"):
        assert said in page.text, said
    untouched = page.form(-1).submit()
    assert (untouched.status, "tick the box" in untouched.text) == (422, True)
    assert life.rows_about("item")


def test_afterwards_the_id_leads_to_the_other(life: Life, other: Person) -> None:
    hers = life.live()
    browser = life.place.browser(other)
    page = proven(life, browser).form(-1).fill(agreed=True).submit()
    assert page.url == life.place.at("/account")
    assert f"{life.ada} is closed and leads to this one" in page.text
    moved = life.get("/record")
    assert told(moved) == (301, 9007)
    assert moved.headers["location"] == life.place.at(f"/v3.0/{other.orcid}/record")
    token = life.permission["access_token"]
    for ended in (token, life.member):
        assert told(life.get("/record", ended)) == (301, 9007), "organisations hear where it went"
        assert told(life.post(work(), ended)) == (409, 9007)
    elsewhere = life.ask("GET", f"/v3.0/{other.orcid}/record", token)
    assert told(elsewhere) == (401, 9017), "a permission does not move along"
    assert life.place.refresh(life.member_client, life.permission["refresh_token"]).status == 400
    assert {row.revoked_reason for row in life.rows_about("token")} == {"merge"}
    assert {row.reason for row in life.rows_about("consent")} == {"merge"}
    addresses = [(row.email, row.orcid, row.is_primary) for row in life.place.rows("email")]
    assert ("ada@example.org", other.orcid, False) in addresses
    assert (SECOND, other.orcid, False) in addresses
    assert ("ada.king@example.org", other.orcid, True) in addresses
    assert {(row.domain, row.orcid) for row in life.place.rows("email_domain")} >= {
        ("ockham.example", other.orcid)
    }
    assert not any(TITLE in str(row) for row in life.place.rows("item"))
    for table in ("item", "name", "biography", "credential", "notification", "delegate", "session"):
        assert life.rows_about(table) == [], table
    assert hers.open(life.place.at("/my-record")).url.startswith(life.place.at("/signin"))
    assert life.work() != [], "who is called at changes is told"
    assert life.ada in life.mails("ada.king@example.org")[-1]
    public = life.place.browser().open(life.place.at(f"/{life.ada}"))
    assert public.address(other.orcid) == life.place.at(f"/{other.orcid}")


@pytest.mark.parametrize("case", ["wrong password", "unknown", "her own", "locked", "closed"])
def test_what_is_not_proven_is_refused(life: Life, other: Person, case: str) -> None:
    browser = life.place.browser(other)
    if case in ("locked", "closed"):
        life.place.set_state(life.place.ada, {"locked": "locked", "closed": "deactivated"}[case])
    name = {"unknown": "nobody@example.org", "her own": other.orcid}.get(case)
    page = proven(life, browser, name, "wrong 1 password" if case == "wrong password" else PASSWORD)
    assert page.status == 422
    said = {
        "her own": "the record you are signed in to",
        "locked": "is locked",
    }.get(case, "This is not the password")
    assert said in page.text
    review = browser.open(life.place.at("/account/duplicate/review"))
    assert review.url == life.place.at("/account/duplicate")


def test_a_password_alone_is_no_proof_where_a_second_step_is_asked(life: Life, other: Person) -> None:
    secret, _ = turn_on(life.place, life.place.browser(life.place.ada))
    browser = life.place.browser(other)
    page = proven(life, browser)
    assert (page.status, "asks for a second step" in page.text) == (422, True)
    said = {"name": life.ada, "password": PASSWORD}
    page = page.form("/account/duplicate").fill(**said, code="123456").submit()
    assert (page.status, "code is not right" in page.text) == (422, True)
    assert browser.open(life.place.at("/account/duplicate/review")).url == life.place.at("/account/duplicate")
    page = page.form("/account/duplicate").fill(**said, code=code(life.place, secret)).submit()
    assert page.url == life.place.at("/account/duplicate/review")


def test_the_proof_counts_for_half_an_hour_and_in_one_session(life: Life, other: Person) -> None:
    browser = life.place.browser(other)
    page = proven(life, browser)
    elsewhere = life.place.browser(other).open(life.place.at("/account/duplicate/review"))
    assert elsewhere.url == life.place.at("/account/duplicate")
    life.place.clock.advance(30 * 60_000)
    late = page.form(-1).fill(agreed=True).submit()
    assert late.url == life.place.at("/account/duplicate")
    assert life.get("/record").status == 200


def test_guesses_at_the_other_record_are_braked(life: Life, other: Person) -> None:
    browser = life.place.browser(other)
    pages = [proven(life, browser, None, f"wrong {number} word") for number in range(6)]
    assert "Too many attempts" in pages[-1].text
    assert "Too many attempts" in proven(life, browser).text
