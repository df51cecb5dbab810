"""What would change or delete much stops, whoever brought it, and goes on or is given up as staff say."""

import json
from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa

from hub.plans.room import Room, go, states, want
from hub.pull.test_pull import follow
from hub.push.test_outages import Outage, refused
from hub.staff.desk import BY
from laelia.hub import plans, tables
from laelia.hub.organisations import approval
from laelia.hub.plans import Much
from laelia.hub.push import push
from laelia.lib.clock import HOUR, MINUTE

MANY = 24


@pytest.fixture
def many(room: Room) -> Room:
    """Many items stand on Ada's record."""
    for number in range(MANY):
        want(room.town, number, "Old title")
    go(room.town)
    return room


def test_many_changes_stop_and_go_on(many: Room) -> None:
    town = many.town
    want(town, 99, "Something new")
    many.wants("New title", *range(MANY))
    assert set(many.titles().values()) == {"Old title", "Something new"}, "adding is never stopped"
    [held] = many.stopped()
    assert (held.state, held.reason, held.counts["updates"]) == ("ready", f"changes-{MANY}-of-{MANY}", MANY)
    many.wants("Something else", 98)
    assert many.titles()["98"] == "Something else"
    assert len(many.stopped()) == 1

    assert many.push(held.id).state == "done"
    assert many.stopped() == []
    assert many.titles()["5"] == "New title"
    assert set(states(town)) == {"in-record"}
    town.work()
    assert many.stopped() == []


def test_what_is_dropped_is_not_brought_again(many: Room) -> None:
    town = many.town
    many.withdraw(MANY - 1)
    many.wants("New title", *range(MANY - 1))
    [held] = many.stopped()
    many.drop(held.id)
    many.wants("New title", *range(MANY - 1))  # as the source does at its next look
    assert set(many.titles().values()) == {"Old title"}
    assert (len(many.titles()), many.stopped(), set(states(town))) == (MANY, [], {"in-record"})
    many.wants("A third title", 3)
    assert many.titles()["3"] == "A third title"


def test_changes_that_come_one_by_one_are_counted_together(many: Room) -> None:
    town = many.town
    for number in range(MANY):
        want(town, number, "New title")
        go(town)
    changed = [title for title in many.titles().values() if title == "New title"]
    assert len(changed) == 19
    assert len(many.stopped()) == 1


def test_what_was_changed_long_ago_does_not_count(many: Room) -> None:
    town = many.town
    for half in (range(12), range(12, MANY)):
        for number in half:
            want(town, number, "New title")
        go(town)
        town.clock.advance(HOUR + 1)
    assert set(many.titles().values()) == {"New title"}


def test_a_source_that_went_wrong_is_stopped(room: Room) -> None:
    town = room.town
    for number in range(MANY):
        town.publish(f"n{number}", "Old title", town.ada)
    room.auto_update()
    assert len(room.titles()) == MANY
    for number in range(MANY):
        room.edit(number, creators=[{"name": "Somebody Else", "nameType": "Personal"}])
    room.pull()
    assert len(room.titles()) == MANY
    [held] = room.stopped()
    assert held.counts["deletes"] == MANY
    room.drop(held.id)
    town.clock.advance(25 * HOUR)
    town.work()  # the daily looks, too, leave it alone
    assert len(room.titles()) == MANY
    assert room.stopped() == []


def test_a_co_author_who_connects_stops_nothing(room: Room) -> None:
    town = room.town
    for number in range(MANY):
        town.publish(f"n{number}", "Old title", town.ada, town.stranger)
    room.auto_update()
    town.connected(town.stranger)
    follow(town, town.stranger)
    town.work()
    assert room.stopped() == []
    assert set(states(town)) == {"in-record"}
    paths = {one["contributor-orcid"] and one["contributor-orcid"]["path"] for one in co_authors(room)}
    assert paths == {town.ada.orcid, town.stranger.orcid}

    for number in range(MANY):  # what a source changes counts, whatever iDs go along
        room.edit(number, titles=[{"title": "New title"}])
    room.pull()
    assert set(room.titles().values()) == {"Old title"}
    assert len(room.stopped()) == 1


def test_what_was_changed_lately_counts_also_where_a_co_author_connected_since(room: Room) -> None:
    town = room.town
    for number in range(MANY):
        town.publish(f"n{number}", "Old title", town.ada, town.stranger)
    room.auto_update()
    for number in range(MANY // 2):
        room.edit(number, titles=[{"title": "New title"}])
    town.clock.advance(MINUTE)
    town.work()
    town.connected(town.stranger)
    follow(town, town.stranger)
    town.work()
    for number in range(MANY // 2, MANY):
        room.edit(number, titles=[{"title": "New title"}])
    town.clock.advance(MINUTE)
    town.work()
    assert Counter(room.titles().values()) == {"Old title": MANY // 2, "New title": MANY // 2}
    assert len(room.stopped()) == 1


def co_authors(room: Room) -> list[dict[str, Any]]:
    """Every contributor that Ada's works name on her record."""
    works = [
        json.loads(row.sent_item) for row in room.town.rows("assertion") if row.orcid == room.town.ada.orcid
    ]
    return [one for work in works for one in work["contributors"]["contributor"]]


def test_numbers_of_the_brake_are_the_organisations(many: Room) -> None:
    town = many.town
    with town.hub.db.writing() as tx:
        approval.set_brake(tx, town.clock.now(), BY, many.place, share=100, least=20)
    many.wants("New title", *range(MANY))
    assert set(many.titles().values()) == {"New title"}


def test_a_plan_that_changes_much_is_asked_about_again(many: Room) -> None:
    town = many.town
    for number in range(MANY):
        want(town, number, "New title")
    number = many.make()
    with pytest.raises(Much, match=f"{MANY} of {MANY}"):
        many.push(number)
    assert many.plan(number).state == "ready"
    assert many.push(number, much=True).state == "done"


def test_much_of_one_record_stops_for_this_record(room: Room) -> None:
    town = room.town
    for number in range(8):
        want(town, number)
    go(town)
    room.withdraw(*range(8))
    outcome = go(town)
    assert (outcome.state, outcome.reason) == ("held", "deletes")
    town.work()
    [held] = room.stopped()
    assert (held.scope.orcid, held.counts["deletes"]) == (town.ada.orcid, 8)
    assert room.push(held.id).state == "done"
    assert room.titles() == {}


def test_sources_on_approval_wait_and_the_others_go(room: Room) -> None:
    town = room.town
    with town.hub.db.writing() as tx:
        approval.require(tx, town.clock.now(), BY, room.place, ["search-link"])
    want(town, 1)
    assert push(town.hub, room.environment, town.ada.orcid).state == "held"
    town.work()
    assert room.titles() == {}
    town.publish("n2", "From DataCite", town.ada)
    room.auto_update()
    assert room.titles() == {"2": "From DataCite"}
    number = room.make()
    assert room.kinds(number) == ["add", "keep"]
    assert room.push(number).state == "done"
    assert len(room.titles()) == 2


@pytest.fixture
def unread(many: Room, monkeypatch: pytest.MonkeyPatch) -> tuple[Room, int]:
    """The brake stopped while the registry was away, so that nobody's record could be read for its plan."""
    town = many.town
    for number in range(MANY):
        want(town, number, "New title")
    go(town)
    with monkeypatch.context() as away:
        away.setattr(town.hub.http, "request", Outage(town, refused, writes_only=False).request)
        [held] = many.stopped()
        assert plans.make_some(town.hub, many.environment, held.id)
    assert (many.plan(held.id).state, many.plan(held.id).people) == ("ready", {"unread": 1})
    town.work()
    assert set(many.titles().values()) == {"Old title"}, "it waits for staff, as ever"
    return many, held.id


def test_what_could_not_be_read_is_read_again(unread: tuple[Room, int]) -> None:
    room, number = unread
    assert room.push(number).state == "making"
    room.town.work()
    assert room.plan(number).counts["updates"] == MANY
    assert room.push(number).state == "done"
    assert set(room.titles().values()) == {"New title"}


def test_what_could_not_be_read_is_given_up_as_well(unread: tuple[Room, int]) -> None:
    room, number = unread
    room.drop(number)
    room.wants("New title", *range(MANY))
    assert set(room.titles().values()) == {"Old title"}
    assert (room.stopped(), set(states(room.town))) == ([], {"in-record"})


def test_given_up_is_also_what_stands_there_in_unknown_words(many: Room) -> None:
    """Of what was sent before its words were kept only the hash is known, or nothing at all."""
    town, c = many.town, tables.assertion.c
    with town.hub.db.writing() as tx:
        tx.execute(sa.update(tables.assertion).values(sent_item=None))
        tx.execute(sa.update(tables.assertion).where(c.key == "doi:10.5072/n0").values(sent_hash=None))
    many.withdraw(0, 1)
    many.wants("New title", *range(2, MANY))
    [held] = many.stopped()
    many.drop(held.id)
    many.wants("New title", *range(2, MANY))
    town.work()
    assert (len(many.titles()), set(many.titles().values())) == (MANY, {"Old title"})
    assert set(states(town)) == {"in-record"}
    many.wants("A third title", 3)
    assert many.titles()["3"] == "A third title"
