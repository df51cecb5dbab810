"""What staff see of a record."""

from hub.engine import work
from hub.mirror.record import Side, employment
from hub.staff.desk import joined
from hub.web.town import Town


def test_staff_see_what_stands_there_and_who_put_it_there(town: Town, side: Side) -> None:
    side.adds(employment("Garden University", "Gardener"))
    code = side.adds(work("10.5072/hers", "Her <own>"))
    side.limits("works", code)
    connected = town.connected(town.ada)
    town.work()
    side.wants(1, "Ours")
    town.work()
    side.calls()
    browser = joined(town, "owner@datacite.example", "viewer", town.datacite)
    page = browser.open(town.at("/datacite/staff/people"))
    path = f"/datacite/staff/people/{side.person().id}/record"
    assert path in page.html
    page = browser.open(town.at(path))
    for words in ("Gardener, Garden University", "Her <own>", "Ours", "added by us", "added in person"):
        assert words in page.text, words
    assert "trusted organisations only" in page.text
    ours = browser.open(town.at(f"{path}?whose=ours"))
    assert "Ours" in ours.text
    assert "Her <own>" not in ours.text
    connected.open(town.at("/datacite/disconnect")).form("disconnect").submit()
    page = browser.open(town.at(path))
    assert "Nothing is known of this record" in page.text
    assert "Gardener" not in page.text


def test_a_record_of_another_organisation_is_not_found(town: Town, side: Side) -> None:
    town.connected(town.ada)
    browser = joined(town, "owner@library.example", "owner", town.library)
    for person in (side.person().id, "x", "99999"):
        assert browser.open(town.at(f"/library/staff/people/{person}/record")).status == 404
    browser = town.browser()
    assert browser.open(town.at(f"/datacite/staff/people/{side.person().id}/record")).status == 403
