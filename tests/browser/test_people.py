"""People are found by keyboard; a new owner does her first steps; her iD is shown, framed and printed."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESK, PHONE, fits, served
from browser.test_searching import search
from laelia.registry.record import people
from registry.place import PASSWORD, Place
from registry.search.known import other_name, works_at

Visit = Callable[..., Page]


@pytest.fixture
def known(site: Place) -> Place:
    """Ada, with what she is found by, among thirty others."""
    other_name(site, site.ada.orcid, "Countess of Lovelace")
    works_at(site, site.ada.orcid, "Analytical Engine House", start="1842")
    with site.service.db.writing() as tx:
        for number in range(30):
            people.create_record(tx, site.clock.now(), given="Ada", family=f"Love{number}")
    site.service.search.work()
    return site


def sign_in(site: Place, page: Page) -> None:
    page.goto(site.at("/signin"))
    page.get_by_label("E-mail address or iD").fill(site.ada.orcid)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("Ada Lovelace")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_somebody_is_found_by_keyboard(known: Place, visit: Visit, size: dict[str, int]) -> None:
    page = visit(size)
    search(page, known, "ada love")
    expect(page.get_by_role("status")).to_have_text("31 people")
    fits(page)
    page.get_by_role("link", name="Next").press("Enter")
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    fits(page)
    page.get_by_label("Find people").fill("countess engine")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page.get_by_role("article")).to_contain_text("Analytical Engine House")
    page.get_by_role("link", name="Ada Lovelace").press("Enter")
    expect(page).to_have_url(known.at(f"/{known.ada.orcid}"))
    page.get_by_label("Find people").fill(known.stranger.orcid.lower())
    page.keyboard.press("Enter")
    expect(page).to_have_url(known.at(f"/{known.stranger.orcid}"))


def test_the_box_stands_on_every_page_of_hers(known: Place, visit: Visit) -> None:
    page = visit(PHONE)
    sign_in(known, page)
    for path in ("/my-record", "/inbox", "/account", "/my-record/display", "/help"):
        page.goto(known.at(path))
        expect(page.get_by_role("search")).to_be_visible()
        fits(page)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_first_steps(site: Place, visit: Visit, size: dict[str, int]) -> None:
    page = visit(size)
    sign_in(site, page)
    steps = page.get_by_role("region", name="First steps")
    expect(steps.get_by_role("heading")).to_contain_text("0 of 6")
    fits(page)
    steps.get_by_role("link", name="Say who you are").press("Enter")
    page.get_by_role("main").get_by_label("Name", exact=True).fill("Countess of Lovelace")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Countess of Lovelace")
    page.goto(site.at("/my-record"))
    expect(steps.get_by_role("heading")).to_contain_text("1 of 6")
    expect(steps).to_contain_text("Done: Say who you are")
    steps.get_by_role("button", name="Put the list away").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("put away")
    expect(steps).to_have_count(0)


def test_help_opens_beside_a_section_without_scripts(site: Place, visit: Visit) -> None:
    page = visit(PHONE)
    sign_in(site, page)
    works = page.get_by_role("region", name="Works")
    text = works.get_by_text("An identifier such as a DOI")
    expect(text).to_be_hidden()
    works.locator("details.help > summary").press("Enter")
    expect(text).to_be_visible()
    fits(page)


def test_an_id_is_copied_and_its_code_is_shown(site: Place, visit: Visit) -> None:
    page = visit(DESK, scripts=True)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(site, page)
    page.goto(site.at("/my-record/display"))
    code = page.get_by_role("img", name="QR code of")
    assert code.evaluate("e => e.complete && e.naturalWidth > 100")
    page.get_by_role("button", name="Copy").nth(2).click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f'<a href="{site.site}/{site.ada.orcid}"')
    # What was copied looks the same in another page, and reads as the iD.
    other = visit(DESK)
    other.set_content(copied)
    expect(other.get_by_role("link", name=site.ada.orcid)).to_be_visible()
    assert other.locator("svg").bounding_box()["width"] == 16  # type: ignore[index]


def test_the_short_page_stands_in_a_frame_and_the_record_does_not(site: Place, visit: Visit) -> None:
    def host(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        frame = '<iframe name="{0}" src="{1}" width="320" height="360"></iframe>'
        own = f"{site.site}/{site.ada.orcid}"
        return [(frame.format("short", f"{own}/summary") + frame.format("whole", own)).encode()]

    with served(host) as origin:
        page = visit(DESK)
        page.goto(origin.replace("localhost", "127.0.0.1"))
        short = page.frame_locator("iframe[name=short]")
        expect(short.get_by_role("heading", name="Ada Lovelace")).to_be_visible()
        whole = page.frame_locator("iframe[name=whole]")
        expect(whole.get_by_role("heading", name="Ada Lovelace")).to_have_count(0)


def test_a_record_prints_what_it_says_and_no_controls(known: Place, visit: Visit) -> None:
    page = visit(DESK)
    page.goto(known.at(f"/{known.ada.orcid}"))
    page.emulate_media(media="print")
    for shown in ("Ada Lovelace", "Countess of Lovelace", "Analytical Engine House", known.ada.orcid):
        expect(page.get_by_text(shown).first).to_be_visible()
    for hidden in ("header.bar", "footer.site", "form", "button", ".elsewhere-links", ".tools"):
        for one in page.locator(hidden).all():
            expect(one).to_be_hidden()
    assert page.get_by_text("Is this you?").is_hidden()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    assert page.pdf(format="A4").startswith(b"%PDF")
    dark = visit(DESK, dark=True)
    dark.goto(known.at(f"/{known.ada.orcid}"))
    dark.emulate_media(media="print")
    colour = dark.evaluate("getComputedStyle(document.querySelector('h1')).color")
    assert colour == "rgb(0, 0, 0)", "what is dark on the screen is black on paper"
