"""What can happen in a history. A step is a name and some numbers; what they stand for is settled when it
happens, so that a history from which steps were taken is one as well."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hub.histories.world import World, item_of
from laelia.hub import assertions, tables
from laelia.lib.clock import DAY, HOUR, MINUTE, SECOND

KEYS = 2
SECTIONS = ("works", "works", "employments", "keywords")
POINTS = tuple(f"hub.push.{name}" for name in ("before-intent", "intended", "answered", "recorded"))
PAUSES = (0, SECOND, 10 * SECOND, MINUTE, HOUR, DAY)
WEATHER = ("429", "503", "500", "never-arrived", "answer-lost", "answer-lost")


@dataclass(frozen=True)
class Step:
    name: str
    who: int
    a: int
    b: int

    def happens(self, world: World) -> None:
        _STEPS[self.name](world, world.people[self.who % len(world.people)], self.a, self.b)

    def __str__(self) -> str:
        return f"Step({self.name!r}, {self.who}, {self.a}, {self.b})"


def history(seed: int) -> list[Step]:
    """Mostly of one person and few things, so that what happens meets what happened before."""
    chance = random.Random(seed)
    made: list[Step] = []
    for name in chance.choices(list(_OFTEN), weights=list(_OFTEN.values()), k=chance.randint(8, 24)):
        who = int(chance.random() < 0.2)
        made.append(Step(name, who, chance.randrange(10_000), chance.randrange(10_000)))
        if chance.random() < 0.4:
            made.append(Step("work", who, chance.randrange(10_000), 0))
    return made


def _asserts(world: World, orcid: str, a: int, b: int) -> None:
    section, number = SECTIONS[a % len(SECTIONS)], a // 7 % KEYS
    world.file(orcid, section, f"{section}:{number}", item_of(section, number, b % 3))


def _edits(world: World, orcid: str, a: int, b: int) -> None:
    if row := _chosen([row for row in world.rows(orcid).values() if row.wanted], a):
        number = int(row.key.rpartition(":")[2])
        world.file(orcid, row.section, row.key, item_of(row.section, number, b % 50))


def _withdraws(world: World, orcid: str, a: int, b: int) -> None:
    if row := _chosen([row for row in world.rows(orcid).values() if row.wanted], a):
        with world.hub.db.writing() as tx:
            why = "gone-from-source" if b % 3 else assertions.ledger.HERS
            assertions.withdraw(tx, world.clock.now(), world.environment, row.id, why)


def _user_deletes(world: World, orcid: str, a: int, b: int) -> None:
    """Something, ours three times of four."""
    if world.state(orcid) != "active":
        return
    mine = world.own(orcid)
    found = _chosen(mine if b % 4 and mine else world.standing(orcid), a)
    if found is None:
        return
    world.owner_deletes(orcid, found.section, found.put_code)
    for (section, key), row in world.rows(orcid).items():
        # While a delete of ours is on its way, nobody can know whose it was.
        deleting = row.id in world.deleting()
        if (section, row.put_code) == (found.section, found.put_code) and row.wanted and not deleting:
            world.declined.add((orcid, section, key))
            world.carried.get(orcid, ("", set()))[1].discard((orcid, section, key))


def _user_hides(world: World, orcid: str, a: int, b: int) -> None:
    found = _chosen(world.standing(orcid), a)
    if found is not None and world.state(orcid) == "active":
        world.owner_hides(orcid, found.section, found.put_code)


def _other_adds(world: World, orcid: str, a: int, b: int) -> None:
    """She herself or another client adds the very thing that we assert."""
    if world.state(orcid) != "active":
        return
    section, number = SECTIONS[a % len(SECTIONS)], a // 7 % KEYS
    item = item_of(section, number, b % 3)
    if b % 2:
        world.other_adds(orcid, section, item)
    elif not any(row.section == section and not row.source_client for row in world.standing(orcid)):
        world.owner_adds(orcid, section, item)


def _revokes(world: World, orcid: str, a: int, b: int) -> None:
    world.revoke(orcid)


def _grants(world: World, orcid: str, a: int, b: int) -> None:
    if world.state(orcid) == "active":
        world.clock.advance(1)
        world.grant(orcid, "Ada" if a % 2 else None)


def _moves(world: World, orcid: str, a: int, b: int) -> None:
    """Her record is merged into another of hers; most give permission for that one later."""
    if world.state(orcid) != "active":
        return
    new = world.born()
    rows = world.rows(orcid)
    world.merge(new, orcid)
    world.people[world.people.index(orcid)] = new
    world.foreign = {number: row for number, row in world.foreign.items() if row[0] != orcid}
    # What she deleted and nobody had read before the record went, nobody can know any more.
    # Nor what was said of a record before that, which became another twice.
    hers = {key: rows.get(key[1:]) for key in world.declined if key[0] == orcid}
    known = {key for key, row in hers.items() if row is not None and row.state == "declined"}
    world.declined = {key for key in world.declined if key[0] != orcid}
    world.carried[new] = orcid, {(new, section, key) for _, section, key in known}
    world.declined |= world.carried[new][1]


def _locks(world: World, orcid: str, a: int, b: int) -> None:
    if world.state(orcid) in ("active", "locked"):
        world.set_state(orcid, "locked" if a % 2 else "active")


def _deactivates(world: World, orcid: str, a: int, b: int) -> None:
    if world.state(orcid) in ("active", "deactivated"):
        world.set_state(orcid, "deactivated" if a % 2 else "active")


def _dies(world: World, orcid: str, a: int, b: int) -> None:
    world.dies = (POINTS[a % len(POINTS)], 1 + b % 3)


def _weather(world: World, orcid: str, a: int, b: int) -> None:
    world.http.ahead += ["", *[WEATHER[a % len(WEATHER)]] * (1 + b % 2)][b % 3 == 0 :]


def _again(world: World, orcid: str, a: int, b: int) -> None:
    """She or staff ask for another try."""
    if row := _chosen(list(world.rows(orcid).values()), a):
        with world.hub.db.writing() as tx:
            assertions.again(tx, world.clock.now(), world.environment, row.id)
        if world.rows(orcid)[row.section, row.key].answer == "again":
            world.declined.discard((orcid, row.section, row.key))


def _works(world: World, orcid: str, a: int, b: int) -> None:
    world.clock.advance(PAUSES[a % len(PAUSES)])
    world.work()


def _looks(world: World, orcid: str, a: int, b: int) -> None:
    """The clock finds her record due."""
    with world.hub.db.writing() as tx:
        c = tables.mirror_person.c
        hers = (c.environment_id == world.environment, c.orcid == orcid)
        tx.execute(sa.update(tables.mirror_person).where(*hers).values(read=0))
    world.clock.advance(HOUR)
    world.work()


def _chosen(some: list[Any], a: int) -> Any:
    return some[a % len(some)] if some else None


_STEPS: dict[str, Callable[[World, str, int, int], None]] = {
    "assert": _asserts,
    "edit": _edits,
    "withdraw": _withdraws,
    "user deletes": _user_deletes,
    "user hides": _user_hides,
    "other adds": _other_adds,
    "revoke": _revokes,
    "grant": _grants,
    "move": _moves,
    "lock": _locks,
    "deactivate": _deactivates,
    "crash": _dies,
    "weather": _weather,
    "again": _again,
    "work": _works,
    "look": _looks,
}
_OFTEN = {
    "assert": 24, "edit": 10, "withdraw": 10, "user deletes": 10, "user hides": 2, "other adds": 5,
    "revoke": 3, "grant": 5, "move": 2, "lock": 3, "deactivate": 2, "crash": 8, "weather": 10, "again": 3,
    "work": 8, "look": 6,
}  # fmt: skip
