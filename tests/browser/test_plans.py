"""From a file to a plan, pushed, looked at and undone, in Chromium: by keyboard, without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESK, PHONE, barriers, fits
from browser.test_hub import town
from browser.test_registry_pages import tab_to
from browser.test_staff import come_in, picture
from hub.uploads.desk import Desk, desk_of
from hub.web.town import Town

__all__ = ["town"]
Visit = Callable[..., Page]
ROWS = b"id,email,keyword\nK1,ada@uni.example,rivers\nK2,ada@uni.example,silt\n"


@pytest.fixture
def desk(town: Town) -> Desk:
    return desk_of(town)


def press(page: Page, name: str) -> None:
    """Reach a control by keyboard and press it, once a page that looks again by itself shows it."""
    expect(
        page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first
    ).to_be_visible()
    tab_to(page, name)
    page.keyboard.press("Enter")


def under_way(town: Town, page: Page) -> None:
    """The page says so; then the worker has its turn."""
    expect(page.get_by_role("progressbar")).to_be_visible()
    town.work()


def done(page: Page) -> None:
    expect(page.locator("header.head .chip", has_text="done")).to_be_visible()


def hand_in(town: Town, page: Page, rows: bytes) -> None:
    page.goto(town.at("/library/staff/files"))
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "words.csv", "mimeType": "text/csv", "buffer": rows}
    )
    press(page, "Read it")
    under_way(town, page)
    press(page, "File 2 good rows")
    under_way(town, page)


def make_plan(town: Town, page: Page) -> None:
    page.goto(town.at("/library/staff/plans"))
    press(page, "Make the plan")
    under_way(town, page)


def test_upload_plan_push_run_undo(town: Town, desk: Desk, visit: Visit) -> None:
    page = visit(scripts=False)
    come_in(town, page)
    page.goto(town.at("/library/staff/pushing"))
    page.get_by_label("Files").focus()
    page.keyboard.press("Space")
    press(page, "Save")
    expect(page.get_by_role("status")).to_have_text("Saved.")
    hand_in(town, page, ROWS)
    assert desk.standing("keywords") == []
    make_plan(town, page)
    expect(page.locator(".chip", has_text="waits for you")).to_be_visible()
    press(page, "Push exactly this")
    under_way(town, page)
    done(page)
    assert sorted(desk.standing("keywords")) == ["rivers", "silt"]

    hand_in(town, page, ROWS.replace(b"silt", b"sand"))
    make_plan(town, page)
    expect(page.locator(".diff del")).to_contain_text("silt")
    expect(page.locator(".diff ins")).to_contain_text("sand")
    press(page, "Push exactly this")
    under_way(town, page)
    done(page)
    press(page, "Run ")
    expect(page.locator("h2", has_text="What was sent")).to_be_visible()
    press(page, "Undo this run …")
    under_way(town, page)
    press(page, "Push exactly this")
    under_way(town, page)
    done(page)
    assert sorted(desk.standing("keywords")) == ["rivers", "silt"]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_what_the_brake_stopped_fits_and_has_no_barrier(
    town: Town, desk: Desk, visit: Visit, axe: str, size: dict[str, int]
) -> None:
    rows = "id,email,keyword\n" + "".join(f"K{n},ada@uni.example,{'thing' * 9} {n}\n" for n in range(24))
    for data in (rows, rows.replace("thing", "matter")):
        desk.upload("words.csv", data)
        desk.work()
    page = visit(size, scripts=True)
    page.emulate_media(reduced_motion="reduce")
    come_in(town, page)
    press(page, "Look and decide")
    expect(page.locator("h1")).to_contain_text("Plan")
    number = page.url.rpartition("/")[2]
    run = max(one.id for one in town.rows("run"))
    item = town.rows("assertion")[0].id
    paths = (f"plans/{number}", "plans", "runs", f"runs/{run}", "pushing")
    for path in (*paths, f"items/{town.ada.orcid}", f"items/{town.ada.orcid}/{item}"):
        page.goto(town.at(f"/library/staff/{path}"))
        fits(page)
        assert page.locator("main").count() == page.locator("h1").count() == 1, path
        found = barriers(page, axe)
        picture(page, size, f"plans_{path.replace('/', '_')}")
        page.emulate_media(color_scheme="dark")
        found += barriers(page, axe, "color-contrast")
        picture(page, size, f"plans_{path.replace('/', '_')}-dark")
        page.emulate_media(color_scheme="light")
        assert found == []
