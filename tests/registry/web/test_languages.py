"""In which language pages and letters speak."""

import pathlib
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from laelia.lib import i18n
from laelia.lib.browser import Browser, Page
from laelia.lib.clock import MINUTE
from laelia.registry.record import people
from registry.place import Member, Person, Place
from registry.web.newcomer import go_through
from registry.web.news import PREFERENCES, ask, letters, prefer


@pytest.fixture
def place(town: Place) -> Place:
    return town


@pytest.fixture
def client(place: Place) -> Member:
    return place.member(name="Bee Library")


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
    assert speaks(elsewhere.open(place.at(PREFERENCES))) == "es"
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
