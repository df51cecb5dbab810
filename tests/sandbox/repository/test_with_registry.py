"""The repository beside the real registry: sign in, consent, trusted organisations, disconnect."""

import pathlib
from collections.abc import Callable, Iterator

import pytest

from laelia.lib.browser import Browser
from laelia.lib.http import Http
from laelia.sandbox.repository.app import Repository, build
from laelia.sandbox.repository.settings import Settings
from registry.place import SITE, Place

HERE = "https://repository.test"


@pytest.fixture
def place(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Place]:
    made = Place(new_database("laelia.registry.migrations"), tmp_path / "registry")
    yield made
    made.close()


@pytest.fixture
def repository(
    place: Place, new_database: Callable[..., str], tmp_path: pathlib.Path
) -> Iterator[Repository]:
    client = place.member("Laelia Repository", redirect_uris=[f"{HERE}/callback"])
    settings = Settings(
        database=new_database("laelia.sandbox.repository.migrations"),
        public_url=HERE,
        registry_site=SITE,
        client_id=client.id,
        client_secret=client.secret,
        var=tmp_path / "repository",
    )
    made = build(settings, http=Http(apps={SITE: place.service.wsgi}), clock=place.clock)
    yield made
    made.close()


@pytest.fixture
def ada(place: Place, repository: Repository) -> Browser:
    """Her browser, signed in at the registry and not yet at the repository."""
    browser = Browser(Http(apps={SITE: place.service.wsgi, HERE: repository.wsgi}))
    place.sign_in(browser, place.ada)
    return browser


def test_she_connects_and_is_the_proven_author(place: Place, ada: Browser) -> None:
    form = ada.open(f"{HERE}/items/new").form(containing="Authorise")
    assert "Laelia Repository" in form.page.text
    page = form.fill(until_revoked=True).submit("Authorise access")
    assert page.url == f"{HERE}/items/new"
    assert page.form("new-item").value("authors") == f"{place.ada.name} {place.ada.orcid}"
    assert "Laelia Repository" in ada.open(f"{SITE}/account/trusted").text


def test_a_refusal_keeps_nothing(ada: Browser, repository: Repository) -> None:
    page = ada.open(f"{HERE}/signin").form(containing="Deny").submit("Deny")
    assert "You did not allow it" in page.text
    with repository.db.reading() as tx:
        assert not list(tx.exec_driver_sql("select * from account"))


def test_disconnecting_gives_the_permission_back(place: Place, ada: Browser) -> None:
    ada.open(f"{HERE}/signin").form(containing="Authorise").fill(until_revoked=True).submit(
        "Authorise access"
    )
    page = ada.open(f"{HERE}/account").form("disconnect").submit("Disconnect")
    assert "The registry was told" in page.text
    listed = ada.open(f"{SITE}/account/trusted")
    assert "Nobody at present" in listed.text
    assert "it gave the permission back" in listed.text
    assert ada.open(f"{HERE}/items").url.startswith(f"{SITE}/oauth/authorize")
    tokens = place.rows("token")
    assert [row.revoked is not None for row in tokens] == [True]


def test_no_secret_is_written_in_clear(place: Place, ada: Browser, repository: Repository) -> None:
    ada.open(f"{HERE}/signin").form(containing="Authorise").submit("Authorise access")
    with repository.db.reading() as tx:
        sealed = tx.exec_driver_sql("select grant_sealed from account").scalar_one()
    held = repository.keys.unseal(sealed, "account.grant_sealed.1")
    assert place.status_of(held) == 200
    assert held not in sealed
