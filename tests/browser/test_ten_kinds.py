"""Somebody who has just registered puts ten kinds of thing on her record by what its page offers: no address
is typed, and every step can be seen on the page before it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import DESK, PHONE
from laelia.registry.registers import organisations
from registry.place import PASSWORD, Place

Visit = Callable[..., Page]
MOST_STEPS, MOST_PAGES = 60, 33
"""What is done by hand (fields, choices, clicks), and the pages that come of it."""


class Newcomer:
    """Does what a page shows, and counts: `steps` by hand, `pages` loaded."""

    def __init__(self, page: Page) -> None:
        self.page, self.steps, self.pages = page, 0, 0
        page.on("domcontentloaded", self._loaded)

    def _loaded(self, _page: Page) -> None:
        self.pages += 1

    def click(self, name: str | re.Pattern[str], role: str = "link", within: Locator | None = None) -> None:
        found = (within or self.page).get_by_role(role, name=name, exact=isinstance(name, str))  # type: ignore[arg-type]
        expect(found.first).to_be_visible()
        found.first.click()
        self.steps += 1

    def press(self, name: str) -> None:
        self.click(name, "button")

    def write(self, label: str, text: str) -> None:
        field = self.page.get_by_label(label, exact=True).first
        expect(field).to_be_visible()
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(label=text)
        else:
            field.fill(text)
        self.steps += 1

    def open(self, block: str, summary: str) -> None:
        """A menu of a block."""
        found = self.block(block).locator("summary", has_text=summary).first
        expect(found).to_be_visible()
        found.click()
        self.steps += 1

    def block(self, name: str) -> Locator:
        return self.page.locator(f"section[aria-labelledby={name}]")

    def organisation(self, name: str) -> None:
        self.write("Name of the organisation", name)
        self.press("Look up")
        choice = self.page.get_by_role("radio", name=re.compile(f"^{name} [(]"))
        expect(choice).to_be_visible()
        choice.check()
        self.steps += 1

    def says(self, words: str) -> None:
        expect(self.page.get_by_role("status")).to_contain_text(words)


@pytest.fixture
def garden(site: Place) -> Place:
    with site.service.db.writing() as tx:
        for number, name in enumerate(("Bee University", "Bee Society", "Hive Fund")):
            one = organisations.Organisation(
                name=name, ids=(("ROR", f"https://ror.org/0bee0000{number}"),), city="Bonn", country="DE"
            )
            organisations.put(tx, site.clock.now(), one)
    return site


def register(who: Newcomer) -> None:
    who.click("Register")
    who.write("Given names", "Maria")
    who.write("Family names", "Merian")
    who.write("E-mail address", "maria@example.org")
    who.press("Continue")
    who.write("Password", PASSWORD)
    who.write("Password once more", PASSWORD)
    who.press("Continue")
    who.press("Skip this step")
    who.page.get_by_role("radio", name="Everyone").check()
    who.press("Continue")
    who.page.get_by_role("checkbox", name=re.compile("I have read the terms")).check()
    who.page.get_by_role("main").get_by_role("button").last.click()
    expect(who.page.locator("h1")).to_have_text("Maria Merian")


def the_name(who: Newcomer) -> None:
    who.click("Change the name")
    who.write("Published name", "M. S. Merian")
    who.press("Save")
    expect(who.page.locator("h1")).to_have_text("M. S. Merian")


def the_biography(who: Newcomer) -> None:
    who.click("Add a biography")
    who.write("Biography", "Paints what caterpillars become.")
    who.press("Save")


def a_list(heading: str, **said: str) -> Callable[[Newcomer], None]:
    def add(who: Newcomer) -> None:
        who.click(re.compile(rf"(Add|Change) ?: {heading}"))
        for label, text in said.items():
            who.write(label.replace("_", " "), text)
        who.press("Add")
        who.says("Added.")
        who.click("My record", within=who.page.get_by_role("main"))

    return add


def an_employment(who: Newcomer) -> None:
    who.click("Add employment")
    who.organisation("Bee University")
    who.write("Role or title", "Painter")
    who.write("Year", "1991")
    who.press("Save")
    who.says("Added.")


def an_education(who: Newcomer) -> None:
    who.open("education", "Add")
    who.click("Education", within=who.block("education"))
    who.organisation("Bee University")
    who.write("Degree or title", "Master of copper plates")
    who.press("Save")
    who.says("Added.")


def a_membership(who: Newcomer) -> None:
    who.open("professional", "Add")
    who.click("Membership", within=who.block("professional"))
    who.organisation("Bee Society")
    who.press("Save")
    who.says("Added.")


def a_funding(who: Newcomer) -> None:
    who.click("Add funding")
    who.write("What kind of funding is it?", "grant")
    who.write("Title", "To Suriname")
    who.organisation("Hive Fund")
    who.press("Save")
    who.says("Added.")


def a_work(who: Newcomer) -> None:
    who.open("works", "Add works")
    who.click(re.compile("^By hand"), within=who.block("works"))
    who.write("What kind of work is it?", "book")
    who.write("Title", "Metamorphosis")
    who.press("Save")
    who.says("Added.")


KINDS: dict[str, Callable[[Newcomer], None]] = {
    "a published name": the_name,
    "a biography": the_biography,
    "another name": a_list("Other names", Name="Sibylla Merian"),
    "a keyword": a_list("Keywords", Keyword="metamorphosis"),
    "a country": a_list("Countries", Country="Suriname"),
    "a web site": a_list("Web sites", Address="merian.example", What_it_is_called="Caterpillars"),
    "an employment": an_employment,
    "an education": an_education,
    "a membership": a_membership,
    "a funding": a_funding,
    "a work": a_work,
}
SHOWN = (
    "M. S. Merian",
    "Paints what caterpillars become.",
    "Sibylla Merian",
    "metamorphosis",
    "Suriname",
    "Caterpillars",
    "Painter",
    "Master of copper plates",
    "Bee Society",
    "To Suriname",
    "Metamorphosis",
)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_record_with_ten_kinds_of_item(garden: Place, visit: Visit, size: dict[str, int]) -> None:
    page = visit(size)
    page.goto(garden.at("/"))  # the only address that is typed
    who = Newcomer(page)
    register(who)
    who.steps = who.pages = 0
    counted = []
    for kind, add in KINDS.items():
        before = who.steps, who.pages
        add(who)
        expect(page.locator("h1")).to_have_text("M. S. Merian")  # on the record's page again
        counted.append((kind, who.steps - before[0], who.pages - before[1]))
    assert len(counted) > 10
    text = page.locator("main").inner_text()
    assert [words for words in SHOWN if words not in text] == []
    assert who.steps <= MOST_STEPS, counted
    assert who.pages <= MOST_PAGES, counted
    orcid = page.locator(".iduri b").inner_text()
    path = garden.at(f"/v3.0/{orcid}/activities")
    told = garden.http.get(path, headers={"Accept": "application/json"}).json()
    groups = ("group", "affiliation-group")
    kept = [
        name for name, one in told.items() if isinstance(one, dict) and any(one.get(key) for key in groups)
    ]
    assert sorted(kept) == ["educations", "employments", "fundings", "memberships", "works"]
