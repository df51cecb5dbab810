"""Signing in through an organisation in a real browser, whose provider is another site: an answer that is
posted from there comes without our cookies."""

import pathlib
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import served
from browser.test_registry_pages import DESK, PHONE, Visit, fits, shot, tab_to
from laelia.registry.account.institutions import sources
from laelia.registry.notify import invitations
from registry.institutions import federation
from registry.institutions.saml_idp import SamlIdp, keys_of
from registry.place import PASSWORD, Place


class Campus:
    """A registry on localhost and an identity provider on 127.0.0.1, which is another site to a browser."""

    def __init__(self, place: Place, idp: SamlIdp) -> None:
        self.place, self.idp = place, idp

    def load(self, document: str, name: str = "metadata") -> None:
        place = self.place
        file = place.settings.var / f"{name}.xml"
        file.write_text(document)
        with place.service.db.writing() as tx:
            number = sources.put(tx, str(file), None, trusted=False)
        sources.load(place.service.db, place.clock, place.calling, number)


@pytest.fixture
def campus(tmp_path: pathlib.Path) -> Iterator[Campus]:
    if shutil.which("xmlsec1") is None:
        pytest.skip("no xmlsec1 (make test installs Debian's where it may)")
    apps: dict[str, Any] = {}
    with (
        served(lambda *each: apps["registry"](*each)) as here,
        served(lambda *each: apps["idp"](*each)) as there,
    ):
        key, certificate = keys_of("sp")
        place = Place(
            f"sqlite:///{tmp_path}/registry.db", tmp_path / "var", site=here, secure_cookies=False,
            saml_key=key, saml_certificate=certificate,
        )  # fmt: skip
        apps["registry"] = place.service.wsgi
        metadata = place.http.get(place.at("/saml/metadata")).body
        idp = SamlIdp(there.replace("localhost", "127.0.0.1"), metadata)
        apps["idp"] = idp.wsgi
        campus = Campus(place, idp)
        campus.load(idp.metadata())
        yield campus
        place.close()


def press(page: Page, name: str) -> None:
    """Reach a control by keyboard and press it."""
    tab_to(page, name)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_linked_at_once_the_second_time_invited_connected_and_unlinked(
    campus: Campus, client_site: Any, visit: Visit, size: dict[str, int]
) -> None:
    kind = "phone" if size is PHONE else "desk"
    place = campus.place
    library = place.member(name="Garden Library", redirect_uris=[client_site.back])
    with place.service.db.writing() as tx:
        (row,) = place.rows("institution")
        invitations.tie(tx, place.clock.now(), row.id, library.id, invitations.AFFILIATIONS)

    page = visit(size)
    page.goto(place.at("/signin"))
    shot(page, f"institution-signin-{kind}")
    press(page, "Sign in through your organisation")
    expect(page.locator("h1")).to_have_text("Sign in through your organisation")
    shot(page, f"institutions-{kind}")
    fits(page)
    press(page, "Garden University")
    expect(page.locator("h1")).to_have_text("Garden University")
    page.get_by_role("button", name="Continue as Ada").click()
    expect(page.locator("h1")).to_have_text("Which iD is yours?")
    shot(page, f"institution-which-{kind}")
    fits(page)
    press(page, "I have an iD: sign in")
    page.get_by_label("E-mail address or iD").fill(place.ada.orcid)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Link this account to your iD?")
    shot(page, f"institution-link-{kind}")
    fits(page)
    press(page, "Link and go on")
    expect(page.locator("h1")).to_have_text("Connect your record")
    shot(page, f"institution-invited-{kind}")
    fits(page)
    press(page, "Decide later")
    expect(page.get_by_role("link", name="Inbox")).to_contain_text("1")
    page.goto(place.at("/"))
    press(page, "Sign out")
    expect(page.get_by_role("link", name="Register", exact=True)).to_be_visible()

    # The second time: at once.
    page.goto(place.at("/institutions"))
    expect(page.locator("#last")).to_have_text("As last time")
    shot(page, f"institutions-again-{kind}")
    page.get_by_role("button", name="Garden University").first.click()
    page.get_by_role("button", name="Continue as Ada").click()
    expect(page).to_have_url(place.at("/my-record"))

    # The invitation waits, leads to the consent and back to the client.
    page.goto(place.at("/account"))
    press(page, "Link and unlink")
    expect(page.locator("h1")).to_have_text("Linked accounts")
    shot(page, f"institution-account-{kind}")
    fits(page)
    press(page, "Give permission")
    expect(page.locator("h1")).to_have_text("Garden Library asks for your permission")
    press(page, "Authorise access")
    expect(page.locator("h1")).to_have_text("Back at the client")
    (answer,) = client_site.answers
    assert place.redeem(library, answer["code"][0], redirect_uri=client_site.back).status == 200

    page.goto(place.at("/account/institutions"))
    expect(page.get_by_text("keep your record up to date?")).to_have_count(0)
    press(page, "Unlink …")
    shot(page, f"institution-unlink-{kind}")
    fits(page)
    press(page, "Unlink Garden University")
    expect(page.get_by_role("status")).to_contain_text("can't sign in through Garden University")
    expect(page.locator("h2").first).to_have_text("Nothing linked yet")


def test_choosing_among_many_and_a_refusal(campus: Campus, visit: Visit) -> None:
    """A long list on a phone in the dark, and an answer that can't be relied on."""
    campus.load(federation.federation(federation.idp(n) for n in range(1, 60)), "many")
    page = visit(PHONE, dark=True)
    page.goto(campus.place.at("/institutions"))
    shot(page, "institutions-many")
    fits(page)
    page.get_by_label("Its name, or a part of it").fill("gartenuni")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Garden University")).to_be_visible()
    shot(page, "institutions-found")
    fits(page)
    campus.idp.answer = {"sign_assertion": False}
    page.get_by_role("button", name="Garden University").click()
    page.get_by_role("button", name="Continue as Ada").click()
    expect(page.locator("h1")).to_have_text("The answer of your organisation can't be relied on")
    shot(page, "institution-refused")
    fits(page)


def test_an_answer_posted_in_another_browser_signs_nobody_in(campus: Campus, visit: Visit) -> None:
    """Login CSRF, as browsers really send cookies."""
    eve, ada = visit(), visit()
    for page in (eve, ada):
        page.goto(campus.place.at("/institutions"))
    eve.get_by_role("button", name="Garden University").click()
    form = eve.content()
    assert "SAMLResponse" in form
    ada.goto(f"{campus.idp.site}/elsewhere")
    ada.set_content(form)
    ada.get_by_role("button", name="Continue as Ada").click()
    expect(ada.locator("h1")).to_have_text("Please start again")
    expect(ada.get_by_text("not started in this browser")).to_be_visible()
