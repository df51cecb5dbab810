"""Auto-Update looks back, and nothing from before is sent until she has decided what."""

from hub.pull.test_pull import settle, titles
from hub.web.test_pages import settings
from hub.web.town import Town


def turn_on(town: Town, browser):
    page = settings(town, browser).form("auto-update-switch").submit("Turn Auto-Update on")
    town.work()
    return browser.open(page.url)


def test_nothing_is_sent_before_she_chose_and_what_she_left_out_stays_out(town: Town):
    for number in range(4):
        town.publish(f"old{number}", f"Old {number}", town.ada)
    browser = town.connected(town.ada)
    page = turn_on(town, browser)
    assert "4 items already carry your iD." in page.text
    assert len(page.all("//input[@name='item' and @checked]")) == 4
    town.publish("new", "New meanwhile", town.ada)
    settle(town)
    assert titles(town, town.ada) == []
    page = browser.open(page.url)
    ids = [box.get("value") for box in page.all("//input[@name='item']")]
    assert len(ids) == 5
    page = page.form("choose").fill(item=[ids[0], ids[4]]).submit("Add what is ticked")
    assert "2 items will be on your record in a moment. 3 items are left out." in page.text
    town.work()
    assert titles(town, town.ada) == ["New meanwhile", "Old 0"]
    town.publish("later", "Later", town.ada)
    settle(town)
    assert titles(town, town.ada) == ["Later", "New meanwhile", "Old 0"]
    page = settings(town, browser)
    assert "You left 3 items out." in page.text
    page = page.link("Look at it again")
    assert page.all("//input[@name='item' and @checked]") == []
    page.form("choose").fill(item=[ids[1]]).submit("Add what is ticked")
    town.work()
    assert titles(town, town.ada) == ["Later", "New meanwhile", "Old 0", "Old 1"]
    assert "You left it out" in browser.open(town.at("/datacite/items")).text


def test_each_page_is_decided_by_itself(town: Town, monkeypatch):
    monkeypatch.setattr("laelia.hub.web.from_before.ON_A_PAGE", 2)
    for number in range(5):
        town.publish(f"old{number}", f"Old {number}", town.ada)
    browser = town.connected(town.ada)
    page = turn_on(town, browser)
    assert "Page 1 of 3" in page.text
    page = page.form("choose").submit("Add what is ticked")
    town.work()
    assert len(titles(town, town.ada)) == 2
    assert "3 items to choose from" in page.text
    page = page.form("add-all").submit()
    assert page.url.startswith(town.at("/datacite/settings"))
    town.work()
    assert len(titles(town, town.ada)) == 5


def test_all_may_be_left_out_and_turning_it_off_asks_no_more(town: Town):
    town.publish("one", "One", town.ada)
    browser = town.connected(town.ada)
    page = turn_on(town, browser)
    settings(town, browser).form("auto-update-switch").submit("Turn Auto-Update off")
    town.work()
    assert titles(town, town.ada) == []
    assert "you decided" in browser.open(town.at("/datacite/items")).text
    page = turn_on(town, browser)
    assert "1 item already carries your iD." in page.text
    page = page.form("leave-all").submit()
    assert "1 item is left out." in page.text
    town.publish("two", "Two", town.ada)
    settle(town)
    assert titles(town, town.ada) == ["Two"]


def test_what_stands_there_already_is_marked_and_not_ticked(town: Town):
    town.publish("one", "One", town.ada)
    town.publish("two", "Two", town.ada)
    other = town.connected(town.ada, handle="library")
    page = other.open(town.at("/library/search?q=10.5072/one"))
    page.form("claims").submit("It is mine")
    town.work()
    browser = town.connected(town.ada)
    page = turn_on(town, browser)
    assert "already on your record It was added by Example Library." in page.text
    assert len(page.all("//input[@name='item' and @checked]")) == 1


def test_contributors_by_her_choice(town: Town):
    identifier = {"nameIdentifier": town.ada.orcid, "nameIdentifierScheme": "ORCID"}
    editor = {"name": town.ada.name, "nameType": "Personal", "contributorType": "Editor"}
    town.publish(
        "edited", "Edited by her", "Someone Else", contributors=[editor | {"nameIdentifiers": [identifier]}]
    )
    browser = town.connected(town.ada)
    page = settings(town, browser).form("auto-update-switch").submit("Turn Auto-Update on")
    assert "No item carries your iD yet." in page.text
    town.work()
    assert titles(town, town.ada) == []
    settings(town, browser).form("auto-update-contributors").submit("Add it, too")
    town.work()
    assert titles(town, town.ada) == ["Edited by her"]
    town.publish(
        "edited2", "Edited again", "Someone", contributors=[editor | {"nameIdentifiers": [identifier]}]
    )
    settle(town)
    assert titles(town, town.ada) == ["Edited again", "Edited by her"]
    page = settings(town, browser).form("auto-update-contributors").submit("Leave it out")
    town.work()
    assert titles(town, town.ada) == []
    assert "no longer name you" in browser.open(town.at("/datacite/items")).text


def test_the_newest_alone_by_her_choice(town: Town):
    relation = {"relationType": "IsNewVersionOf", "relatedIdentifierType": "DOI"}
    town.publish("one", "First version", town.ada)
    town.publish(
        "two",
        "Second version",
        town.ada,
        relatedIdentifiers=[relation | {"relatedIdentifier": "10.5072/one"}],
    )
    browser = town.connected(town.ada)
    settings(town, browser).form("auto-update-newest").submit("Show the newest alone")
    turn_on(town, browser).form("add-all").submit()
    town.work()
    assert titles(town, town.ada) == ["Second version"]
    assert "A newer version of it stands on your record." in browser.open(town.at("/datacite/items")).text
    settings(town, browser).form("auto-update-newest").submit("Show every version")
    town.work()
    assert titles(town, town.ada) == ["First version", "Second version"]


def test_a_silent_source_is_asked_again_by_itself(town: Town, monkeypatch):
    town.publish("one", "One", town.ada)
    browser = town.connected(town.ada)
    from laelia.client.peer import Unavailable
    from laelia.hub import pull

    def down(*_: object, **__: object) -> None:
        raise Unavailable("DataCite", 503)

    with monkeypatch.context() as away:
        away.setattr("laelia.client.datacite._answer", down)
        page = settings(town, browser).form("auto-update-switch").submit("Turn Auto-Update on")
        assert "does not answer at the moment" in page.text
        town.work()
    assert pull.count(town.hub, "datacite", town.ada.orcid) == 1
    settle(town)
    page = browser.open(page.url)
    assert "1 item already carries your iD." in page.text
    page.form("add-all").submit()
    town.work()
    assert titles(town, town.ada) == ["One"]
