"""The staff's pages in Chromium: every one of them, by day and by night, on a phone and on a desk, without
scripts; and the way of a contact through them by keyboard."""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESK, PHONE, barriers, fits
from browser.test_hub import town
from hub.staff.desk import BY, invited
from hub.web.town import Town
from laelia.hub import tables, uploads
from laelia.hub.organisations import members, staff, units
from laelia.hub.web import routes
from laelia.hub.web.entry import StaffMay

__all__ = ["town"]
Visit = Callable[..., Page]

# What stands in the place of a page's parameters.
FILLED = {
    "/{place}/staff/units/{unit}": "/library/staff/units/{unit}",
    "/{place}/staff/colleagues/{who}/remove": "/library/staff/colleagues/{who}/remove",
    "/{place}/staff/files/{file}": "/library/staff/files/{file}",
}
FETCHED = {"/{place}/staff/files/{file}/{which}", "/{place}/staff/files/template/{kind}/{form}"}
"""Files, which no browser shows."""


def pages() -> list[str]:
    mine = [one for one in routes if one.method == "GET" and isinstance(one.access, StaffMay)]
    mine = [one for one in mine if one.path not in FETCHED]
    return [FILLED.get(one.path, one.path.replace("{place}", "library")) for one in mine]


def come_in(town: Town, page: Page) -> None:
    page.goto(town.at(invited(town, "owner@library.example")))
    page.get_by_role("button", name="Join without an iD").click()
    page.wait_for_url(town.at("/library/staff"))


def furnish(town: Town) -> dict[str, int]:
    """Units, colleagues, a member and people, some with long names."""
    now = town.clock.now()
    with town.hub.db.writing() as tx:
        members.make_lead(tx, "library", True)
        faculty = units.put(tx, now, BY, town.library, code="SCI", name="Faculty of Science and of " + "x" * 40)
        units.put(tx, now, BY, town.library, code="BOT", name="Botany", parent_id=faculty)
        who, _secret = staff.invite(tx, now, town.library, BY, email=f"{'e' * 50}@library.example", role="viewer")
        members.onboard(
            tx, now, BY, town.hub.keys, name="Garden University", contact="it@garden.example",
            where=members.registry(town.registry), environment="sandbox",
            lead=_place(town, tx),
        )  # fmt: skip
        for n, state in enumerate(("invited", "denied", "revoked")):
            row = {"environment_id": town.library, "local_id": f"HR-{n}", "email": f"{n}@library.example"}
            row |= {"state": state, "created": now, "modified": now, "reminders": 0, "unit_id": faculty}
            tx.execute(tables.person.insert().values(row))
    rows = f"email,keyword,{'x' * 60}\nnobody@library.example,{'y' * 200},\n".encode()
    file = uploads.store(town.hub, town.library, "keywords.csv", rows, by="the librarian")
    uploads.check(town.hub, town.library, file)
    return {"unit": faculty, "who": who.id, "file": file}


def _place(town: Town, tx: object) -> object:
    from laelia.hub import organisations

    return organisations.by_handle(tx, "library", town.hub.keys)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_staff_page_fits_and_has_no_barrier(town: Town, visit: Visit, axe: str, size: dict[str, int]) -> None:
    numbers = furnish(town)
    page = visit(size, scripts=True)
    page.emulate_media(reduced_motion="reduce")
    found: list[str] = []
    for path in ("/library/staff/signin", invited(town, "x@library.example"), "/library/staff/join/unknown", ""):
        if path:
            page.goto(town.at(path))
        else:
            come_in(town, page)
        fits(page)
        found += barriers(page, axe)
        picture(page, size, path.split("/")[-1][:8] or "joined")
    shown = [path.format(**numbers) for path in pages()]
    assert len(shown) > 9
    for path in shown:
        page.goto(town.at(path))
        fits(page)
        assert page.locator("main").count() == page.locator("h1").count() == 1, path
        assert page.locator("[style]").count() == 0, path
        found += barriers(page, axe)
        picture(page, size, path.replace("/", "_"))
        page.emulate_media(color_scheme="dark")
        found += barriers(page, axe, "color-contrast")
        picture(page, size, path.replace("/", "_") + "-dark")
        page.emulate_media(color_scheme="light")
    assert found == []


def picture(page: Page, size: dict[str, int], name: str) -> None:
    """For whoever wants to look: a folder of pictures."""
    if folder := os.environ.get("LAELIA_TEST_PICTURES"):
        page.screenshot(path=f"{folder}/{size['width']}-{name}.png", full_page=True)


def test_a_contact_gets_through_by_keyboard(town: Town, visit: Visit) -> None:
    with town.hub.db.writing() as tx:
        made = members.onboard(
            tx, town.clock.now(), BY, town.hub.keys, name="Garden University", contact="it@garden.example",
            where=members.registry(town.registry), environment="sandbox",
        )  # fmt: skip
    client = town.place.member(
        name="Garden University", redirect_uris=[f"{town.site}/garden-university/callback"]
    )
    page = visit(scripts=False)
    page.goto(town.at(f"/garden-university/staff/join/{made.secret}"))
    page.get_by_role("button", name="Join", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Look at what is said").focus()
    page.keyboard.press("Enter")
    page.get_by_label("ROR id").fill("05dxps055")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Saved.")
    page.get_by_label("Client id").fill(client.id)
    page.keyboard.press("Tab")
    page.keyboard.type(client.secret)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("its secret is right")
    assert client.secret not in page.content()
