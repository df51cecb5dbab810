"""The list of what is kept about people names every column of every table."""

import sqlalchemy as sa

from laelia.lib.database import Database
from laelia.registry import tables
from laelia.registry.account.closing.personal import HELD
from laelia.registry.account.closing.removal import _TEXTS
from laelia.registry.web.closing.data import _readme

ABOUT_IT = (
    "Name its columns in HELD (account/closing/personal.py): which are personal, and what happens to them "
    "when a record is deactivated, merged, erased or downloaded."
)


def test_every_column_of_every_table_is_listed() -> None:
    there = {(table.name, column.name) for table in tables.metadata.tables.values() for column in table.c}
    listed = {(name, column) for name, held in HELD.items() for column in held.columns}
    assert not there - listed, ABOUT_IT
    assert not listed - there, "these are no columns any more"


def test_a_column_is_of_one_kind() -> None:
    for name, held in HELD.items():
        words = [*held.personal.split(), *held.times.split(), *held.plain.split(), *held.hidden.split()]
        assert len(words) == len(set(words)), name


def test_whose_rows_they_are_and_what_is_made_empty_are_columns() -> None:
    for name, held in HELD.items():
        columns = tables.metadata.tables[name].c
        for rows in held.rows:
            assert rows.by in columns, name
            assert set(rows.blank) <= set(columns.keys()), name
            acts = {rows.deactivation, rows.merge, rows.erasure}
            assert ("blank" in acts) == bool(rows.blank), name


def test_what_is_personal_is_removed_by_an_erasure_and_told_in_the_download() -> None:
    for name, held in HELD.items():
        if held.personal:
            assert held.rows or name in _TEXTS, f"{name} holds personal values: whose rows are they?"
            assert all(rows.erasure != "keep" for rows in held.rows), name
        if held.personal or held.rows:
            assert held.told, f"{name}: in which file of the download does it stand, or why not?"


def test_the_download_explains_each_of_its_files() -> None:
    said = _readme("0000-0000-0000-0000", "https://registry.test")
    for held in HELD.values():
        if held.told.endswith(".csv"):
            assert f"account/{held.told}\n    " in said, held.told


def test_every_column_with_an_id_of_a_person_says_whose_rows_they_are() -> None:
    """iDs are 19 characters wide: a table with such a column is about somebody."""
    for name, table in tables.metadata.tables.items():
        ids = {c.name for c in table.c if isinstance(c.type, sa.String) and c.type.length == 19}
        kept = {"primary_orcid"} if name == "record" else set()
        by = {rows.by for rows in HELD[name].rows}
        if name in ("email", "erasure"):
            # An address stands with its owner; a receipt is all that stays.
            continue
        assert ids - kept <= by, name


def test_the_migration_makes_the_tables_as_declared(new_database: object) -> None:
    assert callable(new_database)
    database = Database(new_database("laelia.registry.migrations"))
    found = sa.inspect(database.engine)
    for table in tables.metadata.sorted_tables:
        made = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
        assert made == {column.name: bool(column.nullable) for column in table.columns}, table.name
        kept = {one["name"] for one in found.get_indexes(table.name) if "duplicates_constraint" not in one}
        assert kept == {index.name for index in table.indexes}, table.name
    database.dispose()
