"""Through the two doors, on both databases: what commits, what rolls back, what is refused."""

import pathlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from laelia.lib import database as db
from laelia.lib.database import Database, in_transaction, insert_ignore, upsert

metadata = sa.MetaData()
thing = sa.Table(
    "thing",
    metadata,
    sa.Column("id", db.BigInt, primary_key=True, autoincrement=True),
    sa.Column("name", db.CodePointText, unique=True),
    sa.Column("data", db.Json),
    sa.Column("good", sa.Boolean, nullable=False, server_default=sa.false()),
)
part = sa.Table("part", metadata, sa.Column("thing", db.BigInt, sa.ForeignKey("thing.id")))


@pytest.fixture
def database(new_database: Any) -> Iterator[Database]:
    database = Database(new_database())
    with database.writing() as tx:
        metadata.create_all(tx)
    yield database
    database.dispose()


def names(database: Database) -> list[str]:
    with database.reading() as tx:
        return list(tx.execute(sa.select(thing.c.name).order_by(thing.c.name)).scalars())


def fail_half_way(database: Database) -> None:
    with database.writing() as tx:
        tx.execute(sa.insert(thing).values(name="dropped"))
        raise ZeroDivisionError


def test_leaving_commits_and_raising_rolls_back(database: Database) -> None:
    with database.writing() as tx:
        tx.execute(sa.insert(thing).values(name="kept", data={"é": [1, None]}))
    with pytest.raises(ZeroDivisionError):
        fail_half_way(database)
    assert names(database) == ["kept"]
    with database.reading() as tx:
        assert tx.execute(sa.select(thing.c.data)).scalar() == {"é": [1, None]}


def test_the_reading_door_cannot_write_and_the_next_reader_is_well(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError), database.reading() as tx:
        tx.execute(sa.insert(thing).values(name="x"))
    assert names(database) == []
    with database.writing() as tx:  # a connection that served a reader may write again
        tx.execute(sa.insert(thing).values(name="y"))
    assert names(database) == ["y"]


def test_a_savepoint_undoes_only_its_part(database: Database) -> None:
    with database.writing() as tx:
        tx.execute(sa.insert(thing).values(name="a"))
        with pytest.raises(sa.exc.IntegrityError), tx.begin_nested():
            tx.execute(sa.insert(thing).values(name="a"))
        tx.execute(sa.insert(thing).values(name="b"))
    assert names(database) == ["a", "b"]


def test_the_thread_knows_that_a_transaction_is_open(database: Database) -> None:
    assert not in_transaction()
    with database.writing():
        assert in_transaction()
        with database.reading():
            assert in_transaction()
        assert in_transaction()
        seen: list[bool] = []
        other = threading.Thread(target=lambda: seen.append(in_transaction()))
        other.start()
        other.join()
        assert seen == [False]
    assert not in_transaction()


def test_a_second_writing_door_in_one_thread_is_a_mistake_not_a_deadlock(database: Database) -> None:
    with database.writing(), pytest.raises(RuntimeError, match="writes already"), database.writing():
        pass
    with database.writing():  # and the first door is free again
        pass


def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError), database.writing() as tx:
        tx.execute(sa.insert(part).values(thing=99))


def test_insert_ignore_and_upsert(database: Database) -> None:
    with database.writing() as tx:
        assert insert_ignore(tx, thing, {"name": "a", "data": 1})
        assert not insert_ignore(tx, thing, {"name": "a", "data": 2})
        upsert(tx, thing, {"name": "a", "data": 3}, key=("name",))
        upsert(tx, thing, {"name": "b", "data": 4}, key=("name",))
        upsert(tx, thing, {"name": "b"}, key=("name",))
        rows = tx.execute(sa.select(thing.c.name, thing.c.data).order_by(thing.c.name)).all()
    assert [tuple(row) for row in rows] == [("a", 3), ("b", 4)]


def test_text_sorts_by_code_point(database: Database) -> None:
    with database.writing() as tx:
        tx.execute(sa.insert(thing), [{"name": each} for each in ("b", "B", "é", "a", "_")])
    assert names(database) == ["B", "_", "a", "b", "é"]


def test_many_threads_each_lose_no_write(database: Database) -> None:
    def write(who: int) -> None:
        for n in range(25):
            with database.writing() as tx:
                tx.execute(sa.insert(thing).values(name=f"{who}-{n}"))

    threads = [threading.Thread(target=write, args=(who,)) for who in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(names(database)) == 200


WRITER = """
import sys
import sqlalchemy as sa
from laelia.lib.database import Database
database = Database(sys.argv[1])
for n in range(60):
    with database.writing() as tx:
        tx.execute(sa.text("insert into thing (name) values (:n)"), {"n": f"{sys.argv[2]}-{n}"})
database.dispose()
"""


def test_two_processes_write_to_one_sqlite_file_and_none_starves(tmp_path: pathlib.Path) -> None:
    url = f"sqlite:///{tmp_path}/shared.db"
    database = Database(url)
    with database.writing() as tx:
        metadata.create_all(tx)
    other = subprocess.Popen([sys.executable, "-c", WRITER, url, "other"])
    slowest = 0.0
    done = 0
    while other.poll() is None or done < 60:
        started = time.monotonic()
        with database.writing() as tx:
            tx.execute(sa.insert(thing).values(name=f"me-{done}"))
        slowest = max(slowest, time.monotonic() - started)
        done += 1
    assert other.returncode == 0
    assert len(names(database)) == 60 + done
    assert slowest < 3
    database.dispose()


def test_sqlite_is_durable_and_on_a_file(tmp_path: pathlib.Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/deep/er.db")
    with database.writing() as tx:
        assert tx.exec_driver_sql("pragma synchronous").scalar() == 2
        assert tx.exec_driver_sql("pragma journal_mode").scalar() == "wal"
        assert tx.exec_driver_sql("pragma foreign_keys").scalar() == 1
        assert tx.exec_driver_sql("pragma busy_timeout").scalar() == 5000
    database.dispose()
    for url in ("sqlite://", "sqlite:///:memory:"):
        with pytest.raises(ValueError, match="file"):
            Database(url)
    with pytest.raises(ValueError, match="sqlite"):
        Database("mysql://x/y")


def test_migrations_run_once_and_are_named_when_missing(
    new_database: Any, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "some_migrations"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "m0001_first.py").write_text(db.draft(metadata, "0001", "First."))
    (package / "m0002_more.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        "revision, down_revision = '0002', '0001'\n"
        "def upgrade():\n    op.add_column('thing', sa.Column('more', sa.Text))\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    database = Database(new_database())
    assert db.pending(database, "some_migrations") == ["0001", "0002"]
    if database.dialect == "postgresql":
        with pytest.raises(db.Behind, match="laelia registry migrate"):
            db.prepare(database, "some_migrations", "laelia registry migrate")
    at_once = [threading.Thread(target=db.migrate, args=(database, "some_migrations")) for _ in range(3)]
    for each in at_once:
        each.start()
    for each in at_once:
        each.join()
    assert db.pending(database, "some_migrations") == []
    db.prepare(database, "some_migrations", "laelia registry migrate")
    with database.writing() as tx:
        tx.execute(sa.insert(thing).values(name="x", data={"a": 1}))
        assert tx.execute(sa.text("select more from thing")).scalar() is None
    database.dispose()
