"""The registry's pages in a real browser: by keyboard alone, on a phone, with and without scripts, and
answers that only a browser gives (Origin, cookies, the redirect after the permission form)."""

import json
import os
import pathlib
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESK, PHONE, fits
from laelia.model.sections import BY_NAME
from laelia.model.work import Work, WorkTitle
from laelia.registry.access import person
from laelia.registry.record import items, people
from registry.place import PASSWORD, Place

Visit = Callable[..., Page]


def shot(page: Page, name: str) -> None:
    """Keep a picture where LAELIA_SCREENSHOTS says, to be looked at."""
    if folder := os.environ.get("LAELIA_SCREENSHOTS"):
        page.screenshot(path=pathlib.Path(folder) / f"{name}.png", full_page=True)


def tab_to(page: Page, name: str, most: int = 60, nth: int = 1, key: str = "Tab") -> None:
    """Press Tab until the control of that accessible name has the focus, as who has no mouse would: the `nth`
    of that name, after `most` steps at most; Shift+Tab as `key` goes back."""
    page.wait_for_load_state()  # the focus can't be seen before the style is there
    for _ in range(most):
        page.keyboard.press(key)
        focused = page.locator(":focus")
        if focused.count() and name in (_name(focused) or ""):
            nth -= 1
            if nth == 0:
                assert _outlined(focused), f"the focus on {name} can't be seen"
                return
    raise AssertionError(f"{name} can't be reached by keyboard on {page.url}")


def _name(focused: Any) -> str:
    return str(
        focused.evaluate(
            "e => (e.labels && e.labels.length ? [...e.labels].map(l => l.textContent).join(' ') : '')"
            " || e.getAttribute('aria-label') || e.textContent"
        )
    ).strip()


def _outlined(focused: Any) -> bool:
    return bool(focused.evaluate("e => parseFloat(getComputedStyle(e).outlineWidth) >= 2"))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_whole_way_by_keyboard(site: Place, client_site: Any, visit: Visit, size: dict[str, int]) -> None:
    """Register on the way to a permission, give it, look at it, take it back: no mouse."""
    client = site.member(
        name="DataCite",
        description="Registers DOIs.",
        privacy_url="https://datacite.example/privacy",
        redirect_uris=[client_site.back],
    )
    kind = "phone" if size is PHONE else "desk"
    page = visit(size, scripts=True)
    page.goto(site.authorize_url(client, state="s 1", redirect_uri=client_site.back))
    tab_to(page, "Register, it is free")
    page.keyboard.press("Enter")
    register_by_keyboard(page, kind)
    expect(page.locator("h1")).to_have_text("DataCite asks for your permission")
    shot(page, f"permission-{kind}")
    fits(page)
    box = page.get_by_role("checkbox", name="Allow this permission until I revoke it")
    expect(box).not_to_be_checked()
    tab_to(page, "Allow this permission until I revoke it")
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    tab_to(page, "Authorise access")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Back at the client")
    (answer,) = client_site.answers
    assert answer["state"] == ["s 1"]
    assert site.redeem(client, answer["code"][0], redirect_uri=client_site.back).status == 200
    page.goto(site.at("/account/trusted"))
    shot(page, f"trusted-{kind}")
    tab_to(page, "Revoke …")
    page.keyboard.press("Enter")
    tab_to(page, "Revoke the permission of DataCite")
    fits(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("DataCite has no permission any more")
    assert [row.revoked_reason for row in site.rows("token")] == ["user"]


def register_by_keyboard(page: Page, kind: str) -> None:
    """All the steps, with a mistake at the first one and without an employment."""
    expect(page.locator("h1")).to_have_text("Register for an iD")
    write(page, {"Given names": "Émilie"})
    tab_to(page, "Continue")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Please look at this again")
    shot(page, f"register-errors-{kind}")
    fits(page)
    write(page, {"Family names": "du Châtelet", "E-mail address": "emilie@example.org"})
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Choose a password")
    fits(page)
    shot(page, f"register-password-{kind}")
    write(page, {"Password": PASSWORD, "Password once more": PASSWORD})
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Where do you work or study?")
    fits(page)
    shot(page, f"register-employment-{kind}")
    tab_to(page, "Skip this step")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Who sees your record?")
    fits(page)
    shot(page, f"register-visibility-{kind}")
    tab_to(page, "Everyone")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Is everything right?")
    fits(page)
    shot(page, f"register-terms-{kind}")
    tab_to(page, "I have read the terms")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")


def write(page: Page, said: dict[str, str]) -> None:
    """Tab to each field and write into it."""
    for label, text in said.items():
        tab_to(page, label)
        page.keyboard.type(text)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_deny_goes_back_to_the_client(site: Place, client_site: Any, visit: Visit, scripts: bool) -> None:
    page = signed_in(site, visit(scripts=scripts))
    client = site.member(redirect_uris=[client_site.back])
    page.goto(site.authorize_url(client, state="s2", redirect_uri=client_site.back))
    page.get_by_role("button", name="Deny").click()
    expect(page.locator("h1")).to_have_text("Back at the client")
    assert [answer["error"] for answer in client_site.answers] == [["access_denied"]]


def signed_in(site: Place, page: Page) -> Page:
    page.goto(site.at("/signin"))
    page.get_by_label("E-mail address or iD").fill(site.ada.orcid)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("Ada Lovelace")
    return page


def test_linked_data_in_a_page_neither_runs_nor_breaks_out(site: Place, visit: Visit) -> None:
    """A data block is no script: the content policy says nothing to it, and no text in it ends it."""
    with site.service.db.writing() as tx:
        nasty = "</script><script>document.title='run'</script><img src=x onerror=alert(1)><!--<script>"
        people.set_names(tx, site.clock.now(), site.ada.orcid, given=nasty, family="\u2028")
    told: list[str] = []
    page = visit(scripts=True)
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("dialog", lambda dialog: told.append(dialog.message))
    page.goto(site.at(f"/{site.ada.orcid}"))
    blocks = page.locator("script")
    assert [block.get_attribute("type") for block in blocks.all()] == ["application/ld+json"]
    assert json.loads(blocks.text_content() or "")["givenName"] == nasty
    assert "run" not in page.title().split()
    assert page.locator("img[src=x]").count() == 0
    assert told == []


def test_the_bibtex_file_is_downloaded(site: Place, visit: Visit) -> None:
    with site.service.db.writing() as tx:
        given = Work(title=WorkTitle(title="On bees"), type="other", external_ids=[])
        items.add(tx, 1, person(site.ada.orcid), site.ada.orcid, BY_NAME["works"], given)
    page = visit()
    page.goto(site.at(f"/{site.ada.orcid}"))
    shot(page, "record-public")
    fits(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as BibTeX").click()
    assert download.value.suggested_filename == "works.bib"
    assert "title = {On bees}" in pathlib.Path(download.value.path()).read_text()


def test_the_skip_link_comes_first(site: Place, visit: Visit) -> None:
    page = visit(scripts=True)
    page.goto(site.at("/"))
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to content")
    page.keyboard.press("Enter")
    expect(page).to_have_url(site.at("/#main"))


def test_nothing_is_asked_of_other_sites(site: Place, visit: Visit) -> None:
    asked: list[str] = []
    page = visit(scripts=True)
    page.on("request", lambda request: asked.append(request.url))
    signed_in(site, page)
    assert asked
    assert all(url.startswith(site.site) for url in asked)
