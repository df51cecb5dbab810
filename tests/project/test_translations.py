"""Each language is complete, and a reader who asks for one gets whole pages and mails in it."""

import importlib.util
import pathlib
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from hub.web.town import Town
from laelia.lib import i18n
from laelia.lib.browser import Browser, Page
from registry.web.newcomer import NEW, path_of
from sandbox.repository.neighbours import World


def _tool() -> ModuleType:
    path = pathlib.Path(__file__).resolve().parents[2] / "tools" / "translations.py"
    found = importlib.util.spec_from_file_location("translations", path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


TOOL = _tool()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    yield
    i18n.set_locale(i18n.DEFAULT)


@pytest.mark.parametrize("tag", TOOL.languages())
def test_every_sentence_is_translated_with_its_places_and_tags(tag: str) -> None:
    assert list(TOOL.faults(tag)) == []


@pytest.mark.parametrize("tag", TOOL.languages())
def test_every_plural_has_the_forms_of_its_language(tag: str) -> None:
    known = TOOL.catalogue(tag)
    plurals = [one for one in known if isinstance(one.id, tuple)]
    assert plurals
    assert {len(one.string) for one in plurals} == {known.num_plurals}
    i18n.set_locale(tag)
    for one in plurals:
        places = {"sources": "Ada", "name": "Ada"}
        shown = {n: i18n.ngettext(*one.id, n, max=n, **places) for n in range(120)}
        assert not [text for text in shown.values() if "%(" in text]


def test_spanish_tells_one_from_several() -> None:
    i18n.set_locale("es")
    said = [i18n.ngettext("%(n)s result", "%(n)s results", n) for n in (0, 1, 2)]
    assert said == ["0 resultados", "1 resultado", "2 resultados"]


def test_what_a_catalogue_lacks_is_named(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TOOL, "LOCALE", tmp_path)
    TOOL.bring_up_to_date("fr")
    text = TOOL.path("fr").read_text()
    said = [("Sign in", "S'identifier"), ("Go on as %(orcid)s", "Continuer"), ("Back to %(name)s", "%(nom)s")]
    for message, translated in said:
        text = text.replace(f'msgid "{message}"\nmsgstr ""', f'msgid "{message}"\nmsgstr "{translated}"')
    TOOL.path("fr").write_text(f'{text}\nmsgid "Nobody says this"\nmsgstr "Personne"\n')
    found = set(TOOL.faults("fr"))
    assert {
        "not translated: Sign out",
        "other places: Continuer",
        "other places: %(nom)s",
        "said nowhere any more: Nobody says this",
    } <= found
    assert not [fault for fault in found if "Sign in" in fault.split(": ")[1:]]
    TOOL.bring_up_to_date("fr")
    assert "Nobody says this" not in TOOL.path("fr").read_text()
    assert "S'identifier" in TOOL.path("fr").read_text()


@pytest.fixture
def town(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Town]:
    made = Town(new_database, tmp_path)
    yield made
    made.close()


@pytest.fixture
def world(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[World]:
    made = World(new_database, tmp_path)
    yield made
    made.close()


def _language(page: Page) -> str:
    return str(page.root.get("lang"))


def test_registry_hub_and_doi_registry_answer_in_the_language_asked_for(town: Town) -> None:
    pages = {
        town.registry + "/": "Un iD para toda su carrera",
        town.registry + "/nowhere": "Página no encontrada",
        town.site + "/": "Organizaciones que mantienen su perfil al día",
        town.site + "/about": "Condiciones",
        town.doi_url + "/": "Registro de DOI",
        town.doi_url + "/10.5072/nowhere": "DOI no encontrado",
    }
    for url, sentence in pages.items():
        page = Browser(town.everyone, language="es-MX, en;q=0.5").open(url)
        assert (url, _language(page)) == (url, "es")
        assert sentence in page.text
        page = Browser(town.everyone, language="tlh").open(url)
        assert (url, _language(page)) == (url, "en")
        assert sentence not in page.text


def test_the_repository_answers_in_the_language_asked_for(world: World) -> None:
    page = Browser(world.http, language="es").open("https://repository.test/")
    assert _language(page) == "es"
    assert "Iniciar sesión con su iD" in page.text
    page = page.link("Iniciar sesión con su iD")
    page = page.browser.open("https://repository.test/items/new")
    said = page.form("/items/new").fill(title="A").submit("Guardar borrador").text
    assert "Escriba un título de 3 a 1000 caracteres." in said


def test_programs_are_answered_in_english(town: Town) -> None:
    for url in (f"{town.registry}/v3.0/0009-0000-0000-0000/record", f"{town.doi_url}/dois/10.5072/nowhere"):
        said = [
            town.everyone.get(url, headers={"Accept": "application/json", "Accept-Language": tag}).json()
            for tag in ("es", "en")
        ]
        assert said[0] == said[1]


def test_a_mail_is_in_the_language_of_the_page_that_caused_it(town: Town) -> None:
    browser = Browser(town.everyone, language="es")
    page = browser.open(town.registry + "/register")
    while "/register" in page.url:
        path = path_of(page)
        form = page.form("employment" if path == "/register/employment" else path).fill(NEW[path])
        page = form.submit("Omitir este paso" if path == "/register/employment" else None)
    assert "sin confirmar" in page.text
    town.place.service.work()
    mail = browser.open(town.registry + "/sandbox/api/outbox").json()["messages"][0]
    assert mail["subject"] == "Confirme su dirección de correo"
    assert "Hola, Émilie du Châtelet:" in mail["text"]
    assert "/verify-email/" in mail["text"]
