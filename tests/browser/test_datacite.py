"""Search & Link with many at once, and Auto-Update that looks back by choice, in Chromium without scripts and
by the keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESK, PHONE, barriers, fits
from browser.test_hub import connect, town  # noqa: F401 - a fixture
from browser.test_sources import reach
from hub.web.town import Town

Visit = Callable[..., Page]
LABEL = "document.activeElement.ariaLabel || (document.activeElement.labels || [{}])[0]?.innerText || ''"


def tick(page: Page, names: list[str]) -> None:
    """Go through the page by Tab and tick what is labelled so."""
    for name in names:
        for _ in range(300):
            page.keyboard.press("Tab")
            label = page.evaluate(LABEL)
            if name in label and page.evaluate("document.activeElement.type") == "checkbox":
                page.keyboard.press("Space")
                break
        else:
            raise AssertionError(f"{name} can't be reached")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_many_are_claimed_at_once_by_the_keyboard(town: Town, visit: Visit, size: dict[str, int]) -> None:  # noqa: F811
    for number in range(3):
        town.publish(f"survey{number}", f"Survey of orchids {number}", "Someone Else")
    page = visit(size)
    connect(town, page)
    page.goto(town.at("/datacite/search"))
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("orchids")
    page.keyboard.press("Enter")
    expect(page.locator("h2").first).to_have_text("3 results")
    fits(page)
    tick(page, ["orchids 2", "orchids 0"])
    reach(page, "Add all that are ticked")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("2 claimed.")
    fits(page)
    town.work()
    assert sorted(work["title"] for work in town.works(town.ada)) == [
        "Survey of orchids 0",
        "Survey of orchids 2",
    ]
    page.goto(town.at("/datacite/search?q=orchids"))
    reach(page, "Take it off my record")
    page.keyboard.press("Enter")
    expect(page.locator(".chip", has_text="being taken off")).to_be_visible()
    town.work()
    assert len(town.works(town.ada)) == 1


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_auto_update_looks_back_and_she_chooses(town: Town, visit: Visit, size: dict[str, int]) -> None:  # noqa: F811
    for number in range(3):
        town.publish(f"old{number}", f"Old survey {number}", town.ada)
    page = visit(size)
    connect(town, page)
    reach(page, "Turn Auto-Update on")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("What is there already")
    fits(page)
    town.work()
    assert town.works(town.ada) == []
    page.goto(page.url)
    fits(page)
    tick(page, ["Old survey 1"])  # all are ticked: this one is not wanted
    reach(page, "Add what is ticked")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("2 items will be on your record in a moment.")
    fits(page)
    town.work()
    assert sorted(work["title"] for work in town.works(town.ada)) == ["Old survey 0", "Old survey 2"]
    reach(page, "Look at it again")
    page.keyboard.press("Enter")
    expect(page.locator(".chip", has_text="left out")).to_be_visible()
    tick(page, ["Old survey 1"])
    reach(page, "Add what is ticked")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("1 item will be on your record in a moment.")
    reach(page, "Show the newest alone")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Show every version")).to_be_visible()
    town.work()
    assert len(town.works(town.ada)) == 3


def test_no_barriers(town: Town, visit: Visit, axe: str) -> None:  # noqa: F811
    for number in range(3):
        town.publish(f"old{number}", f"Old survey {number}", town.ada)
    page = visit(PHONE, scripts=True)
    page.emulate_media(reduced_motion="reduce")
    connect(town, page)
    found = []
    page.get_by_role("button", name="Turn Auto-Update on").click()
    for _ in range(2):
        for path in ("from-before/datacite", "search?q=survey&all=1", "settings"):
            page.goto(town.at(f"/datacite/{path}"))
            found += barriers(page, axe)
            page.emulate_media(color_scheme="dark")
            found += barriers(page, axe, "color-contrast")
            page.emulate_media(color_scheme="light")
        town.work()
    assert found == [], "\n".join(found)
