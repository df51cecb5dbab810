"""The pages about one's own data in a real browser: by keyboard, on a phone, light and dark."""

import pathlib
import re
import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESK, PHONE, fits
from browser.test_registry_pages import shot, signed_in, tab_to
from laelia.registry.account import delegates
from laelia.registry.record import people
from registry.place import PASSWORD, Place

Visit = Callable[..., Page]


def link(site: Place, path: str) -> str:
    """The newest link of this kind in the outbox."""
    site.service.work()
    texts = "\n".join(row.text for row in site.rows("outbox"))
    return re.findall(rf"{re.escape(site.site)}{path}\S+", texts)[-1]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_leaving_and_coming_back_by_keyboard_on_a_phone(site: Place, visit: Visit, dark: bool) -> None:
    kind = "dark" if dark else "light"
    page = signed_in(site, visit(PHONE, dark=dark))
    page.goto(site.at("/account"))
    shot(page, f"account-{kind}")
    tab_to(page, "Close your record")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Close your record")
    fits(page)
    tab_to(page, "Send me the link")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Choose how the record is closed")
    shot(page, f"close-errors-{kind}")
    page.get_by_role("radio", name="Deactivate it").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Nothing has changed yet")
    page.goto(link(site, "/account/close/"))
    expect(page.locator("h1")).to_have_text("Deactivate your record")
    fits(page)
    shot(page, f"confirm-{kind}")
    tab_to(page, "Your password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("has closed it")
    page.goto(site.at("/reactivate"))
    fits(page)
    tab_to(page, "E-mail address")
    page.keyboard.type(site.ada.email)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("a link is on its way")
    shot(page, f"reactivate-{kind}")
    page.goto(link(site, "/reactivate/"))
    fits(page)
    shot(page, f"reopen-{kind}")
    for label, text in (("Given names", "Ada"), ("Password", PASSWORD), ("Password once more", PASSWORD)):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("radio", name="Everyone").check()
    page.get_by_role("checkbox").check()
    tab_to(page, "Open my record again")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Welcome back")


def test_erasing_shows_a_receipt(site: Place, visit: Visit) -> None:
    page = signed_in(site, visit(DESK))
    page.goto(site.at("/account/close"))
    shot(page, "close-desk")
    page.get_by_role("radio", name="Erase it").check()
    page.get_by_role("button", name="Send me the link").click()
    page.goto(link(site, "/account/close/"))
    shot(page, "confirm-erase-desk")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Erase everything now").click()
    expect(page.locator("h1")).to_have_text("The record is erased")
    fits(page)
    shot(page, "receipt-desk")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    fits(page)
    shot(page, "receipt-phone")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the receipt").click()
    assert download.value.suggested_filename == f"erasure-{site.ada.orcid}.json"


def test_merging_a_duplicate(site: Place, visit: Visit) -> None:
    other = site.person("Ada", "King", "ada.king@example.org")
    page = signed_in(site, visit(PHONE))
    page.goto(site.at("/account/duplicate"))
    fits(page)
    shot(page, "duplicate-phone")
    page.get_by_label("iD or e-mail address of the other record").fill(other.email)
    page.get_by_label("Password of the other record").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("What stays, moves and goes")
    fits(page)
    shot(page, "review-phone")
    tab_to(page, "I have read what moves")
    page.keyboard.press("Space")
    tab_to(page, f"Close {other.orcid} for good")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("is closed and leads to this one")
    page.goto(site.at(f"/{other.orcid}"))
    expect(page.get_by_role("link", name=site.ada.orcid)).to_be_visible()


def test_a_download_is_a_zip(site: Place, visit: Visit) -> None:
    page = signed_in(site, visit(PHONE))
    page.goto(site.at("/account/data"))
    fits(page)
    shot(page, "data-phone")
    page.get_by_label("Your password").fill(PASSWORD)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == f"{site.ada.orcid}.zip"
    with zipfile.ZipFile(pathlib.Path(download.value.path())) as archive:
        assert archive.testzip() is None


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_trusting_somebody_and_acting(site: Place, visit: Visit, size: dict[str, int]) -> None:
    kind = "phone" if size is PHONE else "desk"
    page = signed_in(site, visit(size))
    site.service.search.work()
    page.goto(site.at("/account/individuals"))
    shot(page, f"individuals-empty-{kind}")
    fits(page)
    tab_to(page, "iD, e-mail address or name")
    page.keyboard.type("Sophie Stranger")
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="Sophie Stranger")).to_be_checked()
    shot(page, f"individuals-found-{kind}")
    fits(page)
    page.get_by_label("Your password").fill(PASSWORD)
    tab_to(page, "Let this person act in my record")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Sophie Stranger may act in your record")
    with site.service.db.writing() as tx:
        delegates.add(tx, 1, site.stranger.orcid, site.ada.orcid)
        people.set_names(tx, 2, site.stranger.orcid, given="Sophie", family="Stranger")
    page.reload()
    shot(page, f"individuals-{kind}")
    tab_to(page, "Act in the record of Sophie Stranger")
    page.keyboard.press("Enter")
    banner = page.get_by_role("region", name="Whose record this is")
    expect(banner).to_contain_text("You act in the record of Sophie Stranger")
    fits(page)
    shot(page, f"acting-{kind}")
    page.goto(site.at("/my-record/history"))
    expect(banner).to_be_visible()
    fits(page)
    shot(page, f"history-{kind}")
    page.goto(site.at("/account"))
    expect(page.locator("h1")).to_have_text("This page is about your own account")
    shot(page, f"waits-{kind}")
    tab_to(page, "Stop acting")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Ada Lovelace")
    expect(banner).to_have_count(0)
