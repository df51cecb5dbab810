"""The hub's tables keep environments apart, and the migration makes what the declaration says."""

import sqlalchemy as sa

from conftest import NewDatabase
from laelia.hub.tables import metadata
from laelia.lib.database import Database


def test_every_table_says_to_which_environment_it_belongs() -> None:
    shared = {"organisation", "environment", "session"}
    for table in metadata.sorted_tables:
        if table.name not in shared:
            column = table.c.environment_id
            assert not column.nullable, table.name
            assert {key.target_fullname for key in column.foreign_keys} == {"environment.id"}, table.name


def test_the_migration_makes_the_tables_as_declared(new_database: NewDatabase) -> None:
    database = Database(new_database("laelia.hub.migrations"))
    found = sa.inspect(database.engine)
    for table in metadata.sorted_tables:
        made = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
        assert made == {column.name: bool(column.nullable) for column in table.columns}, table.name
        unique = {tuple(one["column_names"]) for one in found.get_unique_constraints(table.name)}
        for wanted in table.constraints:
            if isinstance(wanted, sa.UniqueConstraint):
                assert tuple(column.name for column in wanted.columns) in unique, table.name
    database.dispose()
