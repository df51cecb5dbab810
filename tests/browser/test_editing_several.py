"""What is done to several items at once, by keyboard: more rows, hiding, copies, groups."""

from playwright.sync_api import Page, expect

from browser.by_keyboard import (
    FAR,
    SIZES,
    Visit,
    add,
    fill,
    organisation_of,
    press,
    told,
    write_anew,
)
from browser.conftest import PHONE, fits
from browser.test_registry_pages import shot, signed_in, tab_to
from laelia.model.common import ExternalId
from laelia.model.work import Work, WorkTitle
from registry.place import Place


def test_one_more_row_keeps_what_was_written(hives: Place, visit: Visit) -> None:
    page = signed_in(hives, visit())
    page.goto(hives.at("/my-record/works/add"))
    fill(page, [("Title", "On bees"), ("Identifier", "10.5555/1")])
    tab_to(page, "One more: Identifiers", FAR)
    page.keyboard.press("Enter")
    expect(page.locator("input[name=external_ids-1-value]")).to_have_count(1)
    expect(page.locator("input[name=title]")).to_have_value("On bees")
    expect(page.locator("[role=alert]")).to_have_count(0)
    fill(page, [("Identifier 2", "10.5555/2"), ("What kind of work", "book ch")])
    page.locator(":focus").press("Tab")
    tab_to(page, "Save", FAR)
    page.keyboard.press("Enter")
    told(page, "Added.")
    expect(page.locator("article .ids")).to_contain_text(["10.5555/1"])
    expect(page.locator("article .ids")).to_contain_text(["10.5555/2"])


def work(title: str, value: str) -> Work:
    ids = [ExternalId(type="doi", value=value, relationship="self")]
    return Work(title=WorkTitle(title=title), type="data-set", external_ids=ids)


def tick(page: Page, *titles: str) -> None:
    tab_to(page, "Change several: Works", FAR)
    page.keyboard.press("Enter")
    for title in titles:
        tab_to(page, f"Choose “{title}”", FAR)
        page.keyboard.press("Space")
        expect(page.get_by_role("checkbox", name=f"Choose “{title}”")).to_be_checked()


@SIZES
def test_several_are_hidden_at_once(hives: Place, visit: Visit, size: dict[str, int]) -> None:
    for number in "123":
        add(hives, "works", work(f"Work {number}", f"10.5555/{number}"))
    page = signed_in(hives, visit(size))
    tick(page, "Work 1", "Work 3")
    shot(page, f"editing-many-{'phone' if size is PHONE else 'desk'}")
    fits(page)
    tab_to(page, "Only me", FAR, key="Shift+Tab")
    while "Who can see what is ticked" not in page.locator(":focus").evaluate(
        "e => (e.closest('fieldset') || {}).textContent || ''"
    ):
        tab_to(page, "Only me", FAR, key="Shift+Tab")
    page.keyboard.press("Enter")
    told(page, "2 items are now seen by: Only me.")
    seen = {
        one.locator("h3").inner_text(): one.get_attribute("data-visibility")
        for one in page.locator("article").all()
    }
    assert seen == {"Work 1": "private", "Work 2": "public", "Work 3": "private"}


def test_a_copy_of_what_an_organisation_added(hives: Place, visit: Visit) -> None:
    number = add(hives, "works", work("On beees", "10.5555/1"), organisation_of(hives))
    page = signed_in(hives, visit())
    expect(page.locator(f"#works-{number}")).not_to_contain_text("Edit")
    tab_to(page, "Make a copy to edit: “On beees”", FAR)
    press(page, "Enter", "Change work")
    told(page, "This copy is yours to change.")
    write_anew(page, "Title", "On bees")
    page.keyboard.press("Enter")
    told(page, "Saved.")
    shown = page.locator("article[data-section=works]")
    expect(shown).to_have_count(1)
    expect(shown.locator("h3").first).to_have_text("On bees")
    expect(shown).to_contain_text("one more version, from Bee Library")
    tab_to(page, "All versions in this group", FAR)
    page.keyboard.press("Enter")
    tab_to(page, "Show this version of “On beees”")
    page.keyboard.press("Enter")
    told(page, "This version is shown from now on.")
    expect(shown.locator("h3").first).to_have_text("On beees")


def test_two_works_become_one_and_two_again(hives: Place, visit: Visit) -> None:
    add(hives, "works", work("On bees", "10.5555/1"))
    add(hives, "works", work("On bees, printed", "10.5555/2"))
    page = signed_in(hives, visit())
    tick(page, "On bees", "On bees, printed")
    tab_to(page, "Show as one", FAR, key="Shift+Tab")
    page.keyboard.press("Enter")
    told(page, "They stand together now.")
    shown = page.locator("article[data-section=works]")
    expect(shown).to_have_count(1)
    tab_to(page, "All versions in this group", FAR)
    page.keyboard.press("Enter")
    behind = page.locator("div.version b").inner_text()
    tab_to(page, f"Take out of the group: “{behind}”")
    page.keyboard.press("Enter")
    told(page, "It stands by itself now.")
    expect(shown).to_have_count(2)
