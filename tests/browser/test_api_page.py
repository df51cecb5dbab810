"""The page of the API: read without scripts, tried with them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESK, PHONE, fits
from registry.api.people import Api
from registry.place import Place

Visit = Callable[..., Page]


def opened(page: Page, place: Place, operation: str) -> Page:
    """The operation, opened from the keyboard."""
    page.goto(place.at("/v3.0"))
    page.locator(f"#{operation} > summary").focus()
    page.keyboard.press("Enter")
    return page


def test_without_scripts_it_says_everything_and_offers_no_form(site: Place, visit: Visit) -> None:
    page = opened(visit(), site, "post_orcid_work")
    operation = page.locator("#post_orcid_work")
    expect(operation.get_by_text("/orcid-works/create")).to_be_visible()
    expect(operation.locator("pre")).to_contain_text(f'{site.site}/v3.0/$ORCID/work"')
    expect(operation.get_by_role("link", name="9021")).to_have_attribute("href", f"{site.site}/errors/9021")
    expect(page.locator("form.try")).to_have_count(0)
    expect(page.get_by_label("Access token")).to_be_hidden()
    page.get_by_role("link", name="Public API").click()
    expect(page.locator("#post_orcid_work")).to_have_count(0)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_an_operation_is_tried(site: Place, visit: Visit, size: dict[str, int], dark: bool) -> None:
    api, troubles = Api(site), []
    page = visit(size, scripts=True, dark=dark)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text))
    opened(page, site, "post_orcid_work")
    form = page.locator("#post_orcid_work form")
    page.get_by_label("Access token").fill(api.member)
    form.get_by_label("orcid").fill(api.ada)
    form.get_by_label("Content-Type").select_option("application/xml")
    expect(form.get_by_label("Body").first).to_have_value(re.compile("<work:work"))
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_role("status")).to_contain_text("201 Created")
    expect(form.get_by_label("Headers")).to_contain_text(f"/v3.0/{api.ada}/work/")
    fits(page)
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    page.reload()
    expect(page.get_by_label("Access token")).to_have_value("")
    assert not troubles


def test_what_is_refused_is_shown_as_it_came(site: Place, visit: Visit) -> None:
    api = Api(site)
    page = opened(visit(scripts=True), site, "get_orcid_work_put_code")
    form = page.locator("#get_orcid_work_put_code form")
    form.get_by_role("button", name="Send").click()
    assert form.get_by_label("orcid").evaluate("one => one.validity.valueMissing")
    form.get_by_label("orcid").fill(api.ada)
    form.get_by_label("put_code").fill("77")
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_role("status")).to_contain_text("404 Not Found")
    expect(form.get_by_label("Body")).to_contain_text('"error-code": 9016')


def test_an_address_opens_what_it_names(site: Place, visit: Visit) -> None:
    page = visit(PHONE, scripts=True)
    page.goto(site.at("/v2.0#WorkRequest"))
    expect(page.locator("#WorkRequest dl")).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    fits(page)
