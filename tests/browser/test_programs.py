"""Programs in Chromium: an owner adds one by keyboard, and it sends somebody to connect, who comes back to
it; all without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESK, PHONE, ClientSite, barriers, client_site, fits
from browser.test_hub import town
from browser.test_staff import come_in, picture
from hub.web.town import Town
from laelia.client import hub
from laelia.lib.http import Http
from registry.place import PASSWORD

__all__ = ["client_site", "town"]
Visit = Callable[..., Page]


def added(town: Town, page: Page, back: str) -> hub.Hub:
    """An owner adds a program; the client that uses what the page showed."""
    come_in(town, page)
    page.get_by_text("More", exact=True).click()  # what is seldom needed is folded away
    page.get_by_role("link", name="Programs").click()
    page.get_by_role("textbox", name="Name").fill("Personnel")
    page.get_by_label("Return addresses").fill(back)
    page.locator("#add-program").get_by_role("button", name="Add").press("Enter")
    shown = page.locator(".notice .mono").all_text_contents()
    assert len(shown) == 2
    name, secret = (text.strip() for text in shown)
    return hub.Hub(town.at("/library"), name, secret, http=Http())


def test_a_program_sends_somebody_to_connect_and_gets_her_back(
    town: Town, visit: Visit, client_site: ClientSite
) -> None:
    program = added(town, visit(), client_site.back)
    program.put_person("HR-7", email="ada@library.example", given_names="Ada")
    session = program.connect("HR-7", client_site.back)
    page = visit(PHONE)
    page.goto(session.url or "")
    page.locator("[name=name]").fill(town.ada.orcid)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Authorise access").click()
    expect(page.get_by_role("heading", name="Back at the client")).to_be_visible()
    assert client_site.answers == [{"session": [session.id], "result": ["connected"]}]
    done = program.session(session.id)
    assert (done.state, done.orcid) == ("connected", town.ada.orcid)
    # Somebody else who gets hold of such an address is told, and led back.
    other = program.connect("HR-7", client_site.back)
    page = visit(PHONE)
    page.goto(other.url or "")
    page.locator("[name=name]").fill(town.stranger.orcid)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Authorise access").click()
    expect(page.get_by_role("heading", name="This link is for another person")).to_be_visible()
    fits(page)
    picture(page, PHONE, "session-refused")
    page.get_by_role("link", name="Back to localhost").click()
    expect(page.get_by_role("heading", name="Back at the client")).to_be_visible()
    assert client_site.answers[-1]["result"] == ["refused"]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_pages_fit_and_have_no_barrier(
    town: Town, visit: Visit, axe: str, client_site: ClientSite, size: dict[str, int]
) -> None:
    page = visit(size, scripts=True)
    page.emulate_media(reduced_motion="reduce")
    added(town, page, client_site.back)
    found: list[str] = []

    def look(name: str) -> None:
        fits(page)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            picture(page, size, f"{name}-{scheme}")
            found.extend(barriers(page, axe))
        page.emulate_media(color_scheme="light")

    look("programs")
    page.get_by_role("textbox", name="Address", exact=True).fill(f"https://hr.example.org/{'e' * 40}")
    page.locator("#add-callback").get_by_role("button", name="Add").click()
    look("programs-callback")
    page.get_by_role("link", name="https://hr.example.org").click()
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_role("heading", name="test", exact=True)).to_be_visible()
    look("callback")
    page.goto(town.at("/library/api"))
    look("api")
    assert found == []
