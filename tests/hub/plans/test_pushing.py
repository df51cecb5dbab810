"""A plan is made, and a push of it does exactly that: once, and nothing where the record changed since."""

from typing import Any

import pytest

from hub.plans.room import Room, go, standing, states, want
from hub.push.test_with_registry import api, calls
from laelia.hub import plans
from laelia.lib import faults


def test_a_plan_is_pushed_as_it_stands(room: Room) -> None:
    town = room.town
    for number in (1, 2):
        want(town, number, "Old title")
    go(town)
    want(town, 1, "New title")
    room.withdraw(2)
    want(town, 3, "Third")
    calls(town)
    one = room.plan(room.make())
    assert (one.state, one.people) == ("ready", {"planned": 1})
    assert {name: n for name, n in one.counts.items() if n} == {
        "adds": 1, "updates": 1, "deletes": 1, "reads": 1, "writes": 3,
    }  # fmt: skip
    [ada] = room.people(one.id)
    told = {step.kind: step for step in ada.steps}
    assert told["update"].lines == (("title", "Old title", "New title"),)
    assert ("title", "Old title", None) in told["delete"].lines
    assert told["add"].title == "Third"
    assert calls(town) == {("GET", 200): 1}

    done = room.push(one.id)
    assert (done.state, done.people) == ("done", {"done": 1})
    assert room.titles() == {"1": "New title", "3": "Third"}
    assert calls(town) == {("GET", 200): 1, ("PUT", 200): 1, ("DELETE", 204): 1, ("POST", 201): 1}

    assert room.push(one.id).state == "done"
    assert calls(town) == {}, "pushed twice it does nothing more"
    assert room.plan(room.make()).total == 0
    assert room.plan(room.make(orcid=town.ada.orcid)).people == {"nothing": 1}


@pytest.mark.parametrize("what", ["ledger", "more", "record"])
def test_what_changed_since_is_not_written(room: Room, what: str) -> None:
    town = room.town
    want(town, 1, "Old title")
    go(town)
    want(town, 1, "New title")
    number = room.make()
    if what == "ledger":
        want(town, 1, "Newer title")
    elif what == "more":
        want(town, 2, "Another")
    else:
        [(code, _)] = standing(town).values()
        assert api(town, "DELETE", f"/work/{code}") == 204
    before = room.titles()
    one = room.push(number)
    assert room.titles() == before
    if what == "record":  # there is nothing to do any more
        assert (one.state, one.people) == ("done", {"done": 1})
        assert room.people(number)[0].reason == "done-meanwhile"
        return
    assert (one.state, one.people) == ("stale", {"changed": 1})
    [ada] = room.people(number)
    assert [step.kind for step in ada.steps] == ["update"]
    assert [step.kind for step in ada.fresh] == (["update"] if what == "ledger" else ["update", "add"])
    room.take_new(number)
    assert room.push(number).state == "done"
    assert room.titles() == ({"1": "Newer title"} if what == "ledger" else {"1": "New title", "2": "Another"})


@pytest.mark.parametrize(
    "point",
    [
        "hub.push.before-intent",
        "hub.push.intended",
        "hub.push.answered",
        "hub.push.recorded",
        "hub.plan.pushed",
    ],
)
def test_a_push_that_was_cut_off_goes_on(room: Room, point: str) -> None:
    town = room.town
    for number in (1, 2):
        want(town, number, "Old title")
    go(town)
    want(town, 1, "New title")
    room.withdraw(2)
    want(town, 3)
    number = room.make()
    calls(town)
    faults.arm(point, "raise")
    with pytest.raises(faults.Fault):
        room.push(number)
    plans.push_some(town.hub, room.environment, number)
    assert (room.plan(number).state, room.plan(number).people) == ("done", {"done": 1})
    assert room.titles() == {"1": "New title", "3": "A title"}
    assert sorted(states(town)) == ["in-record", "in-record", "withdrawn"]
    assert calls(town)[("POST", 201)] == 1


def test_a_plan_of_one_source_leaves_the_others_alone(room: Room) -> None:
    want(room.town, 1)
    assert room.plan(room.make(source="file")).total == 0
    number = room.make(source="search-link")
    assert room.kinds(number) == ["add"]
    assert room.push(number).state == "done"


def test_who_gave_no_permission_is_named(room: Room) -> None:
    number = room.make(orcid=room.town.stranger.orcid)
    assert (room.plan(number).state, room.people(number)[0].reason) == ("done", "no-permission")


def test_what_is_dropped_while_it_is_made_stays_dropped(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    town = room.town
    want(town, 1)
    with town.hub.db.writing() as tx:
        number = plans.ask(tx, town.clock.now(), room.environment, plans.Scope(), "the librarian")
    request = town.hub.http.request

    def dropping(method: str, url: str, **parts: Any) -> Any:
        monkeypatch.setattr(town.hub.http, "request", request)
        room.drop(number)
        return request(method, url, **parts)

    monkeypatch.setattr(town.hub.http, "request", dropping)
    assert plans.make_some(town.hub, room.environment, number)
    assert room.plan(number).state == "dropped"


def test_what_changes_while_it_is_pushed_is_not_sent_unseen(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = room.town
    for one in (1, 2, 3):
        want(town, one, "Old title")
    go(town)
    for one in (1, 2, 3):
        want(town, one, "New title")
    number = room.make()
    request = town.hub.http.request

    def changing(method: str, url: str, **parts: Any) -> Any:
        if method == "PUT":
            monkeypatch.setattr(town.hub.http, "request", request)
            want(town, 2, "Newer title")
        return request(method, url, **parts)

    monkeypatch.setattr(town.hub.http, "request", changing)
    one = room.push(number)
    assert room.titles() == {"1": "New title", "2": "Old title", "3": "New title"}
    assert (one.state, one.people) == ("stale", {"changed": 1})
    [ada] = room.people(number)
    assert [line[2] for step in ada.fresh for line in step.lines] == ["Newer title"]
    room.take_new(number)
    assert room.push(number).state == "done"
    assert room.titles()["2"] == "Newer title"
