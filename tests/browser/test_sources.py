"""Who wrote what, undoing it and saying "not mine", in a real browser and by the keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESK, PHONE, barriers, fits
from browser.test_every_page import sign_in
from laelia.lib.clock import DAY, HOUR
from registry.api.people import Api, work
from registry.place import Place

Visit = Callable[..., Page]
PLACE = "/my-record/sources"


@pytest.fixture
def api(site: Place) -> Api:
    """Ada's record, on which two organisations wrote for some days."""
    made = Api(site)
    kept = made.add(work("10.5555/kept", "Nectar volume of Laelia anceps at three altitudes"))
    gone = made.add(work("10.5555/gone", "Visits of hummingbirds"), made.other)
    site.clock.advance(DAY)
    made.put(kept, work("10.5555/kept", "Nectar volume, changed") | {"put-code": kept})
    made.delete(gone, made.other)
    site.clock.advance(HOUR)
    for number in range(10):
        made.add(work(title=f"A work of a long title that needs more than one line on a phone {number}"))
    site.service.work()
    return made


def reach(page: Page, name: str) -> None:
    """Press Tab until the first button or link of this name has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')")
        if focused == name:
            return
    raise AssertionError(f"{name} is not reached by the keyboard")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_undoing_by_the_keyboard(site: Place, api: Api, visit: Visit, size: dict[str, int]) -> None:
    page = visit(size)
    sign_in(site, page)
    page.goto(site.at("/inbox"))
    fits(page)
    expect(page.locator("h2").first).to_have_text("Bee Library added 10 works")
    page.goto(site.at(PLACE))
    fits(page)
    reach(page, "Undo all …")
    page.keyboard.press("Enter")
    reach(page, "Undo all of it")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Undone: 10 changes.")
    fits(page)
    page.goto(site.at(PLACE))
    reach(page, "Not mine …")
    page.keyboard.press("Enter")
    fits(page)
    reach(page, "This is not mine")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("It will not come back")
    fits(page)
    reach(page, "It is mine after all")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Organisations may add it again")


def test_no_barriers(site: Place, api: Api, visit: Visit, axe: str) -> None:
    page = visit(PHONE, scripts=True)
    page.emulate_media(reduced_motion="reduce")
    sign_in(site, page)
    found = []
    for path in (PLACE, "/inbox", "/my-record", f"{PLACE}?by={api.member_client.id}"):
        page.goto(site.at(path))
        for details in page.locator("details").all():
            details.evaluate("one => one.open = true")
        fits(page)
        found += barriers(page, axe)
        page.emulate_media(color_scheme="dark")
        found += barriers(page, axe, "color-contrast")
        page.emulate_media(color_scheme="light")
    assert found == []
