"""The page that finds people: in which order they stand, what is told of them, narrowed to a place, page by
page, with and without scripts, on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESK, PHONE, barriers, fits
from laelia.registry.record import people
from registry.place import Place
from registry.search.known import keyword, other_name, works_at

Visit = Callable[..., Page]
EVERY = pytest.mark.parametrize(
    ("size", "scripts"), [(DESK, False), (DESK, True), (PHONE, False)], ids=["desk", "scripts", "phone"]
)


def add(site: Place, given: str, family: str) -> str:
    with site.service.db.writing() as tx:
        return people.create_record(tx, site.clock.now(), given=given, family=family)


@pytest.fixture
def ids(site: Place) -> dict[str, str]:
    """Who bears the word in her name, who works there, and who works on that; with others of one name."""
    ids = {
        "named": add(site, "Maud", "Menten"),
        "also": add(site, "Leonor", "Michaelis"),
        "works": add(site, "Barbara", "Zymin"),
        "topic": add(site, "Gerty", "Cori"),
    }
    other_name(site, ids["named"], "M. L. Menten")
    other_name(site, ids["named"], "Мод Ментен")
    other_name(site, ids["also"], "Menten's friend")
    works_at(site, ids["named"], "University of Pittsburgh", start="1923")
    works_at(site, ids["named"], "Rockefeller Institute for Medical Research", start="1907", end="1908")
    works_at(site, ids["works"], "Menten House of the Society for the Study of Fermentation", start="1950")
    keyword(site, ids["topic"], "menten kinetics")
    for number in range(43):
        ids[f"x{number}"] = add(site, "Carl", f"Crowd{number:02}")
        works_at(site, ids[f"x{number}"], "Fern House" if number % 3 else "Moss & Co. 100%", start="2001")
    site.service.search.work()
    return ids


def search(page: Page, site: Place, words: str) -> None:
    """From any page, by keyboard."""
    page.goto(site.at("/about"))
    box = page.get_by_role("search").get_by_label("Find people")
    for _ in range(4):  # skip link, brand, box
        page.keyboard.press("Tab")
        if box.evaluate("e => e === document.activeElement"):
            break
    expect(box).to_be_focused()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Find people")


def shown(page: Page) -> list[str]:
    return page.get_by_role("article").locator(".id").all_inner_texts()


@EVERY
def test_names_stand_before_places_and_those_before_keywords(
    site: Place, ids: dict[str, str], visit: Visit, axe: str, size: dict[str, int], scripts: bool
) -> None:
    page = visit(size, scripts=scripts)
    search(page, site, "menten")
    expect(page.get_by_role("status")).to_have_text("4 people")
    assert shown(page) == [ids[key] for key in ("named", "also", "works", "topic")]
    first = page.get_by_role("article").first
    for said in ("Maud Menten", "M. L. Menten", "Мод Ментен", "University of Pittsburgh", ids["named"]):
        expect(first).to_contain_text(said)
    expect(first).not_to_contain_text("Rockefeller")
    fits(page)
    if scripts:
        assert barriers(page, axe) == []
    page.get_by_role("link", name="Maud Menten").press("Enter")
    expect(page).to_have_url(site.at(f"/{ids['named']}"))


@EVERY
def test_what_was_found_is_narrowed_and_gone_through(
    site: Place, ids: dict[str, str], visit: Visit, size: dict[str, int], scripts: bool
) -> None:
    page = visit(size, scripts=scripts)
    search(page, site, "carl")
    expect(page.get_by_role("status")).to_have_text("43 people")
    fits(page)
    seen = shown(page)
    while page.get_by_role("link", name="Next").count():
        before = page.url
        page.get_by_role("link", name="Next").press("Enter")
        expect(page).not_to_have_url(before)
        seen += shown(page)
    assert seen == [ids[f"x{number}"] for number in range(43)]
    expect(page.get_by_text("Page 3 of 3")).to_be_visible()
    fits(page)
    page.get_by_role("link", name="Previous").press("Enter")
    expect(page.get_by_text("Page 2 of 3")).to_be_visible()
    page.get_by_role("navigation", name="Where they work").get_by_role("link", name="Moss").press("Enter")
    expect(page.get_by_role("status")).to_have_text("15 people")
    expect(page.get_by_text("Only who works at Moss & Co. 100%.")).to_be_visible()
    expect(page.get_by_role("navigation", name="Where they work")).to_have_count(0)
    assert shown(page) == [ids[f"x{number}"] for number in range(0, 43, 3)]
    fits(page)
    page.get_by_role("link", name="Everywhere").press("Enter")
    expect(page.get_by_role("status")).to_have_text("43 people")


@EVERY
def test_nobody_is_found(
    site: Place, ids: dict[str, str], visit: Visit, axe: str, size: dict[str, int], scripts: bool
) -> None:
    page = visit(size, scripts=scripts)
    search(page, site, "menten nowhere")
    expect(page.get_by_role("status")).to_have_text("Nobody was found")
    expect(page.get_by_text("Fewer words, or only their beginnings")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("searchbox")).to_have_value("menten nowhere")
    fits(page)
    if scripts:
        assert barriers(page, axe) == []
