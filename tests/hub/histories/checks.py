"""How a history ends: everything comes to rest, and then what must hold holds."""

import re
from collections import Counter
from typing import Any

import orjson
import sqlalchemy as sa

from hub.histories.world import World
from laelia.codec import json
from laelia.hub import mirror, people, tables
from laelia.hub.assertions.titles import title_of
from laelia.hub.push import Verdict, plan_for
from laelia.lib.clock import DAY, HOUR
from laelia.model.language import V3_0
from laelia.model.sections import BY_NAME

ROUNDS = 60
"""So many rounds, an hour each, are enough for anything to come to rest."""


def end(world: World) -> None:
    """In fair weather, twice: with the permissions that the history left, and when all gave theirs anew."""
    world.http.ahead.clear()
    world.dies = None
    for orcid in world.people:
        if world.state(orcid) == "locked":
            world.set_state(orcid, "active")
    _settle(world)
    _holds(world)
    for orcid in world.people:
        if world.state(orcid) == "deactivated":
            world.set_state(orcid, "active")
        world.clock.advance(1)
        world.grant(orcid, None)
    _settle(world)
    _holds(world)
    standing = {orcid: world.permission(orcid) for orcid in world.people}
    assert all(one is not None and one.state == "active" for one in standing.values()), standing


def _settle(world: World) -> None:
    """Until nothing waits; then a day, after which everybody's record has been read."""
    for _ in range(ROUNDS):
        world.clock.advance(HOUR)
        world.work()
        if not _waiting(world):
            break
    else:
        raise AssertionError(f"it does not come to rest: {_waiting(world)}")
    with world.hub.db.writing() as tx:
        for orcid in people.permitted(tx, world.environment, world.clock.now()):
            people.wake_look(tx, world.clock.now(), world.environment, orcid)
    for pause in (0, DAY, HOUR):
        world.clock.advance(pause)
        world.work()
    assert not _waiting(world), "a read left something to do"


def _waiting(world: World) -> list[Any]:
    """Jobs that work for people, and items under way for those whose permission stands."""
    job, c, p = tables.job.c, tables.assertion.c, tables.permission.c
    stands = sa.select(p.orcid).where(p.state == "active")
    with world.hub.db.reading() as tx:
        jobs = tx.execute(
            sa.select(job.kind, job.payload, job.error).where(job.kind.in_(("push", "look")))
        ).all()
        under_way = c.state.in_(("pending", "sending", "waiting-permission"))
        items = tx.execute(sa.select(c.key, c.state, c.reason).where(under_way, c.orcid.in_(stands))).all()
    return [*jobs, *items]


def _holds(world: World) -> None:
    foreign = {}
    for orcid in world.people:
        foreign |= world.foreign_now(orcid)
        _one_per_key(world, orcid)
        permission = world.permission(orcid)
        if permission is not None and permission.state == "active":
            _as_wanted(world, orcid)
            _mirrored(world, orcid)
    assert foreign == world.foreign, "something foreign was changed"
    with world.hub.db.reading() as tx:
        unended = sa.select(sa.func.count()).where(tables.attempt.c.finished.is_(None))
        c = tables.assertion.c
        sending = sa.select(sa.func.count()).where(c.state == "sending")
        assert tx.execute(unended).scalar_one() == 0 or tx.execute(sending).scalar_one() > 0
        dead = sa.select(tables.job.c.kind, tables.job.c.error).where(tables.job.c.dead.is_not(None))
        assert tx.execute(dead).all() == []
        t, counted = tables.tally.c, ("in-record", "off-record")
        told = tx.execute(sa.select(sa.func.sum(t.delta)).where(t.what.in_(counted))).scalar() or 0
        stands = tx.execute(sa.select(sa.func.count()).where(c.put_code.is_not(None))).scalar_one()
        assert told == stands, "reports count what stands on records"


def _one_per_key(world: World, orcid: str) -> None:
    counted = Counter(_key(row) for row in world.own(orcid))
    assert not [key for key, count in counted.items() if count > 1], f"twice on the record: {counted}"


def _as_wanted(world: World, orcid: str) -> None:
    planned = plan_for(world.hub, world.environment, orcid)
    assert not isinstance(planned, Verdict), planned
    assert [action for action in planned if action.writes or action.kind == "adopt"] == [], "plan is empty"
    rows, stands = world.rows(orcid), {_key(row): row for row in world.own(orcid)}
    said = {key: (row.state, row.reason, row.wanted) for key, row in rows.items()}
    there = {key for key, row in rows.items() if row.wanted and row.state == "in-record"}
    assert set(stands) == there, f"on the record {sorted(stands)}, in the ledger {said}"
    for key in there:
        wanted = json.decode(BY_NAME[key[0]].entity, rows[key].item.encode(), V3_0, strict=False)
        assert _said(wanted) in bytes(stands[key].body or stands[key].summary), key
        assert rows[key].put_code == stands[key].put_code, key
        assert rows[key].sent_hash == rows[key].hash, key
    for key, row in rows.items():
        assert row.state in (("in-record", "declined") if row.wanted else ("withdrawn", "declined")), said[
            key
        ]
    heard = _heard(world, orcid)
    assert {key: heard.get(key) for key in rows} == {key: row.state for key, row in rows.items()}, "told"
    known = world.declined - world.unknown(orcid)
    for section, key in ((section, key) for who, section, key in known if who == orcid):
        assert (section, key) not in stands, "what she declined came back"
        assert rows[section, key].state in ("declined", "withdrawn"), said[section, key]


def _heard(world: World, orcid: str) -> dict[tuple[str, str], str]:
    """What the organisation's programs were told last of each of her items, also by former iDs."""
    whose = [orcid]
    while whose[-1] in world.carried:
        whose.append(world.carried[whose[-1]][0])
    found: dict[tuple[str, str], str] = {}
    with world.hub.db.reading() as tx:
        bodies = tx.execute(sa.select(tables.delivery.c.body).order_by(tables.delivery.c.id)).scalars()
        for event in map(orjson.loads, bodies):
            if (item := event.get("assertion")) and event["orcid"] in whose:
                found[item["section"], item["key"]] = item["state"]
    return found


def _mirrored(world: World, orcid: str) -> None:
    kept = {section.name for section in mirror.WHOLE}
    visible = {
        (row.section, row.put_code)
        for row in world.standing(orcid)
        if row.section in kept and (row.visibility != "private" or row.source_client == world.ground.ours.id)
    }
    with world.hub.db.reading() as tx:
        seen = mirror.feed(tx, world.environment, orcid=orcid)
    assert {(item["section"], item["put_code"]) for item in seen.items} == visible, "as it was last read"


def _key(row: Any) -> tuple[str, str]:
    found = re.search(rb"(works|employments|keywords) (\d+) version", bytes(row.body or row.summary))
    assert found is not None, bytes(row.summary)
    return row.section, f"{row.section}:{int(found[2])}"


def _said(item: Any) -> bytes:
    """What is different in each version of a key."""
    return (title_of(item) or "").partition(",")[0].encode()
