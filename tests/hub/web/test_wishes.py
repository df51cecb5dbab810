"""Everything, ask me first, only what I pick; and not mine: with the real registry."""

import pytest

from hub.staff.desk import letters, with_id
from hub.uploads.desk import UNIVERSITY, Desk, desk_of
from hub.web.town import Town
from laelia.hub import assertions
from laelia.lib.browser import Browser, Page
from laelia.lib.clock import DAY, HOUR

EMPLOYED = "id,email,affiliation-section,role-title,org-name,org-city,org-country,ROR\n"


@pytest.fixture
def desk(town: Town) -> Desk:
    return desk_of(town)


@pytest.fixture
def ada(town: Town, desk: Desk) -> Browser:
    browser = town.browser(town.ada)
    with_id(town, browser.open(town.at("/library/signin")))
    return browser


def choose(town: Town, browser: Browser, mode: str, handle: str = "library") -> Page:
    page = browser.open(town.at(f"/{handle}/settings"))
    return page.form("choose-wish").fill(mode=mode).submit()


def items(town: Town, browser: Browser, show: str = "", handle: str = "library") -> Page:
    return browser.open(town.at(f"/{handle}/items" + (f"?show={show}" if show else "")))


def keywords(desk: Desk, *words: str) -> None:
    """A file that asserts keywords."""
    desk.upload("keywords.csv", "email,keyword\n" + "".join(f"ada@uni.example,{word}\n" for word in words))


def press(town: Town, page: Page, action: str, title: str) -> Page:
    """The button beside one thing that waits."""
    form = page.form("decide")
    [button] = form.element.xpath(f".//button[@formaction='/library/items/{number(town, title)}/{action}']")
    form.element.set("action", button.get("formaction"))
    return form.submit()


def states(town: Town) -> dict[str, tuple[str, str | None]]:
    return {row.title: (row.state, row.reason) for row in town.rows("assertion")}


def test_by_default_everything_is_added(town: Town, desk: Desk, ada: Browser) -> None:
    page = ada.open(town.at("/library/settings"))
    assert page.form("choose-wish").value("mode") == "everything"
    keywords(desk, "moss")
    town.work()
    assert desk.standing("keywords") == ["moss"]


def test_ask_me_first_asks_by_letter_and_keeps_her_no(town: Town, desk: Desk, ada: Browser) -> None:
    assert "From now on you are asked first." in choose(town, ada, "ask").text
    keywords(desk, "moss", "fern")
    town.work()
    assert desk.standing("keywords") == []
    assert set(states(town).values()) == {("ask", "as-she-wishes")}
    town.clock.advance(HOUR)
    [letter] = letters(town, "Ada@uni.example")
    assert "asks you about 2 items" in letter.subject
    keywords(desk, "lichen")
    page = ada.open(next(one for one in letter.text.split() if "show=asked" in one))
    press(town, page, "yes", "moss")
    town.work()
    assert desk.standing("keywords") == ["moss"]
    press(town, items(town, ada, "asked"), "no", "fern")
    press(town, items(town, ada, "asked"), "not-mine", "lichen")
    town.work()
    assert desk.standing("keywords") == ["moss"]
    assert states(town) == {
        "moss": ("in-record", None), "fern": ("declined", "not-wanted"), "lichen": ("declined", "not-hers"),
    }  # fmt: skip
    page = items(town, ada, "no")
    assert "You said no when you were asked." in page.text
    assert "You said that it is not yours." in page.text
    said = {row.title: row.modified for row in town.rows("assertion")}
    town.clock.advance(HOUR)
    keywords(desk, "moss", "fern", "lichen")  # the file comes again, and her no stays, with its date
    town.work()
    assert desk.standing("keywords") == ["moss"]
    assert {row.title: row.modified for row in town.rows("assertion")} == said


def test_one_letter_a_day_and_only_with_news(town: Town, desk: Desk, ada: Browser) -> None:
    choose(town, ada, "ask")
    keywords(desk, "moss", "fern")
    town.clock.advance(HOUR)
    assert len(letters(town, "Ada@uni.example")) == 1
    keywords(desk, "lichen")
    town.clock.advance(HOUR)
    assert len(letters(town, "Ada@uni.example")) == 1
    town.clock.advance(DAY)
    assert "3 items" in letters(town, "Ada@uni.example")[1].subject
    town.clock.advance(2 * DAY)
    assert len(letters(town, "Ada@uni.example")) == 2


def test_only_what_i_pick_is_a_list_without_letters(town: Town, desk: Desk, ada: Browser) -> None:
    choose(town, ada, "pick")
    keywords(desk, *(f"word{n:02}" for n in range(60)))
    town.clock.advance(HOUR)
    assert letters(town, "Ada@uni.example") == []
    page = items(town, ada, "asked")
    assert "Page 1 of 2" in page.text
    boxes = page.all("//input[@type='checkbox'][@name='item']/@value")
    assert len(boxes) == 50
    page = page.form("decide").fill(item=boxes[:40]).submit("Add what is ticked")
    assert "40 items are on their way to your record." in page.text
    page = page.form("decide").fill(item=boxes[40:45]).submit("What is ticked is not mine")
    assert "5 items are not added." in page.text
    assert "Nothing was ticked" in page.form("decide").submit("Add what is ticked").text
    town.work()
    assert len(desk.standing("keywords")) == 40
    assert len(items(town, ada, "asked").all("//input[@name='item']")) == 15


def test_updates_of_what_she_accepted_flow_on(town: Town, desk: Desk, ada: Browser) -> None:
    choose(town, ada, "ask")
    desk.upload("k.csv", "id,email,keyword\nk1,ada@uni.example,moss\n")
    items(town, ada, "asked").form("decide").submit("Add it")
    town.work()
    desk.upload("k.csv", "id,email,keyword\nk1,ada@uni.example,mosses\n")
    town.work()
    assert desk.standing("keywords") == ["mosses"]


def test_another_choice_is_for_what_waits_as_well(town: Town, desk: Desk, ada: Browser) -> None:
    keywords(desk, "moss")
    town.work()
    keywords(desk, "fern")  # filed, and not sent yet
    choose(town, ada, "pick")
    town.work()
    assert desk.standing("keywords") == ["moss"]
    assert states(town)["fern"] == ("ask", "as-she-wishes")
    assert "What waited for you is on its way." in choose(town, ada, "everything").text
    town.work()
    assert sorted(desk.standing("keywords")) == ["fern", "moss"]
    keywords(desk, "lichen")
    town.work()
    assert "lichen" in desk.standing("keywords")


def test_what_a_source_brings_is_asked_and_what_she_claims_is_not(town: Town) -> None:
    town.publish("found", "Found by itself", town.ada)
    town.publish("claimed", "Claimed by her", "Someone Else")
    browser = town.connected(town.ada)
    choose(town, browser, "ask", "datacite")
    page = (
        browser.open(town.at("/datacite/settings")).form("auto-update-switch").submit("Turn Auto-Update on")
    )
    page.form("add-all").submit()
    page = browser.open(town.at("/datacite/search?q=Claimed"))
    page.form(containing="It is mine: add it").submit()
    town.work()
    assert [one["title"] for one in town.works(town.ada)] == ["Claimed by her"]
    page = items(town, browser, "asked", "datacite")
    assert "Found by itself" in page.text
    assert "waits for you" in page.text
    page.form("decide").submit("Add it")
    town.work()
    assert len(town.works(town.ada)) == 2


def test_an_affiliation_of_a_file_obeys_as_well(town: Town, desk: Desk, ada: Browser) -> None:
    choose(town, ada, "ask")
    desk.upload(
        "a.csv",
        EMPLOYED + f"e1,ada@uni.example,employment,Lecturer,Example University,Dunedin,NZ,{UNIVERSITY}\n",
    )
    town.work()
    assert desk.standing("employments") == []
    items(town, ada, "asked").form("decide").submit("Add it")
    town.work()
    assert desk.standing("employments") == ["Lecturer"]
    page = items(town, ada, "record")
    assert "On your record: Employment" in page.text
    code = desk.codes("employments")["Lecturer"]
    assert page.address(str(code)) == f"{town.registry}/{town.ada.orcid}#employments-{code}"


def test_not_mine_takes_it_off_and_keeps_it_away_until_she_says_otherwise(
    town: Town, desk: Desk, ada: Browser
) -> None:
    keywords(desk, "moss", "fern")
    town.work()
    page = items(town, ada)
    page.form("not-mine-" + number(town, "moss")).submit()
    page.form("withdraw-" + number(town, "fern")).submit()
    town.work()
    assert desk.standing("keywords") == []
    page = items(town, ada, "no")
    assert "not yours" in page.text
    assert "no source brings it again" in page.text
    assert "You asked for it." in page.text
    keywords(desk, "moss", "fern")
    town.work()
    assert desk.standing("keywords") == []
    for word in ("moss", "fern"):
        items(town, ada, "no").form("again-" + number(town, word)).submit()
    town.work()
    assert sorted(desk.standing("keywords")) == ["fern", "moss"]


def test_staff_do_not_answer_for_her(town: Town, desk: Desk, ada: Browser) -> None:
    choose(town, ada, "ask")
    keywords(desk, "moss")
    with town.hub.db.writing() as tx:
        assertions.answer(tx, town.clock.now(), town.library, int(number(town, "moss")), "yes")
    assert states(town) == {"moss": ("ask", "as-she-wishes")}
    press(town, items(town, ada, "asked"), "no", "moss")
    with town.hub.db.writing() as tx:
        assertions.again(tx, town.clock.now(), town.library, int(number(town, "moss")))
    assert states(town) == {"moss": ("declined", "not-wanted")}


def test_nobody_answers_for_another(town: Town, desk: Desk, ada: Browser) -> None:
    choose(town, ada, "pick")
    keywords(desk, "moss")
    other = town.connected(town.stranger, handle="library")
    form = other.open(town.at("/library/settings")).form("sign-out")
    token = form.value("csrf_token")
    body = f"csrf_token={token}&said=yes&item={number(town, 'moss')}".encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    other.send("POST", town.at("/library/items/decide"), content=body, headers=kind)
    assert states(town) == {"moss": ("ask", "as-she-wishes")}


def number(town: Town, title: str) -> str:
    return str(next(row.id for row in town.rows("assertion") if row.title == title))
