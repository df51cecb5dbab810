"""Sessions and forms, through pages, as a browser meets them."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from laelia.lib.browser import Browser, NotOnPage
from laelia.lib.clock import DAY
from laelia.lib.database import Database
from lib.web.service import Service, metadata, session

SITE = "https://notes.test"
COOKIE = "__Host-laelia-notes"


@pytest.fixture
def service(new_database: Any) -> Iterator[Service]:
    database = Database(new_database())
    with database.writing() as tx:
        metadata.create_all(tx)
    service = Service(database)
    yield service
    service.http.close()
    database.dispose()


def who(page: Any) -> str:
    return str(page.all("string(//*[@id='who'])")[0])


def rows(service: Service) -> list[Any]:
    with service.db.reading() as tx:
        return list(tx.execute(sa.select(session)))


def sign_in(service: Service, name: str = "A. Person") -> Browser:
    browser = service.browser()
    browser.open(SITE + "/").form("sign-in").fill(name=name).submit()
    return browser


def test_looking_writes_nothing_and_a_page_without_a_form_sets_no_cookie(service: Service) -> None:
    browser = service.browser()
    browser.open(SITE + "/plain")
    assert browser.cookies("notes.test") == {}
    browser.open(SITE + "/")
    assert list(browser.cookies("notes.test")) == [COOKIE]
    assert rows(service) == []


def test_sign_in_renews_the_id_stores_its_hash_and_greets_once(service: Service) -> None:
    browser = service.browser()
    front = browser.open(SITE + "/")
    before = browser.cookies("notes.test")[COOKIE]
    page = front.form("sign-in").fill(name="Ärn <b>").submit("Sign in")
    after = browser.cookies("notes.test")[COOKIE]
    assert before != after
    assert who(page) == "Ärn <b>"
    assert "Welcome, Ärn <b>" in page.text
    assert "<b>" not in page.html.partition('role="status"')[2][:40]
    assert "Welcome" not in browser.open(SITE + "/").text
    (row,) = rows(service)
    assert row.subject == "Ärn <b>"
    assert after not in str(row)
    stranger = service.browser()
    stranger._cookies["notes.test"] = {COOKIE: before}
    assert who(stranger.open(SITE + "/")) == "nobody"


def test_cookie_flags(service: Service) -> None:
    line = service.http.get(SITE + "/").headers.all("set-cookie")[0]
    for flag in ("; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"):
        assert flag in line
    assert "Domain" not in line


def test_sign_out_ends_the_row_and_the_cookie(service: Service) -> None:
    browser = sign_in(service)
    kept = browser.cookies("notes.test")[COOKIE]
    page = browser.open(SITE + "/").form("/out").submit()
    assert who(page) == "nobody"
    assert rows(service) == []
    assert browser.cookies("notes.test").get(COOKIE) != kept


def test_a_session_expires_unless_it_is_used(service: Service) -> None:
    browser = sign_in(service)
    for _ in range(3):
        service.clock.advance(DAY)
        assert who(browser.open(SITE + "/")) == "A. Person"
    service.clock.advance(3 * DAY)
    assert who(browser.open(SITE + "/")) == "nobody"


def test_everywhere_signed_out(service: Service) -> None:
    first, second, other = sign_in(service), sign_in(service), sign_in(service, "B. Person")
    from laelia.lib.web.session import Sessions

    with service.db.writing() as tx:
        Sessions(session, "notes", secure=True).end_all(tx, "A. Person")
    assert [who(each.open(SITE + "/")) for each in (first, second, other)] == [
        "nobody",
        "nobody",
        "B. Person",
    ]


def forge(service: Service, token: str | None, cookie: str | None, **headers: str) -> int:
    names = {"origin": "Origin", "referer": "Referer", "site": "Sec-Fetch-Site"}
    sent = {names[name]: value for name, value in headers.items()}
    if cookie is not None:
        sent["Cookie"] = f"{COOKIE}={cookie}"
    data = {"name": "x"} | ({"csrf_token": token} if token is not None else {})
    return service.http.post(SITE + "/in", data=data, headers=sent).status


def test_a_form_needs_its_token_and_our_origin(service: Service) -> None:
    browser = service.browser()
    token = browser.open(SITE + "/").form("sign-in").value("csrf_token")
    cookie = browser.cookies("notes.test")[COOKIE]
    other = service.browser()
    foreign = other.open(SITE + "/").form("sign-in").value("csrf_token")
    assert forge(service, token, cookie, origin=SITE) == 303
    assert forge(service, token, cookie, referer=SITE + "/") == 303
    assert forge(service, token, cookie, origin="null", site="same-origin") == 303
    assert forge(service, token, cookie) == 403
    assert forge(service, token, cookie, origin="null") == 403
    assert forge(service, token, cookie, origin="https://notes.test:444") == 403
    assert forge(service, token, cookie, origin="https://evil.test", site="same-origin") == 403
    assert forge(service, token, cookie, origin="null", site="same-site") == 403
    assert forge(service, foreign, cookie, origin=SITE) == 403
    assert forge(service, None, cookie, origin=SITE) == 403
    assert forge(service, token, None, origin=SITE) == 403
    assert forge(service, "", "", origin=SITE) == 403


def test_a_stale_form_says_what_to_do(service: Service) -> None:
    browser = service.browser()
    page = browser.open(SITE + "/")
    browser.forget()
    answer = page.form("sign-in").fill(name="x").submit()
    assert answer.status == 403
    assert "reload the page" in answer.text


def test_errors_stand_beside_the_field_and_on_top(service: Service) -> None:
    page = service.browser().open(SITE + "/").form("sign-in").submit()
    assert page.status == 400
    assert page.all("//input[@id='name']/@aria-invalid") == ["true"]
    assert page.all("//*[@id='errors']//a/@href") == ["#name"]


def test_a_file_is_sent_with_its_form(service: Service) -> None:
    browser = service.browser()
    form = browser.open(SITE + "/").form("file")
    assert form.fill(title="Tïtle", data=("../a b.csv", b"x" * 5000)).submit().json() == [
        "Tïtle",
        "../a b.csv",
        5000,
    ]


def test_the_browser_only_plays_what_is_there(service: Service) -> None:
    page = service.browser().open(SITE + "/")
    assert page.link("Plain").text.endswith("plain Runs on Laelia.")
    assert page.form(containing="Sign out").element.get("action") == "/out"
    for wrong in (
        lambda: page.link("Nowhere"),
        lambda: page.form("nothing"),
        lambda: page.form("sign-in").fill(age=3),
        lambda: page.form("sign-in").submit("Delete"),
    ):
        with pytest.raises(NotOnPage):
            wrong()
