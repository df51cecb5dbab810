"""The editor in a real browser, by keyboard alone and without scripts: in every section that has a form
something is added, changed, hidden, ordered and deleted; and what is done to several at once."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESK, PHONE, barriers, fits
from browser.test_registry_pages import shot, signed_in, tab_to
from laelia.model.common import ExternalId, Item
from laelia.model.work import Work, WorkTitle
from laelia.registry.access import Principal, person
from laelia.registry.record import items
from laelia.registry.registers import organisations
from laelia.registry.web.editing.editors import EDITORS, Editor
from laelia.registry.web.showing.blocks import BY_SECTION
from registry.place import Place
from registry.web import filling
from registry.web.filling import WITH_FORM
from samples import full, minimal, register

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


@pytest.fixture
def hives(site: Place) -> Place:
    """Two organisations are known, and a group that reviews are done for."""
    with site.service.db.writing() as tx:
        register(tx, site.clock.now())
        other = organisations.Organisation(
            name="Bee House", ids=(("ROR", "https://ror.org/041nas322"),), city="Bonn", country="DE"
        )
        organisations.put(tx, site.clock.now(), other)
    return site


# ---- one item, from adding to deleting


@pytest.mark.parametrize("editor", LISTS, ids=lambda editor: editor.name)
def test_a_list_by_keyboard(hives: Place, visit: Visit, editor: Editor) -> None:
    add(hives, editor.name, full(editor.entity))
    page = signed_in(hives, visit())
    tab_to(page, f"Change: {editor.heading}", FAR)
    press(page, "Enter", editor.heading)
    fill(page, SPELT[editor.name])
    save(page, "Add")
    told(page, "Added.")
    was, label, becomes = CALLED[editor.name]
    expect(page.locator("section[data-put-code] h2")).to_have_count(2)
    tab_to(page, f"Edit “{was}”", FAR)
    press(page, "Enter", f"Change {editor.one}")
    write_anew(page, label, becomes)
    save(page, "Save")
    told(page, "Saved.")
    listed = page.locator("section[data-put-code] h2")
    first, second = listed.all_inner_texts()
    assert becomes in (first, second)
    tab_to(page, f"Move “{second}” up", FAR)
    page.keyboard.press("Enter")
    told(page, "Moved up.")
    expect(listed).to_have_text([second, first])
    page.goto(page.url.partition("#")[0])
    tab_to(page, f"Move “{second}” down", FAR)
    page.keyboard.press("Enter")
    told(page, "Moved down.")
    expect(listed).to_have_text([first, second])
    tab_in(page, becomes, "Only me")
    page.keyboard.press("Space")
    told(page, "Now seen by: Only me.")
    assert visibility_of(page, becomes) == "private"
    page.goto(page.url.partition("#")[0])
    tab_to(page, f"Remove “{becomes}”", FAR)
    page.keyboard.press("Enter")
    told(page, "It is no longer on your record.")
    expect(listed).to_have_count(1)


@pytest.mark.parametrize("editor", ACTIVITIES, ids=lambda editor: editor.name)
def test_an_activity_by_keyboard(hives: Place, visit: Visit, editor: Editor) -> None:
    add(hives, editor.name, full(editor.entity))
    page = signed_in(hives, visit())
    to_the_form(page, editor)
    fill(page, SPELT[editor.name])
    page.keyboard.press("Enter")
    told(page, "Added.")
    name, label, becomes = CALLED.get(editor.name, ("Bee University", "Department", "Wasps"))
    mine = page.locator(f"#{page.url.rpartition('#')[2]}")
    expect(mine).to_contain_text(name)
    tab_to(page, f"Edit “{name}”", FAR)  # the focus begins at the new item
    press(page, "Enter", f"Change {editor.one}")
    write_anew(page, label, becomes)
    page.keyboard.press("Enter")
    told(page, "Saved.")
    expect(mine).to_contain_text(becomes)
    tab_to(page, "Only me", FAR)
    page.keyboard.press("Space")
    told(page, "Now seen by: Only me.")
    expect(mine).to_have_attribute("data-visibility", "private")
    sort_by_keyboard(page, editor, mine)
    called = becomes if editor.name in CALLED else name
    page.goto(f"{page.url.partition('?')[0].partition('#')[0]}#{mine.get_attribute('id')}")
    tab_to(page, f"Delete … “{called}”", FAR)
    page.keyboard.press("Enter")
    tab_to(page, f"Delete it: “{called}”")
    page.keyboard.press("Enter")
    told(page, "It is no longer on your record.")
    expect(mine).to_have_count(0)
    expect(page.locator(f"article[data-section={editor.name}]")).to_have_count(1)


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
    assert page.locator(":focus").get_attribute("type") == "radio"
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


def test_every_form_is_filled_here() -> None:
    assert set(SPELT) == {editor.name for editor in WITH_FORM}


# ---- several, copies and groups


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


# ---- what the forms look like


@SIZES
def test_no_form_has_a_barrier(hives: Place, visit: Visit, axe: str, size: dict[str, int]) -> None:
    """Empty, with all that can be wrong, and filled with all that an item can say."""
    page = signed_in(hives, visit(size, scripts=True))
    page.emulate_media(reduced_motion="reduce")
    kind = "phone" if size is PHONE else "desk"
    found = []
    for editor in WITH_FORM:
        number = add(hives, editor.name, full(editor.entity))
        add(hives, editor.name, minimal(editor.entity), organisation_of(hives))
        places = {
            "empty": filling.page_of(editor),
            "wrong": "",
            "filled": f"/my-record/{editor.name}/{number}/edit",
        }
        for state, path in places.items():
            if path:
                page.goto(hives.at(path))
            else:
                with page.expect_navigation():
                    page.locator("main form.stack").last.evaluate("""form => {
                        for (const e of form.querySelectorAll('input[type=text], textarea'))
                            e.value = 'x '.repeat(e.tagName === 'INPUT' ? 1100 : 30000);
                        form.requestSubmit();
                    }""")
                if editor.name != "addresses":
                    expect(page.locator(".error").first).to_be_visible()
                    assert page.locator("[aria-invalid=true], fieldset[aria-describedby]").count()
            assert page.locator("h1").count() == 1, (editor.name, state)
            shot(page, f"form-{editor.name}-{state}-{kind}")
            fits(page)
            found += barriers(page, axe)
            if state == "filled":
                page.emulate_media(color_scheme="dark")
                found += barriers(page, axe, "color-contrast")
                page.emulate_media(color_scheme="light")
    for path in ("/my-record", f"/{hives.ada.orcid}"):
        page.goto(hives.at(path))
        page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
        shot(page, f"record-{path.strip('/')[:2]}-{kind}")
        found += barriers(page, axe)
    assert found == []
