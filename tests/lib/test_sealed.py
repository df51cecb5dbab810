"""Keys are changed while everything runs: added, taken up by other rings, sealed anew by, and retired."""

import os
import pathlib
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from conftest import NewDatabase
from laelia.lib import sealed
from laelia.lib.database import Database
from laelia.lib.sealed import CantRetire, Sealed
from laelia.lib.secret import KeyRing, SealBroken, add_key, retire_key

metadata = sa.MetaData()
vault = sa.Table(
    "vault",
    metadata,
    sa.Column("place", sa.String(8), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("word", sa.Text),
)
WORD = Sealed(vault.c.word, "vault/{place}/{number}/word")


@pytest.fixture
def db(new_database: NewDatabase) -> Iterator[Database]:
    database = Database(new_database())
    with database.writing() as tx:
        metadata.create_all(tx)
    yield database
    database.dispose()


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    add_key(tmp_path / "keys")
    return tmp_path / "keys"


def fill(db: Database, keys: KeyRing, count: int = 25) -> None:
    rows = [
        {"place": place, "number": n, "word": keys.seal(f"{place}{n}", f"vault/{place}/{n}/word")}
        for place in ("a", "b")
        for n in range(count)
    ]
    with db.writing() as tx:
        tx.execute(sa.insert(vault), [*rows, {"place": "c", "number": 1, "word": None}])


def words(db: Database, keys: KeyRing) -> dict[str, str]:
    with db.reading() as tx:
        rows = tx.execute(sa.select(vault).where(vault.c.word.is_not(None))).all()
    return {f"{r.place}{r.number}": keys.unseal(r.word, f"vault/{r.place}/{r.number}/word") for r in rows}


def used(db: Database) -> dict[str, int]:
    with db.reading() as tx:
        return sealed.usage(tx, [WORD])


def retire(db: Database, folder: pathlib.Path, name: str) -> pathlib.Path:
    with db.writing() as tx:
        return sealed.retire(tx, folder, [WORD], name)


def test_another_process_takes_up_a_new_key(folder: pathlib.Path) -> None:
    """Both for opening what it sealed and for sealing, without being told."""
    here, there = KeyRing.open(folder, create=False), KeyRing.open(folder, create=False)
    old = there.seal("x", "b")
    add_key(folder)
    new = here.seal("y", "b")
    assert new.startswith("k0002.")
    assert there.unseal(new, "b") == "y"
    assert there.seal("z", "b").startswith("k0002.")
    assert here.unseal(old, "b") == "x"


def test_a_key_added_within_one_tick_of_the_files_clock_is_found(folder: pathlib.Path) -> None:
    there = KeyRing.open(folder, create=False)
    stamp = folder.stat().st_mtime_ns
    add_key(folder)
    os.utime(folder, ns=(stamp, stamp))
    new = KeyRing.open(folder, create=False).seal("y", "b")
    assert there.unseal(new, "b") == "y"


def test_a_ring_goes_on_with_its_keys_where_the_folder_is_away(folder: pathlib.Path) -> None:
    ring = KeyRing.open(folder, create=False)
    held = ring.seal("x", "b")
    folder.rename(folder.with_name("moved"))
    assert ring.unseal(ring.seal("y", "b"), "b") == "y"
    assert ring.unseal(held, "b") == "x"
    with pytest.raises(SealBroken, match="not on the ring"):
        ring.unseal("k0009.AAAA", "b")


@pytest.mark.parametrize("text", ["", "k0001.", "k0001.!!", "k0001.AAAA", "nonsense", "k0001.é"])
def test_what_was_never_sealed_is_refused(folder: pathlib.Path, text: str) -> None:
    with pytest.raises(SealBroken):
        KeyRing.open(folder, create=False).unseal(text, "b")


def test_values_are_sealed_anew_and_stay_what_they_were(db: Database, folder: pathlib.Path) -> None:
    keys = KeyRing.open(folder, create=False)
    fill(db, keys)
    before = words(db, keys)
    assert used(db) == {"k0001": 50}
    add_key(folder)
    told: list[int] = []
    done = sealed.reseal(db, keys, [WORD], batch=7, told=told.append)
    assert (done.resealed, done.broken) == (50, ())
    assert told == [7, 14, 21, 28, 35, 42, 49, 50]
    assert used(db) == {"k0002": 50}
    assert words(db, keys) == before
    assert sealed.reseal(db, keys, [WORD]).resealed == 0


def test_interrupted_it_goes_on_where_it_was(db: Database, folder: pathlib.Path) -> None:
    keys = KeyRing.open(folder, create=False)
    fill(db, keys)
    before = words(db, keys)
    add_key(folder)

    def dies(count: int) -> None:
        if count >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sealed.reseal(db, keys, [WORD], batch=10, told=dies)
    assert used(db) == {"k0001": 30, "k0002": 20}
    assert words(db, keys) == before
    assert sealed.reseal(db, keys, [WORD], batch=10).resealed == 30
    assert (words(db, keys), used(db)) == (before, {"k0002": 50})


def test_what_cannot_be_opened_is_told_and_left_alone(db: Database, folder: pathlib.Path) -> None:
    keys = KeyRing.open(folder, create=False)
    fill(db, keys, 3)
    with db.writing() as tx:
        mine = (vault.c.place == "a", vault.c.number == 1)
        moved = sa.select(vault.c.word).where(vault.c.place == "b", vault.c.number == 1).scalar_subquery()
        tx.execute(sa.update(vault).where(*mine).values(word=moved))
    add_key(folder)
    done = sealed.reseal(db, keys, [WORD], batch=2)
    assert (done.resealed, [line.partition(":")[0] for line in done.broken]) == (5, ["vault.word a/1"])
    assert used(db) == {"k0001": 1, "k0002": 5}


def test_a_key_that_is_needed_is_not_retired(
    db: Database, folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = KeyRing.open(folder, create=False)
    fill(db, keys, 3)
    for name, why in (("k0001", "seals what is new"), ("k0007", "no key k0007")):
        with pytest.raises(CantRetire, match=why):
            retire(db, folder, name)
    second = add_key(folder)
    with pytest.raises(CantRetire, match="still seals 6 values"):
        retire(db, folder, "k0001")
    sealed.reseal(db, keys, [WORD])
    with pytest.raises(CantRetire, match="less than a minute ago"):
        retire(db, folder, "k0001")
    long_ago = time.time() - 120
    os.utime(second, (long_ago, long_ago))
    gone = retire(db, folder, "k0001")
    assert gone.name == "k0001.key.retired"
    assert KeyRing.open(folder, create=False).names == ["k0002"]
    assert words(db, keys)["a1"] == "a1"
    assert add_key(folder).stem == "k0003"  # a number is never used again
    retire_key(folder, "k0003")
    assert add_key(folder).stem == "k0004"


def test_a_key_that_is_lost_is_missed(db: Database, folder: pathlib.Path) -> None:
    fill(db, KeyRing.open(folder, create=False), 2)
    add_key(folder)
    (folder / "k0001.key").unlink()
    assert sealed.missing(folder, used(db)) == {"k0001": 4}
    assert [(key.name, key.seals_now, key.values) for key in sealed.listing(folder, used(db))] == [
        ("k0002", True, 0)
    ]
