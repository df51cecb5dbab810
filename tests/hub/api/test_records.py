"""What stands on the records of connected people, for local systems."""

from hub.api.desk import Desk, refused
from hub.api.test_assertions import work
from laelia.hub import people
from laelia.lib.clock import DAY


def test_a_record_with_its_tag(desk: Desk) -> None:
    desk.hub.put_person("HR-8", email="bela@library.example")
    empty = desk.hub.record("HR-8")
    assert (empty.orcid, empty.read, empty.items) == (None, None, [])
    desk.connected()
    desk.hub.put("HR-7", "works", "thesis", work("On engines"))
    desk.town.work()
    desk.town.clock.advance(2 * DAY)
    desk.town.work()  # the periodic read
    found = desk.hub.record("HR-7")
    assert found.orcid_uri == f"{desk.town.registry}/{desk.town.ada.orcid}"
    [item] = found.items
    assert (item.section, item.title, item.local_id) == ("works", "On engines", "HR-7")
    assert item.source is not None
    assert item.source.own
    assert item.external_ids[0].value == "10.5072/thesis"
    assert item.modified is not None
    tag = desk.raw("GET", "/people/HR-7/record").headers["etag"]
    assert desk.raw("GET", "/people/HR-7/record", If_None_Match=tag).status == 304
    refused(desk.raw("GET", "/people/HR-9/record"), "no-person")


def test_changes_behind_a_cursor(desk: Desk) -> None:
    desk.connected()
    for n in range(3):
        desk.hub.put("HR-7", "works", f"w{n}", work(f"Work {n}", f"10.5072/{n}"))
    desk.town.work()
    desk.town.clock.advance(2 * DAY)
    desk.town.work()
    first = desk.raw("GET", "/records?limit=2").json()
    assert (len(first["items"]), first["more"]) == (2, True)
    pages = list(desk.hub.records(first["cursor"]))
    titles = {one["title"] for one in first["items"]} | {one.title for page in pages for one in page.items}
    assert titles == {"Work 0", "Work 1", "Work 2"}
    cursor = pages[-1].cursor
    assert [page.items for page in desk.hub.records(cursor)] == [[]]
    desk.hub.withdraw("HR-7", "works", "w0")
    desk.town.work()
    desk.town.clock.advance(2 * DAY)
    desk.town.work()
    assert [one.removed for page in desk.hub.records(cursor) for one in page.items] == [True]
    with desk.town.hub.db.writing() as tx:
        people.disconnect(tx, desk.town.clock.now(), desk.town.library, desk.town.ada.orcid)
    refused(desk.raw("GET", "/records?since=x"), "invalid")
