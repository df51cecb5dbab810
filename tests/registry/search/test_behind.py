"""The change log forgets after thirty days: an index that read all of it before is right, and one that did
not tells nothing that may have been hidden meanwhile."""

import pytest
from tantivy import Query

from laelia.lib.changes import forgotten
from laelia.lib.clock import DAY
from laelia.registry import tables, worker
from laelia.registry.account.closing import erasure
from laelia.registry.record import people
from laelia.registry.search.index import Search
from laelia.registry.search.reader import Unready
from laelia.registry.search.writer import Writer
from registry.place import Place
from registry.search.test_following import rebuilt, stored


def a_month_later(place: Place) -> None:
    place.clock.advance(31 * DAY)
    worker.sweep(place.service)


def generation(search: Search) -> str:
    current = search.shelf.current()
    assert current is not None
    return current.generation


def hide(place: Place, orcid: str) -> None:
    with place.service.db.writing() as tx:
        people.set_names(tx, place.clock.now(), orcid, given="Hidden", family="Now", visibility="private")


def test_after_a_month_without_a_change_the_index_is_the_same(place: Place) -> None:
    search = place.service.search
    search.work()
    before, right = generation(search), stored(place)
    for _ in range(2):
        a_month_later(place)
        assert not place.rows("change")
        search.work()
        assert generation(search) == before
    assert stored(place) == right


@pytest.mark.parametrize("lost", [False, True])
def test_one_that_was_made_from_a_log_without_rows_is_not_made_once_more(place: Place, lost: bool) -> None:
    search = place.service.search
    search.work()
    a_month_later(place)
    if lost:
        search.shelf.remove_current()
    right = rebuilt(place)
    before = generation(search)
    search.work()
    assert generation(search) == before
    place.person("Ann", "Late", "late@example.org")
    search.work()
    assert generation(search) == before
    assert len(stored(place)) == len(right) + 1


def test_one_that_is_behind_answers_meanwhile_without_whoever_changed(place: Place) -> None:
    search = place.service.search
    hides, erased, changes = (
        place.person(name, "Behind", f"{name}@example.org").orcid for name in ("Ann", "Bea", "Cleo")
    )
    place.clock.advance(DAY)
    last = place.person("Dora", "Read last", "dora@example.org").orcid
    search.work()
    place.clock.advance(DAY)
    hide(place, hides)
    with place.service.db.writing() as tx:
        erasure.erase(tx, place.clock.now(), erased)
    with place.service.db.writing() as tx:
        people.set_biography(tx, place.clock.now(), changes, "Of bees", "public")
    everybody, before = set(stored(place)), generation(search)
    # Whoever changed as the last row was written may have changed again.
    struck = {hides, erased, changes, last}
    a_month_later(place)

    writer = Writer(place.service.db, search.shelf)
    writer.open()
    assert generation(search) == before
    assert set(stored(place)) == everybody - struck
    writer.close()

    writer = Writer(place.service.db, search.shelf)  # whoever takes over goes on with it
    writer.open()
    writer.step()
    assert writer.building
    assert set(stored(place)) == everybody - struck
    writer.step(at_once=True)
    writer.close()
    assert generation(search) != before
    assert set(stored(place)) == everybody - {erased}
    assert stored(place)[hides]["family-name"] == []
    assert stored(place) == rebuilt(place)


def test_one_that_is_ahead_of_a_restored_log_answers_nobody(place: Place) -> None:
    """Also where that one has forgotten rows."""
    search = place.service.search
    a_month_later(place)
    with place.service.db.reading() as tx:
        assert forgotten(tx, tables.change) > (0, 0)
    place.person("Ann", "Late", "late@example.org")
    search.work()
    with place.service.db.writing() as tx:
        tx.execute(tables.change.delete())  # as if they had never come
    writer = Writer(place.service.db, search.shelf)
    writer.open()
    search.reader.forget()
    with pytest.raises(Unready):
        search.reader.find(Query.all_query(), 0, 1)
    writer.close()
