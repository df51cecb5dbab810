"""What she wishes, in Chromium: asked first, picked, not mine, and out; without scripts, and by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESK, PHONE, barriers, fits
from browser.test_hub import connect, town
from browser.test_staff import picture
from hub.web.town import Town
from laelia.hub.organisations import by_handle, provider
from laelia.hub.organisations.audit import By

__all__ = ["town"]
Visit = Callable[..., Page]


def ask_first(town: Town, page: Page) -> None:
    """She connects, wishes to be asked, and four things wait for her."""
    for n in range(4):
        town.publish(f"d{n}", f"Dataset {n} " + "of many orchids " * n, town.ada)
    connect(town, page)
    page.get_by_label("Ask me first").check()
    page.get_by_role("button", name="Keep this choice").click()
    expect(page.get_by_role("status")).to_have_text("From now on you are asked first.")
    page.get_by_role("button", name="Turn Auto-Update on").click()
    page.get_by_role("button", name="Add all").click()
    town.work()
    assert town.works(town.ada) == []


def test_asked_picked_not_mine_and_out(town: Town, visit: Visit) -> None:
    page = visit()
    ask_first(town, page)
    page.goto(town.at("/datacite/settings"))
    page.get_by_role("link", name="Look at 4 that wait for you").click()
    for name in ("Dataset 0", "Dataset 1"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="Add what is ticked", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("2 items are on their way to your record.")
    page.locator('[aria-label^="Don\'t add it: Dataset 2"]').click()
    town.work()
    assert len(town.works(town.ada)) == 2
    page.goto(town.at("/datacite/items"))
    page.get_by_role("link", name="on your record (2)").click()
    page.get_by_role("article").filter(has_text="Dataset 0").locator("a.mono").click()
    expect(page.locator(f"[id='{page.url.partition('#')[2]}']")).to_contain_text("Dataset 0")
    page.goto(town.at("/datacite/items?show=record"))
    page.get_by_role("button", name="Not mine: Dataset 0").click()
    town.work()
    assert [one["title"] for one in town.works(town.ada)] == ["Dataset 1 of many orchids"]
    page.goto(town.at("/datacite/items?show=no"))
    expect(page.locator(".chip", has_text="not yours")).to_be_visible()
    page.goto(town.at("/datacite/settings"))
    page.get_by_role("link", name="Disconnect…").click()
    page.get_by_label("Take it off first").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Disconnect", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("1 item was taken off your record")
    assert town.works(town.ada) == []
    expect(page.locator(".chip", has_text="disconnected").first).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_of_it_fits_and_has_no_barrier(
    town: Town, visit: Visit, axe: str, size: dict[str, int]
) -> None:
    with town.hub.db.writing() as tx:
        place = by_handle(tx, "datacite", town.hub.keys)
        assert place is not None
        wanted = provider.wanted(None, issuer="https://op.test", client_id="hub", secret="s", claim="sub")
        by = By(actor="command:test", name="the operator")
        provider.put(tx, town.clock.now(), by, place, town.hub.keys, wanted)
    page = visit(size, scripts=True)
    page.emulate_media(reduced_motion="reduce")
    found: list[str] = []
    page.goto(town.at("/datacite/"))
    found += barriers(page, axe)
    fits(page)
    picture(page, size, "landing")
    ask_first(town, page)
    page.goto(town.at("/datacite/items?show=asked"))
    page.get_by_role("button", name="Not mine: Dataset 1").click()
    page.goto(town.at("/datacite/items?show=asked"))
    page.locator("[aria-label^='Add it: Dataset 3']").click()
    town.work()
    for path in ("settings", "items", "items?show=asked", "items?show=no", "disconnect", ""):
        page.goto(town.at(f"/datacite/{path}"))
        fits(page)
        assert page.locator("h1").count() == 1, path
        assert page.locator("[style]").count() == 0, path
        found += barriers(page, axe)
        picture(page, size, path.replace("?", "-") or "landing-in")
        page.emulate_media(color_scheme="dark")
        found += barriers(page, axe, "color-contrast")
        picture(page, size, (path.replace("?", "-") or "landing-in") + "-dark")
        page.emulate_media(color_scheme="light")
    assert found == []
