"""An index that is lost, damaged, or of something else is made anew, and nobody is answered from it."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from tantivy import Query

from laelia.registry import tables
from laelia.registry.account.closing import erasure
from laelia.registry.search.reader import Reader, Unready
from laelia.registry.search.writer import Writer
from registry.place import Place
from registry.search.test_following import stored


def spoil(folder: Path, name: str) -> None:
    """Damage some file of the index that ends so."""
    path = max(folder.glob(f"g-*/*{name}"), key=lambda path: path.stat().st_size)
    middle = path.stat().st_size // 2
    with path.open("r+b") as file:  # not cut off first: this process has it mapped
        file.seek(middle)
        [letter] = file.read(1)
        file.seek(middle)
        file.write(bytes([letter ^ 0xFF]))


@pytest.mark.parametrize(
    "file", [".idx", ".pos", ".term", ".store", ".fast", ".fieldnorm", "meta.json", "current"]
)
def test_a_damaged_index_is_made_anew(place: Place, file: str) -> None:
    place.service.search.work()
    right, folder = stored(place), place.settings.search
    if file == "current":
        (folder / file).write_text("{")
    else:
        spoil(folder, file)
    place.service.search.work()
    assert stored(place) == right


def test_an_index_that_is_lost_of_another_version_or_of_another_database_is_made_anew(place: Place) -> None:
    place.service.search.work()
    right, shelf = stored(place), place.service.search.shelf
    current = shelf.current()
    assert current is not None
    shutil.rmtree(shelf.generation(current.generation))
    place.service.search.work()
    assert stored(place) == right
    for told in ({"version": 0}, {"database": "another"}):
        before = shelf.current()
        assert before is not None
        shelf.put_current(replace(before, **told))
        place.service.search.work()
        after = shelf.current()
        assert after is not None
        assert after.generation != before.generation
        assert stored(place) == right


def test_nothing_is_asked_of_an_index_that_is_not_there(place: Place) -> None:
    with pytest.raises(Unready):
        place.service.search.reader.find(Query.all_query(), 0, 1)


def test_an_index_that_is_ahead_of_a_restored_database_is_made_anew(place: Place) -> None:
    """A backup has the same identity: whoever came since is not found, and the numbers come again."""
    search, changes = place.service.search, tables.change.c
    place.service.search.work()
    with place.service.db.reading() as tx:
        before = set(tx.execute(select(changes.seq)).scalars())
    late = place.person("Ann", "Late", "late@example.org").orcid
    search.work()
    assert late in stored(place)
    with place.service.db.writing() as tx:
        tx.execute(tables.change.delete().where(changes.seq.not_in(before)))
        erasure.erase(tx, place.clock.now(), late)
        tx.execute(tables.change.delete().where(changes.seq.not_in(before)))
    ahead = search.shelf.current()
    assert ahead is not None
    search.work()
    made = search.shelf.current()
    assert made is not None
    assert made.generation != ahead.generation
    assert late not in stored(place)


def test_a_row_of_another_time_in_the_place_where_it_stands_is_another_log(place: Place) -> None:
    search = place.service.search
    search.work()
    before = search.shelf.current()
    assert before is not None
    with place.service.db.writing() as tx:
        row = tables.change.c.seq == before.last
        tx.execute(tables.change.update().where(row).values(time=before.time + 1))
    search.work()
    after = search.shelf.current()
    assert after is not None
    assert after.generation != before.generation


def test_what_can_not_be_used_answers_nobody_while_it_is_made_anew(place: Place) -> None:
    search = place.service.search
    search.work()
    before = search.shelf.current()
    assert before is not None
    search.shelf.put_current(replace(before, time=before.time + 1))
    writer = Writer(place.service.db, search.shelf)
    writer.open()
    search.reader.forget()
    with pytest.raises(Unready):
        search.reader.find(Query.all_query(), 0, 1)
    writer.close()


def test_who_reads_makes_no_index(place: Place) -> None:
    search = place.service.search
    search.work()
    current = search.shelf.current()
    assert current is not None
    lost = search.shelf.generation(current.generation)
    shutil.rmtree(lost)
    reader = Reader(search.shelf)
    with pytest.raises(Unready):
        reader.find(Query.all_query(), 0, 1)
    assert not lost.exists()
    assert search.shelf.wanted() == "damaged"
