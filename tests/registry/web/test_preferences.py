"""What somebody prefers, and the letters that follow from it as the clock goes on."""

import pathlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from laelia.lib import i18n
from laelia.lib.browser import Browser, Page
from laelia.lib.clock import DAY, HOUR, MINUTE
from laelia.model.common import ExternalId
from laelia.model.notification import AuthorizationUrl, NotificationItem, NotificationPermission
from laelia.model.sections import BY_NAME
from laelia.model.work import Work, WorkTitle
from laelia.registry.access import Principal
from laelia.registry.notify import notifications
from laelia.registry.record import items, people
from registry.place import Member, Person, Place
from registry.web.newcomer import go_through

PLACE = "/account/preferences"
WEEK = 7 * DAY


@pytest.fixture
def place(town: Place) -> Place:
    return town


@pytest.fixture
def nora(place: Place, request: pytest.FixtureRequest) -> Person:
    """Somebody with a confirmed address, new for each test."""
    who = place.person("Nora", "News", re.sub(r"\W", "-", request.node.name) + "@example.org")
    with place.service.db.writing() as tx:
        people.verify_email(tx, place.clock.now(), who.orcid, who.email)
    return who


@pytest.fixture
def client(place: Place) -> Member:
    return place.member(name="Bee Library")


def ask(place: Place, client: Member, who: Person, subject: str) -> int:
    sent = NotificationPermission(
        subject=subject,
        notification_type="permission",
        authorization_url=AuthorizationUrl(uri="https://client.test/ask"),
        items=[NotificationItem(item_type="work", item_name="On bees")],
    )
    with place.service.db.writing() as tx:
        return notifications.add(tx, place.clock.now(), _client(client, who), who.orcid, sent)


def _client(client: Member, who: Person) -> Principal:
    return Principal(kind="client", client=client.id, client_kind="premium", actor=who.orcid)


def deposit(place: Place, client: Member, who: Person, *titles: str) -> None:
    with place.service.db.writing() as tx:
        for title in titles:
            own = ExternalId(type="doi", value=f"10.5555/{title}", relationship="self")
            work = Work(title=WorkTitle(title=title), type="other", external_ids=[own])
            items.add(tx, place.clock.now(), _client(client, who), who.orcid, BY_NAME["works"], work)


def prefer(place: Place, who: Person | Browser, **wanted: Any) -> Page:
    browser = who if isinstance(who, Browser) else place.browser(who)
    return browser.open(place.at(PLACE)).form(PLACE).fill(wanted).submit()


def letters(place: Place, who: Person, after: int = 0) -> list[Any]:
    """What she has got when that much time has gone by."""
    place.service.work()
    place.clock.advance(after)
    place.service.work()
    return [row for row in place.rows("outbox") if row.recipient == who.email]


def test_requests_and_changes_of_a_week_are_one_letter(place: Place, client: Member, nora: Person) -> None:
    number = ask(place, client, nora, "Your works\nof 2025")
    deposit(place, client, nora, "one", "two")
    assert letters(place, nora, HOUR - 1) == []
    [letter] = letters(place, nora, 1)
    for words in (
        "Dear Nora News,",
        "One organisation asks for your permission:\n\n  Bee Library: Your works of 2025",
        "Organisations changed your record:\n\n  Bee Library – Works, added: 2",
        "https://registry.test/inbox",
        "https://registry.test/account/preferences",
    ):
        assert words in letter.text
    row = next(row for row in place.rows("notification") if row.put_code == number)
    assert row.sent == place.clock.now()
    deposit(place, client, nora, "three")
    assert len(letters(place, nora, WEEK - 1)) == 1
    assert "Works, added: 1" in letters(place, nora, 1)[1].text
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
    assert "Works" not in found[1].text
    found = letters(place, nora, DAY)
    assert len(found) == 3
    assert "Works, added: 1" in found[2].text
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
    shown = place.browser(nora).open(place.at(PLACE)).form(PLACE)
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


# ---- languages


@pytest.fixture
def spanish(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A few sentences in another language."""
    catalogue = Catalog(locale="es")
    for english, text in {
        "Sign in": "Iniciar sesión",
        "Dear %(name)s,": "Estimada %(name)s:",
        "What is new on your record": "Novedades en su registro",
        "Preferences": "Preferencias",
        "Your preferences are kept.": "Se han guardado sus preferencias.",
    }.items():
        catalogue.add(english, text)
    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "laelia.po").open("wb") as stream:
        write_po(stream, catalogue)
    monkeypatch.setattr(i18n, "_files", {"en": ()})
    i18n.add_catalogues(tmp_path)
    yield
    i18n._catalogue.cache_clear()


def speaks(page: Page) -> str:
    return str(page.all("/html/@lang")[0])


@pytest.mark.usefixtures("spanish")
def test_the_language_of_a_visitor(place: Place) -> None:
    """The parameter, then what was chosen at this browser, then what the browser prefers."""
    browser = Browser(place.http, language="fr, es;q=0.7, en;q=0.3")
    page = browser.open(place.at("/signin?next=%2Finbox"))
    assert speaks(page) == "es"
    assert "Iniciar sesión" in page.text
    page = page.link("English")
    assert page.url == place.at("/signin?next=%2Finbox&lang=en")
    assert speaks(page) == "en"
    assert speaks(browser.open(place.at("/"))) == "en"
    assert speaks(browser.open(place.at("/?lang=es_MX"))) == "es"
    assert speaks(browser.open(place.at("/?lang=tlh"))) == "es"
    assert page.all("//nav[@class='languages']/a[@aria-current]")[0].text == "English"
    answer = place.http.get(place.at("/v3.0/x/record?lang=es"), headers={"Accept": "application/json"})
    assert "set-cookie" not in answer.headers


@pytest.mark.usefixtures("spanish")
def test_the_language_of_an_account(place: Place, client: Member, nora: Person) -> None:
    browser = place.browser(nora)
    page = prefer(place, browser, locale="es", requests="immediately")
    assert speaks(page) == "es"
    assert "Se han guardado sus preferencias." in page.text
    elsewhere = place.browser(nora)
    assert speaks(elsewhere.open(place.at(PLACE))) == "es"
    place.sign_out(elsewhere)
    assert speaks(elsewhere.open(place.at("/"))) == "en"
    said = place.http.get(
        place.at(f"/v3.0/{nora.orcid}/record"), headers={"Accept": "application/json"}
    ).json()
    assert said["preferences"]["locale"] == "es"
    ask(place, client, nora, "Works")
    [letter] = letters(place, nora, 5 * MINUTE)
    assert letter.subject == "Novedades en su registro"
    assert letter.text.startswith("Estimada Nora News:")


@pytest.mark.usefixtures("spanish")
def test_who_registers_in_a_language_keeps_it(place: Place) -> None:
    client = place.member(name="DataCite")
    page = place.browser().open(place.authorize_url(client, lang="es", show_login="false"))
    assert speaks(page) == "es"
    page = go_through(page, family="Idioma", email="idioma@example.org")
    assert speaks(page) == "es"
    assert page.title.startswith("DataCite")
    with place.service.db.reading() as tx:
        orcid = people.by_email(tx, "idioma@example.org")
    assert next(row.locale for row in place.rows("record") if row.orcid == orcid) == "es"


def test_with_one_language_there_is_nothing_to_choose(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_files", {"en": ()})
    assert not place.browser().open(place.at("/")).all("//nav[@class='languages']")
