"""The change log loses no row, whatever order transactions end in."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from laelia.lib.changes import end, forget, forgotten
from laelia.lib.database import Cursor, Database, Follower, change_table, changes

metadata = sa.MetaData()
change = change_table(metadata, sa.Column("what", sa.Text))


@pytest.fixture
def database(new_database: Any) -> Iterator[Database]:
    database = Database(new_database(), pool=12)
    with database.writing() as tx:
        metadata.create_all(tx)
    yield database
    database.dispose()


def write(database: Database, *words: str) -> None:
    with database.writing() as tx:
        for word in words:
            tx.execute(sa.insert(change).values(what=word))


def read(database: Database, cursor: Cursor, limit: int = 500) -> tuple[list[str], Cursor]:
    with database.reading() as tx:
        rows, after = changes(tx, change, cursor, limit)
    return [row.what for row in rows], after


def test_rows_come_once_and_in_order(database: Database) -> None:
    write(database, "a", "b")
    write(database, "c")
    first, cursor = read(database, Cursor())
    assert first == ["a", "b", "c"]
    assert read(database, cursor)[0] == []
    write(database, "d")
    assert read(database, cursor)[0] == ["d"]


def test_a_long_log_is_read_in_batches(database: Database) -> None:
    write(database, *(str(n) for n in range(25)))
    seen, cursor = [], Cursor()
    while True:
        rows, cursor = read(database, cursor, limit=10)
        if not rows:
            break
        assert len(rows) <= 10
        seen += rows
    assert seen == [str(n) for n in range(25)]


def test_a_transaction_that_commits_late_is_not_skipped(database: Database) -> None:
    """One transaction draws its number first and commits last. On SQLite the other has to wait for it."""
    if database.dialect == "sqlite":
        early = database.writing()
        tx = early.__enter__()
        tx.execute(sa.insert(change).values(what="late"))
        other = threading.Thread(target=write, args=(database, "quick"))
        other.start()
        assert read(database, Cursor())[0] == []
        early.__exit__(None, None, None)
        other.join()
        assert read(database, Cursor())[0] == ["late", "quick"]
        return
    ready, finish = threading.Event(), threading.Event()

    def slow() -> None:
        with database.writing() as tx:
            tx.execute(sa.insert(change).values(what="late"))
            ready.set()
            finish.wait(10)

    other = threading.Thread(target=slow)
    other.start()
    ready.wait(10)
    write(database, "quick", "quicker")
    rows, cursor = read(database, Cursor())
    assert rows == ["quick", "quicker"], "delivery does not wait for the slow one"
    assert (cursor.txn, cursor.seq) == (0, 0), "but the stored cursor does"
    assert read(database, cursor)[0] == [], "and nothing comes twice"
    write(database, "third")
    rows, cursor = read(database, cursor, limit=1)
    assert rows == ["third"], "a full window of handled rows hides nothing new"
    finish.set()
    other.join()
    rows, cursor = read(database, cursor)
    assert rows == ["late"]
    # Any writer in the cluster holds the horizon, so that of another test may do so for a moment.
    for _ in range(500):
        if not cursor.ahead:
            break
        time.sleep(0.02)
        assert read(database, cursor)[0] == []
        cursor = read(database, cursor)[1]
    assert cursor.txn > 0
    assert cursor.ahead == frozenset()
    assert read(database, cursor)[0] == []


def test_eight_writers_with_pauses_and_a_follower_that_misses_nothing(database: Database) -> None:
    rng = random.Random(7)
    plans = [[(rng.random() * 0.004, rng.random() < 0.1) for _ in range(40)] for _ in range(8)]
    written: list[str] = []

    def writer(who: int) -> None:
        for n, (pause, fail) in enumerate(plans[who]):
            try:
                with database.writing() as tx:
                    tx.execute(sa.insert(change).values(what=f"{who}-{n}"))
                    time.sleep(pause)
                    if fail:
                        raise LookupError
            except LookupError:
                continue
            written.append(f"{who}-{n}")

    threads = [threading.Thread(target=writer, args=(who,)) for who in range(8)]
    seen: Counter[str] = Counter()
    follower = Follower(database, change, "index", lambda rows: seen.update(row.what for row in rows))
    for each in threads:
        each.start()
    while any(each.is_alive() for each in threads):
        follower.step()
        time.sleep(0.002)
    while follower.step():
        pass
    assert set(seen) == set(written)
    assert set(seen.values()) == {1}


def test_a_follower_goes_on_where_it_was_and_repeats_what_it_failed_at(database: Database) -> None:
    seen: list[str] = []
    fail = True

    def handle(rows: Any) -> None:
        if fail:
            raise OSError("the index is away")
        seen.extend(row.what for row in rows)

    write(database, "a", "b")
    follower = Follower(database, change, "index", handle)
    with pytest.raises(OSError, match="away"):
        follower.step()
    fail = False
    assert follower.step() == 2
    for _ in range(500):  # until no other writer of the cluster holds the stored cursor back
        follower.step()
        with database.reading() as tx:
            if tx.execute(sa.select(sa.text("seq")).select_from(sa.text("follower"))).scalar() == 2:
                break
        time.sleep(0.02)
    write(database, "c")
    again = Follower(database, change, "index", handle)  # the process was started anew
    assert again.step() == 1
    assert seen == ["a", "b", "c"]
    assert Follower(database, change, "other", handle).step() == 3


def test_old_numbers_are_not_used_again(database: Database) -> None:
    write(database, "a", "b")
    _, cursor = read(database, Cursor())
    with database.writing() as tx:
        tx.execute(sa.delete(change))
    write(database, "c")
    assert read(database, cursor)[0] == ["c"]


def test_what_is_forgotten_is_told_to_whoever_had_not_read_it(database: Database) -> None:
    for word in "abcde":
        write(database, word)
    with database.reading() as tx:
        places = [(row.txn, row.seq) for row in tx.execute(sa.select(change).order_by(change.c.seq))]
        assert forgotten(tx, change) == (0, 0)
    for words in ("ac", "b", "x"):  # b is younger than what came after it
        with database.writing() as tx:
            forget(tx, change, change.c.what.in_(list(words)))
    with database.reading() as tx:
        assert forgotten(tx, change) == places[2]
        last = end(tx, change)
        assert (last.txn, last.seq) == places[4]
    assert read(database, Cursor())[0] == ["d", "e"]
    with database.writing() as tx:
        forget(tx, change, sa.true())
    with database.reading() as tx:
        last = end(tx, change)
        assert (last.txn, last.seq) == forgotten(tx, change) == places[4]
    write(database, "f")
    assert read(database, last)[0] == ["f"]
