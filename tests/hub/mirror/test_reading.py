"""The periodic read: what it brings back, and when who is read."""

from typing import Any

import pytest

from hub.engine import ANNA, Engine, engine, work
from hub.mirror.record import Side
from hub.staff.desk import link
from hub.web.town import Town
from laelia.hub import mirror, worker
from laelia.lib.clock import DAY, HOUR, MINUTE
from laelia.lib.http import Http


@pytest.fixture
def town(town: Town) -> Town:
    """Without the registry's calls, so that only the periodic read can bring anything."""
    object.__setattr__(town.hub.settings, "webhooks", False)
    return town


def test_what_she_deleted_is_declined_and_stays_away(town: Town, side: Side) -> None:
    town.connected(town.ada)
    side.wants(1)
    side.wants(2)
    town.work()
    first = min(row.put_code for row in town.place.rows("item"))
    side.deletes("works", first)
    side.a_day_goes_by()
    assert side.states()["doi:10.5072/n1"] == ("declined", "removed-by-her")
    side.wants(1, "Changed")
    side.a_day_goes_by()
    assert [one["title"] for one in town.works(town.ada)] == ["A title"]


def test_what_others_add_is_seen_within_a_day(town: Town, side: Side) -> None:
    town.connected(town.ada)
    town.work()
    side.adds(work("10.5072/elsewhere", "By hand"))
    side.a_day_goes_by()
    assert side.titles() == ["By hand"]


def test_a_permission_revoked_at_the_registry_is_seen(town: Town, side: Side) -> None:
    side.adds(work("10.5072/hers", "Hers"))
    town.connected(town.ada)
    town.work()
    permission = town.permission(town.ada)
    assert permission is not None
    town.place.revoke(town.client(town.datacite), permission.access_token or "")
    side.a_day_goes_by()
    assert (side.standing(), side.person().state) == ("revoked", "revoked")
    assert side.feed().items == []
    before = side.reads()
    side.a_day_goes_by()
    assert side.reads() == before, "who revoked is asked no more"


def test_a_deactivated_record_is_closed_not_revoked(town: Town, side: Side) -> None:
    town.connected(town.ada)
    side.wants(1)
    town.work()
    town.place.set_state(town.ada, "deactivated")
    side.a_day_goes_by()
    assert side.person().state == "closed"
    assert side.feed().items == []
    page = town.browser().open(town.at("/datacite/"))
    assert page.status == 200
    town.place.set_state(town.ada, "active")
    town.clock.advance(MINUTE)
    town.connected(town.ada)
    town.work()
    assert (side.standing(), side.person().state) == ("active", "connected")
    assert side.states() == {"doi:10.5072/n1": ("in-record", None)}


def test_a_locked_record_is_left_alone_until_it_opens(town: Town, side: Side) -> None:
    town.connected(town.ada)
    side.wants(1)
    town.work()
    side.locks(town.ada)
    side.wants(1, "Changed")
    side.wants(2)
    before = side.reads()
    for _ in range(6):
        town.clock.advance(HOUR)
        town.work()
    assert side.reads() - before <= 8, "it is tried about once an hour"
    assert side.standing() == "active"
    assert {state for state, _ in side.states().values()} == {"pending"}
    side.unlocks(town.ada)
    town.clock.advance(2 * HOUR)
    town.work()
    assert {one["title"] for one in town.works(town.ada)} == {"Changed", "A title"}


def test_a_record_that_became_another_is_followed_with_her_permission(town: Town, side: Side) -> None:
    browser = town.connected(town.ada)
    side.wants(1)
    side.wants(2)
    town.work()
    with town.hub.db.writing() as tx:
        from laelia.hub import people, tables

        c = tables.person.c
        said = {"email": "ada@garden.example", "local_id": "HR-7"}
        tx.execute(tables.person.update().where(c.orcid == town.ada.orcid).values(**said))
        people.choose(tx, town.clock.now(), town.datacite, town.ada.orcid, "datacite", "search-link", False)
    first = min(row.put_code for row in town.place.rows("item"))
    side.deletes("works", first)
    side.looks()
    new = town.place.person("Ada", "King", "ada@new.example")
    side.merges(new, town.ada)
    side.looks()
    assert (side.standing(), side.person().state, side.person().moved_to) == ("moved", "moved", new.orcid)
    page = browser.open(town.at("/datacite/settings"))
    assert f"Your record is now {town.registry}/{new.orcid}" in page.text
    [letter] = [one for one in town.rows("outbox") if one.recipient == "ada@garden.example"]
    assert new.orcid in letter.text
    assert town.works(new) == []
    hers = town.browser(new)
    page = hers.open(link(letter)).form(containing="Connect").submit()
    page.form(containing="Authorise").fill(until_revoked=True).submit("Authorise access")
    town.work()
    assert (side.standing(new), side.person(new).state) == ("active", "connected")
    assert side.person(new).local_id == "HR-7"
    assert side.person() is None
    assert side.states(new) == {
        "doi:10.5072/n1": ("declined", "removed-by-her"),
        "doi:10.5072/n2": ("in-record", None),
    }
    assert [one["title"] for one in town.works(new)] == ["A title"]
    with town.hub.db.reading() as tx:
        assert not people.chosen(tx, town.datacite, new.orcid, "datacite", "search-link")
    there = [row for row in town.rows("tally") if row.what in ("in-record", "off-record")]
    assert sum(row.delta for row in there) == 1, "what left the old record is not counted twice"


def test_another_iD_than_the_one_it_became_is_still_refused(town: Town, side: Side) -> None:  # noqa: N802
    town.connected(town.ada)
    town.work()
    with town.hub.db.writing() as tx:
        from laelia.hub import tables

        c = tables.person.c
        tx.execute(tables.person.update().where(c.orcid == town.ada.orcid).values(email="ada@garden.example"))
    new = town.place.person("Ada", "King", "ada@new.example")
    side.merges(new, town.ada)
    side.looks()
    [letter] = [one for one in town.rows("outbox") if one.recipient == "ada@garden.example"]
    stranger = town.browser(town.stranger)
    page = stranger.open(link(letter)).form(containing="Connect").submit()
    page = page.form(containing="Authorise").fill(until_revoked=True).submit("Authorise access")
    assert "another person" in page.text
    assert side.person(town.stranger) is None


def test_reads_are_spread_over_the_day(new_database: Any, tmp_path: Any) -> None:
    hub = engine(new_database("laelia.hub.migrations"), Http(apps={}), tmp_path)
    try:
        _spread(hub)
    finally:
        hub.db.dispose()


def _spread(hub: Engine) -> None:
    environment = hub.environment()
    numbers = [f"0000-0002-0000-{number:04d}" for number in range(240)]
    with hub.db.writing() as tx:
        from laelia.hub import tables

        for orcid in numbers:
            values = {"environment_id": environment, "orcid": orcid, "state": "active", "scopes": ""}
            tx.execute(tables.permission.insert().values(**values, granted=0, changed=0))
    asked: list[int] = []
    for turn in range(12):
        with hub.db.writing() as tx:
            worker.check(tx, hub.clock.now(), environment, DAY)
            found = tx.execute(tables.job.select().where(tables.job.c.kind == "look")).all()
            for job in found:
                assert hub.clock.now() <= job.due < hub.clock.now() + DAY // 48
                mirror_row = {"orcid": job.payload["orcid"], "environment_id": environment, "change": 0}
                tx.execute(
                    tables.mirror_person.insert().values(**mirror_row, read=hub.clock.now(), gone=False)
                )
            tx.execute(tables.job.delete())
        asked.append(len(found))
        hub.clock.advance(DAY // 48)
        assert turn < 12
    assert asked == [20] * 12, "no round takes more than its share twice, or a few"
    assert ANNA not in numbers
    with hub.db.reading() as tx:
        assert mirror.due(tx, hub.clock.now(), environment, DAY, 500) == []
