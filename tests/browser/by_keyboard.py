"""What the tests of the editor do at the keyboard, and what they write."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESK, PHONE
from browser.test_registry_pages import tab_to
from laelia.model.common import Item
from laelia.registry.access import Principal, person
from laelia.registry.record import items
from laelia.registry.web.editing.editors import EDITORS, Editor
from laelia.registry.web.showing.blocks import BY_SECTION
from registry.place import Place
from registry.web.filling import WITH_FORM

Visit = Callable[..., Page]
EACH = pytest.mark.parametrize("editor", WITH_FORM, ids=lambda editor: editor.name)
SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
FAR = 250

# How a form is filled by keyboard: the label of a field and what is typed into it. `*` before a label: look
# the organisation up and choose the second that is found; a number after it: which of several such fields.
ORGANISATION = ("*Name of the organisation", "Bee")
SPELT: dict[str, list[tuple[str, str]]] = {
    "other-names": [("Name", "Ada of the Hives")],
    "keywords": [("Keyword", "Ada of the Hives")],
    "addresses": [("Country", "Switz")],
    "researcher-urls": [("Address", "bees.example/ada"), ("What it is called", "Ada of the Hives")],
    "employments": [ORGANISATION, ("Role or title", "Keeper")],
    "educations": [ORGANISATION, ("Degree or title", "Keeper")],
    "qualifications": [ORGANISATION, ("Degree or title", "Keeper")],
    "invited-positions": [ORGANISATION, ("Role or title", "Keeper")],
    "distinctions": [ORGANISATION, ("Distinction", "Keeper")],
    "memberships": [ORGANISATION, ("Kind of membership", "Keeper")],
    "services": [ORGANISATION, ("Role or title", "Keeper")],
    "fundings": [
        ("What kind of funding", "gra"), ("Title", "Ada of the Hives"), ORGANISATION,
        ("Kind", "grant"), ("Identifier", "B-7"),
    ],
    "research-resources": [
        ("Title", "Ada of the Hives"), ORGANISATION, ("Identifier", "P-7"),
        ("What was used", "Hive 7"), ("*Name of the organisation 2", "Bee"), ("Identifier 2", "H-7"),
    ],
    "works": [("What kind of work", "book ch"), ("Title", "Ada of the Hives"), ("Identifier", "10.5555/ada")],
}  # fmt: skip
# What an item is called then, the field in which that is changed, and how it is called after.
CALLED: dict[str, tuple[str, str, str]] = {
    "addresses": ("Switzerland", "Country", "Sweden"),
    "other-names": ("Ada of the Hives", "Name", "Ada of the Wasps"),
    "keywords": ("Ada of the Hives", "Keyword", "Ada of the Wasps"),
    "researcher-urls": ("Ada of the Hives", "What it is called", "Ada of the Wasps"),
    "works": ("Ada of the Hives", "Title", "Ada of the Wasps"),
    "fundings": ("Ada of the Hives", "Title", "Ada of the Wasps"),
    "research-resources": ("Ada of the Hives", "Title", "Ada of the Wasps"),
}
LISTS = [editor for editor in WITH_FORM if editor.section.part == "person"]
ACTIVITIES = [editor for editor in WITH_FORM if editor.section.part == "activities"]


def add(site: Place, name: str, item: Item, who: Principal | None = None) -> int:
    with site.service.db.writing() as tx:
        return items.add(
            tx, site.clock.now(), who or person(site.ada.orcid), site.ada.orcid, EDITORS[name].section, item,
            visibility="public",
        )  # fmt: skip


def organisation_of(site: Place) -> Principal:
    client = site.member(name="Bee Library")
    return Principal(
        kind="client-for-person", orcid=site.ada.orcid, actor=site.ada.orcid, client=client.id,
        client_kind="premium",
    )  # fmt: skip


def sort_by_keyboard(page: Page, editor: Editor, mine: Any) -> None:
    """Oldest first turns the two around."""
    block = BY_SECTION[editor.name]
    articles = page.locator(f"section[aria-labelledby={block.name}] article")
    before = [one.get_attribute("id") for one in articles.all()]
    page.goto(page.url.partition("#")[0])
    field = page.locator(f"#{block.name}-order")
    for words, order in (("Oldest", before[::-1]), ("Newest", before)):
        for _ in range(FAR):
            page.keyboard.press("Tab")
            if page.locator(f"#{block.name}-order:focus").count():
                break
        page.keyboard.type(words)
        expect(field).to_have_value(words.lower())
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_contain_text("Sort")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(f"{block.name}-order={words.lower()}"))
        expect(field).to_have_value(words.lower())
        page.wait_for_load_state()
        assert [one.get_attribute("id") for one in articles.all()] == order


def to_the_form(page: Page, editor: Editor) -> None:
    """From the record's page, by what it offers."""
    block = BY_SECTION[editor.name]
    if block.name == "works":
        tab_to(page, "Add works", FAR)
        page.keyboard.press("Enter")
        tab_to(page, "By hand", FAR)
    elif len(block.sections) == 1:
        tab_to(page, f"Add {editor.one}", FAR)
    else:
        tab_to(page, f"Add: {block.heading}", FAR)
        page.keyboard.press("Enter")
        tab_to(page, str(editor.one).capitalize(), FAR)
    press(page, "Enter", f"Add {editor.one}")


def press(page: Page, key: str, heading: str) -> None:
    page.keyboard.press(key)
    expect(page.locator("h1")).to_have_text(str(heading))


def save(page: Page, button: str) -> None:
    """Enter in a field of text sends a form; from a list of choices one goes on to the button."""
    if page.locator(":focus").evaluate("e => e.tagName") != "INPUT":
        tab_to(page, button)
    page.keyboard.press("Enter")


def told(page: Page, words: str) -> None:
    expect(page.get_by_role("status")).to_contain_text(words)


def fill(page: Page, spelt: list[tuple[str, str]]) -> None:
    for label, text in spelt:
        plain, _, number = label.lstrip("*").rpartition(" ")
        name, nth = (plain, int(number)) if number.isdigit() else (label.lstrip("*"), 1)
        if label.startswith("*"):
            look_up(page, name, text, nth)
        else:
            to_field(page, name, nth)
            page.keyboard.type(text)


def to_field(page: Page, name: str, nth: int = 1) -> None:
    """The `nth` field whose label begins so, from the top of the page; what is folded away is opened."""
    page.locator("h1").evaluate("e => { e.tabIndex = -1; e.focus(); e.removeAttribute('tabindex') }")
    for _ in range(FAR):
        page.keyboard.press("Tab")
        found = page.locator(":focus")
        label = found.evaluate("e => e.labels && e.labels.length ? e.labels[0].textContent.trim() : ''")
        if label.startswith(name) and found.get_attribute("type") != "radio":
            nth -= 1
            if nth == 0:
                return
    raise AssertionError(f"no field {name} on {page.url}")


def look_up(page: Page, name: str, text: str, nth: int) -> None:
    """Two are found; the second is chosen."""
    to_field(page, name, nth)
    field = page.locator(":focus").get_attribute("id")
    page.keyboard.type(text)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Look up")
    page.keyboard.press("Enter")
    expect(page.locator(f"#{field}")).to_have_value(text)
    choice = page.locator(f"#{str(field).removesuffix('name')}chosen")
    expect(choice.locator("label")).to_contain_text(["Bee House (Bonn, Germany)", "Bee University (Hive"])
    to_field(page, name, nth)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("type", "radio")
    page.keyboard.press("ArrowDown")
    expect(choice.get_by_label("Bee University")).to_be_checked()


def write_anew(page: Page, label: str, text: str) -> None:
    to_field(page, label)
    if page.locator(":focus").evaluate("e => e.tagName") == "INPUT":
        page.keyboard.press("Control+a")
    page.keyboard.type(text)


def tab_in(page: Page, title: str, name: str) -> None:
    """To a control inside the entry of a list."""
    page.goto(page.url.partition("#")[0])
    for _ in range(FAR):
        page.keyboard.press("Tab")
        found = page.locator(":focus")
        beside = found.evaluate("e => (e.closest('section[data-put-code]') || {}).textContent || ''")
        if title in beside and name in (found.text_content() or ""):
            return
    raise AssertionError(f"{name} beside {title} can't be reached")


def visibility_of(page: Page, title: str) -> str | None:
    return page.locator("section[data-put-code]", has_text=title).get_attribute("data-visibility")
