"""The editor in a real browser, by keyboard alone and without scripts: in every section that has a form
something is added, changed, hidden, ordered and deleted."""

import pytest
from playwright.sync_api import expect

from browser.by_keyboard import (
    ACTIVITIES,
    CALLED,
    FAR,
    LISTS,
    SIZES,
    SPELT,
    Visit,
    add,
    fill,
    organisation_of,
    press,
    save,
    sort_by_keyboard,
    tab_in,
    to_the_form,
    told,
    visibility_of,
    write_anew,
)
from browser.conftest import PHONE, barriers, fits
from browser.test_registry_pages import shot, signed_in, tab_to
from laelia.registry.web.editing.editors import Editor
from registry.place import Place
from registry.web import filling
from registry.web.filling import WITH_FORM
from samples import full, minimal

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


def test_every_form_is_filled_here() -> None:
    assert set(SPELT) == {editor.name for editor in WITH_FORM}


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
                    page.wait_for_load_state()
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
