"""After any history the words are what reading all records again would make of them."""

import random
import threading
from collections.abc import Callable

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, delete, select

from conftest import size
from laelia.model.person import Keyword, OtherName
from laelia.model.sections import BY_NAME
from laelia.registry import tables
from laelia.registry.access import person
from laelia.registry.account.closing import deactivation, erasure, merging
from laelia.registry.migrations import m0012_found
from laelia.registry.record import items, people, states
from laelia.registry.search import index
from registry.place import Place
from registry.search.known import employment, say

NAMES = ["Ada", "Åsa", "Ægir", "Łukasz", "Anna Ada", "Ann"]
PLACES = ["Uppsala Universitet", "Ada House", "Universität", "Bee House"]
SEEN = ["public", "limited", "private"]
STATES = ["locked", "active", "active", "active"]

Act = Callable[[Connection, int, str, random.Random], None]


def rename(tx: Connection, now: int, orcid: str, chance: random.Random) -> None:
    said = {
        "given": chance.choice(NAMES),
        "family": chance.choice([None, *NAMES]),
        "credit": chance.choice([None, *NAMES]),
    }
    people.set_names(tx, now, orcid, **said, visibility=chance.choice(SEEN))


def add(tx: Connection, now: int, orcid: str, chance: random.Random) -> None:
    entity = {
        "employments": employment(chance.choice(PLACES), start="2001", end=chance.choice([None, "2009"])),
        "keywords": Keyword(content=f"{chance.choice(NAMES)} {chance.random()}"),
        "other-names": OtherName(content=f"{chance.choice(NAMES)} {chance.random()}"),
    }
    section = chance.choice(sorted(entity))
    say(tx, now, orcid, section, entity[section], chance.choice(SEEN))


def _one(tx: Connection, orcid: str, chance: random.Random) -> tuple[str, int] | None:
    item = tables.item.c
    wanted = select(item.section, item.put_code).where(item.orcid == orcid).order_by(item.id)
    found = tx.execute(wanted).all()
    return tuple(chance.choice(found)) if found else None


def hide(tx: Connection, now: int, orcid: str, chance: random.Random) -> None:
    if one := _one(tx, orcid, chance):
        section, number = one
        items.set_visibility(tx, now, person(orcid), orcid, BY_NAME[section], number, chance.choice(SEEN))


def remove(tx: Connection, now: int, orcid: str, chance: random.Random) -> None:
    if one := _one(tx, orcid, chance):
        items.remove(tx, now, person(orcid), orcid, BY_NAME[one[0]], one[1])


def settle(tx: Connection, now: int, orcid: str, chance: random.Random) -> None:
    people.set_state(tx, now, orcid, chance.choice(STATES))


ACTS: list[Act] = [rename, add, add, add, hide, remove, settle]


def stored(place: Place) -> set[tuple[int, str, str]]:
    return {(row.part, row.word, row.orcid) for row in place.rows("person_word")}


def rebuilt(place: Place) -> set[tuple[int, str, str]]:
    """The words that are made from nothing but the record's own tables."""
    with place.service.db.writing() as tx:
        tx.execute(delete(tables.person_word))
    assert all(step.records for step in index.rebuild(place.service.db))
    return stored(place)


def act(place: Place, orcids: list[str], chance: random.Random) -> None:
    """One change of one record, as a request makes it."""
    place.clock.advance(1000)
    orcid, now = chance.choice(orcids), place.clock.now()
    with place.service.db.writing() as tx:
        row = states.lock(tx, orcid)
        if row is not None and row.state in ("active", "locked"):
            chance.choice(ACTS)(tx, now, orcid, chance)


@pytest.mark.parametrize("seed", range(size(3, 40)))
def test_after_any_history(place: Place, seed: int) -> None:
    chance = random.Random(seed)
    orcids = [place.person(name, "Following", f"f{n}@example.org").orcid for n, name in enumerate(NAMES)]
    for _ in range(60):
        act(place, orcids, chance)
        if chance.random() < 0.3:
            place.service.work()
    place.service.work()
    found = stored(place)
    assert found == rebuilt(place)
    assert {part for part, _, _ in found} == {0, 1}
    # Nothing is left to mend, and nothing is written twice.
    assert index.refresh(place.service.db, orcids) == 0


def test_whoever_ends_her_record_is_found_no_more(place: Place) -> None:
    db, now = place.service.db, place.clock.now()
    closes, merges, erases = (
        place.person(name, "Leaving", f"{name}@example.org").orcid for name in ("Ann", "Bea", "Cleo")
    )
    place.service.work()
    assert {orcid for _, word, orcid in stored(place) if word == "leaving"} == {closes, merges, erases}
    with db.writing() as tx:
        merging.merge(tx, now, place.ada.orcid, merges)
    with db.writing() as tx:
        erasure.erase(tx, now, erases)
    with db.writing() as tx:
        people.verify_email(tx, now, closes, "Ann@example.org")
        deactivation.deactivate(tx, now, place.service.keys, closes, "Ann@example.org")
    place.service.work()
    assert {orcid for _, word, orcid in stored(place) if word == "leaving"} == set()
    assert stored(place) == rebuilt(place)


def test_who_has_not_claimed_her_record_is_not_found_until_she_does(place: Place) -> None:
    now = place.clock.now()
    with place.service.db.writing() as tx:
        orcid = people.create_record(tx, now, given="Unclaimed")
        tx.execute(tables.record.update().where(tables.record.c.orcid == orcid).values(claimed=False))
    place.service.work()
    assert not [word for _, word, _ in stored(place) if word == "unclaimed"]


def test_several_that_follow_at_once_leave_what_is_so(place: Place) -> None:
    """Two workers read again, over and over, while records change."""
    orcids = [place.person(name, "Racing", f"r{n}@example.org").orcid for n, name in enumerate(NAMES)]
    wrong: list[BaseException] = []
    stop = threading.Event()

    def follow() -> None:
        try:
            while not stop.is_set():
                index.refresh(place.service.db, orcids)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=follow) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for seed in range(40):
            act(place, orcids, random.Random(seed))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    place.service.work()
    assert stored(place) == rebuilt(place)


def test_a_rebuild_mends_what_is_wrong_and_only_that(place: Place) -> None:
    place.service.work()
    right = stored(place)
    with place.service.db.writing() as tx:
        word = tables.person_word
        tx.execute(delete(word).where(word.c.word == "lovelace"))
        tx.execute(word.insert(), [{"part": 1, "word": "wrong", "orcid": place.stranger.orcid}])
    steps = list(index.rebuild(place.service.db))
    assert (steps[-1].records, steps[-1].mended) == (2, 2)
    assert stored(place) == right
    assert list(index.rebuild(place.service.db))[-1].mended == 0


def test_records_from_before_there_was_a_search_are_read_by_a_job(place: Place) -> None:
    with place.service.db.writing() as tx:
        tx.execute(delete(tables.person_word))
        with Operations.context(MigrationContext.configure(tx)):
            m0012_found.have_words_made()
    place.service.work()
    assert {orcid for _, _, orcid in stored(place)} == {place.ada.orcid, place.stranger.orcid}
    assert place.rows("job") == []
