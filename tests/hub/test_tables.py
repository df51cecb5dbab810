"""The hub's tables keep environments apart, and the migration makes what the declaration says."""

import pathlib
from typing import Any

import sqlalchemy as sa

from conftest import NewDatabase
from laelia.hub.tables import metadata
from laelia.lib.database import Database, migrate

ORGANISATION: dict[str, Any] = {"id": 1, "slug": "a", "name": "A", "leads": False, "created": 1}
ENVIRONMENT: dict[str, Any] = {
    "id": 1, "organisation_id": 1, "is_default": True, "approval": False, "newest_only": False,
    **dict.fromkeys(("name", "site_url", "token_url", "revoke_url", "api_url", "pub_url"), ""),
    **dict.fromkeys(("client_id", "client_secret", "scopes", "connectors"), ""),
    **dict.fromkeys(("delete_share", "brake_share", "brake_least", "created"), 1),
}  # fmt: skip


def test_people_of_an_old_database_keep_what_is_theirs(tmp_path: pathlib.Path) -> None:
    """SQLite alone makes the table of people anew, so that no number is given twice."""
    database = Database(f"sqlite:///{tmp_path}/hub.db")
    migrate(database, "laelia.hub.migrations", "0012")
    said = {"environment_id": 1, "name": "", "state": "", "created": 1, "modified": 1}
    rows: dict[str, dict[str, Any]] = {
        "organisation": ORGANISATION,
        "environment": ENVIRONMENT,
        "person": {"id": 7, "orcid": "0000-0002-1825-0097", "reminders": 0, **said},
        "letter": {"id": 3, "person_id": 7, "kind": "", "email": "", "mark_hash": "", "written": 1},
        "tally": {"id": 4, "person_id": 7, "month": 202601, "what": "", "count": 1, "delta": 1},
    }
    for name, row in rows.items():
        with database.writing() as tx:
            table = metadata.tables[name]
            filled = {"environment_id": 1, **row} if "environment_id" in table.c else row
            tx.execute(sa.insert(table).values({k: v for k, v in filled.items() if k in table.c}))
    migrate(database, "laelia.hub.migrations")
    person = metadata.tables["person"]
    with database.writing() as tx:
        assert tx.execute(sa.select(person.c.id, person.c.orcid)).all() == [(7, "0000-0002-1825-0097")]
        for name in ("letter", "tally"):
            table = metadata.tables[name]
            assert tx.execute(sa.select(table.c.id, table.c.person_id)).all() == [(rows[name]["id"], 7)], name
        assert tx.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        names = set(tx.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
        assert {"person_local_id", "person_email"} <= names
        tx.execute(sa.delete(person))
        tx.execute(sa.insert(person).values(reminders=0, **said))
        assert tx.execute(sa.select(person.c.id)).scalar() == 8
    database.dispose()


def test_local_ids_of_an_old_database_are_found_again(new_database: NewDatabase) -> None:
    """Unless another of the same environment bears what it would become."""
    database = Database(new_database())
    migrate(database, "laelia.hub.migrations", "0015")
    kept = [
        (1, " 17", "17"), (1, "E  1", "E 1"), (1, "E 1\u200b", "E 1\u200b"), (1, "18", "18"),
        (1, "\u200b18", "\u200b18"), (2, " 18", "18"), (1, None, None), (1, "\u200b", None),
    ]  # fmt: skip
    person = metadata.tables["person"]
    with database.writing() as tx:
        tx.execute(sa.insert(metadata.tables["organisation"]).values(ORGANISATION))
        for number in (1, 2):
            one = {**ENVIRONMENT, "id": number, "name": str(number)}
            tx.execute(sa.insert(metadata.tables["environment"]).values(one))
        for environment, local_id, _after in kept:
            said = {"environment_id": environment, "local_id": local_id, "reminders": 0}
            tx.execute(sa.insert(person).values(state="invited", created=1, modified=1, **said))
    migrate(database, "laelia.hub.migrations")
    with database.reading() as tx:
        found = tx.execute(sa.select(person.c.environment_id, person.c.local_id).order_by(person.c.id)).all()
    assert found == [(environment, after) for environment, _before, after in kept]
    database.dispose()


def test_every_table_says_to_which_environment_it_belongs() -> None:
    shared = {"organisation", "environment", "session", "process", "pace"}
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
