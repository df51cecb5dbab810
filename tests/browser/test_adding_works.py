"""Adding works in a real browser: by keyboard, without scripts, on a phone."""

import pathlib
from collections.abc import Callable

from playwright.sync_api import Page, expect

from browser.conftest import PHONE, barriers, fits
from browser.test_every_page import sign_in
from registry.place import Place

Visit = Callable[..., Page]


def _file(folder: pathlib.Path) -> pathlib.Path:
    """Five hundred entries, some of them bad, some twice, with LaTeX and long names."""
    who = '{Lovelace, Ada and M{\\"u}ller, Anna}'
    entries = [
        f"@article{{k{n}, author={who}, title={{On {{B}}ees \\& wasps, part {n}}}, "
        f"journal={{Journal of Bees}}, year={{{1950 + n % 70}}}, doi={{10.5555/bees.{n}}}}}"
        for n in range(500)
    ]
    entries[7] = "@article{k7, title={No end"
    entries[9] = "@misc{again, title={The same}, doi={10.5555/bees.0}}"
    path = folder / "all my works.bib"
    path.write_text("\n".join(entries), "utf-8")
    return path


def _press(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name)
    button.focus()
    page.keyboard.press("Enter")


def test_five_hundred_entries_by_keyboard_without_scripts(
    site: Place, visit: Visit, tmp_path: pathlib.Path
) -> None:
    page = visit(PHONE)
    sign_in(site, page)
    page.goto(site.at("/add-works"))
    page.get_by_role("link", name="From a BibTeX file").focus()
    page.keyboard.press("Enter")
    page.get_by_label("BibTeX file").set_input_files(_file(tmp_path))
    _press(page, "Read it")
    expect(page.locator("h1")).to_have_text("Choose works")
    fits(page)
    expect(page.get_by_role("checkbox", name="On Bees & wasps, part 0", exact=True)).to_be_checked()
    expect(page.get_by_role("checkbox", name="The same")).not_to_be_checked()
    for part in (1, 2):
        box = page.get_by_role("checkbox", name=f"On Bees & wasps, part {part}", exact=True)
        box.focus()
        page.keyboard.press("Space")
    _press(page, "Next")
    expect(page.get_by_text("Page 2 of 10").first).to_be_visible()
    page.get_by_role("checkbox", name="On Bees & wasps, part 60", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # in a form this is its first button, which must not be the one that adds
    expect(page.get_by_text("Chosen so far: 495 of 499.")).to_be_visible()
    assert len(site.rows("item")) == 0
    only_me = page.get_by_role("radio", name="Only me")
    only_me.focus()
    page.keyboard.press("Space")
    _press(page, "Add the chosen works")
    expect(page.locator("h1")).to_have_text("What was added")
    fits(page)
    assert len(site.rows("item")) == 495
    assert {row.visibility for row in site.rows("item")} == {"private"}
    page.get_by_role("link", name="Left out").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=3)).to_have_count(3)
    page.get_by_role("link", name="Not added").click()
    expect(page.get_by_text("This can't be read")).to_be_visible()


def test_the_pages_show_no_barrier_while_choosing_and_after(
    site: Place, visit: Visit, axe: str, tmp_path: pathlib.Path
) -> None:
    page = visit(PHONE, scripts=True)
    page.emulate_media(reduced_motion="reduce")
    sign_in(site, page)
    page.goto(site.at("/add-works/bibtex"))
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a BibTeX file")
    found = barriers(page, axe)
    page.get_by_label("BibTeX file").set_input_files(_file(tmp_path))
    page.get_by_role("button", name="Read it").click()
    found += barriers(page, axe)
    page.get_by_text("One entry can't be used").click()
    found += barriers(page, axe)
    page.get_by_role("button", name="Add the chosen works").click()
    expect(page.locator("h1")).to_have_text("What was added")
    found += barriers(page, axe)
    page.emulate_media(color_scheme="dark")
    found += barriers(page, axe, "color-contrast")
    assert found == []


def test_the_menu_leads_to_each_way(site: Place, visit: Visit) -> None:
    page = visit(PHONE)
    sign_in(site, page)
    for name, heading in (("By DOI", "Add a work by its DOI"), ("From a BibTeX file", "from a BibTeX file")):
        page.goto(site.at("/my-record"))
        page.get_by_text("Add works", exact=True).first.click()
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.locator("h1")).to_contain_text(heading)
