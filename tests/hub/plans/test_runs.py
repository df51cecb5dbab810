"""Which runs stay listed."""

from hub.plans.room import Room, go, want
from laelia.hub.plans.runs import KEPT
from laelia.lib.clock import DAY


def test_looks_that_found_nothing_are_forgotten_after_a_time(room: Room) -> None:
    town = room.town
    want(town, 1)
    wrote = go(town).run_id
    looked = go(town, look=True).run_id
    assert None not in (wrote, looked)
    town.clock.advance(DAY)
    town.work()
    assert {wrote, looked} <= {one.id for one in town.rows("run")}
    town.clock.advance(KEPT)
    town.work()
    left = {one.id for one in town.rows("run")}
    assert wrote in left
    assert looked not in left
    assert wrote in [one.run_id for one in town.rows("attempt")]
