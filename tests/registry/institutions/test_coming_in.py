"""Coming in through an organisation: linked the first time, at once from then on; seen and unlinked."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from sqlalchemy import delete, insert, update

from registry.institutions.hall import IDP, OP, OTHER_OP, Hall
from registry.web.newcomer import go_through


def test_the_first_time_she_says_which_id_is_hers(hall: Hall) -> None:
    browser, page = hall.link(hall.ada)
    assert page.url == hall.at("/my-record")
    assert "Garden University" in page.text
    assert hall.signed_in(browser)
    (link,) = hall.rows("institution_link")
    assert (link.orcid, link.kind, link.subject) == (
        hall.ada.orcid, "eduPersonUniqueId", "a1ada@garden.example",
    )  # fmt: skip
    assert not hall.rows("institution_visit")
    hall.service.work()
    mail = hall.rows("outbox")[-1]
    assert (mail.recipient, mail.subject) == (hall.ada.email, "An account was linked to your iD")


@pytest.mark.parametrize("issuer", [IDP, OP])
def test_from_then_on_one_click_is_enough(hall: Hall, issuer: str) -> None:
    number = hall.numbers.get(issuer)
    hall.link(hall.ada, number)
    browser = hall.browser()
    page = hall.come(browser, number)
    assert page.url == hall.at("/my-record")
    assert hall.signed_in(browser)
    assert "fed" in [row.methods for row in hall.sessions(hall.ada)]


def test_a_request_for_permission_survives_the_way(hall: Hall) -> None:
    client = hall.member()
    asked = hall.authorize_url(client, state="kept & safe")
    browser = hall.browser()
    page = browser.open(asked).link("Sign in through your organisation")
    page = page.form(f"/institutions/{hall.garden}/start").submit().form().submit()
    page = page.link("I have an iD: sign in")
    page = page.form("Sign in").fill(name=hall.ada.orcid, password=hall.ada.password).submit()
    page = page.form("/institutions/link").submit()
    assert page.url.startswith(hall.at("/oauth/authorize?"))
    assert parse_qs(urlsplit(page.url).query)["state"] == ["kept & safe"]
    page.form(containing="Authorise").submit("Authorise access")


def test_who_registers_finds_the_form_filled_in_and_is_linked_afterwards(hall: Hall) -> None:
    onward = "/oauth/authorize?client_id=x&state=y"
    page = hall.come(hall.browser(), onward=quote(onward, safe=""))
    page = page.link("Register for an iD")
    form = page.form("/register")
    told = (form.value("given"), form.value("family"), form.value("email"))
    assert told == ("Ada", "Lovelace", "ada.lovelace@garden.example")
    page = go_through(form.submit()).form("/institutions/link").submit()
    assert page.url == hall.at(onward)
    (link,) = hall.rows("institution_link")
    assert link.orcid not in (hall.ada.orcid, hall.stranger.orcid)
    with hall.service.db.writing() as tx:  # the next test registers the address again
        tx.execute(delete(hall.table("record")).where(hall.table("record").c.orcid == link.orcid))


def test_who_is_signed_in_links_another_account(hall: Hall) -> None:
    hall.linked(hall.ada)
    browser = hall.browser(hall.ada)
    page = browser.open(hall.at("/account/institutions")).link("Link another account")
    page = page.form(f"/institutions/{hall.numbers[OP]}/start").submit()
    assert hall.ada.orcid in page.text
    page = page.form("/institutions/link").submit()
    assert page.url == hall.at("/account/institutions")
    assert {row.institution_id for row in hall.rows("institution_link")} == {hall.garden, hall.numbers[OP]}


def test_an_account_has_one_id(hall: Hall) -> None:
    """Signed in as herself, she comes with somebody else's account: that one is signed in, not linked."""
    hall.linked(hall.ada)
    browser = hall.browser(hall.stranger)
    hall.come(browser)
    assert {row.orcid for row in hall.rows("institution_link")} == {hall.ada.orcid}
    assert hall.ada.orcid in browser.open(hall.at("/account")).text


def test_two_who_link_one_account_at_the_same_time(hall: Hall) -> None:
    first, second = hall.browser(hall.ada), hall.browser(hall.stranger)
    pages = [hall.come(browser) for browser in (first, second)]
    done = [page.form("/institutions/link").submit() for page in pages]
    assert done[0].url == hall.at("/my-record")
    assert (done[1].status, "belongs to another iD" in done[1].text) == (409, True)
    assert [row.orcid for row in hall.rows("institution_link")] == [hall.ada.orcid]


def test_the_iD_on_the_page_is_the_one_that_is_linked(hall: Hall) -> None:  # noqa: N802 (an iD)
    """She signed in as somebody else in another tab since the page was opened."""
    browser = hall.browser(hall.ada)
    page = hall.come(browser)
    form = page.form("/institutions/link")
    token = browser.open(hall.at("/account")).form("/signout").value("csrf_token")
    data = {"csrf_token": token, "account": hall.stranger.orcid}
    browser.send("POST", hall.at("/institutions/link"), data=data)
    assert not hall.rows("institution_link")
    form.submit()
    assert [row.orcid for row in hall.rows("institution_link")] == [hall.ada.orcid]


def test_not_now(hall: Hall) -> None:
    browser = hall.browser(hall.ada)
    page = hall.come(browser, onward="/inbox")
    page = page.form("/institutions/link").submit("Not now")
    assert page.url == hall.at("/inbox")
    assert not hall.rows("institution_link")
    assert not hall.rows("institution_visit")


def test_who_waits_is_forgotten_after_an_hour(hall: Hall) -> None:
    browser = hall.browser()
    hall.come(browser)
    hall.clock.advance(60 * 60_000 + 1)
    assert browser.open(hall.at("/institutions/link")).url == hall.at("/institutions")
    from laelia.registry import worker

    worker.sweep(hall.service)
    assert not hall.rows("institution_visit")


def test_identifiers_of_different_people_in_one_answer(hall: Hall) -> None:
    """A provider gave Ada's old identifier to somebody new: neither of the two comes in."""
    hall.linked(hall.ada)
    hall.linked(hall.stranger, subjects=(("persistent", "p-7788"),))
    browser = hall.browser()
    page = hall.come(browser)
    assert "belongs to more than one iD" in page.text
    assert not hall.signed_in(browser)


@pytest.mark.parametrize(
    ("state", "enters"), [("locked", True), ("deactivated", False), ("deprecated", False)]
)
def test_closed_records_have_nobody_to_come_in(hall: Hall, state: str, enters: bool) -> None:
    hall.linked(hall.ada)
    record = hall.table("record")
    with hall.service.db.writing() as tx:
        tx.execute(update(record).where(record.c.orcid == hall.ada.orcid).values(state=state))
    try:
        browser = hall.browser()
        page = hall.come(browser)
        assert ("is closed" in page.text) is not enters
        assert bool(hall.sessions(hall.ada)) is enters
    finally:
        with hall.service.db.writing() as tx:
            tx.execute(update(record).where(record.c.orcid == hall.ada.orcid).values(state="active"))


def test_unlinked(hall: Hall) -> None:
    hall.linked(hall.ada)
    browser = hall.browser(hall.ada)
    page = browser.open(hall.at("/account")).link("Link and unlink")
    page = page.form(containing="Unlink Garden University").submit()
    assert "can't sign in through Garden University" in page.text
    assert not hall.rows("institution_link")
    assert hall.come(hall.browser()).url == hall.at("/institutions/link")


def test_nobody_unlinks_what_is_not_hers(hall: Hall) -> None:
    hall.linked(hall.ada)
    (link,) = hall.rows("institution_link")
    browser = hall.browser(hall.stranger)
    token = browser.open(hall.at("/account")).form("/signout").value("csrf_token")
    browser.send("POST", hall.at(f"/account/institutions/{link.id}/unlink"), data={"csrf_token": token})
    assert hall.rows("institution_link")


def test_the_last_way_in_stays(hall: Hall) -> None:
    hall.linked(hall.ada)
    credential = hall.table("credential")
    with hall.service.db.writing() as tx:
        kept = tx.execute(
            delete(credential).where(credential.c.orcid == hall.ada.orcid).returning(*credential.c)
        ).mappings().one()  # fmt: skip
    try:
        browser = hall.browser()
        hall.come(browser)
        page = browser.open(hall.at("/account/institutions"))
        assert "only way to sign in" in page.text
        (link,) = hall.rows("institution_link")
        token = page.form("/signout").value("csrf_token")
        page = browser.send(
            "POST", hall.at(f"/account/institutions/{link.id}/unlink"), data={"csrf_token": token}
        )
        assert "Set a password first" in page.text
        assert hall.rows("institution_link")
        hall.link_another(browser, hall.numbers[OTHER_OP])
        page = browser.open(hall.at("/account/institutions"))
        page.form(containing="Unlink Garden University").submit()
        assert [row.institution_id for row in hall.rows("institution_link")] == [hall.numbers[OTHER_OP]]
    finally:
        with hall.service.db.writing() as tx:
            tx.execute(insert(credential).values(**kept))
