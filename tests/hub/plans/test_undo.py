"""Undo plans the inverse of what was done, and a source does not bring back what was undone."""

from hub.plans.room import Room, go, standing, states, want
from hub.push.test_with_registry import api
from laelia.hub import assertions


def undone(room: Room, what: str, number: int) -> int:
    made = room.undo(what, number)
    assert room.push(made).state == "done"
    return made


def test_an_add_is_undone_and_stays_so_until_the_source_says_something_new(room: Room) -> None:
    town = room.town
    town.publish("n1", "First", town.ada)
    room.auto_update()
    [run] = [one for one in town.rows("run") if one.kind == "push" and one.writes]
    number = room.undo("run", run.id)
    assert room.kinds(number) == ["delete"]
    town.work()
    assert room.titles() == {"1": "First"}, "nothing is done before the plan is pushed"
    assert room.push(number).state == "done"
    assert room.titles() == {}
    for _ in range(2):
        room.edit(1, publicationYear=2026)
        room.pull()
    assert room.titles() == {}
    assert (room.row(1).state, room.row(1).reason) == ("withdrawn", "undone")
    room.edit(1, titles=[{"title": "First, corrected"}])
    room.pull()
    assert room.titles() == {"1": "First, corrected"}


def test_a_change_and_a_delete_are_undone(room: Room) -> None:
    town = room.town
    want(town, 1, "Old title")
    want(town, 2, "To go")
    go(town)
    want(town, 1, "New title")
    room.withdraw(2)
    run = go(town).run_id
    assert run is not None
    number = room.undo("run", run)
    [ada] = room.people(number)
    assert {step.kind: step.lines for step in ada.steps} == {
        "update": (("title", "New title", "Old title"),), "add": (),
    }  # fmt: skip
    assert room.push(number).state == "done"
    assert room.titles() == {"1": "Old title", "2": "To go"}
    room.wants("New title", 1)  # the source brings it again
    assert room.titles() == {"1": "Old title", "2": "To go"}
    assert set(states(town)) == {"in-record"}

    # What undid it can itself be undone.
    undone(room, "plan", number)
    assert room.titles() == {"1": "New title"}


def test_what_cannot_be_undone_is_said(room: Room) -> None:
    town = room.town
    for number in (1, 2, 3, 4):
        want(town, number)
    run = go(town).run_id
    assert run is not None
    code, _ = standing(town)["10.5072/n1"]
    assert api(town, "DELETE", f"/work/{code}") == 204
    want(town, 2, "Changed later")
    with town.hub.db.writing() as tx:
        assertions.withdraw(tx, town.clock.now(), room.environment, room.row(3).id)
    later = go(town).run_id
    number = room.undo("run", run)
    [ada] = room.people(number)
    assert {step.key[-2:]: step.cannot or step.kind for step in ada.steps} == {
        "n1": "removed-by-her", "n2": f"changed-later {later}", "n3": "taken-back-by-her", "n4": "delete",
    }  # fmt: skip
    assert room.push(number).state == "done"
    assert room.titles() == {"2": "Changed later"}


def test_what_changed_since_stops_an_undo_and_the_ledger_with_it(room: Room) -> None:
    town = room.town
    want(town, 1, "Old title")
    go(town)
    want(town, 1, "New title")
    run = go(town).run_id
    assert run is not None
    number = room.undo("run", run)
    want(town, 1, "Newer title")
    assert room.push(number).state in ("stale", "done")
    assert room.row(1).undone is None
    room.wake()
    town.work()
    assert room.titles() == {"1": "Newer title"}
