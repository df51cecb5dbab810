"""Plans on the staff's pages: from a file to a plan, pushed, looked at as runs and items, and undone."""

import pytest
import sqlalchemy as sa

from hub.engine import work
from hub.staff.desk import actions, joined, with_id
from hub.uploads.desk import Desk, desk_of
from hub.web.town import Town
from laelia.hub import assertions, tables
from laelia.hub.people import wishes
from laelia.lib.browser import Browser, Page

ROWS = "id,email,keyword\nK1,ada@uni.example,rivers\nK2,ada@uni.example,silt\n"


@pytest.fixture
def desk(town: Town) -> Desk:
    return desk_of(town)


def at(town: Town, path: str) -> str:
    return town.at(f"/library/staff/{path}")


def files_wait(town: Town, browser: Browser) -> None:
    browser.open(at(town, "pushing")).form("approval-form").fill(waits="file").submit()


def made(town: Town, browser: Browser, **fields: str) -> Page:
    page = browser.open(at(town, "plans")).form("make-form").fill(**fields).submit()
    town.work()
    return browser.open(page.url)


def test_a_file_is_planned_pushed_and_undone(desk: Desk, town: Town) -> None:
    browser = joined(town, "owner@library.example", "owner")
    files_wait(town, browser)
    desk.upload("words.csv", ROWS)
    desk.work()
    assert desk.standing("keywords") == []

    page = made(town, browser)
    assert "rivers" in page.text
    assert "Push exactly this" in page.text
    page = page.form("push").submit()
    assert "This page looks again by itself" in page.text
    town.work()
    page = browser.open(page.url)
    assert sorted(desk.standing("keywords")) == ["rivers", "silt"]
    run = page.link("Run ")
    assert "What was sent" in run.text
    assert "rivers" in run.text
    assert "Run " in browser.open(at(town, "runs")).text

    desk.upload("words.csv", ROWS.replace("rivers", "lakes"))
    page = made(town, browser, what="source:file")
    assert "before: rivers → after: lakes" in page.text
    page = page.form("push").submit()
    town.work()
    assert sorted(desk.standing("keywords")) == ["lakes", "silt"]
    page = browser.open(page.url).link("Run ").form("undo").submit()
    town.work()
    page = browser.open(page.url).form("push").submit()
    town.work()
    assert sorted(desk.standing("keywords")) == ["rivers", "silt"]
    desk.upload("words.csv", ROWS.replace("rivers", "lakes"))
    assert "There is nothing to do" in made(town, browser).text
    wanted = ["approval-changed", "plan-asked", "plan-pushed", "plan-asked", "plan-pushed", "undo-asked"]
    assert [one for one in actions(town) if one.startswith(("plan", "undo", "app"))][:6] == wanted


def test_what_came_of_a_file_is_undone(desk: Desk, town: Town) -> None:
    browser = joined(town, "editor@library.example", "editor")
    first = desk.upload("words.csv", ROWS)
    desk.work()
    town.clock.advance(1000)
    desk.upload("words.csv", ROWS.replace("rivers", "lakes"))
    desk.work()
    page = browser.open(at(town, f"files/{first.id}")).form(containing="Undo what came of this file").submit()
    desk.work()
    page = browser.open(page.url)
    assert "A later run changed it again" in page.text
    page.form("push").submit()
    desk.work()
    assert desk.standing("keywords") == ["lakes"]


def test_the_brake_is_on_every_page_until_somebody_decides(desk: Desk, town: Town) -> None:
    rows = "id,email,keyword\n" + "".join(f"K{n},ada@uni.example,thing {n}\n" for n in range(24))
    desk.upload("words.csv", rows)
    desk.work()
    desk.upload("words.csv", rows.replace("thing", "matter"))
    desk.work()
    assert all(word.startswith("thing") for word in desk.standing("keywords"))
    viewer = joined(town, "viewer@library.example", "viewer")
    assert "The brake stopped something" in viewer.open(at(town, "people")).text
    browser = joined(town, "editor@library.example", "editor")
    page = browser.open(at(town, "")).link("Look and decide")
    assert "24 of the 24 items that stand" in page.text
    page.form("push").submit()
    desk.work()
    assert all(word.startswith("matter") for word in desk.standing("keywords"))
    assert "The brake stopped" not in browser.open(at(town, "people")).text
    assert "Undo" in browser.open(page.url).text
    assert "Undo" not in viewer.open(page.url).text


def test_much_needs_a_tick(desk: Desk, town: Town) -> None:
    browser = joined(town, "owner@library.example", "owner")
    rows = "id,email,keyword\n" + "".join(f"K{n},ada@uni.example,thing {n}\n" for n in range(24))
    desk.upload("words.csv", rows)
    desk.work()
    files_wait(town, browser)
    desk.upload("words.csv", rows.replace("thing", "matter"))
    page = made(town, browser)
    page = page.form("push").submit()
    assert (page.status, "Tick the box as well" in page.text) == (422, True)
    page.form("push").fill(much=True).submit()
    desk.work()
    assert all(word.startswith("matter") for word in desk.standing("keywords"))


def test_one_item_with_its_answers_and_what_staff_may_do(desk: Desk, town: Town) -> None:
    browser = joined(town, "editor@library.example", "editor")
    desk.upload("words.csv", ROWS)
    desk.work()
    page = browser.open(at(town, "people")).link("Ada").link("What is asserted")
    assert "2 items" in page.text
    page = page.link("rivers")
    assert "Withdraw it" in page.text
    page = page.form(containing="Withdraw it").submit()
    desk.work()
    assert desk.standing("keywords") == ["silt"]
    page = browser.open(page.url)
    assert "Staff took it back." in page.text
    page.form(containing="Send it again").submit()
    desk.work()
    assert sorted(desk.standing("keywords")) == ["rivers", "silt"]
    assert "item-again" in actions(town)
    other = browser.open(at(town, f"items/{town.stranger.orcid}"))
    assert other.status == 404


def test_what_only_its_owner_may_say_staff_are_not_offered(desk: Desk, town: Town) -> None:
    browser = joined(town, "editor@library.example", "editor")
    with town.hub.db.writing() as tx:
        wishes.wish(tx, town.clock.now(), town.library, town.ada.orcid, "pick")
    desk.upload("words.csv", ROWS)
    desk.work()
    page = browser.open(at(town, f"items/{town.ada.orcid}")).link("rivers")
    assert "Its owner wishes to be asked first" in page.text
    assert "add it" not in page.text
    assert "someone else" not in page.text
    [rivers, _silt] = town.rows("assertion")
    with town.hub.db.writing() as tx:
        assertions.decide(tx, town.clock.now(), town.library, town.ada.orcid, [rivers.id], "no")
    page = browser.open(page.url)
    assert "Its owner said no when asked." in page.text
    assert "Send it again" not in page.text


def test_staff_who_said_no_can_think_better_of_it(desk: Desk, town: Town) -> None:
    browser = joined(town, "editor@library.example", "editor")
    entry = assertions.Entry(
        town.library, town.ada.orcid, "works", "doi:10.5072/odd", "datacite", "auto-update", "unlike-name"
    )
    with town.hub.db.writing() as tx:
        assertions.file(tx, town.clock.now(), entry, work("10.5072/odd", "Odd one"))
    page = browser.open(at(town, f"items/{town.ada.orcid}")).link("Odd one")
    page = page.form(containing="someone else").submit()
    assert "Staff said that it belongs to someone else." in page.text
    [row] = town.rows("assertion")
    assert (row.state, row.reason, row.answer) == ("declined", assertions.REJECTED, "no")
    ada = town.browser(town.ada)
    with_id(town, ada.open(town.at("/library/signin")))
    mine = ada.open(town.at("/library/items"))
    assert "holds it for someone else's." in mine.text
    assert "You said" not in mine.text
    page.form(containing="Send it again").submit()
    [row] = town.rows("assertion")
    assert row.answer == "again"


def test_what_waits_and_the_brake_are_set_by_owners(desk: Desk, town: Town) -> None:
    browser = joined(town, "owner@library.example", "owner")
    page = browser.open(at(town, "pushing")).form("brake-form").fill(share="200", least="x").submit()
    assert page.status == 422
    assert "from 0 to 100" in page.text
    page.form("brake-form").fill(share="7", least="30").submit()
    [row] = [one for one in town.rows("environment") if one.id == town.library]
    assert (row.brake_share, row.brake_least) == (7, 30)
    files_wait(town, browser)
    with town.hub.db.reading() as tx:
        assert tx.execute(sa.select(tables.approval.c.source)).scalars().all() == ["file"]
    editor = joined(town, "editor@library.example", "editor")
    assert "brake-form" not in editor.open(at(town, "pushing")).text


def test_who_is_not_known_and_what_is_no_id(desk: Desk, town: Town) -> None:
    browser = joined(town, "editor@library.example", "editor")
    page = browser.open(at(town, "plans")).form("make-form").fill(orcid="0000-0002-1825-0098").submit()
    assert (page.status, "This is no iD" in page.text) == (422, True)
    assert browser.open(at(town, "plans/77")).status == 404
    assert browser.open(at(town, "runs/7777")).status == 404
