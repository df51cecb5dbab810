"""Registering with a namesake and an employment, addresses, preferences: by keyboard, on desk and phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESK, PHONE, fits
from browser.test_registry_pages import shot, tab_to, write
from laelia.registry.record import people
from laelia.registry.registers import organisations
from registry.place import PASSWORD, Place

Visit = Callable[..., Page]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_register_with_an_employment_and_look_after_the_account(
    site: Place, visit: Visit, size: dict[str, int]
) -> None:
    brown = organisations.Organisation(
        name="Brown University", ids=(("ROR", "https://ror.org/05gq02987"),), city="Providence", country="US"
    )
    with site.service.db.writing() as tx:
        organisations.put(tx, site.clock.now(), organisations.fit(brown))
    site.service.search.work()
    page, kind = visit(size, scripts=True, dark=True), "phone" if size is PHONE else "desk"
    page.goto(site.at("/register"))
    write(page, {"Given names": "Ada", "Family names": "Lovelace", "E-mail address": "other@example.org"})
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Could this be you?")
    expect(page.locator("main")).to_contain_text(site.ada.orcid)
    step(page, f"same-name-{kind}", "None of them is me")
    expect(page.locator("h1")).to_have_text("Choose a password")
    write(page, {"Password": PASSWORD, "Password once more": PASSWORD})
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Where do you work or study?")
    write(page, {"Name of the organisation": "brown"})
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="Brown University")).to_be_visible()
    tab_to(page, "Brown University")
    page.keyboard.press("Space")
    write(page, {"Your role there": "Librarian", "Since which year?": "2024"})
    step(page, f"employment-{kind}", "Continue")
    expect(page.locator("h1")).to_have_text("Who sees your record?")
    tab_to(page, "Everyone")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Librarian, Brown University")
    tab_to(page, "I have read the terms")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Ada Lovelace")
    assert [row.section for row in site.rows("item")] == ["employments"]
    page.goto(site.at("/account/emails"))
    write(page, {"Another e-mail address": "more@example.org"})
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("A link was sent to more@example.org")
    step(page, f"emails-{kind}", "Remove …")
    expect(page.get_by_role("button", name="Remove more@example.org")).to_be_visible()
    step(page, f"emails-remove-{kind}", "Remove more@example.org")
    expect(page.get_by_role("status")).to_contain_text("more@example.org is no longer on your record")
    page.goto(site.at("/account/preferences"))
    tab_to(page, "When others changed your record")
    page.keyboard.type("never")
    step(page, f"preferences-{kind}", "Save")
    expect(page.get_by_role("status")).to_contain_text("Your preferences are kept")
    assert {row.kind: row.frequency for row in site.rows("mailing")}["changes"] == "never"
    with site.service.db.reading() as tx:
        assert people.by_email(tx, "more@example.org") is None


def step(page: Page, name: str, button: str) -> None:
    """Look at the page, and press the button."""
    fits(page)
    shot(page, name)
    tab_to(page, button)
    page.keyboard.press("Enter")
