"""What stands on a record, as staff and local systems get to know it."""

from hub.engine import work
from hub.mirror.record import Side, employment
from hub.web.town import Town
from laelia.hub import mirror, tables


def test_a_grant_brings_what_stands_there(town: Town, side: Side) -> None:
    side.adds(work("10.5072/hers", "Her own"))
    side.adds(employment("Garden University", "Gardener"))
    town.connected(town.ada)
    town.work()
    assert side.titles() == ["Gardener, Garden University", "Her own"]
    side.wants(1, "Ours")
    town.work()
    side.calls()
    assert side.titles() == ["Gardener, Garden University", "Her own", "Ours"]
    told = {item["title"]: item for item in side.feed().items}
    hers, ours, job = told["Her own"], told["Ours"], told["Gardener, Garden University"]
    assert (hers["section"], hers["type"], hers["source"]["own"]) == ("works", "data-set", False)
    assert hers["source"] == {"id": town.ada.orcid, "name": "Ada Lovelace", "own": False}
    assert hers["external_ids"][0] == {
        "type": "doi", "value": "10.5072/hers", "relationship": "self", "url": None
    }  # fmt: skip
    assert (ours["source"]["own"], ours["source"]["name"]) == (True, "DataCite")
    assert job["organisation"]["name"] == "Garden University"
    assert job["visibility"] == "public"
    assert job["item"]["role-title"] == "Gardener"


def test_the_tag_of_a_person_changes_with_her_record_only(town: Town, side: Side) -> None:
    code = side.adds(work("10.5072/hers", "Her own"))
    town.connected(town.ada)
    town.work()
    first = side.feed().etag
    side.a_day_goes_by()
    assert side.feed().etag == first
    side.limits("works", code)
    side.calls()
    assert side.feed().etag not in (None, first)
    assert [item["visibility"] for item in side.feed().items] == ["limited"]


def test_changes_are_told_once_and_in_order(town: Town, side: Side) -> None:
    code = side.adds(work("10.5072/a", "First"))
    side.adds(work("10.5072/b", "Second"))
    town.connected(town.ada)
    town.work()
    start = side.feed(since=None, limit=1)
    assert (len(start.items), start.more) == (1, True)
    rest = side.feed(since=start.cursor)
    assert {item["title"] for item in start.items + rest.items} == {"First", "Second"}
    assert not rest.more
    nothing = side.feed(since=rest.cursor)
    assert (nothing.items, nothing.cursor) == ([], rest.cursor)
    side.deletes("works", code)
    side.calls()
    [gone] = side.feed(since=rest.cursor).items
    assert (gone["put_code"], gone["removed"]) == (code, True)
    assert side.titles() == ["Second"]


def test_nothing_is_kept_after_she_disconnected(town: Town, side: Side) -> None:
    side.adds(work("10.5072/a", "First"))
    browser = town.connected(town.ada)
    town.work()
    cursor = side.feed(since=None).cursor
    browser.open(town.at("/datacite/disconnect")).form("disconnect").submit()
    assert town.rows("mirror_item") == []
    assert side.feed() == mirror.Feed([], None, "0")
    [gone] = side.feed(since=cursor).items
    assert (gone["orcid"], gone["gone"]) == (town.ada.orcid, True)
    town.clock.advance(1000)
    town.connected(town.ada)
    town.work()
    assert side.titles() == ["First"]


def test_what_is_limited_is_kept_only_with_the_permission_to_read_it(town: Town, side: Side) -> None:
    side.adds(work("10.5072/a", "Hers"))
    with town.hub.db.writing() as tx:
        tx.execute(tables.environment.update().values(scopes="/activities/update"))
    town.connected(town.ada)
    town.work()
    side.wants(1, "Ours")
    town.work()
    side.calls()
    assert side.titles() == ["Ours"]


def test_a_permission_to_read_only_is_enough_to_read(town: Town, side: Side) -> None:
    side.adds(work("10.5072/a", "Hers"))
    side.wants(1, "Ours")
    browser = town.browser(town.ada)
    page = browser.open(town.at("/datacite/connect?only=read"))
    page.form(containing="Authorise").fill(until_revoked=True).submit("Authorise access")
    town.work()
    assert side.titles() == ["Hers"]
    assert side.states() == {"doi:10.5072/n1": ("waiting-permission", "scope")}


def test_environments_keep_apart(town: Town, side: Side) -> None:
    side.adds(work("10.5072/a", "Hers"))
    town.connected(town.ada)
    town.work()
    with town.hub.db.reading() as tx:
        assert mirror.feed(tx, town.library, orcid=town.ada.orcid).items == []
        assert mirror.feed(tx, town.library).items == []
