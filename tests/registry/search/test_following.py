"""After any history the words are what reading all records again would make of them."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tantivy import Query

from conftest import size
from laelia.lib import faults
from laelia.lib.changes import BATCH
from laelia.registry import tables
from laelia.registry.account.closing import deactivation, erasure, merging
from laelia.registry.record import people
from laelia.registry.search.index import POLL_SECONDS
from laelia.registry.search.shelf import Shelf
from registry.place import Place
from registry.search.acts import EVERY, Act, act, gather


def stored(place: Place) -> dict[str, dict[str, Any]]:
    """Every document of the index by iD, with the digest of all that it is found by."""
    place.service.search.reader.forget()
    people = place.service.search.reader.find(Query.all_query(), 0, 1000).people
    assert len({one["orcid"][0] for one in people}) == len(people)
    return {one["orcid"][0]: dict(one) for one in people}


def named(place: Place, family: str) -> set[str]:
    return {orcid for orcid, one in stored(place).items() if family in one["family-name"]}


def rebuilt(place: Place) -> dict[str, dict[str, Any]]:
    """What is made from nothing but the record's own tables."""
    place.service.search.shelf.want("test")
    place.service.search.work()
    return stored(place)


@pytest.mark.parametrize("seed", range(size(3, 40)))
def test_after_any_history(place: Place, seed: int) -> None:
    chance = random.Random(seed)
    orcids = gather(place, "Following")
    done: Counter[Act | None] = Counter()
    while done.total() < 90 or not done.keys() >= EVERY:
        done[act(place, orcids, chance)] += 1
        if chance.random() < 0.3:
            place.service.search.work()
    place.service.search.work()
    assert stored(place) == rebuilt(place)


def test_whoever_ends_her_record_is_found_no_more(place: Place) -> None:
    db, now = place.service.db, place.clock.now()
    closes, merges, erases = (
        place.person(name, "Leaving", f"{name}@example.org").orcid for name in ("Ann", "Bea", "Cleo")
    )
    place.service.search.work()
    assert named(place, "Leaving") == {closes, merges, erases}
    with db.writing() as tx:
        merging.merge(tx, now, place.ada.orcid, merges)
    with db.writing() as tx:
        erasure.erase(tx, now, erases)
    with db.writing() as tx:
        people.verify_email(tx, now, closes, "Ann@example.org")
        deactivation.deactivate(tx, now, place.service.keys, closes, "Ann@example.org")
    place.service.search.work()
    assert named(place, "Leaving") == set()
    assert stored(place) == rebuilt(place)


def test_who_has_not_claimed_her_record_is_not_found_until_she_does(place: Place) -> None:
    now = place.clock.now()
    with place.service.db.writing() as tx:
        orcid = people.create_record(tx, now, given="Unclaimed")
        tx.execute(tables.record.update().where(tables.record.c.orcid == orcid).values(claimed=False))
    place.service.search.work()
    assert orcid not in stored(place)


def test_a_rebuild_misses_nothing_that_changes_meanwhile(place: Place) -> None:
    orcids = gather(place, "Racing")
    stop = threading.Event()
    thread = threading.Thread(target=place.service.search.run, args=(stop,))
    thread.start()
    try:
        for seed in range(60):
            if seed % 10 == 0:
                place.service.search.shelf.want("test")
            act(place, orcids, random.Random(seed))
    finally:
        stop.set()
        thread.join()
    place.service.search.work()
    assert stored(place) == rebuilt(place)


def test_all_that_changed_is_taken_in_at_once_however_much_it_is(place: Place) -> None:
    place.service.search.work()
    rows = [
        {"orcid": place.ada.orcid, "section": "keywords", "kind": "update", "time": place.clock.now()}
    ] * (BATCH + 5)
    with place.service.db.writing() as tx:
        tx.execute(tables.change.insert(), rows)
    # On PostgreSQL what was read before comes again while anybody's older transaction is open.
    assert place.service.search.work() >= len(rows)


class Waits(threading.Event):
    """Says for how long it is waited for, and is set after so many times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times
        self.asked: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.asked.append(timeout)
        if len(self.asked) > self.times:
            self.set()
        return self.is_set()


def test_who_writes_rests_between_changes_and_ends_when_told(place: Place) -> None:
    """Also when what changed is about nobody who may be found."""
    search = place.service.search
    search.work()
    hidden = place.person("Ann", "Hidden", "hidden@example.org")
    place.set_state(hidden, "locked")
    stop = Waits(5)
    search.run(stop)
    *between, _last = stop.asked
    assert between == [POLL_SECONDS] * 6
    assert hidden.orcid not in stored(place)


def test_two_never_write(place: Place) -> None:
    with place.service.search.shelf.writing() as may, Shelf(place.settings.search).writing() as other:
        assert (may, other) == (True, False)


def test_several_threads_may_ask_for_the_index_to_be_made_anew(place: Place) -> None:
    shelf = place.service.search.shelf
    faults.arm("registry.search.renaming", "sleep:200")
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(shelf.want, ["one", "two", "three", "four"]))
    finally:
        faults.disarm()
    assert shelf.wanted() in ("one", "two", "three", "four")
