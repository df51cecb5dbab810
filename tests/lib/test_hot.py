"""Statements handed to the driver: what they say, take and give is what SQLAlchemy's own way does."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
import sqlalchemy as sa

from laelia.lib.database import Database
from laelia.lib.hot import Hot
from laelia.lib.sql import one_of

metadata = sa.MetaData()
bee = sa.Table(
    "bee",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("tame", sa.Boolean, nullable=False),
    sa.Column("wing", sa.LargeBinary),
)
ADD = Hot(bee.insert().returning(bee.c.id), ("name", "tame", "wing"))
ADD_MANY = Hot(bee.insert(), ("name", "tame", "wing"))
BY_NAME = Hot(sa.select(bee).where(bee.c.name == sa.bindparam("called")))
TAME = Hot(sa.select(bee.c.name, bee.c.tame).where(bee.c.tame == sa.bindparam("so")).order_by(bee.c.id))
RENAME = Hot(bee.update().where(bee.c.name == "Maja").values(name=sa.bindparam("to")))
ROWS = [{"name": "Maja", "tame": True, "wing": b"\0'"}, {"name": "Willi", "tame": False, "wing": None}]


@pytest.fixture
def database(new_database: Callable[[], str]) -> Iterator[Database]:
    made = Database(new_database())
    with made.writing() as tx:
        metadata.create_all(tx)
    yield made
    made.dispose()


def test_rows_have_names_and_the_types_of_their_columns(database: Database) -> None:
    with database.writing() as tx:
        assert [ADD.first(tx, row).id for row in ROWS] == [1, 2]
        by_core = tx.execute(sa.select(bee).where(bee.c.name == "Maja")).one()
        found = BY_NAME.first(tx, {"called": "Maja"})
        assert tuple(found) == tuple(by_core)
        assert found.tame is True
        assert bytes(found.wing) == b"\0'"
        assert BY_NAME.first(tx, {"called": "nobody"}) is None


def test_many_rows_and_values_that_the_statement_itself_brings(database: Database) -> None:
    with database.writing() as tx:
        ADD_MANY.run_many(tx, ROWS)
        RENAME.run(tx, {"to": "Maya; drop table bee"})
        assert [tuple(row) for row in TAME.all(tx, {"so": True})] == [("Maya; drop table bee", True)]
        assert [row.name for row in TAME.all(tx, {"so": False})] == ["Willi"]


def test_it_is_part_of_the_transaction(database: Database) -> None:
    def fail() -> None:
        with database.writing() as tx:
            ADD_MANY.run_many(tx, ROWS)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.reading() as tx:
        assert BY_NAME.first(tx, {"called": "Maja"}) is None


def test_a_value_that_is_missing_is_told(database: Database) -> None:
    with database.writing() as tx, pytest.raises((KeyError, psycopg.ProgrammingError), match="called"):
        BY_NAME.first(tx, {})


def test_a_list_of_values_is_looked_up_by_the_index(database: Database) -> None:
    """On SQLite a condition that is compared with 1 reads the whole table."""
    statement = sa.select(bee.c.name).where(one_of(bee.c.name, "wanted"), bee.c.id > 0)
    written = statement.compile(dialect=database.engine.dialect)
    assert "= 1" not in str(written)
    with database.writing() as tx:
        for row in ROWS:
            ADD.first(tx, row)
        assert [row.name for row in Hot(statement).all(tx, {"wanted": ["Willi", "Nobody"]})] == ["Willi"]
        assert tx.execute(statement, {"wanted": ["Maja"]}).scalars().all() == ["Maja"]
